//! Refresh families: rotation, retries, reuse, revocation; invariants K1–K7 after every step of random histories.

use std::sync::Arc;

use oauth::GrantError;
use oauth::error::Dead;
use proptest::prelude::*;

use crate::fixture::{World, noon, refresh_of, seconds};

fn dead(outcome: Result<oauth::TokenPair, GrantError>) -> Dead {
    match outcome {
        Err(GrantError::DeadRefreshToken(why)) => why,
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(_) => panic!("exchanged"),
    }
}

/// R1, K1: an exchange yields a new pair and one live token.
#[tokio::test]
async fn an_exchange_rotates() {
    let world = World::new();
    let first = world.sonia().await;
    let second = world.refresh(refresh_of(&first), seconds(60)).await.expect("a pair");
    assert_ne!(refresh_of(&first), refresh_of(&second));
    assert_eq!(world.live(), 1);
    let third = world.refresh(refresh_of(&second), seconds(120)).await.expect("a pair");
    assert_ne!(refresh_of(&second), refresh_of(&third));
    assert!(world.engine.verify(&third.access_token, seconds(120)).is_ok());
}

/// R2: a used token that comes back late ends the whole family.
#[tokio::test]
async fn reuse_ends_the_family() {
    let world = World::new();
    let first = world.sonia().await;
    let second = world.refresh(refresh_of(&first), seconds(60)).await.expect("a pair");
    assert_eq!(dead(world.refresh(refresh_of(&first), seconds(71)).await), Dead::Reused);
    assert_eq!(dead(world.refresh(refresh_of(&second), seconds(72)).await), Dead::Revoked);
    assert_eq!(world.live(), 0);
}

/// R3, R4, K1, K7: sixteen at once are one rotation, and all of them hold the one successor.
#[tokio::test(flavor = "multi_thread")]
async fn parallel_exchanges_agree() {
    for _ in 0..20 {
        let world = Arc::new(World::new());
        let first = refresh_of(&world.sonia().await).to_owned();
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let (world, token) = (world.clone(), first.clone());
                tokio::spawn(async move {
                    world.refresh(&token, seconds(1)).await.expect("a pair").refresh_token.expect("a refresh token")
                })
            })
            .collect();
        let mut successors = Vec::new();
        for task in tasks {
            successors.push(task.await.expect("no panic"));
        }
        successors.dedup();
        assert_eq!(successors.len(), 1);
        assert_eq!(world.live(), 1);
        assert!(world.refresh(&successors[0], seconds(2)).await.is_ok());
    }
}

/// R5, K4: a lost answer can be asked for again.
#[tokio::test]
async fn a_lost_answer_can_be_asked_for_again() {
    let world = World::new();
    let first = world.sonia().await;
    let lost = world.refresh(refresh_of(&first), seconds(60)).await.expect("a pair");
    let again = world.refresh(refresh_of(&first), seconds(70)).await.expect("the same pair");
    assert_eq!(refresh_of(&lost), refresh_of(&again));
    assert!(world.refresh(refresh_of(&again), seconds(75)).await.is_ok());
}

/// K7: once the successor was used, a retry yields nothing: two holders never share a family.
#[tokio::test]
async fn a_retry_after_the_successor_was_used_yields_nothing() {
    let world = World::new();
    let first = world.sonia().await;
    let second = world.refresh(refresh_of(&first), seconds(1)).await.expect("a pair");
    world.refresh(refresh_of(&second), seconds(2)).await.expect("a pair");
    dead(world.refresh(refresh_of(&first), seconds(3)).await);
    assert_eq!(world.live(), 1);
}

/// R6, R7: a token is bound to its client, and a stranger's client cannot end the family.
#[tokio::test]
async fn another_client_neither_uses_nor_ends_a_family() {
    let world = World::new();
    let first = world.sonia().await;
    assert_eq!(dead(world.refresh_as(Some("other"), refresh_of(&first), &[], seconds(1)).await), Dead::OtherClient);
    let second = world.refresh(refresh_of(&first), seconds(2)).await.expect("a pair");
    assert_eq!(dead(world.refresh_as(Some("other"), refresh_of(&first), &[], seconds(900)).await), Dead::OtherClient);
    assert!(world.refresh(refresh_of(&second), seconds(901)).await.is_ok());
}

/// R8: a refused refresh burns nothing.
#[tokio::test]
async fn a_refused_refresh_burns_nothing() {
    let world = World::new();
    let first = world.sonia().await;
    let refused = world.refresh_as(None, refresh_of(&first), &["agent"], seconds(1)).await;
    assert!(matches!(refused, Err(GrantError::InvalidScope)));
    assert!(world.refresh(refresh_of(&first), seconds(900)).await.is_ok());
}

/// R9: scope may shrink, never grow, and the successor keeps the whole grant.
#[tokio::test]
async fn scope_shrinks_for_one_access_token_only() {
    let world = World::new();
    let first = world.sonia().await;
    let second = world.refresh_as(None, refresh_of(&first), &["newsletter"], seconds(1)).await.expect("a pair");
    assert_eq!(second.scopes, ["newsletter"]);
    let third = world.refresh(refresh_of(&second), seconds(2)).await.expect("a pair");
    assert_eq!(third.scopes, ["customer", "newsletter"]);
}

