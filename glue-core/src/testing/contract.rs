//! Contract tests: what a definition promises of its routes, tried on the crate that serves them.
//!
//! What is generated is a table: a [`Row`] for each verb and application, and beneath it the [`Case`]s that it has to
//! stand. [`contract_tests!`](crate::contract_tests) makes a test of each, with a name of its own.

use serde_json::{Value, json};

use super::{API_KEY, Answer, Caller, Client, TestApp, TestParts};

/// What the tests of a crate need to know beyond its definitions.
#[expect(clippy::panic, reason = "a test kit fails loudly")]
pub trait Fixture {
    /// An application with the crate's routes, over a database of its own.
    fn parts(application: &str) -> TestParts;

    /// Somebody who may call: the first one is the owner of what tests make, all others are strangers to it.
    fn caller(application: &str, number: i64) -> Caller;

    /// The id of a row of `resource` that is there from the beginning and, where rows are owned, the owner's.
    #[must_use]
    fn existing(application: &str, resource: &str) -> String {
        panic!("the fixture knows no row of `{resource}` in `{application}`: implement `existing`")
    }

    /// The path of a collection that the owner alone reaches: of a child, below a parent of the owner's; of a resource with
    /// a path of its own, that path with the owner's values in it.
    #[must_use]
    fn collection(application: &str, resource: &str) -> String {
        panic!("the fixture knows no collection of `{resource}` in `{application}`: implement `collection`")
    }
}

/// One route of one application, and a request that is right for it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    application: &'static str,
    method: &'static str,
    path: &'static str,
    operation: &'static str,
    resource: &'static str,
    version: &'static str,
    collection: Option<&'static str>,
    suffix: &'static str,
    body: Option<&'static str>,
    smallest: Option<&'static str>,
    created: Option<&'static str>,
    conditional: bool,
    authenticates_clients: bool,
}

impl Row {
    /// A route without a body: its application, its method, its path with ids that look right, its operation's id and its
    /// resource's type.
    #[must_use]
    pub const fn new(
        application: &'static str,
        method: &'static str,
        path: &'static str,
        operation: &'static str,
        resource: &'static str,
    ) -> Self {
        Self {
            application,
            method,
            path,
            operation,
            resource,
            version: "",
            collection: None,
            suffix: "",
            body: None,
            smallest: None,
            created: None,
            conditional: false,
            authenticates_clients: false,
        }
    }

