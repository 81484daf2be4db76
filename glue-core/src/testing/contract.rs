//! Contract tests: what a definition promises of its routes, tried on the crate that serves them.
//!
//! What is generated is a table: a [`Row`] for each verb and application, and beneath it the [`Case`]s that it has to
//! stand. [`contract_tests!`](crate::contract_tests) makes a test of each, with a name of its own.

mod trial;

use super::{Caller, TestApp, TestParts};
use trial::Trial;

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
    open: bool,
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
            open: false,
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

    /// Whoever has no token comes in as well.
    #[must_use]
    pub const fn open(self) -> Self {
        Self { open: true, ..self }
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
        let trial = Trial::new(row, &app, owner, token);
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