/// R11: the database holds no token.
#[tokio::test]
async fn only_hashes_are_stored() {
    let world = World::new();
    let pair = world.sonia().await;
    let like =
        format!("spy_oauth_refresh_token WHERE identifier = '{0}' OR user_identifier LIKE '%{0}%'", refresh_of(&pair));
    assert_eq!(world.count(&like), 0);
    assert_eq!(world.count("spy_oauth_refresh_token WHERE length(identifier) = 64"), 1);
}

/// R12: neither kind of token passes for the other.
#[tokio::test]
async fn tokens_do_not_pass_for_each_other() {
    let world = World::new();
    let pair = world.sonia().await;
    assert!(world.engine.verify(refresh_of(&pair), noon()).is_err());
    assert_eq!(dead(world.refresh(&pair.access_token, noon()).await), Dead::Unknown);
}

/// G14: a disabled user gets nothing by a refresh either.
#[tokio::test]
async fn a_disabled_user_cannot_refresh() {
    let world = World::new();
    let pair = world.sonia().await;
    world.disable(21);
    assert_eq!(dead(world.refresh(refresh_of(&pair), seconds(1)).await), Dead::InactiveUser);
}

#[tokio::test]
async fn an_expired_token_cannot_be_exchanged() {
    let world = World::new();
    let pair = world.sonia().await;
    assert_eq!(dead(world.refresh(refresh_of(&pair), seconds(2_628_000)).await), Dead::Expired);
}

/// M6, K2: a revoked session is over; others live on, whoever asks.
#[tokio::test]
async fn revocation_ends_one_family_of_the_owner() {
    let world = World::new();
    let (one, two) = (world.sonia().await, world.sonia().await);
    world.engine.revoke(refresh_of(&one), "DE--4", seconds(1)).await.expect("an answer");
    world.engine.revoke("unknown", "DE--21", seconds(1)).await.expect("an answer");
    assert_eq!(world.live(), 2);
    world.engine.revoke(refresh_of(&one), "DE--21", seconds(2)).await.expect("an answer");
    assert_eq!(dead(world.refresh(refresh_of(&one), seconds(3)).await), Dead::Revoked);
    assert!(world.refresh(refresh_of(&two), seconds(3)).await.is_ok());
}

/// K2: revoking all ends all, successors included.
#[tokio::test]
async fn revoking_all_ends_every_family() {
    let world = World::new();
    let (one, two) = (world.sonia().await, world.sonia().await);
    let successor = world.refresh(refresh_of(&one), seconds(1)).await.expect("a pair");
    world.engine.revoke_all("DE--21", seconds(2)).await.expect("an answer");
    for token in [one, two, successor] {
        dead(world.refresh(refresh_of(&token), seconds(3)).await);
    }
    assert_eq!(world.live(), 0);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Login,
    Exchange(usize),
    Revoke(usize),
    RevokeAll,
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Login),
        8 => (0_usize..64).prop_map(Step::Exchange),
        2 => (0_usize..64).prop_map(Step::Revoke),
        1 => Just(Step::RevokeAll),
        3 => (1_i64..30).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// K1, K2, K7 over random histories: no family ever has two live tokens, and what was ended stays ended.
    #[test]
    fn families_keep_their_invariants(steps in prop::collection::vec(step(), 1..50)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::new();
            let mut tokens: Vec<String> = Vec::new();
            let mut ended: Vec<String> = Vec::new();
            let mut clock = 0;
            for step in steps {
                let pick = |index: usize| (!tokens.is_empty()).then(|| tokens[index % tokens.len()].clone());
                match step {
                    Step::Login => tokens.push(refresh_of(&world.sonia().await).to_owned()),
                    Step::Wait(by) => clock += by,
                    Step::Exchange(index) => if let Some(token) = pick(index) {
                        let outcome = world.refresh(&token, seconds(clock)).await;
                        prop_assert!(!(outcome.is_ok() && ended.contains(&token)), "an ended token was exchanged");
                        if let Ok(pair) = outcome && !tokens.iter().any(|known| known == refresh_of(&pair)) {
                            tokens.push(refresh_of(&pair).to_owned());
                        }
                    },
                    Step::Revoke(index) => if let Some(token) = pick(index) {
                        world.engine.revoke(&token, "DE--21", seconds(clock)).await.expect("an answer");
                        ended.push(token);
                    },
                    Step::RevokeAll => {
                        world.engine.revoke_all("DE--21", seconds(clock)).await.expect("an answer");
                        ended = tokens.clone();
                        prop_assert_eq!(world.live(), 0);
                    }
                }
                let crowded = world.count(
                    "(SELECT family FROM spy_oauth_refresh_token WHERE used_at IS NULL AND revoked_at IS NULL GROUP BY family HAVING COUNT(*) > 1)",
                );
                prop_assert_eq!(crowded, 0);
            }
            Ok(())
        })?;
    }
}
