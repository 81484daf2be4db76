//! Ends of sessions on every instance, introspection, and what is remembered: V2 to V6, I1 to I5, R10, R13, K2.

use oauth::keys::{Keys, WhenMissing};
use oauth::settings::AuthSettings;
use oauth::{Caller, GrantError, NewClient, Purged};

use crate::fixture::{KEYS, World, caller, noon, password_request, refresh_of, seconds, settings};

const DAY: i64 = 86_400;

/// V3, V4, R13: whatever ends a session ends its access tokens, at once here and after a look elsewhere.
#[tokio::test]
async fn an_ended_session_is_dead_everywhere() {
    let world = World::new();
    let elsewhere = world.instance();
    let one = world.sonia().await;
    let two = world.sonia().await;
    for engine in [&world.engine, &elsewhere] {
        assert!(engine.verify(&one.access_token, noon()).is_ok());
    }
    world.engine.revoke(refresh_of(&one), "DE--21", seconds(1)).await.expect("storage");
    assert!(world.engine.verify(&one.access_token, seconds(1)).is_err());
    elsewhere.learn_revocations(seconds(2)).await.expect("storage");
    assert!(elsewhere.verify(&one.access_token, seconds(2)).is_err());
    assert!(elsewhere.verify(&two.access_token, seconds(2)).is_ok());
    // An instance that starts now learns it too, and an outage makes nobody forget.
    let late = world.instance();
    late.learn_revocations(seconds(600)).await.expect("storage");
    assert!(late.verify(&one.access_token, seconds(600)).is_err());
    world.take_storage_away();
    assert!(late.learn_revocations(seconds(601)).await.is_err());
    assert!(late.verify(&one.access_token, seconds(601)).is_err());
}

/// R13, G14: every session of a person ends, whichever client began it.
#[tokio::test]
async fn every_session_of_a_person_ends() {
    let world = World::new();
    let (one, two) = (world.sonia().await, world.sonia().await);
    let bill = world.login("bill@acme.com", "change123").await.expect("bill logs in");
    world.engine.end_sessions(&one.user, seconds(1)).await.expect("storage");
    for pair in [&one, &two] {
        assert!(world.engine.verify(&pair.access_token, seconds(1)).is_err());
        assert!(world.refresh(refresh_of(pair), seconds(1)).await.is_err());
    }
    assert!(world.engine.verify(&bill.access_token, seconds(1)).is_ok());
}

/// R13, V6: a login that was under way when every session of its person was ended does not finish, one that began later
/// does.
#[tokio::test]
async fn a_login_under_way_does_not_outlive_the_end() {
    let world = World::new();
    let first = world.sonia().await;
    world.engine.end_sessions(&first.user, seconds(10)).await.expect("storage");
    let login = async |at| {
        let request = password_request(caller("frontend", None), "sonia@acme.com", "change123", &[]);
        world.engine.password(request, at).await
    };
    assert!(matches!(login(seconds(9)).await, Err(GrantError::InvalidCredentials)));
    assert!(login(seconds(11)).await.is_ok());
    assert_eq!(world.count("spy_oauth_cutoff"), 1);
}

/// R9, G14, J31: whoever is disabled, by whatever hand, loses tokens that live, on every instance; whoever is enabled
/// again logs in again.
#[tokio::test]
async fn a_disabled_person_loses_live_tokens() {
    let world = World::new();
    let elsewhere = world.instance();
    let pair = world.sonia().await;
    let bill = world.login("bill@acme.com", "change123").await.expect("bill logs in");
    elsewhere.learn_revocations(seconds(1)).await.expect("storage");
    world.engine.end_inactive(seconds(1)).await.expect("storage");
    assert!(world.engine.verify(&pair.access_token, seconds(1)).is_ok(), "nobody is disabled");
    world.disable(21);
    world.engine.end_inactive(seconds(2)).await.expect("storage");
    elsewhere.learn_revocations(seconds(3)).await.expect("storage");
    for engine in [&world.engine, &elsewhere] {
        assert!(engine.verify(&pair.access_token, seconds(3)).is_err());
        assert!(engine.verify(&bill.access_token, seconds(3)).is_ok());
    }
    let updated = world.text("SELECT ended_at AS text FROM spy_oauth_cutoff WHERE ended_at IS NOT NULL");
    world.engine.end_inactive(seconds(4)).await.expect("storage");
    let after = world.text("SELECT ended_at AS text FROM spy_oauth_cutoff WHERE ended_at IS NOT NULL");
    assert_eq!(updated, after, "who is ended is left alone");
    world.enable(21);
    let request = password_request(caller("frontend", None), "sonia@acme.com", "change123", &[]);
    assert!(world.engine.password(request, seconds(5)).await.is_ok());
}

