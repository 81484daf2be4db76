//! One row on trial.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::case::{Guard, Malformed, Wrong};
use super::fixture::Fixture;
use super::row::{Reference, Row};
use crate::error::codes;
use crate::route::Verb;
use crate::route::path::MINE;
use crate::testing::{API_KEY, Answer, Caller, Client, TestApp, path_of};

/// An application, a row of it, and the caller whose rows are made.
pub(super) struct Trial<'a> {
    row: &'a Row,
    app: &'a TestApp,
    owner: Caller,
    token: String,
    /// The application that makes rows, and the token of whose they are there, when it is another one.
    maker: Option<&'a (TestApp, String)>,
    /// The entity tag of the row that was made.
    told: RefCell<Option<String>>,
    /// The collection below the parents that were posted.
    parents: RefCell<Option<String>>,
    /// The ids of the rows that bodies refer to, by type.
    referred: RefCell<BTreeMap<&'static str, String>>,
}

#[expect(clippy::panic, reason = "a test kit fails loudly")]
impl<'a> Trial<'a> {
    pub(super) fn new(
        row: &'a Row,
        app: &'a TestApp,
        owner: Caller,
        token: String,
        maker: Option<&'a (TestApp, String)>,
    ) -> Self {
        Self {
            row,
            app,
            owner,
            token,
            maker,
            told: RefCell::default(),
            parents: RefCell::default(),
            referred: RefCell::default(),
        }
    }

