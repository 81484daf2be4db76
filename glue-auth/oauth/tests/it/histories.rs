//! Random histories of sessions and their tokens against a model of them (security.md §2.12). `PROPTEST_CASES` says how many.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use oauth::{GrantError, TokenPair};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::fixture::{World, about, refresh_of, seconds};

#[derive(Clone, Copy, Debug)]
enum Step {
    Login,
    /// Bill logs in, who answers for Sonia.
    LoginAnswering,
    /// A session of Bill's, or one derived from it, answers for another one about Sonia.
    Derive(usize),
    Exchange(usize),
    Revoke(usize),
    RevokeAll,
    EndAccount,
    Disable,
    Enable,
    /// Bill may answer no more, or may again.
    Distrust,
    Trust,
    /// Sonia loses the scope `newsletter`, or gets it again.
    Unsubscribe,
    Subscribe,
    Wait(i64),
    LearnElsewhere,
    /// The other instance starts anew.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Login),
        2 => Just(Step::LoginAnswering),
        4 => (0_usize..16).prop_map(Step::Derive),
        8 => (0_usize..16).prop_map(Step::Exchange),
        2 => (0_usize..16).prop_map(Step::Revoke),
        1 => Just(Step::RevokeAll),
        1 => Just(Step::EndAccount),
        1 => Just(Step::Disable),
        1 => Just(Step::Enable),
        1 => Just(Step::Distrust),
        1 => Just(Step::Trust),
        1 => Just(Step::Unsubscribe),
        1 => Just(Step::Subscribe),
        3 => (1_i64..8).prop_map(Step::Wait),
        1 => (1_i64..4_000_000).prop_map(Step::Wait),
        1 => Just(Step::LearnElsewhere),
        1 => Just(Step::Restart),
    ]
}

/// What the model knows of one refresh token.
#[derive(Clone, Debug)]
struct Token {
    session: usize,
    expires: i64,
    used: Option<i64>,
    successor: Option<String>,
    /// The access token that came with it, its end, and how often those of its session had been cut off.
    access: (String, i64, u32),
    scopes: Vec<String>,
}

/// What the model knows of one session.
#[derive(Clone, Debug)]
struct Session {
    /// Whom it is about.
    person: i64,
    parent: Option<usize>,
    /// When somebody proved something.
    since: i64,
    has_ended: bool,
    /// How often its access tokens were cut off.
    cut: u32,
    /// What was granted.
    granted: Vec<&'static str>,
    /// What of it its last tokens carried.
    issued: Vec<String>,
}

/// The model: what the engine has to do, without a database, a signature or a hash.
#[derive(Default)]
struct Model {
    tokens: BTreeMap<String, Token>,
    order: Vec<String>,
    sessions: Vec<Session>,
    disabled: BTreeSet<i64>,
    unsubscribed: bool,
    clock: i64,
}

const SONIA: i64 = 21;
const BILL: i64 = 4;

/// What the model expects of an exchange.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// A successor that nobody has seen.
    Fresh,
    /// The successor that somebody got a moment ago.
    Same(String),
    /// Nothing, and the session lives on.
    Refused,
    /// Nothing, and the session ends: it was stolen, or who answered for it may do so no more.
    End,
}

const RETRY: i64 = 10;
const REFRESH: i64 = 2_628_000;
const SESSION: i64 = 7_776_000;
const ACCESS: i64 = 28_800;
const LEEWAY: i64 = 5;

impl Model {
    fn expects(&self, text: &str) -> Expected {
        let Some(token) = self.tokens.get(text) else { return Expected::Refused };
        if self.has_ended(token.session) || token.expires <= self.clock {
            return Expected::Refused;
        }
        match (token.used, &token.successor) {
            (Some(at), _) if self.clock - at > RETRY => Expected::End,
            _ if self.answering_is_lost(token.session) => Expected::End,
            _ if self.disabled.contains(&self.sessions[token.session].person) => Expected::Refused,
            (Some(_), Some(next)) if self.tokens.get(next).is_some_and(|next| next.used.is_none()) => {
                Expected::Same(next.clone())
            }
            (Some(_), _) => Expected::Refused,
            (None, _) => Expected::Fresh,
        }
    }