/// R9, G14, J31: what somebody answered for ends with them, refreshed or not, also when nothing but its refresh token is
/// left; what the same person began alone stays.
#[tokio::test]
async fn what_a_person_answered_for_ends_with_them() {
    for disabled in [false, true] {
        let world = World::new();
        let elsewhere = world.instance();
        let (alone, one, two) = (world.sonia().await, world.answered_by_bill().await, world.answered_by_bill().await);
        let two = world.refresh(refresh_of(&two), seconds(1)).await.expect("a pair");
        elsewhere.learn_revocations(seconds(1)).await.expect("storage");
        if disabled {
            world.disable(4);
            world.engine.end_inactive(seconds(2)).await.expect("storage");
        } else {
            world.engine.end_sessions(&world.user(4), seconds(2)).await.expect("storage");
        }
        elsewhere.learn_revocations(seconds(3)).await.expect("storage");
        for engine in [&world.engine, &elsewhere] {
            assert!(engine.verify(&one.access_token, seconds(3)).is_err());
            assert!(engine.verify(&two.access_token, seconds(3)).is_err());
            assert!(engine.verify(&alone.access_token, seconds(3)).is_ok());
        }
        for pair in [&one, &two] {
            assert!(world.refresh(refresh_of(pair), seconds(4)).await.is_err());
        }
        assert!(world.refresh(refresh_of(&alone), seconds(4)).await.is_ok());
    }
    let world = World::new();
    let pair = world.answered_by_bill().await;
    world.disable(4);
    let later = noon() + settings().access() + time::Duration::hours(1);
    world.engine.end_inactive(later).await.expect("storage");
    assert!(world.refresh(refresh_of(&pair), later).await.is_err());
    let before = world.text("SELECT ended_at AS text FROM spy_oauth_cutoff WHERE ended_at IS NOT NULL");
    world.engine.end_inactive(later + time::Duration::seconds(1)).await.expect("storage");
    assert_eq!(before, world.text("SELECT ended_at AS text FROM spy_oauth_cutoff WHERE ended_at IS NOT NULL"));
}

/// I5, R15: a person sees own sessions and ends one of them.
#[tokio::test]
async fn a_person_lists_and_ends_sessions() {
    let world = World::new();
    let (one, two) = (world.sonia().await, world.sonia().await);
    let two = world.refresh(refresh_of(&two), seconds(5)).await.expect("a pair");
    let sessions = world.engine.sessions(&one.user, seconds(6)).await.expect("storage");
    assert_eq!(sessions.len(), 2);
    let youngest = sessions.first().expect("two");
    assert_eq!(youngest.since.assume_utc(), noon());
    assert_eq!(youngest.refreshed_at.assume_utc(), seconds(5));
    let bill = world.login("bill@acme.com", "change123").await.expect("bill logs in");
    assert!(!world.engine.end_session(&bill.user, &youngest.family, seconds(6)).await.expect("storage"));
    assert!(world.engine.end_session(&one.user, &youngest.family, seconds(6)).await.expect("storage"));
    assert!(world.refresh(refresh_of(&two), seconds(7)).await.is_err());
    assert!(world.refresh(refresh_of(&one), seconds(7)).await.is_ok());
}

