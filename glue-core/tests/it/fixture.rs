//! A small application: things that strangers read, in two versions, and drafts that carry entity tags.

use std::sync::LazyLock;

use glue_core::db::Schema;
use glue_core::document::{Document, Entity, Listing};
use glue_core::error::{ErrorKind, ErrorRow, Outcome};
use glue_core::input::query::Page;
use glue_core::input::{Input, InputDef, Members, Violations};
use glue_core::reply::Reply;
use glue_core::request::{Anyone, Authed, Validated};
use glue_core::route::{
    BodyDef, EntityTags, OpenRoute, Operation, Place, Plain, ProtectedRoute, Protection, Route, RouteDef, SchemaDef,
    Verb, Version, Wire,
};
use glue_core::server::Mount;
use glue_core::testing::{Caller, Template, TestApp, TestDatabase, TestParts};
use serde::Serialize;
use utoipa::ToSchema;

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| Template::new(Schema(&[]), |_| Ok(())));

pub(crate) fn database() -> TestDatabase {
    TEMPLATE.database()
}

pub(crate) fn parts() -> TestParts {
    TestParts::new("storefront", mount(), database())
}

pub(crate) async fn app() -> TestApp {
    TestApp::new(parts()).await
}

pub(crate) fn token(app: &TestApp) -> String {
    app.token(&Caller::customer(1))
}

/// What clients read of a thing.
#[derive(Serialize, ToSchema)]
pub(crate) struct Thing {
    name: String,
    market: String,
}

impl glue_core::document::Resource for Thing {
    const TYPE: &'static str = "things";
}

#[derive(ToSchema)]
pub(crate) struct ThingCollection {}

impl Document for ThingCollection {
    type Attributes = Thing;
}

/// What clients read and write of a draft.
#[derive(Serialize, ToSchema)]
pub(crate) struct Draft {
    title: String,
}

impl glue_core::document::Resource for Draft {
    const TYPE: &'static str = "drafts";
}

#[derive(ToSchema)]
pub(crate) struct DraftDocument {}

impl Document for DraftDocument {
    type Attributes = Draft;
}

pub(crate) struct UpdateDraft {
    title: String,
}

impl Input for UpdateDraft {
    const KNOWN: &'static [&'static str] = &["title"];

    fn read(members: &Members<'_>, violations: &mut Violations) -> Option<Self> {
        let title = members.field::<String>("title");
        violations.present("title", &title);
        violations.not_blank("title", &title);
        Some(Self { title: title.value()? })
    }
}

pub(crate) enum ListThings {}
impl Route for ListThings {}
impl OpenRoute for ListThings {}

pub(crate) enum GetDraft {}
impl Route for GetDraft {}
impl OpenRoute for GetDraft {}

pub(crate) enum PatchDraft {}
impl Route for PatchDraft {}
impl ProtectedRoute for PatchDraft {}

const PAYLOAD: BodyDef = BodyDef { schema: SchemaDef::of::<Thing>("Thing"), example: "{}" };

const THINGS: RouteDef = RouteDef {
    application: "storefront",
    verb: Verb::List,
    path: "/things",
    operation_id: "get-collection-of-things",
    summary: "Get things.",
    protection: Protection::Public,
    response: Some(PAYLOAD),
    version: Some(Version { major: 1, minor: 0 }),
    source: "fixture.rs:1",
    ..RouteDef::of("things", "Things.")
};

const THINGS_2: RouteDef = RouteDef {
    operation_id: "get-collection-of-things-v2",
    version: Some(Version { major: 1, minor: 10 }),
    source: "fixture.rs:2",
    ..THINGS
};

pub(crate) const DRAFT: RouteDef = RouteDef {
    resource: "drafts",
    verb: Verb::Get,
    path: "/drafts/{draftId}",
    path_examples: &["0198f3c2-7d1e-7a52-9f0b-3d0c5a1e6b42"],
    operation_id: "get-drafts",
    version: None,
    entity_tags: EntityTags::Required,
    source: "fixture.rs:3",
    ..THINGS
};