    fn has_ended(&self, session: usize) -> bool {
        self.sessions[session].has_ended
    }

    /// Whether somebody above a session may hold tokens no more.
    fn answering_is_lost(&self, session: usize) -> bool {
        let parent = self.sessions[session].parent;
        parent.is_some_and(|parent| {
            self.disabled.contains(&self.sessions[parent].person) || self.answering_is_lost(parent)
        })
    }

    /// What the person of a session has now, of what was granted to it.
    fn scopes(&self, session: usize) -> Vec<String> {
        let lost =
            |scope: &&&str| **scope == "newsletter" && self.unsubscribed && self.sessions[session].person == SONIA;
        let kept = self.sessions[session].granted.iter().filter(|scope| !lost(scope));
        kept.map(|scope| (*scope).to_owned()).collect()
    }

    fn begin(&mut self, person: i64, parent: Option<usize>) -> usize {
        let since = parent.map_or(self.clock, |parent| self.sessions[parent].since);
        let mut granted = vec!["customer"];
        if !(person == SONIA && self.unsubscribed) {
            granted.push("newsletter");
        }
        if parent.is_some() {
            granted.push("impersonated");
        }
        self.sessions.push(Session { person, parent, since, has_ended: false, cut: 0, granted, issued: Vec::new() });
        self.sessions.len() - 1
    }

    fn issue(&mut self, session: usize, pair: &TokenPair) {
        let (text, clock, since) = (refresh_of(pair).to_owned(), self.clock, self.sessions[session].since);
        let access = (pair.access_token.clone(), (clock + ACCESS).min(since + SESSION), self.sessions[session].cut);
        let expires = (clock + REFRESH).min(since + SESSION);
        let scopes = pair.scopes.clone();
        self.sessions[session].issued.clone_from(&scopes);
        self.tokens.insert(text.clone(), Token { session, expires, used: None, successor: None, access, scopes });
        self.order.push(text);
    }

    /// A session ends with everything below it.
    fn end(&mut self, session: usize) {
        self.sessions[session].has_ended = true;
        self.below(session).for_each(|child| self.end(child));
    }

    fn end_all(&mut self, person: i64) {
        for session in 0..self.sessions.len() {
            if self.sessions[session].person == person {
                self.end(session);
            }
        }
    }

    fn below(&self, session: usize) -> std::vec::IntoIter<usize> {
        let children = (0..self.sessions.len()).filter(|child| self.sessions[*child].parent == Some(session));
        children.collect::<Vec<_>>().into_iter()
    }

    /// What the look at a person comes to who may have lost something, and at everything below their sessions.
    fn reconsider(&mut self, person: i64) {
        for session in 0..self.sessions.len() {
            if self.sessions[session].person == person && !self.has_ended(session) {
                self.look_at(session);
            }
        }
    }

    fn look_at(&mut self, session: usize) {
        let Session { person, has_ended, .. } = self.sessions[session];
        if has_ended {
            return;
        }
        if self.disabled.contains(&person) || self.answering_is_lost(session) {
            return self.end(session);
        }
        let issued = self.sessions[session].issued.iter().any(|scope| scope == "newsletter");
        if person == SONIA && self.unsubscribed && issued {
            self.sessions[session].cut += 1;
        }
        self.below(session).for_each(|child| self.look_at(child));
    }
}

/// One world for all histories: making one takes longer than a history.
static WORLD: LazyLock<(Runtime, World)> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build();
    (runtime.expect("a runtime"), World::new())
});

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// K1, K2, K3, K5, K7: a session never has two live tokens, what was ended stays ended on every instance and after every
    /// start, with everything below it, what somebody lost is lost with the next token, what was acknowledged works until
    /// its end, and nothing is refused that the model takes.
    #[test]
    fn histories_keep_the_invariants(steps in prop::collection::vec(step(), 1..24)) {
        let (runtime, world) = &*WORLD;
        runtime.block_on(run(world, steps))?;
    }
}

