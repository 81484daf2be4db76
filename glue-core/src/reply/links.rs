//! The links of a document (reference/framework.md §2.1, §2.7, §2.9).

use crate::document::{CollectionLinks, SelfLink};
use crate::input::query::Page;
use crate::percent;
use crate::profile::IncludedLinks;
use crate::request::RequestContext;
use crate::route::Place;
use crate::route::path::MINE;

/// `links` of one resource of the route's own type, parents in front (reference/framework.md §2.1).
pub(super) fn of_resource(cx: &RequestContext, id: Option<&str>) -> SelfLink {
    let mut link = String::with_capacity(96);
    link.push_str(cx.public_url());
    push_path(cx, &mut link, id);
    cx.query().push_suffix(&mut link);
    SelfLink { this: link }
}

/// Where a resource of the route's own type is, below the base of every link.
pub(super) fn path(cx: &RequestContext, id: Option<&str>) -> String {
    let mut path = String::with_capacity(64);
    push_path(cx, &mut path, id);
    path
}

/// The link of an included resource; the decoupled dialect repeats the query there (reference/framework.md §2.9).
pub(super) fn push_included(cx: &RequestContext, link: &mut String, path: impl FnOnce(&mut String)) {
    link.push_str(cx.public_url());
    path(link);
    if cx.rules().included_links == IncludedLinks::WithQuery {
        cx.query().push_suffix(link);
    }
}

fn push_path(cx: &RequestContext, text: &mut String, id: Option<&str>) {
    if let Some(answered) = cx.route().answered {
        push_filled(text, answered.collection, cx.ids());
    } else {
        text.push_str(cx.parents());
        if cx.route().place == Place::Custom {
            return;
        }
        text.push('/');
        text.push_str(cx.route().resource);
    }
    if let Some(id) = id {
        text.push('/');
        percent::push_segment(text, id);
    }
}

/// A path with the ids of the request in the place of its parameters.
fn push_filled(text: &mut String, path: &str, ids: &[String]) {
    let mut ids = ids.iter();
    for segment in path.split('/').skip(1) {
        text.push('/');
        match segment.starts_with('{').then(|| ids.next()).flatten() {
            Some(id) => percent::push_segment(text, id),
            None => text.push_str(segment),
        }
    }
}

/// `links` of the collection that was asked for, with those to its other windows when one was asked for, or there is
/// more than one answer holds, and there is something to page through (reference/framework.md §2.7).
pub(super) fn of_collection(cx: &RequestContext, page: Page, rows: usize, total: i64) -> CollectionLinks {
    let mut base = cx.public_url().to_owned();
    push_path(cx, &mut base, None);
    let at = |offset: i64| {
        let mut link = base.clone();
        cx.query().push_suffix_at(&mut link, offset, page.limit);
        link
    };
    let mut this = base.clone();
    if cx.id() == MINE && cx.route().place == Place::Resource {
        this.push('/');
        this.push_str(MINE);
    }
    cx.query().push_suffix(&mut this);
    let mut links = CollectionLinks::only(this);
    if (page.asked || total > page.limit) && rows > 0 && total > 0 {
        let pages = (total + page.limit - 1) / page.limit;
        let next = (page.offset + page.limit).min(pages * page.limit);
        links.last = Some(at(page.limit * (pages - 1)));
        links.first = Some(at(0));
        links.prev = (page.offset > 0).then(|| at((page.offset - page.limit).max(0)));
        links.next = (next < total).then(|| at(next));
    }
    links
}
