//! The OpenAPI 3.1 document of one application, built from the rows that its server mounts.

use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ContactBuilder, InfoBuilder, LicenseBuilder, OpenApiBuilder, PathItem, PathsBuilder, ServerBuilder,
};

use super::about::About;
use super::operation::{method, operation};
use super::schemas;
use super::security::schemes;
use crate::profile::{Conventions, Rules};
use crate::route::{RouteDef, Wire};
pub(super) use utoipa::openapi::OpenApi;

/// Builds the document from the table's rows; the same rows in another order give the same document.
#[must_use]
pub fn document(rows: &[&'static RouteDef], rules: &Rules, about: &About) -> OpenApi {
    let mut sorted = rows.to_vec();
    sorted.sort_by_cached_key(|row| (row.shown_path(), row.verb.method()));
    let mut tags: Vec<(&str, &str)> = sorted.iter().map(|row| (row.resource, row.about)).collect();
    tags.sort_unstable();
    tags.dedup();
    let mut paths = PathsBuilder::new();
    for row in &sorted {
        paths = paths
            .path(row.shown_path(), PathItem::new(method(row.verb), operation(row, &sorted, rules, &about.refusals)));
    }
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title(about.title)
                .version("1.0.0")
                .description(Some(format!("{}\n\n{}", about.description, understood(rules))))
                .contact(Some(
                    ContactBuilder::new().name(Some(about.title)).url(Some(about.public_url.clone())).build(),
                ))
                .license(Some(
                    LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build(),
                ))
                .build(),
        )
        .servers(Some([ServerBuilder::new().url(about.server.clone()).build()]))
        .paths(paths.build())
        .components(Some(schemas::of(&sorted, rules)))
        .tags(Some(tags.into_iter().map(|(tag, about)| TagBuilder::new().name(tag).description(Some(about)).build())))
        .build();
    if let Some(components) = document.components.as_mut() {
        let page = sorted.iter().find(|row| row.wire == Wire::Page).map(|row| row.path);
        for (name, scheme) in schemes(&sorted, rules, about, page) {
            components.add_security_scheme(name, scheme);
        }
    }
    document
}

/// What every operation of a resource understands, said once.
fn understood(rules: &Rules) -> &'static str {
    match rules.conventions {
        Conventions::One => {
            "Every operation on a resource also reads `currency` and `priceMode` (`GROSS_MODE` or `NET_MODE`) from the \
             query. None of them takes the header `X-Anonymous-Customer-Unique-Id`, which names a guest, together with \
             `Authorization`."
        }
        Conventions::ByMediaType => {
            "Resources under `application/vnd.api+json` are found with exactly that as `Content-Type`, whatever the \
             method, or on reads as `Accept`; to everybody else they do not exist (404 with the code 007), and clients \
             that send no `Content-Type` without a body have to be told to."
        }
    }
}
