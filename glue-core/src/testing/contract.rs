//! Contract tests: what a definition promises of its routes, tried on the crate that serves them.
//!
//! What is generated is a table: a [`Row`] for each verb and application, and beneath it the [`Case`]s that it has to
//! stand. [`contract_tests!`](crate::contract_tests) makes a test of each, with a name of its own.

mod case;
mod fixture;
mod row;
mod trial;

use super::{TestApp, TestParts};
pub use case::{Case, Guard, Malformed, Wrong};
pub use fixture::{Fixture, Mounted};
pub use row::{Reference, Row};
use trial::Trial;

/// An id that no row has.
const NOTHING: &str = "00000000-0000-4000-8000-000000000000";

/// Runs one case.
///
/// # Panics
/// When the promise is not kept.
pub fn run<F: Fixture>(row: &Row, case: Case) {
    actix_web::rt::System::new().block_on(async {
        let app = TestApp::new(F::parts(row.application)).await;
        let owner = F::caller(row.application, 1);
        let token = app.token(&owner);
        let maker = match row.made_in {
            Some(name) => {
                let maker = TestApp::new(TestParts { database: app.database.clone(), ..F::parts(name) }).await;
                let token = maker.token(&F::caller(name, 1));
                Some((maker, token))
            }
            None => None,
        };
        let trial = Trial::new(row, &app, owner, token, maker.as_ref());
        match case {
            Case::Guard(guard) => trial.guards(guard).await,
            Case::Malformed(body) => trial.refuses_the_body(body).await,
            Case::WrongAttribute(name, sent, status, code) => {
                trial.refuses_the_attribute(name, sent, status, code).await
            }
            Case::Served(status) => trial.serves::<F>(status).await,
            Case::Refused(status, code) => trial.refuses::<F>(status, code).await,
            Case::ForbiddenChange(name, word, status, code) => {
                trial.refuses_the_value::<F>(name, word, status, code).await;
            }
            Case::UnknownReference(name, status, code) => {
                trial.refuses_the_value::<F>(name, NOTHING, status, code).await;
            }
            Case::PageOfLetters => trial.refuses_a_page_of_letters::<F>().await,
            Case::Duplicate(status, code) => trial.refuses_the_same_twice::<F>(status, code).await,
            Case::UnknownId(status, code) => trial.does_not_know::<F>(status, code).await,
            Case::Hidden(status, code) => trial.hides::<F>(status, code).await,
            Case::Unlisted => trial.lists_for_the_owner_alone::<F>().await,
            Case::Mine(status, unknown, code) => trial.serves_mine::<F>(status, unknown, code).await,
            Case::Unshown(name) => trial.does_not_show::<F>(name).await,
        }
    });
}

/// Tests of rows: `name: Row => [what all rows of its kind promise] { test: Case, … }`.
///
/// The words in brackets stand for tests that are always the same: `protected`, `public` or `agent`, `scoped`, `api_key` or
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
    (@agent $fixture:ty) => {
        $crate::contract_tests!(@guard $fixture; refuses_whoever_is_no_agent: NoAgent, lets_agents_in: Agent,);
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