    /// The right caller: the owner, through whom an agent acts where one is asked for.
    fn right_caller(&self) -> Client<'_> {
        let agent = self.app.token(&Caller::agent(1));
        self.app.bearer(&self.token).header("x-agent-authorization", &format!("Bearer {agent}"))
    }

    /// Whoever makes rows, and where.
    fn maker(&self) -> (&TestApp, Client<'_>) {
        match self.maker {
            Some((app, token)) => (app, app.bearer(token)),
            None => (self.app, self.right_caller()),
        }
    }

    /// Sends the request that is right, as somebody.
    async fn sent_by(&self, client: Client<'_>) -> Answer {
        client.send(self.row.method, self.row.path, self.row.body).await
    }

    pub(super) async fn guards(&self, guard: Guard) {
        let (app, owner) = (self.app, &self.owner);
        match guard {
            Guard::GarbageToken => self.sent_by(app.bearer("garbage")).await.is_invalid_token(),
            Guard::ExpiredToken => self.sent_by(app.bearer(&app.expired_token(owner))).await.is_invalid_token(),
            Guard::ForeignToken => self.sent_by(app.bearer(&app.foreign_token(owner))).await.is_invalid_token(),
            Guard::TwoTokens => self.sent_by(app.bearers(&[&self.token, &self.token])).await.is_invalid_token(),
            Guard::OtherScheme => {
                let scheme = if self.row.authenticates_clients { "Digest" } else { "Basic" };
                self.sent_by(app.authorization(&format!("{scheme} c29uaWE6c2VjcmV0"))).await.is_invalid_token();
            }
            Guard::Documented => app.documented(self.row.operation).agrees_with_the_guard(),
            Guard::NoToken => self.sent_by(app.anonymous()).await.is_missing_token(),
            Guard::Anybody => self.sent_by(app.anonymous()).await.passed_the_guard(),
            Guard::NoAgent => {
                self.sent_by(app.anonymous()).await.is_refused(401, codes::NO_AGENT.code);
                self.sent_by(app.bearer(&self.token)).await.is_refused(401, codes::NO_AGENT.code);
                let customer = app.anonymous().header("x-agent-authorization", &format!("Bearer {}", self.token));
                self.sent_by(customer).await.is_refused(401, codes::INVALID_AGENT_TOKEN.code);
            }
            Guard::Agent => {
                let agent = app.token(&Caller::agent(1));
                self.sent_by(app.bearer(&agent)).await.passed_the_guard();
                self.sent_by(self.right_caller()).await.passed_the_guard();
            }
            Guard::NoScopes => {
                let token = app.token(&owner.clone().without_scopes());
                self.sent_by(app.bearer(&token)).await.is_forbidden();
            }
            Guard::ApiKey => {
                self.sent_by(app.anonymous().header("x-api-key", API_KEY)).await.passed_the_guard_or_not_found();
                self.sent_by(app.anonymous().header("x-api-key", "unknown")).await.is_refused(403, None);
                let both = app.bearer(&self.token).header("x-api-key", "unknown");
                self.sent_by(both).await.passed_the_guard_or_not_found();
            }
            Guard::NoApiKey => self.sent_by(app.anonymous().header("x-api-key", API_KEY)).await.is_missing_token(),
        }
    }

    pub(super) async fn refuses_the_body(&self, malformed: Malformed) {
        let body = match malformed {
            Malformed::NotJson => "{".to_owned(),
            Malformed::DeepNesting => "[".repeat(200_000),
            Malformed::NoData => "{}".to_owned(),
            Malformed::NoAttributes => json!({ "data": { "type": self.example().pointer("/data/type") } }).to_string(),
            Malformed::OtherType => json!({ "data": { "type": "another", "attributes": {} } }).to_string(),
        };
        self.answer_to(&body).await.is_refused(400, None);
    }

    /// The smallest body that is right.
    fn example(&self) -> Value {
        let body = self.row.smallest.or(self.row.body).unwrap_or_default();
        serde_json::from_str(body)
            .unwrap_or_else(|error| panic!("the example of {} is no JSON: {error}", self.row.operation))
    }

    pub(super) async fn refuses_the_attribute(&self, name: &str, sent: Wrong, status: u16, code: &str) {
        let mut body = self.example();
        let inside = if body.pointer("/data/attributes").is_some() { "/data/attributes" } else { "" };
        let attributes = body.pointer_mut(inside).and_then(Value::as_object_mut);
        let attributes = attributes.unwrap_or_else(|| panic!("the row has no body with attributes"));
        let value = match sent {
            Wrong::Nothing => None,
            Wrong::List => Some(json!([1])),
            Wrong::Text(text) => Some(text.into()),
            Wrong::Long(characters) => Some("a".repeat(characters).into()),
            Wrong::Number(number) => Some(number.into()),
            Wrong::Items(items) => {
                let first = attributes.get(name).and_then(|list| list.get(0)).cloned().unwrap_or_else(|| "one".into());
                Some(vec![first; items].into())
            }
        };
        match value {
            Some(value) => _ = attributes.insert(name.to_owned(), value),
            None => assert!(attributes.remove(name).is_some(), "`{name}` is not in the smallest body"),
        }
        self.answer_to(&body.to_string()).await.is(status, code);
    }

    async fn answer_to(&self, body: &str) -> Answer {
        self.right_caller().send(self.row.method, self.row.path, Some(body)).await
    }

    pub(super) async fn serves<F: Fixture>(&self, status: u16) {
        let path = self.path::<F>().await;
        self.sent_to::<F>(&path).await.is_documented(self.row.operation, status);
    }

    pub(super) async fn does_not_show<F: Fixture>(&self, name: &str) {
        let path = self.path::<F>().await;
        let shown = self.sent_to::<F>(&path).await;
        shown.is_ok(200);
        // Plain JSON has no envelope: a list of one, or the object itself.
        let envelope = if shown.at("/data/attributes").is_object() { "/data/attributes" } else { "/0" };
        let envelope = if shown.at(envelope).is_object() { envelope } else { "" };
        assert!(shown.at(envelope).is_object(), "{path} shows no attributes: {}", shown.text);
        assert!(shown.at(envelope).get(name).is_none(), "{path} shows `{name}`: {}", shown.text);
        let sparse = format!("{path}?fields[{}]={name}", self.row.resource);
        let asked = self.sent_to::<F>(&sparse).await;
        assert!(asked.at(envelope).get(name).is_none(), "{sparse} shows `{name}`: {}", asked.text);
    }

    /// The caller's own row by the word that stands for its id, and nobody else's.
    pub(super) async fn serves_mine<F: Fixture>(&self, status: u16, unknown: u16, code: &str) {
        let one = self.one::<F>().await;
        let collection = one.rsplit_once('/').map_or("", |(collection, _)| collection);
        let path = format!("{collection}/{MINE}");
        self.sent_to::<F>(&path).await.is_documented(self.row.operation, status);
        for stranger in self.strangers::<F>().into_iter().flatten() {
            let answer = self.app.bearer(&stranger).send(self.row.method, &path, None).await;
            answer.is(unknown, code);
        }
    }

    pub(super) async fn refuses<F: Fixture>(&self, status: u16, code: &str) {
        let path = self.path::<F>().await;
        self.sent_to::<F>(&path).await.is(status, code);
    }

    pub(super) async fn refuses_the_value<F: Fixture>(&self, name: &str, value: &str, status: u16, code: &str) {
        let path = self.path::<F>().await;
        let body = self.body::<F>(self.row.body).await.unwrap_or_default();
        let mut body: Value = serde_json::from_str(&body).unwrap_or_default();
        let attributes = body.pointer_mut("/data/attributes").and_then(Value::as_object_mut);
        let attributes = attributes.unwrap_or_else(|| panic!("the row has no body with attributes"));
        attributes.insert(name.to_owned(), value.into());
        let client = self.conditionally(&path).await;
        client.send(self.row.method, &path, Some(&body.to_string())).await.is(status, code);
    }

    pub(super) async fn refuses_a_page_of_letters<F: Fixture>(&self) {
        let path = format!("{}?page[offset]=x&page[limit]=1", self.collection::<F>().await);
        self.right_caller().get(&path).await.is_refused(400, None);
    }

    pub(super) async fn refuses_the_same_twice<F: Fixture>(&self, status: u16, code: &str) {
        let path = self.collection::<F>().await;
        let made = self.sent_to::<F>(&path).await;
        assert!((200..300).contains(&made.status), "{}: {} {}", self.row.operation, made.status, made.text);
        made.is_documented(self.row.operation, made.status);
        self.sent_to::<F>(&path).await.is(status, code);
    }

    pub(super) async fn does_not_know<F: Fixture>(&self, status: u16, code: &str) {
        let path = format!("{}{}", self.collection::<F>().await, self.row.suffix.replace("{id}", "unknown"));
        self.sent_unseen(&path).await.is(status, code);
    }

    pub(super) async fn hides<F: Fixture>(&self, status: u16, code: &str) {
        let path = self.path::<F>().await;
        let body = self.body::<F>(self.row.body).await;
        // Whoever knows the state of what is hidden is told no more than others: what is not there has no state.
        let tag = if self.row.conditional { self.tag(&path).await } else { String::new() };
        for stranger in self.strangers::<F>() {
            let client = stranger.map_or_else(|| self.app.anonymous(), |token| self.app.bearer(&token));
            let client = if self.row.conditional { client.header("if-match", &tag) } else { client };
            let answer = client.send(self.row.method, &path, body.as_deref()).await;
            match answer.status == 412 && self.row.conditional {
                true => answer.is(412, "006"),
                false => answer.is(status, code),
            }
        }
        // That nobody is let in would prove nothing.
        let own = self.sent_to::<F>(&path).await;
        let same = own.status == status && own.text_at("/errors/0/code") == code;
        assert!(!same, "{path} is hidden from its owner as well: {}", own.text);
    }

    pub(super) async fn lists_for_the_owner_alone<F: Fixture>(&self) {
        let row = self.one::<F>().await;
        let id = row.rsplit('/').next().unwrap_or_default();
        let path = self.path::<F>().await;
        let strangers = self.strangers::<F>().into_iter().map(|token| (token, false));
        for (token, shown) in strangers.chain([(Some(self.token.clone()), true)]) {
            let text = self.pages(token.as_deref(), &path).await;
            assert_eq!(text.contains(id), shown, "{path} and {id}: {text}");
        }
    }

    /// Every page of a collection.
    async fn pages(&self, token: Option<&str>, path: &str) -> String {
        let (mut text, mut next) = (String::new(), path.to_owned());
        loop {
            let client = token.map_or_else(|| self.app.anonymous(), |token| self.app.bearer(token));
            let page = client.get(&next).await;
            page.is_ok(200);
            text.push_str(&page.text);
            match page.at("/links/next").as_str() {
                Some(link) => next = path_of(link),
                None => return text,
            }
        }
    }

    /// Tokens of others: of one who has identifiers of its own, of one whose identifiers are the owner's, but identify
    /// somebody of another kind, and none where nobody needs one.
    fn strangers<F: Fixture>(&self) -> Vec<Option<String>> {
        let strangers = [F::caller(self.row.application, 2), self.owner.namesake()];
        let tokens = strangers.iter().map(|stranger| Some(self.app.token(stranger)));
        tokens.chain(self.row.open.then_some(None)).collect()
    }

    /// The entity tag of what is at a path, as its owner was told.
    async fn tag(&self, path: &str) -> String {
        let told = self.told.borrow().clone();
        match told {
            Some(tag) => tag,
            None => {
                // What is done with a row stands below it.
                let below = self.row.suffix.strip_prefix("/{id}").unwrap_or_default();
                let row = path.strip_suffix(below).unwrap_or(path);
                self.right_caller().get(row).await.text_of("etag")
            }
        }
    }

    /// The right caller, who has seen the state of what is at a path.
    async fn conditionally(&self, path: &str) -> Client<'_> {
        let client = self.right_caller();
        if self.row.conditional { client.header("if-match", &self.tag(path).await) } else { client }
    }

    /// Sends the request that is right to a path, as its owner who has seen the state of what is there.
    async fn sent_to<F: Fixture>(&self, path: &str) -> Answer {
        let client = self.conditionally(path).await;
        let body = self.body::<F>(self.row.body).await;
        client.send(self.row.method, path, body.as_deref()).await
    }

    /// Sends the request that is right to a path, as somebody who has not seen what is there.
    async fn sent_unseen(&self, path: &str) -> Answer {
        let client = self.right_caller();
        let client = if self.row.conditional { client.header("if-match", "\"seen\"") } else { client };
        client.send(self.row.method, path, self.row.body).await
    }

    async fn collection<F: Fixture>(&self) -> String {
        let row = self.row;
        let known = row.collection.map(str::to_owned).or_else(|| F::collection(row.application, row.resource));
        let known = known.or_else(|| self.parents.borrow().clone());
        let path = match known {
            Some(path) => path,
            None => self.below_posted_parents::<F>().await,
        };
        format!("{}{path}", row.version)
    }

    /// The collection below parents that are the owner's: each is posted as the documents' example says.
    async fn below_posted_parents<F: Fixture>(&self) -> String {
        let path = self.app.rows().iter().find(|row| row.operation_id == self.row.operation).map_or("", |row| row.path);
        let (mut template, mut own) = (String::new(), String::new());
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let end = segments.iter().rposition(|segment| *segment == self.row.resource).map_or(0, |last| last + 1);
        for segment in segments.into_iter().take(end) {
            template = format!("{template}/{segment}");
            if !segment.starts_with('{') {
                own = format!("{own}/{segment}");
                continue;
            }
            let collection = template.rsplit_once('/').map_or("", |(collection, _)| collection);
            let (app, caller) = self.maker();
            let post = app.rows().iter().find(|row| row.verb == Verb::Post && row.path == collection);
            let body = post.and_then(|row| row.request).map(|request| request.example);
            let body = body.unwrap_or_else(|| {
                panic!(
                    "nothing can be posted to {collection}: implement the fixture's `collection` for `{}`",
                    self.row.resource
                )
            });
            let kind = collection.rsplit('/').next().unwrap_or_default();
            let refers = self.row.above.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, refers)| *refers);
            let body = self.referring::<F>(body, refers).await;
            own = caller.send("POST", &own, Some(&body)).await.created_path();
        }
        self.parents.replace(Some(own.clone()));
        own
    }

    /// A body that refers to rows that are there.
    async fn body<F: Fixture>(&self, json: Option<&str>) -> Option<String> {
        Some(self.referring::<F>(json?, self.row.references).await)
    }

    /// A body in which each reference that it carries holds the id of a row that the owner reaches.
    async fn referring<F: Fixture>(&self, json: &str, references: &'static [Reference]) -> String {
        let mut body: Value = serde_json::from_str(json).unwrap_or_default();
        for Reference { attribute, resource, further } in references {
            let pointer = format!("/data/attributes/{attribute}");
            if body.pointer(&pointer).is_some_and(|value| !value.is_null()) {
                let id = self.referred::<F>(resource, further).await;
                body.pointer_mut(&pointer).into_iter().for_each(|value| *value = id.as_str().into());
            }
        }
        body.to_string()
    }

    /// The id of a row of another resource that the owner reaches.
    async fn referred<F: Fixture>(&self, resource: &'static str, further: &'static [Reference]) -> String {
        if let Some(id) = self.referred.borrow().get(resource) {
            return id.clone();
        }
        let collection = format!("/{resource}");
        let (app, caller) = self.maker();
        let post = app.rows().iter().find(|row| row.verb == Verb::Post && row.path == collection);
        let id = match post.and_then(|row| row.request) {
            Some(request) => {
                let body = Box::pin(self.referring::<F>(request.example, further)).await;
                let made = caller.send("POST", &collection, Some(&body)).await;
                made.created_path().rsplit('/').next().unwrap_or_default().to_owned()
            }
            None => F::existing(self.row.application, resource),
        };
        self.referred.borrow_mut().insert(resource, id.clone());
        id
    }

    /// Where the row's request goes, for a row that is the owner's.
    async fn path<F: Fixture>(&self) -> String {
        match self.row.suffix.strip_prefix("/{id}") {
            Some(rest) => format!("{}{rest}", self.one::<F>().await),
            None => format!("{}{}", self.collection::<F>().await, self.row.suffix),
        }
    }

    /// The first row of a collection below parents that were posted: what they brought along.
    async fn made_with_its_parent(&self, collection: &str) -> Option<String> {
        self.parents.borrow().as_ref()?;
        let listed = self.right_caller().get(collection).await;
        listed.at("/data/0/id").as_str().map(str::to_owned)
    }

    /// Where a row is that is the owner's.
    async fn one<F: Fixture>(&self) -> String {
        let row = self.row;
        let collection = self.collection::<F>().await;
        match row.created {
            Some(body) => {
                let body = self.body::<F>(Some(body)).await;
                let created = self.maker().1.send("POST", &collection, body.as_deref()).await;
                self.told.replace(row.conditional.then(|| created.text_of("etag")));
                format!("{}{}", row.version, created.created_path())
            }
            None => match self.made_with_its_parent(&collection).await {
                Some(id) => format!("{collection}/{id}"),
                None => format!("{collection}/{}", F::existing(row.application, row.resource)),
            },
        }
    }
}