/// V1, V2: a client ends its own tokens and nobody else's, and is told nothing of others.
#[tokio::test]
async fn a_client_revokes_its_own_tokens() {
    let world = World::new();
    let pair = world.sonia().await;
    let (own, other) = (caller("frontend", None), caller("other", None));
    for token in [&pair.access_token[..], refresh_of(&pair), "unknown", ""] {
        world.engine.revoke_token(&other, token, seconds(1)).await.expect("an answer");
    }
    assert!(world.engine.verify(&pair.access_token, seconds(1)).is_ok());
    world.engine.revoke_token(&own, &pair.access_token, seconds(1)).await.expect("an answer");
    assert!(world.engine.verify(&pair.access_token, seconds(1)).is_err());
    let next = world.refresh(refresh_of(&pair), seconds(2)).await.expect("the session goes on");
    world.engine.revoke_token(&own, refresh_of(&next), seconds(3)).await.expect("an answer");
    assert!(world.engine.verify(&next.access_token, seconds(3)).is_err());
    for nobody in [Caller::default(), caller("nobody", None), caller("service", None), caller("service", Some("wrong"))]
    {
        let refused = world.engine.revoke_token(&nobody, "unknown", seconds(4)).await;
        assert!(matches!(refused, Err(GrantError::InvalidClient)));
    }
    // V5: what is not durable is no success.
    world.take_storage_away();
    let refused = world.engine.revoke_token(&own, refresh_of(&next), seconds(5)).await;
    assert!(matches!(refused, Err(GrantError::Unavailable(_))));
}

/// I1, I2, I3, I4: who authenticates sees what was issued to it; a gateway sees every live token.
#[tokio::test]
async fn introspection_tells_the_truth_to_whom_it_concerns() {
    let world = World::new();
    let service = caller("service", Some("client secret"));
    let gateway = caller("gateway", Some("client secret"));
    let request = crate::fixture::password_request(service.clone(), "sonia@acme.com", "change123", &["customer"]);
    let pair = world.engine.password(request, noon()).await.expect("sonia logs in");
    let look = |who: Caller, token: String, at: i64| {
        let engine = &world.engine;
        async move { engine.introspect(&who, &token, seconds(at)).await.expect("an answer") }
    };
    for who in [&service, &gateway] {
        let access = look(who.clone(), pair.access_token.clone(), 1).await.expect("active");
        assert_eq!(
            (access.client.as_str(), access.scopes.join(" ").as_str(), access.is_access),
            ("service", "customer", true)
        );
        assert_eq!((access.issued, access.expires), (noon().unix_timestamp(), seconds(28_800).unix_timestamp()));
        assert!(!look(who.clone(), refresh_of(&pair).to_owned(), 1).await.expect("active").is_access);
    }
    let foreign = world.sonia().await;
    assert_eq!(look(service.clone(), foreign.access_token, 1).await, None);
    assert_eq!(look(service.clone(), "unknown".into(), 1).await, None);
    assert_eq!(look(service.clone(), pair.access_token.clone(), 28_806).await, None);
    let rotated = world.engine.refresh(
        oauth::RefreshRequest { caller: service.clone(), token: refresh_of(&pair).to_owned().into(), scopes: vec![] },
        seconds(2),
    );
    let rotated = rotated.await.expect("a pair");
    assert_eq!(look(service.clone(), refresh_of(&pair).to_owned(), 3).await, None);
    world.engine.revoke_token(&service, refresh_of(&rotated), seconds(4)).await.expect("an answer");
    for token in [&rotated.access_token[..], refresh_of(&rotated), &pair.access_token[..]] {
        assert_eq!(look(service.clone(), token.to_owned(), 5).await, None);
    }
    for stranger in
        [Caller::default(), caller("frontend", None), caller("service", None), caller("service", Some("wrong"))]
    {
        assert!(matches!(world.engine.introspect(&stranger, "x", seconds(5)).await, Err(GrantError::InvalidClient)));
    }
}