    /// Its version as it stands in paths: `/v2.0`.
    #[must_use]
    pub const fn version(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    /// The path of its collection, where that is the same for everybody; the fixture knows it otherwise.
    #[must_use]
    pub const fn collection(self, path: &'static str) -> Self {
        Self { collection: Some(path), ..self }
    }

    /// What follows the path of the collection, with `{id}` for the id of a row.
    #[must_use]
    pub const fn suffix(self, suffix: &'static str) -> Self {
        Self { suffix, ..self }
    }

    /// The body of the document's example.
    #[must_use]
    pub const fn body(self, json: &'static str) -> Self {
        Self { body: Some(json), ..self }
    }

    /// A body with what it has to carry and no more, where the example carries more.
    #[must_use]
    pub const fn smallest(self, json: &'static str) -> Self {
        Self { smallest: Some(json), ..self }
    }

    /// The body that makes a row: posted to the collection before a row is asked for. The fixture knows a row otherwise.
    #[must_use]
    pub const fn created(self, json: &'static str) -> Self {
        Self { created: Some(json), ..self }
    }

    /// Clients have to say which state they have seen, in `If-Match`.
    #[must_use]
    pub const fn conditional(self) -> Self {
        Self { conditional: true, ..self }
    }

    /// Clients authenticate here with the scheme `Basic`.
    #[must_use]
    pub const fn authenticates_clients(self) -> Self {
        Self { authenticates_clients: true, ..self }
    }
}

/// One thing that a row promises.
#[derive(Clone, Copy, Debug)]
pub enum Case {
    /// Who is let in and who is not.
    Guard(Guard),
    /// A body that is not read as one is refused.
    Malformed(Malformed),
    /// The smallest body with this done to an attribute is refused with a status and a code.
    Sent(&'static str, Sent, u16, &'static str),
    /// Whoever may call is served with this status and a body that the document describes.
    Served(u16),
    /// A page that starts at a letter is refused.
    PageOfLetters,
    /// The same row twice is refused with a status and a code.
    Duplicate(u16, &'static str),
    /// An id that nothing has is refused with a status and a code.
    UnknownId(u16, &'static str),
    /// What is the owner's is refused to others with a status and a code, and not to the owner.
    Hidden(u16, &'static str),
    /// What is the owner's is in the owner's collection and in nobody else's.
    Unlisted,
}

/// Who asks to be let in.
#[derive(Clone, Copy, Debug)]
pub enum Guard {
    /// Somebody with a bearer token that is none: refused.
    GarbageToken,
    /// Somebody with a token whose time is over: refused.
    ExpiredToken,
    /// Somebody with a token of another application: refused.
    ForeignToken,
    /// Somebody with two `Authorization` headers: refused.
    TwoTokens,
    /// Somebody with a scheme that has no meaning here: refused.
    OtherScheme,
    /// Nobody: the document says of the row's security what the guard does.
    Documented,
    /// Somebody without a token: refused.
    NoToken,
    /// Somebody without a token: let in.
    Anybody,
    /// Somebody whose token carries no scope: refused.
    NoScopes,
    /// Somebody with an API key, which does as well as a token; an unknown one does not, and a token counts for more.
    ApiKey,
    /// Somebody with an API key, which does not help.
    NoApiKey,
}

/// What is sent instead of a body.
#[derive(Clone, Copy, Debug)]
pub enum Malformed {
    /// No JSON.
    NotJson,
    /// A list in a list in a list, and so on.
    DeepNesting,
    /// A document without `data`.
    NoData,
    /// A resource object without `attributes`.
    NoAttributes,
    /// A resource object of another type.
    OtherType,
}

/// What a body carries instead of an attribute that is right.
#[derive(Clone, Copy, Debug)]
pub enum Sent {
    /// Nothing.
    Nothing,
    /// A list.
    List,
    /// This text.
    Text(&'static str),
    /// A text of so many characters.
    Long(usize),
}

/// Runs one case.
///
/// # Panics
/// When the promise is not kept.
pub fn run<F: Fixture>(row: &Row, case: Case) {
    actix_web::rt::System::new().block_on(async {
        let app = TestApp::new(F::parts(row.application)).await;
        let owner = F::caller(row.application, 1);
        let token = app.token(&owner);
        let trial = Trial { row, app: &app, owner, token };
        match case {
            Case::Guard(guard) => trial.guards(guard).await,
            Case::Malformed(body) => trial.refuses_the_body(body).await,
            Case::Sent(name, sent, status, code) => trial.refuses_the_attribute(name, sent, status, code).await,
            Case::Served(status) => trial.serves::<F>(status).await,
            Case::PageOfLetters => trial.refuses_a_page_of_letters::<F>().await,
            Case::Duplicate(status, code) => trial.refuses_the_same_twice::<F>(status, code).await,
            Case::UnknownId(status, code) => trial.does_not_know::<F>(status, code).await,
            Case::Hidden(status, code) => trial.hides::<F>(status, code).await,
            Case::Unlisted => trial.lists_for_the_owner_alone::<F>().await,
        }
    });
}

struct Trial<'a> {
    row: &'a Row,
    app: &'a TestApp,
    owner: Caller,
    token: String,
}

#[expect(clippy::panic, reason = "a test kit fails loudly")]
impl Trial<'_> {
    /// Sends the request that is right, as somebody.
    async fn sent_by(&self, client: Client<'_>) -> Answer {
        client.send(self.row.method, self.row.path, self.row.body).await
    }

    async fn guards(&self, guard: Guard) {
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

    async fn refuses_the_body(&self, malformed: Malformed) {
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

    async fn refuses_the_attribute(&self, name: &str, sent: Sent, status: u16, code: &str) {
        let mut body = self.example();
        let inside = if body.pointer("/data/attributes").is_some() { "/data/attributes" } else { "" };
        let attributes = body.pointer_mut(inside).and_then(Value::as_object_mut);
        let attributes = attributes.unwrap_or_else(|| panic!("the row has no body with attributes"));
        let value = match sent {
            Sent::Nothing => None,
            Sent::List => Some(json!([1])),
            Sent::Text(text) => Some(text.into()),
            Sent::Long(characters) => Some("a".repeat(characters).into()),
        };
        match value {
            Some(value) => _ = attributes.insert(name.to_owned(), value),
            None => assert!(attributes.remove(name).is_some(), "`{name}` is not in the smallest body"),
        }
        self.answer_to(&body.to_string()).await.is(status, code);
    }

    async fn answer_to(&self, body: &str) -> Answer {
        self.app.bearer(&self.token).send(self.row.method, self.row.path, Some(body)).await
    }

    async fn serves<F: Fixture>(&self, status: u16) {
        let path = self.path::<F>().await;
        self.sent_to(&path).await.is_documented(self.row.operation, status);
    }

    async fn refuses_a_page_of_letters<F: Fixture>(&self) {
        let path = format!("{}?page[offset]=x&page[limit]=1", self.collection::<F>());
        self.app.bearer(&self.token).get(&path).await.is_refused(400, None);
    }

    async fn refuses_the_same_twice<F: Fixture>(&self, status: u16, code: &str) {
        let path = self.collection::<F>();
        self.sent_to(&path).await.is_documented(self.row.operation, 201);
        self.sent_to(&path).await.is(status, code);
    }

    async fn does_not_know<F: Fixture>(&self, status: u16, code: &str) {
        let path = format!("{}{}", self.collection::<F>(), self.row.suffix.replace("{id}", "unknown"));
        self.sent_unseen(&self.token, &path).await.is(status, code);
    }

    async fn hides<F: Fixture>(&self, status: u16, code: &str) {
        let path = self.path::<F>().await;
        for stranger in self.strangers::<F>() {
            self.sent_unseen(&stranger, &path).await.is(status, code);
        }
        // That nobody is let in would prove nothing.
        let own = self.sent_to(&path).await;
        let same = own.status == status && own.text_at("/errors/0/code") == code;
        assert!(!same, "{path} is hidden from its owner as well: {}", own.text);
    }

    async fn lists_for_the_owner_alone<F: Fixture>(&self) {
        let row = self.one::<F>().await;
        let id = row.rsplit('/').next().unwrap_or_default();
        let path = self.path::<F>().await;
        let strangers = self.strangers::<F>().map(|token| (token, false));
        for (token, shown) in strangers.into_iter().chain([(self.token.clone(), true)]) {
            let answer = self.app.bearer(&token).get(&path).await;
            answer.is_ok(200);
            assert_eq!(answer.text.contains(id), shown, "{path} and {id}: {}", answer.text);
        }
    }

    /// Tokens of others: of one who has identifiers of its own, and of one whose identifiers are the owner's, but identify
    /// somebody of another kind.
    fn strangers<F: Fixture>(&self) -> [String; 2] {
        [F::caller(self.row.application, 2), self.owner.namesake()].map(|stranger| self.app.token(&stranger))
    }

    /// Sends the request that is right to a path, as its owner who has seen the state of what is there.
    async fn sent_to(&self, path: &str) -> Answer {
        let mut client = self.app.bearer(&self.token);
        if self.row.conditional {
            client = client.header("if-match", &self.app.bearer(&self.token).get(path).await.text_of("etag"));
        }
        client.send(self.row.method, path, self.row.body).await
    }

    /// Sends the request that is right to a path, as somebody who has not seen what is there.
    async fn sent_unseen(&self, token: &str, path: &str) -> Answer {
        let client = self.app.bearer(token);
        let client = if self.row.conditional { client.header("if-match", "\"seen\"") } else { client };
        client.send(self.row.method, path, self.row.body).await
    }

    fn collection<F: Fixture>(&self) -> String {
        let row = self.row;
        let path = row.collection.map_or_else(|| F::collection(row.application, row.resource), str::to_owned);
        format!("{}{path}", row.version)
    }

    /// Where the row's request goes, for a row that is the owner's.
    async fn path<F: Fixture>(&self) -> String {
        match self.row.suffix.strip_prefix("/{id}") {
            Some(rest) => format!("{}{rest}", self.one::<F>().await),
            None => format!("{}{}", self.collection::<F>(), self.row.suffix),
        }
    }

    /// Where a row is that is the owner's.
    async fn one<F: Fixture>(&self) -> String {
        let row = self.row;
        let collection = self.collection::<F>();
        match row.created {
            Some(body) => {
                let created = self.app.bearer(&self.token).send("POST", &collection, Some(body)).await.created_path();
                format!("{}{created}", row.version)
            }
            None => format!("{collection}/{}", F::existing(row.application, row.resource)),
        }
    }
}

/// Tests of rows: `name: Row => [what all rows of its kind promise] { test: Case, … }`.
///
/// The words in brackets stand for tests that are always the same: `protected` or `public`, `scoped`, `api_key` or
/// `no_api_key`, `json_body` or `document_body`.
#[macro_export]
macro_rules! contract_tests {
    ($fixture:ty; $($row:ident: $made:expr => [$($word:ident),*] { $($name:ident: $case:expr,)* })*) => {
        $(
            mod $row {
                use super::*;

                const ROW: Row = $made;

                $crate::contract_tests!(@guard $fixture;
                    refuses_a_garbage_token: GarbageToken,
                    refuses_an_expired_token: ExpiredToken,
                    refuses_a_token_of_another_application: ForeignToken,
                    refuses_two_tokens_at_once: TwoTokens,
                    refuses_another_scheme: OtherScheme,
                    is_documented_as_it_is_guarded: Documented,
                );
                $($crate::contract_tests!(@$word $fixture);)*
                $crate::contract_tests!(@test $fixture; $($name: $case,)*);
            }
        )*
    };
    (@protected $fixture:ty) => {
        $crate::contract_tests!(@guard $fixture; refuses_strangers: NoToken,);
    };
    (@public $fixture:ty) => {
        $crate::contract_tests!(@guard $fixture; lets_strangers_in: Anybody,);
    };
    (@scoped $fixture:ty) => {
        $crate::contract_tests!(@guard $fixture; refuses_a_token_without_its_scopes: NoScopes,);
    };
    (@api_key $fixture:ty) => {
        $crate::contract_tests!(@guard $fixture; takes_an_api_key: ApiKey,);
    };
    (@no_api_key $fixture:ty) => {
        $crate::contract_tests!(@guard $fixture; takes_no_api_key: NoApiKey,);
    };
    (@json_body $fixture:ty) => {
        $crate::contract_tests!(@malformed $fixture; refuses_no_json: NotJson, refuses_deep_nesting: DeepNesting,);
    };
    (@document_body $fixture:ty) => {
        $crate::contract_tests!(@json_body $fixture);
        $crate::contract_tests!(@malformed $fixture;
            refuses_no_data: NoData,
            refuses_no_attributes: NoAttributes,
            refuses_another_type: OtherType,
        );
    };
    (@guard $fixture:ty; $($name:ident: $guard:ident,)*) => {
        $crate::contract_tests!(@test $fixture; $(
            $name: $crate::testing::contract::Case::Guard($crate::testing::contract::Guard::$guard),
        )*);
    };
    (@malformed $fixture:ty; $($name:ident: $body:ident,)*) => {
        $crate::contract_tests!(@test $fixture; $(
            $name: $crate::testing::contract::Case::Malformed($crate::testing::contract::Malformed::$body),
        )*);
    };
    (@test $fixture:ty; $($name:ident: $case:expr,)*) => {
        $(
            #[test]
            fn $name() {
                $crate::testing::contract::run::<$fixture>(&ROW, $case);
            }
        )*
    };
}
