//! Refresh families: rotation, retries, reuse, revocation.

use std::collections::BTreeMap;
use std::sync::Arc;

use oauth::error::Dead;
use oauth::{Caller, GrantError, RefreshRequest};

use crate::fixture::{World, about, noon, refresh_of, seconds};

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
    world.engine.revoke(refresh_of(&one), about(&world.user(4)), seconds(1)).await.expect("an answer");
    world.engine.revoke("unknown", about(&world.user(21)), seconds(1)).await.expect("an answer");
    assert_eq!(world.live(), 2);
    world.engine.revoke(refresh_of(&one), about(&world.user(21)), seconds(2)).await.expect("an answer");
    assert_eq!(dead(world.refresh(refresh_of(&one), seconds(3)).await), Dead::Revoked);
    assert!(world.refresh(refresh_of(&two), seconds(3)).await.is_ok());
}

/// K2: revoking all ends all, successors included.
#[tokio::test]
async fn revoking_all_ends_every_family() {
    let world = World::new();
    let (one, two) = (world.sonia().await, world.sonia().await);
    let successor = world.refresh(refresh_of(&one), seconds(1)).await.expect("a pair");
    world.engine.revoke_all(about(&world.user(21)), seconds(2)).await.expect("an answer");
    for token in [one, two, successor] {
        dead(world.refresh(refresh_of(&token), seconds(3)).await);
    }
    assert_eq!(world.live(), 0);
}

/// R3, R4, R14, K1: what becomes of many exchanges of one token at once, on one instance and on two. Everybody gets the
/// one pair, access token included, one of them wins, and nobody is logged out: 32 × 200 answers of one kind.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_exchanges_at_once_have_one_outcome() {
    for instances in [1, 2] {
        let world = Arc::new(World::new());
        let other = Arc::new(world.instance());
        let mut token = refresh_of(&world.sonia().await).to_owned();
        let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
        for round in 1..=200 {
            let tasks: Vec<_> = (0..32)
                .map(|task| {
                    let (world, other, token) = (world.clone(), other.clone(), token.clone());
                    tokio::spawn(async move {
                        let request = RefreshRequest { caller: Caller::default(), token: token.into(), scopes: vec![] };
                        let elsewhere = instances == 2 && task % 2 == 1;
                        let engine = if elsewhere { &other } else { &world.engine };
                        engine
                            .refresh(request, seconds(round))
                            .await
                            .map(|pair| (refresh_of(&pair).to_owned(), pair.access_token, pair.expires_in))
                    })
                })
                .collect();
            let mut successors = Vec::new();
            for task in tasks {
                let outcome = task.await.expect("no panic");
                *outcomes.entry(outcome.as_ref().map_or_else(ToString::to_string, |_| "a pair".into())).or_default() +=
                    1;
                successors.extend(outcome);
            }
            successors.dedup();
            assert_eq!((successors.len(), world.live()), (1, 1), "{instances} instance(s), round {round}");
            token = successors.remove(0).0;
        }
        assert_eq!(outcomes, BTreeMap::from([("a pair".to_owned(), 6_400)]), "{instances} instance(s)");
    }
}

/// V6, K2: once a revocation is acknowledged, no refresh that ran beside it leaves anything alive.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_revocation_beats_refreshes_under_way() {
    let world = Arc::new(World::new());
    for round in 0..900 {
        let token = refresh_of(&world.sonia().await).to_owned();
        let refreshes: Vec<_> = (0..8)
            .map(|_| {
                let (world, token) = (world.clone(), token.clone());
                tokio::spawn(async move { world.refresh(&token, seconds(1)).await.ok() })
            })
            .collect();
        world.engine.revoke(&token, about(&world.user(21)), seconds(1)).await.expect("storage");
        for refresh in refreshes {
            if let Some(pair) = refresh.await.expect("no panic") {
                assert!(world.refresh(refresh_of(&pair), seconds(2)).await.is_err(), "round {round}");
                assert!(world.engine.verify(&pair.access_token, seconds(2)).is_err(), "round {round}");
            }
        }
        assert_eq!(world.live(), 0);
    }
}