/// R10: a session ends with its time, however often it is refreshed.
#[tokio::test]
async fn a_session_has_a_last_day() {
    let world = World::with(AuthSettings { session_seconds: 40 * DAY, ..settings() });
    let first = world.sonia().await;
    let second = world.refresh(refresh_of(&first), seconds(20 * DAY)).await.expect("a pair");
    let third = world.refresh(refresh_of(&second), seconds(39 * DAY)).await.expect("a pair");
    assert!(world.refresh(refresh_of(&third), seconds(40 * DAY)).await.is_err());
}

/// A remembered token ends with its time, with its session and with its key, whatever was remembered.
#[tokio::test]
async fn what_is_remembered_is_looked_at_again() {
    let world = World::new();
    let pair = world.sonia().await;
    for _ in 0..2 {
        assert!(world.engine.verify(&pair.access_token, noon()).is_ok());
    }
    assert!(world.engine.verify(&pair.access_token, seconds(28_804)).is_ok());
    assert!(world.engine.verify(&pair.access_token, seconds(28_806)).is_err());
    // Another signature is another token.
    let forged = format!("{}A", pair.access_token);
    assert!(world.engine.verify(&forged, noon()).is_err());
    let folder = tempfile::tempdir().expect("a folder");
    let next = Keys::load(&folder.path().join("next.pem"), WhenMissing::Generate).expect("a key");
    world.engine.replace_keys(next);
    assert!(world.engine.verify(&pair.access_token, noon()).is_err());
}

/// H10, R8: while both keys are there, both are taken; after that only the new one is.
#[tokio::test]
async fn a_key_is_rotated_with_an_overlap() {
    let world = World::new();
    let old = world.sonia().await;
    let next = tempfile::tempdir().expect("a folder");
    let path = next.path().join("next.pem");
    let keys = Keys::load(&path, WhenMissing::Generate).expect("a key");
    let retired = [crate::fixture::KEY_FOLDER.path().join("key.pem")];
    world.engine.replace_keys(keys.clone().with_retired(&retired).expect("a key"));
    let new = world.sonia().await;
    for pair in [&old, &new] {
        assert!(world.engine.verify(&pair.access_token, noon()).is_ok());
    }
    let jwks = world.engine.jwks();
    let kids: Vec<&str> = jwks["keys"].as_array().expect("keys").iter().filter_map(|key| key["kid"].as_str()).collect();
    assert_eq!(kids, [keys.kid(), KEYS.kid()]);
    assert!(jwks["keys"][0].get("d").is_none(), "a private key is not shown");
    world.engine.replace_keys(keys);
    assert!(world.engine.verify(&old.access_token, noon()).is_err());
    assert!(world.engine.verify(&new.access_token, noon()).is_ok());
}

/// M7, R29: what ended stays for the retention, then goes; reuse is recognised as long as the family can be refreshed.
#[tokio::test]
async fn what_has_ended_is_deleted_in_time() {
    let world = World::with(AuthSettings {
        retention_seconds: DAY,
        refresh_seconds: 10 * DAY,
        session_seconds: 100 * DAY,
        ..settings()
    });
    let first = world.sonia().await;
    let second = world.refresh(refresh_of(&first), seconds(9 * DAY)).await.expect("a pair");
    let purge = |day: i64| world.engine.purge(seconds(day * DAY), |_| {});
    // The first access token is gone; the first refresh token ended too, but its successor lives.
    assert_eq!(purge(12).await.expect("storage"), Purged { access_tokens: 2, attempts: 0, ..Purged::default() });
    assert_eq!(world.count("spy_oauth_refresh_token"), 2);
    assert!(world.refresh(refresh_of(&second), seconds(12 * DAY)).await.is_ok());
    let mut told = 0;
    let purged = world.engine.purge(seconds(40 * DAY), |_| told += 1).await.expect("storage");
    assert_eq!((purged.refresh_tokens, world.count("spy_oauth_refresh_token")), (3, 0));
    assert!(told > 0 && purged.total() >= 2);
    world
        .engine
        .create_client(NewClient { identifier: "x".into(), name: "X".into(), ..NewClient::default() })
        .await
        .expect("a client");
}