async fn run(world: &World, steps: Vec<Step>) -> Result<(), TestCaseError> {
    world.execute(
        "PRAGMA foreign_keys = OFF; DELETE FROM spy_oauth_refresh_token; DELETE FROM spy_oauth_access_token;
         DELETE FROM spy_oauth_session; DELETE FROM spy_oauth_subject; DELETE FROM spy_oauth_attempt",
    );
    world.enable(SONIA);
    world.enable(BILL);
    world.subscribe(SONIA);
    let mut elsewhere = world.instance();
    let mut model = Model::default();
    for step in steps {
        let pick = |index: usize| model.order.get(index % model.order.len().max(1)).cloned();
        let now = seconds(model.clock);
        match step {
            Step::Login => login(world, &mut model, SONIA, "sonia@acme.com").await?,
            Step::LoginAnswering => login(world, &mut model, BILL, "bill@acme.com").await?,
            Step::Derive(index) => {
                if let Some(text) = pick(index) {
                    derive(world, &mut model, &text).await?;
                }
            }
            Step::Wait(by) => model.clock += by,
            Step::Exchange(index) => {
                if let Some(text) = pick(index) {
                    let expected = model.expects(&text);
                    let outcome = world.refresh(&text, now).await;
                    exchanged(&mut model, &text, &expected, outcome)?;
                }
            }
            Step::Revoke(index) => {
                if let Some(text) = pick(index) {
                    let session = model.tokens[&text].session;
                    let owner = world.user(model.sessions[session].person);
                    world.engine.revoke(&text, about(&owner), now).await.expect("an answer");
                    model.end(session);
                }
            }
            Step::RevokeAll => {
                world.engine.revoke_all(about(&world.user(SONIA)), now).await.expect("an answer");
                model.end_all(SONIA);
            }
            Step::EndAccount => {
                world.engine.end_sessions(&world.user(BILL), now).await.expect("an answer");
                model.end_all(BILL);
            }
            Step::Disable | Step::Distrust => {
                let person = if matches!(step, Step::Disable) { SONIA } else { BILL };
                world.disable(person);
                model.disabled.insert(person);
                changed(world, &mut model, person).await;
            }
            Step::Enable | Step::Trust => {
                let person = if matches!(step, Step::Enable) { SONIA } else { BILL };
                world.enable(person);
                model.disabled.remove(&person);
                changed(world, &mut model, person).await;
            }
            Step::Unsubscribe => {
                world.unsubscribe(SONIA);
                model.unsubscribed = true;
                changed(world, &mut model, SONIA).await;
            }
            Step::Subscribe => {
                world.subscribe(SONIA);
                model.unsubscribed = false;
            }
            Step::LearnElsewhere => elsewhere.learn_endings(now).await.expect("storage"),
            Step::Restart => elsewhere = world.instance(),
        }
        if matches!(step, Step::LearnElsewhere | Step::Restart) {
            agrees(&model, |token| elsewhere.verify(token, now).is_ok())?;
        }
        let crowded = world.count(
            "(SELECT family FROM spy_oauth_refresh_token WHERE used_at IS NULL GROUP BY family HAVING COUNT(*) > 1)",
        );
        prop_assert_eq!(crowded, 0);
        let orphans = world.count(
            "spy_oauth_session child LEFT JOIN spy_oauth_session above ON child.parent = above.identifier
             WHERE child.parent IS NOT NULL AND child.closed_at IS NULL
             AND (above.identifier IS NULL OR above.closed_at IS NOT NULL)",
        );
        prop_assert_eq!(orphans, 0);
        agrees(&model, |token| world.engine.verify(token, seconds(model.clock)).is_ok())?;
    }
    Ok(())
}