const PATCH: RouteDef = RouteDef {
    verb: Verb::Patch,
    operation_id: "update-drafts",
    protection: Protection::Protected,
    because: None,
    request: Some(PAYLOAD),
    input: Some(InputDef::of::<UpdateDraft>()),
    source: "fixture.rs:4",
    ..DRAFT
};

/// A custom route: its path is no resource's, and it wants a scope.
const REPORT: RouteDef = RouteDef {
    resource: "draft-report",
    verb: Verb::Get,
    path: "/drafts/{draftId}/reports/of/{year}",
    place: Place::Custom,
    operation_id: "get-draft-report",
    protection: Protection::Protected,
    because: None,
    scopes: &["reports"],
    version: None,
    wire: Wire::Json(Plain::One),
    source: "fixture.rs:5",
    ..THINGS
};

/// The same, always as a list, at a fixed path that would be a draft's if ids were words.
pub(crate) const PLAIN: RouteDef = RouteDef {
    resource: "plain-drafts",
    path: "/drafts/plain",
    operation_id: "update-plain-drafts",
    verb: Verb::Patch,
    scopes: &[],
    request: Some(PAYLOAD),
    input: Some(InputDef::of::<UpdateDraft>()),
    wire: Wire::Json(Plain::List),
    source: "fixture.rs:6",
    ..REPORT
};

pub(crate) const TOO_BOLD: ErrorRow = ErrorRow {
    name: "TOO_BOLD",
    status: 403,
    code: Some("1401"),
    detail: "Too bold.",
    german: None,
    kind: ErrorKind::Refusal,
    samples: &[],
};

pub(crate) fn mount() -> Mount {
    let operations = vec![
        Operation::new(&THINGS, || actix_web::web::to(things)),
        Operation::new(&THINGS_2, || actix_web::web::to(things_2)),
        Operation::new(&DRAFT, || actix_web::web::to(draft)),
        Operation::new(&PATCH, || actix_web::web::to(patch)),
        Operation::new(&REPORT, || actix_web::web::to(report)),
        Operation::new(&PLAIN, || actix_web::web::to(patch)),
    ];
    Mount { operations, ..Mount::default() }
}

fn listing(cx: &Anyone<ListThings>, name: &str) -> Listing<Thing> {
    let market = format!("{} {} {} {:?}", cx.store().name, cx.locale(), cx.currency(), cx.price_mode());
    let entity = Entity { id: Some("1".into()), attributes: Thing { name: name.into(), market } };
    Listing::new(vec![entity], Page { offset: 0, limit: 1, asked: false }, 1)
}

async fn things(cx: Anyone<ListThings>) -> Outcome<Reply<ThingCollection>> {
    Reply::many(&cx, listing(&cx, "old")).await
}

async fn things_2(cx: Anyone<ListThings>) -> Outcome<Reply<ThingCollection>> {
    let name = cx.attached::<String>().map_or_else(|| "new".to_owned(), |name| name.to_string());
    Reply::many(&cx, listing(&cx, &name)).await
}

fn stored() -> Draft {
    Draft { title: "First".into() }
}

async fn draft(cx: Anyone<GetDraft>) -> Outcome<Reply<DraftDocument>> {
    Reply::one(&cx, Entity { id: Some(cx.id().to_owned()), attributes: stored() }).await
}

async fn report(cx: Authed<PatchDraft>) -> Outcome<Reply<DraftDocument>> {
    Reply::one(&cx, Entity { id: None, attributes: Draft { title: cx.ids().join(" of ") } }).await
}

async fn patch(cx: Authed<PatchDraft>, Validated(input): Validated<UpdateDraft>) -> Outcome<Reply<DraftDocument>> {
    cx.preconditions().hold((cx.id() != "gone").then(stored).as_ref())?;
    Reply::one(&cx, Entity { id: Some(cx.id().to_owned()), attributes: Draft { title: input.title } }).await
}

pub(crate) fn body(title: &str) -> String {
    format!(r#"{{"data":{{"type":"drafts","attributes":{{"title":"{title}"}}}}}}"#)
}