/// R8, K4: a lost answer can be asked for again although the key was exchanged meanwhile.
#[tokio::test]
async fn a_retry_survives_the_exchange_of_a_key() {
    let world = World::new();
    let first = world.sonia().await;
    let lost = world.refresh(refresh_of(&first), seconds(1)).await.expect("a pair");
    let folder = tempfile::tempdir().expect("a folder");
    let next = Keys::load(&folder.path().join("next.pem"), WhenMissing::Generate).expect("a key");
    let retired = [crate::fixture::KEY_FOLDER.path().join("key.pem")];
    world.engine.replace_keys(next.with_retired(&retired).expect("a key"));
    let again = world.refresh(refresh_of(&first), seconds(5)).await.expect("the same pair");
    assert_eq!(refresh_of(&lost), refresh_of(&again));
    assert!(world.refresh(refresh_of(&again), seconds(6)).await.is_ok());
}

/// R13, K2: a session that can no longer be refreshed ends with the others, and ending twice is as good as once.
#[tokio::test]
async fn what_was_given_up_ends_with_the_rest() {
    let world = World::shop();
    let pair = world.sonia().await;
    world.engine.revoke_all("DE--21", seconds(1)).await.expect("storage");
    assert!(world.engine.verify(&pair.access_token, seconds(1)).is_ok());
    world.engine.end_sessions(&pair.user, seconds(2)).await.expect("storage");
    assert!(world.engine.verify(&pair.access_token, seconds(2)).is_err());
    let late = world.instance();
    late.end_sessions(&pair.user, seconds(3)).await.expect("storage");
    assert!(late.verify(&pair.access_token, seconds(3)).is_err());
}

/// G15: what a client lost since, its tokens lose at the next refresh; the rest goes on.
#[tokio::test]
async fn a_refresh_gives_what_the_client_may_still_have() {
    let world = World::new();
    let request = crate::fixture::password_request(caller("other", None), "sonia@acme.com", "change123", &[]);
    let pair = world.engine.password(request, noon()).await.expect("sonia logs in");
    world.execute("UPDATE spy_oauth_client SET scopes = 'customer' WHERE identifier = 'other'");
    let next = world.refresh_as(Some("other"), refresh_of(&pair), &[], seconds(1)).await.expect("a pair");
    assert_eq!(next.scopes, ["customer"]);
    let refused = world.refresh_as(Some("other"), refresh_of(&next), &["newsletter"], seconds(2)).await;
    assert!(matches!(refused, Err(GrantError::InvalidScope)));
}

/// G15, R9: what a person lost since, their tokens lose at the next refresh, and a code is worth no more.
#[tokio::test]
async fn a_refresh_gives_what_the_person_may_still_have() {
    let world = World::new();
    let pair = world.sonia().await;
    assert_eq!(pair.scopes, ["customer", "newsletter"]);
    world.unsubscribe(21);
    let next = world.refresh(refresh_of(&pair), seconds(1)).await.expect("a pair");
    assert_eq!(next.scopes, ["customer"]);
    let verified = world.engine.verify(&next.access_token, seconds(1)).expect("a token");
    assert_eq!(verified.verified.scopes, ["customer"]);
    let refused = world.refresh_as(None, refresh_of(&next), &["newsletter"], seconds(2)).await;
    assert!(matches!(refused, Err(GrantError::InvalidScope)));
}

/// R25: a clock that went ahead and back resurrects nothing.
#[tokio::test]
async fn a_clock_that_jumps_resurrects_nothing() {
    let world = World::new();
    let (pair, elsewhere) = (world.sonia().await, world.instance());
    world.engine.revoke(refresh_of(&pair), "DE--21", seconds(1)).await.expect("storage");
    for at in [2, 40_000, 3] {
        elsewhere.learn_revocations(seconds(at)).await.expect("storage");
    }
    assert!(elsewhere.verify(&pair.access_token, seconds(3)).is_err());
}
