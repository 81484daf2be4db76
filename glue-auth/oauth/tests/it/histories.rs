//! Random histories of token families against a model of them (security.md §2.12). `PROPTEST_CASES` says how many.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use oauth::{GrantError, TokenPair};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::fixture::{World, refresh_of, seconds};

#[derive(Clone, Copy, Debug)]
enum Step {
    Login,
    Exchange(usize),
    Revoke(usize),
    RevokeAll,
    EndAccount,
    Disable,
    Enable,
    Wait(i64),
    LearnElsewhere,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Login),
        8 => (0_usize..16).prop_map(Step::Exchange),
        2 => (0_usize..16).prop_map(Step::Revoke),
        1 => Just(Step::RevokeAll),
        1 => Just(Step::EndAccount),
        1 => Just(Step::Disable),
        1 => Just(Step::Enable),
        3 => (1_i64..8).prop_map(Step::Wait),
        1 => (1_i64..4_000_000).prop_map(Step::Wait),
        1 => Just(Step::LearnElsewhere),
    ]
}

/// What the model knows of one refresh token.
#[derive(Clone, Debug)]
struct Token {
    family: usize,
    /// When its session began.
    since: i64,
    expires: i64,
    used: Option<i64>,
    successor: Option<String>,
    /// The access tokens that came with it, and their ends.
    access: Vec<(String, i64)>,
}

/// The model: what the engine has to do, without a database, a signature or a hash.
#[derive(Default)]
struct Model {
    tokens: BTreeMap<String, Token>,
    order: Vec<String>,
    ended: BTreeMap<usize, bool>,
    disabled: bool,
    clock: i64,
}

/// What the model expects of an exchange.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// A successor that nobody has seen.
    Fresh,
    /// The successor that somebody got a moment ago.
    Same(String),
    /// Nothing, and the family lives on.
    Refused,
    /// Nothing, and the family ends.
    Theft,
}

const RETRY: i64 = 10;
const REFRESH: i64 = 2_628_000;
const SESSION: i64 = 7_776_000;
const ACCESS: i64 = 28_800;
const LEEWAY: i64 = 5;

impl Model {
    fn expects(&self, text: &str) -> Expected {
        let Some(token) = self.tokens.get(text) else { return Expected::Refused };
        if self.is_ended(token.family) || token.expires <= self.clock {
            return Expected::Refused;
        }
        match (token.used, &token.successor) {
            (Some(at), _) if self.clock - at > RETRY => Expected::Theft,
            _ if self.disabled => Expected::Refused,
            (Some(_), Some(next)) if self.tokens.get(next).is_some_and(|next| next.used.is_none()) => {
                Expected::Same(next.clone())
            }
            (Some(_), _) => Expected::Refused,
            (None, _) => Expected::Fresh,
        }
    }

    fn is_ended(&self, family: usize) -> bool {
        self.ended.get(&family).copied().unwrap_or_default()
    }

    fn begin(&mut self, family: usize, since: i64, pair: &TokenPair) {
        let (text, clock) = (refresh_of(pair).to_owned(), self.clock);
        let expires = (clock + REFRESH).min(since + SESSION);
        self.ended.entry(family).or_insert(false);
        let token = self.tokens.entry(text.clone()).or_insert_with(|| Token {
            family,
            since,
            expires,
            used: None,
            successor: None,
            access: Vec::new(),
        });
        token.access.push((pair.access_token.clone(), clock + ACCESS));
        if !self.order.contains(&text) {
            self.order.push(text);
        }
    }

    fn end(&mut self, family: usize) {
        self.ended.insert(family, true);
    }
}

/// One world for all histories: making one takes longer than a history.
static WORLD: LazyLock<(Runtime, World)> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build();
    (runtime.expect("a runtime"), World::new())
});

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// K1, K2, K3, K5, K7: a family never has two live tokens, what was ended stays ended on every instance, what was
    /// acknowledged works until its end, and nothing is refused that the model takes.
    #[test]
    fn histories_keep_the_invariants(steps in prop::collection::vec(step(), 1..24)) {
        let (runtime, world) = &*WORLD;
        runtime.block_on(run(world, steps))?;
    }
}