/// What happens within a second of a change.
async fn changed(world: &World, model: &mut Model, person: i64) {
    world.notice(person);
    world.engine.reconsider_changed(seconds(model.clock)).await.expect("storage");
    model.reconsider(person);
}

async fn login(world: &World, model: &mut Model, person: i64, name: &str) -> Result<(), TestCaseError> {
    match world.login_from("", name, "change123", seconds(model.clock)).await {
        Ok(pair) if !model.disabled.contains(&person) => {
            let session = model.begin(person, None);
            prop_assert_eq!(&pair.scopes, &model.scopes(session));
            model.issue(session, &pair);
        }
        // Who is disabled is refused, and after ten times not even asked.
        Err(GrantError::InvalidCredentials | GrantError::Blocked { .. }) if model.disabled.contains(&person) => {
            world.execute("DELETE FROM spy_oauth_attempt");
        }
        other => prop_assert!(false, "{:?}", other.map(|pair| pair.scopes)),
    }
    Ok(())
}

/// Whoever holds a session derives one from it about Sonia: a child, or a sibling where that is about the same person.
async fn derive(world: &World, model: &mut Model, text: &str) -> Result<(), TestCaseError> {
    let token = &model.tokens[text];
    let from = world.session_of_refresh(text);
    let own = token.session;
    let parent = match model.sessions[own].parent {
        Some(above) if model.sessions[above].person == model.sessions[own].person => above,
        _ => own,
    };
    let lives = !model.has_ended(own) && model.sessions[parent].since + SESSION > model.clock;
    let may = !model.disabled.contains(&model.sessions[parent].person) && !model.answering_is_lost(parent);
    let allowed = lives && may && !model.disabled.contains(&SONIA);
    match world.derive_from(from, seconds(model.clock)).await {
        Ok(pair) => {
            prop_assert!(allowed, "derived from what had ended");
            let session = model.begin(SONIA, Some(parent));
            prop_assert_eq!(&pair.scopes, &model.scopes(session));
            model.issue(session, &pair);
        }
        Err(GrantError::InvalidCredentials) => prop_assert!(!allowed, "not derived"),
        Err(other) => prop_assert!(false, "{other}"),
    }
    Ok(())
}

fn exchanged(
    model: &mut Model,
    text: &str,
    expected: &Expected,
    outcome: Result<TokenPair, GrantError>,
) -> Result<(), TestCaseError> {
    let session = model.tokens[text].session;
    match (expected, outcome) {
        (Expected::Fresh, Ok(pair)) => {
            prop_assert!(!model.tokens.contains_key(refresh_of(&pair)), "a successor that was there before");
            prop_assert_eq!(&pair.scopes, &model.scopes(session));
            model.issue(session, &pair);
            let clock = model.clock;
            if let Some(token) = model.tokens.get_mut(text) {
                (token.used, token.successor) = (Some(clock), Some(refresh_of(&pair).to_owned()));
            }
        }
        (Expected::Same(next), Ok(pair)) => {
            prop_assert_eq!(refresh_of(&pair), next);
            let known = &model.tokens[next];
            prop_assert_eq!((&pair.access_token, &pair.scopes), (&known.access.0, &known.scopes));
        }
        (Expected::Refused, Err(GrantError::DeadRefreshToken(_))) => {}
        (Expected::End, Err(GrantError::DeadRefreshToken(_))) => model.end(session),
        (expected, outcome) => {
            prop_assert!(false, "{:?} expected, {:?}", expected, outcome.map(|pair| pair.scopes));
        }
    }
    Ok(())
}

/// Every access token is alive or dead as the model says.
fn agrees(model: &Model, is_alive: impl Fn(&str) -> bool) -> Result<(), TestCaseError> {
    for token in model.tokens.values() {
        let (access, until, cut) = &token.access;
        let session = &model.sessions[token.session];
        let alive = !session.has_ended && session.cut == *cut && model.clock < until + LEEWAY;
        prop_assert_eq!(is_alive(access), alive, "an access token of session {}", token.session);
    }
    Ok(())
}