async fn run(world: &World, steps: Vec<Step>) -> Result<(), TestCaseError> {
    world.execute(
        "DELETE FROM spy_oauth_refresh_token; DELETE FROM spy_oauth_access_token; DELETE FROM spy_oauth_attempt; DELETE FROM spy_oauth_cutoff",
    );
    world.enable(21);
    let elsewhere = world.instance();
    let (mut model, mut families) = (Model::default(), 0);
    for step in steps {
        let pick = |index: usize| model.order.get(index % model.order.len().max(1)).cloned();
        match step {
            Step::Login => {
                let outcome = world.login_from("", "sonia@acme.com", "change123", seconds(model.clock)).await;
                match outcome {
                    Ok(pair) if !model.disabled => {
                        families += 1;
                        model.begin(families, model.clock, &pair);
                    }
                    // Who is disabled is refused, and after ten times not even asked.
                    Err(GrantError::InvalidCredentials | GrantError::Blocked { .. }) if model.disabled => {
                        world.execute("DELETE FROM spy_oauth_attempt");
                    }
                    other => prop_assert!(false, "{:?}", other.map(|pair| pair.scopes)),
                }
            }
            Step::Wait(by) => model.clock += by,
            Step::Exchange(index) => {
                if let Some(text) = pick(index) {
                    let expected = model.expects(&text);
                    let outcome = world.refresh(&text, seconds(model.clock)).await;
                    exchanged(&mut model, &text, &expected, outcome)?;
                }
            }
            Step::Revoke(index) => {
                if let Some(text) = pick(index) {
                    world.engine.revoke(&text, "DE--21", seconds(model.clock)).await.expect("an answer");
                    if let Some(family) = model.tokens.get(&text).map(|token| token.family) {
                        model.end(family);
                    }
                }
            }
            Step::RevokeAll => {
                world.engine.revoke_all("DE--21", seconds(model.clock)).await.expect("an answer");
                (1..=families).for_each(|family| model.end(family));
                prop_assert_eq!(world.live(), 0);
            }
            Step::EndAccount => {
                world.engine.end_sessions(&world.user(21), seconds(model.clock)).await.expect("an answer");
                (1..=families).for_each(|family| model.end(family));
                prop_assert_eq!(world.live(), 0);
            }
            Step::Disable => {
                world.disable(21);
                model.disabled = true;
            }
            Step::Enable => {
                world.enable(21);
                model.disabled = false;
            }
            Step::LearnElsewhere => {
                elsewhere.learn_revocations(seconds(model.clock)).await.expect("storage");
                agrees(&model, |token| elsewhere.verify(token, seconds(model.clock)).is_ok())?;
            }
        }
        let crowded = world.count(
            "(SELECT family FROM spy_oauth_refresh_token WHERE used_at IS NULL AND revoked_at IS NULL GROUP BY family HAVING COUNT(*) > 1)",
        );
        prop_assert_eq!(crowded, 0);
        agrees(&model, |token| world.engine.verify(token, seconds(model.clock)).is_ok())?;
    }
    Ok(())
}

fn exchanged(
    model: &mut Model,
    text: &str,
    expected: &Expected,
    outcome: Result<TokenPair, GrantError>,
) -> Result<(), TestCaseError> {
    let Some((family, since)) = model.tokens.get(text).map(|token| (token.family, token.since)) else { return Ok(()) };
    match (expected, outcome) {
        (Expected::Fresh, Ok(pair)) => {
            prop_assert!(!model.tokens.contains_key(refresh_of(&pair)), "a successor that was there before");
            model.begin(family, since, &pair);
            let clock = model.clock;
            if let Some(token) = model.tokens.get_mut(text) {
                (token.used, token.successor) = (Some(clock), Some(refresh_of(&pair).to_owned()));
            }
        }
        (Expected::Same(next), Ok(pair)) => {
            prop_assert_eq!(refresh_of(&pair), next);
            model.begin(family, since, &pair);
        }
        (Expected::Refused, Err(GrantError::DeadRefreshToken(_))) => {}
        (Expected::Theft, Err(GrantError::DeadRefreshToken(_))) => model.end(family),
        (expected, outcome) => {
            prop_assert!(false, "{:?} expected, {:?}", expected, outcome.map(|pair| pair.scopes));
        }
    }
    Ok(())
}

/// Every access token is alive or dead as the model says.
fn agrees(model: &Model, is_alive: impl Fn(&str) -> bool) -> Result<(), TestCaseError> {
    for token in model.tokens.values() {
        for (access, until) in &token.access {
            let alive = !model.is_ended(token.family) && model.clock < until + LEEWAY;
            prop_assert_eq!(is_alive(access), alive, "an access token of family {}", token.family);
        }
    }
    Ok(())
}
