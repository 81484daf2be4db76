//! Ends of sessions on every instance, introspection, and what is remembered: V2 to V6, I1 to I5, R10, R13, K2.

use oauth::error::Dead;
use oauth::jwt::NOT_READY;
use oauth::keys::{Keys, WhenMissing};
use oauth::port::Connection;
use oauth::settings::AuthSettings;
use oauth::{Caller, GrantError, NewClient, Purged, RevocationCaller, TokenPair};
use oauth_extension::GrantRequest;

use crate::fixture::{KEYS, World, about, caller, noon, password_request, refresh_of, seconds, settings};

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
    world.engine.revoke(refresh_of(&one), about(&world.user(21)), seconds(1)).await.expect("storage");
    assert!(world.engine.verify(&one.access_token, seconds(1)).is_err());
    elsewhere.learn_endings(seconds(2)).await.expect("storage");
    assert!(elsewhere.verify(&one.access_token, seconds(2)).is_err());
    assert!(elsewhere.verify(&two.access_token, seconds(2)).is_ok());
    // An instance that starts now learns it too, and an outage makes nobody forget.
    let late = world.instance();
    late.learn_endings(seconds(600)).await.expect("storage");
    assert!(late.verify(&one.access_token, seconds(600)).is_err());
    world.take_storage_away();
    assert!(late.learn_endings(seconds(601)).await.is_err());
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

/// H5, R13, V6: a login that looked at the password before every session of its person was ended does not finish after it,
/// whatever the clocks say; one that looks later does.
#[tokio::test]
async fn a_login_under_way_does_not_outlive_the_end() {
    for first in [true, false] {
        let world = World::new();
        if !first {
            world.sonia().await;
        }
        // Between the look at the password and the transaction, and by a clock that is years behind or ahead.
        let engine = world.instance();
        let user = world.user(21);
        world.overtake(move |conn| {
            let end = engine.sessions_end(&user, seconds(if first { -100 * 365 * DAY } else { 100 * 365 * DAY }));
            engine.ended(end.carry_out(Connection::from(conn)).expect("an end"));
        });
        let login = async |at| {
            let request = password_request(caller("frontend", None), "sonia@acme.com", "change123", &[]);
            world.engine.password(request, at).await
        };
        assert!(matches!(login(seconds(9)).await, Err(GrantError::InvalidCredentials)), "first: {first}");
        assert_eq!(world.live(), 0);
        assert!(login(seconds(9)).await.is_ok());
    }
}

/// R9, G14, J31: whoever is disabled, by whatever hand, loses tokens that live, on every instance; whoever is enabled
/// again logs in again.
#[tokio::test]
async fn a_disabled_person_loses_live_tokens() {
    let world = World::new();
    let elsewhere = world.instance();
    let pair = world.sonia().await;
    let bill = world.login("bill@acme.com", "change123").await.expect("bill logs in");
    world.notice(21);
    world.notice(4);
    world.engine.reconsider_changed(seconds(1)).await.expect("storage");
    assert!(world.engine.verify(&pair.access_token, seconds(1)).is_ok(), "nobody lost anything");
    world.disable(21);
    world.notice(21);
    world.engine.reconsider_changed(seconds(2)).await.expect("storage");
    elsewhere.learn_endings(seconds(3)).await.expect("storage");
    for engine in [&world.engine, &elsewhere] {
        assert!(engine.verify(&pair.access_token, seconds(3)).is_err());
        assert!(engine.verify(&bill.access_token, seconds(3)).is_ok());
    }
    assert_eq!(world.count("spy_oauth_changed_person"), 0);
    world.enable(21);
    let request = password_request(caller("frontend", None), "sonia@acme.com", "change123", &[]);
    assert!(world.engine.password(request, seconds(5)).await.is_ok());
}

/// R9, G14: a login that looked at the password before its person was disabled does not finish after it: there is no session
/// yet that the look at changed people could end.
#[tokio::test]
async fn a_login_under_way_does_not_outlive_the_person() {
    let world = World::new();
    world.overtake_disabling();
    assert!(matches!(world.login("sonia@acme.com", "change123").await, Err(GrantError::InvalidCredentials)));
    assert_eq!(world.live(), 0);
}

/// H3, H4, R9, G14: what somebody answers for ends with their session, with all of their sessions, and with their right to
/// answer, refreshed or not, however far down; what the same person began alone stays.
#[tokio::test]
async fn what_a_person_answers_for_ends_with_them() {
    enum By {
        Session,
        Person,
        Right,
    }
    for by in [By::Session, By::Person, By::Right] {
        let world = World::new();
        let elsewhere = world.instance();
        let alone = world.sonia().await;
        let (bill, child) = world.answered_by_bill().await;
        let refreshed = world.refresh(refresh_of(&child), seconds(1)).await.expect("a pair");
        let grandchild = world.derived(&child, seconds(1)).await.expect("a pair");
        match by {
            By::Session => {
                world.engine.revoke(refresh_of(&bill), about(&bill.user), seconds(2)).await.expect("storage");
            }
            By::Person => world.engine.end_sessions(&world.user(4), seconds(2)).await.expect("storage"),
            By::Right => {
                world.disable(4);
                world.notice(4);
                world.engine.reconsider_changed(seconds(2)).await.expect("storage");
            }
        }
        elsewhere.learn_endings(seconds(3)).await.expect("storage");
        for engine in [&world.engine, &elsewhere] {
            for pair in [&child, &refreshed, &grandchild] {
                assert!(engine.verify(&pair.access_token, seconds(3)).is_err());
            }
            assert!(engine.verify(&alone.access_token, seconds(3)).is_ok());
        }
        for pair in [&bill, &child, &refreshed, &grandchild] {
            assert!(world.refresh(refresh_of(pair), seconds(4)).await.is_err());
        }
        assert!(world.refresh(refresh_of(&alone), seconds(4)).await.is_ok());
    }
}

/// M2: what a token is marked by stays through every refresh, whatever is asked for; a client that may not have the mark
/// gets nothing.
#[tokio::test]
async fn a_mark_is_never_lost() {
    let world = World::new();
    let (_, child) = world.answered_by_bill().await;
    assert_eq!(child.scopes, ["customer", "newsletter", "impersonated"]);
    let next = world.refresh(refresh_of(&child), seconds(1)).await.expect("a pair");
    assert_eq!(next.scopes, child.scopes);
    let narrow = world.refresh_as(None, refresh_of(&next), &["customer"], seconds(2)).await.expect("a pair");
    assert_eq!(narrow.scopes, ["customer", "impersonated"]);
    world.promote(21);
    let request = password_request(caller("narrow", None), "sonia@acme.com", "change123", &[]);
    assert!(matches!(world.engine.password(request, noon()).await, Err(GrantError::InvalidScope)));
    let request = password_request(caller("frontend", None), "sonia@acme.com", "change123", &["customer"]);
    assert_eq!(world.engine.password(request, noon()).await.expect("a pair").scopes, ["customer", "author"]);
}

/// H1: whoever is another kind of person now has no session of the other kind any more, at the next exchange, of a token or
/// of a code, or within a second of the change.
#[tokio::test]
async fn another_kind_of_person_begins_again() {
    let world = World::new();
    let pair = world.sonia().await;
    let (code, exchange) = crate::codes::allowed(&world).await;
    world.promote(21);
    assert!(
        matches!(world.engine.code(exchange, seconds(1)).await, Err(GrantError::DeadCode(Dead::LostRight))),
        "{code}"
    );
    assert!(world.engine.verify(&pair.access_token, seconds(1)).is_ok());
    let refused = world.refresh(refresh_of(&pair), seconds(1)).await;
    assert!(matches!(refused, Err(GrantError::DeadRefreshToken(Dead::LostRight))));
    assert!(world.engine.verify(&pair.access_token, seconds(1)).is_err(), "the session ended with that");
    let world = World::new();
    let pair = world.sonia().await;
    world.promote(21);
    world.notice(21);
    world.engine.reconsider_changed(seconds(1)).await.expect("storage");
    assert!(world.engine.verify(&pair.access_token, seconds(1)).is_err());
    assert_eq!(world.sonia().await.scopes, ["customer", "newsletter", "author"]);
}

/// H2, R9: who lost a part of what was granted has no access token with it a second later, and a lesser one after the next
/// exchange; what comes back is had again.
#[tokio::test]
async fn a_lost_right_is_lost_with_the_token() {
    let world = World::new();
    let elsewhere = world.instance();
    let pair = world.sonia().await;
    world.unsubscribe(21);
    world.notice(21);
    world.engine.reconsider_changed(seconds(1)).await.expect("storage");
    elsewhere.learn_endings(seconds(2)).await.expect("storage");
    for engine in [&world.engine, &elsewhere] {
        assert!(engine.verify(&pair.access_token, seconds(2)).is_err());
    }
    let next = world.refresh(refresh_of(&pair), seconds(2)).await.expect("the session goes on");
    assert_eq!(next.scopes, ["customer"]);
    for engine in [&world.engine, &elsewhere, &world.instance()] {
        assert!(engine.verify(&next.access_token, seconds(2)).is_ok(), "of the next generation");
        assert!(engine.verify(&pair.access_token, seconds(2)).is_err());
    }
    world.subscribe(21);
    let again = world.refresh(refresh_of(&next), seconds(3)).await.expect("a pair");
    assert_eq!(again.scopes, ["customer", "newsletter"]);
}

/// M1, R10: a derived session was authenticated when its parent was and ends no later, whatever is derived from what; deriving
/// again makes siblings, and a session that ended begets nothing.
#[tokio::test]
async fn what_is_derived_lives_no_longer() {
    let world = World::with(AuthSettings { session_seconds: 40 * DAY, refresh_seconds: 30 * DAY, ..settings() });
    let bill = world.login("bill@acme.com", "change123").await.expect("bill logs in");
    let bill = world.refresh(refresh_of(&bill), seconds(20 * DAY)).await.expect("a pair");
    let late = seconds(39 * DAY);
    let child = world.derived(&bill, late).await.expect("a pair");
    let sibling = world.derived(&child, late).await.expect("a pair");
    let again = world.derived(&sibling, late).await.expect("a pair");
    assert_eq!(world.count("spy_oauth_session WHERE parent IS NOT NULL"), 3);
    assert_eq!(world.count("(SELECT DISTINCT parent FROM spy_oauth_session WHERE parent IS NOT NULL)"), 2);
    assert_eq!(world.count("(SELECT DISTINCT capped_at, authenticated_at FROM spy_oauth_session)"), 1);
    for pair in [&child, &sibling, &again] {
        assert!(world.refresh(refresh_of(pair), seconds(40 * DAY)).await.is_err());
        assert!(world.engine.verify(&pair.access_token, seconds(40 * DAY + 6)).is_err(), "nor does its access token");
    }
    assert!(matches!(world.derived(&bill, seconds(40 * DAY)).await, Err(GrantError::InvalidCredentials)));
    let world = World::new();
    let (bill, child) = world.answered_by_bill().await;
    world.engine.revoke(refresh_of(&child), about(&bill.user), seconds(1)).await.expect("storage");
    let from = world.session(&bill);
    world
        .engine
        .revoke(refresh_of(&bill), RevocationCaller { session: from, ..about(&bill.user) }, seconds(1))
        .await
        .expect("storage");
    let request = || GrantRequest::answered("answered", vec![("person", "sonia@acme.com".into())]);
    assert!(world.engine.derive(from, request(), None, seconds(2)).await.is_err());
}

/// I5, R15, M3: a person sees own sessions, each followed by what was derived from it, and ends one of those. Who holds a
/// derived session about somebody else answers for that one alone.
#[tokio::test]
async fn a_person_lists_and_ends_sessions() {
    let world = World::new();
    let (one, two) = (world.sonia().await, world.sonia().await);
    let two = world.refresh(refresh_of(&two), seconds(5)).await.expect("a pair");
    let list = async |pair: &TokenPair| {
        let from = world.session(pair).expect("a session");
        world.engine.sessions_from(from, seconds(6)).await.expect("storage")
    };
    let end = async |pair: &TokenPair, id: &str| {
        let from = world.session(pair).expect("a session");
        world.engine.end_session(from, id, seconds(6)).await.expect("storage")
    };
    let sessions = list(&one).await;
    assert_eq!(sessions.len(), 2);
    let youngest = sessions.first().expect("two").clone();
    assert_eq!(youngest.since.assume_utc(), noon());
    assert_eq!(youngest.refreshed_at.assume_utc(), seconds(5));
    let (bill, child) = world.answered_by_bill().await;
    let own = list(&bill).await;
    assert_eq!(
        own.iter().map(|session| session.kind.as_str()).collect::<Vec<_>>(),
        ["customer", "impersonated_customer"]
    );
    assert_eq!(own[1].parent.as_ref(), Some(&own[0].id));
    assert_eq!(list(&child).await, own[1..], "whoever holds it sees it, and nothing of Sonia's");
    assert_eq!(list(&one).await.len(), 2, "Sonia does not see what Bill answers for");
    assert!(!end(&bill, &youngest.id).await, "somebody else's");
    assert!(!end(&child, &youngest.id).await, "not even through her");
    assert!(!end(&one, &own[1].id).await, "nor the other way round");
    assert!(!end(&child, &own[0].id).await, "a child does not end its parent");
    assert!(end(&bill, &own[1].id).await);
    assert!(!end(&bill, &own[1].id).await, "it ended already");
    assert!(world.refresh(refresh_of(&child), seconds(7)).await.is_err());
    assert!(end(&one, &youngest.id).await);
    assert!(world.refresh(refresh_of(&two), seconds(7)).await.is_err());
    assert!(world.refresh(refresh_of(&one), seconds(7)).await.is_ok());
}

/// M3: all sessions of whoever holds a derived session are that session.
#[tokio::test]
async fn ending_all_from_a_derived_session_ends_that_one() {
    let world = World::new();
    let sonia = world.sonia().await;
    let (bill, child) = world.answered_by_bill().await;
    let other = world.derived(&bill, noon()).await.expect("a pair");
    let whom = RevocationCaller { session: world.session(&child), ..about(&child.user) };
    world.engine.revoke_all(whom, seconds(1)).await.expect("storage");
    assert!(world.engine.verify(&child.access_token, seconds(1)).is_err());
    for pair in [&sonia, &bill, &other] {
        assert!(world.engine.verify(&pair.access_token, seconds(1)).is_ok());
    }
    let whom = RevocationCaller { session: world.session(&bill), ..about(&bill.user) };
    world.engine.revoke_all(whom, seconds(2)).await.expect("storage");
    for pair in [&bill, &other] {
        assert!(world.engine.verify(&pair.access_token, seconds(2)).is_err());
    }
    assert!(world.engine.verify(&sonia.access_token, seconds(2)).is_ok());
}

/// H6, K2: a process that has not read yet what ended judges nothing, and knows afterwards what ended while it did not run.
#[tokio::test]
async fn nothing_is_judged_before_it_is_known_what_ended() {
    let world = World::new();
    let (ended, alive) = (world.sonia().await, world.sonia().await);
    world.engine.revoke(refresh_of(&ended), about(&ended.user), seconds(1)).await.expect("storage");
    let started = world.unready();
    assert!(!started.is_ready());
    for pair in [&ended, &alive] {
        assert_eq!(started.verify(&pair.access_token, seconds(2)).err(), Some(NOT_READY));
    }
    world.take_storage_away();
    assert!(started.learn_endings(seconds(2)).await.is_err());
    assert!(!started.is_ready());
    world.bring_storage_back();
    started.learn_endings(seconds(2)).await.expect("storage");
    assert!(started.verify(&ended.access_token, seconds(2)).is_err());
    assert!(started.verify(&alive.access_token, seconds(2)).is_ok());
}

/// H7: a session ends at once however many tokens it has, and touches one row.
#[tokio::test]
async fn a_session_of_many_tokens_ends_like_any_other() {
    let world = World::new();
    let pair = world.sonia().await;
    world.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
         INSERT INTO spy_oauth_access_token
             (identifier, scopes, user_identifier, fk_oauth_client, expirity_date, created_at, updated_at, family)
         SELECT 'many' || i, scopes, user_identifier, fk_oauth_client, expirity_date, created_at, updated_at, family
         FROM n, (SELECT * FROM spy_oauth_access_token LIMIT 1)",
    );
    let before = world.changes();
    world.engine.end_sessions(&pair.user, seconds(1)).await.expect("storage");
    assert!(world.changes() - before <= 3, "the count of endings, and the session twice");
    assert!(world.engine.verify(&pair.access_token, seconds(1)).is_err());
    assert!(world.refresh(refresh_of(&pair), seconds(1)).await.is_err());
}

/// Item 7: exchanges of one session are limited, with what is derived from it; retries write nothing.
#[tokio::test]
async fn nobody_fills_the_tables_through_one_session() {
    let world = World::with(AuthSettings { exchanges: 4, ..settings() });
    let first = world.sonia().await;
    let second = world.refresh(refresh_of(&first), seconds(1)).await.expect("a pair");
    let rows = "(SELECT 1 FROM spy_oauth_access_token UNION ALL SELECT 1 FROM spy_oauth_refresh_token)";
    let before = (world.count(rows), world.changes());
    for _ in 0..5 {
        let again = world.refresh(refresh_of(&first), seconds(2)).await.expect("the same pair");
        assert_eq!((&again.access_token, &again.refresh_token), (&second.access_token, &second.refresh_token));
        assert_eq!((again.expires_in, &again.scopes), (second.expires_in, &second.scopes));
    }
    assert_eq!(before, (world.count(rows), world.changes()));
    world.derived(&second, seconds(2)).await.expect("a pair");
    let third = world.refresh(refresh_of(&second), seconds(3)).await.expect("a pair");
    assert!(matches!(world.refresh(refresh_of(&third), seconds(4)).await, Err(GrantError::Blocked { seconds: 596 })));
    assert!(matches!(world.derived(&second, seconds(4)).await, Err(GrantError::Blocked { .. })));
    world.refresh(refresh_of(&third), seconds(600)).await.expect("a refused refresh burns nothing");
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
    assert!(world.instance().verify(&pair.access_token, seconds(1)).is_err());
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
    assert_eq!(purge(12).await.expect("storage"), Purged { access_tokens: 2, ..Purged::default() });
    assert_eq!(world.count("spy_oauth_refresh_token"), 2);
    assert!(world.refresh(refresh_of(&second), seconds(12 * DAY)).await.is_ok());
    let mut told = 0;
    let purged = world.engine.purge(seconds(40 * DAY), |_| told += 1).await.expect("storage");
    assert_eq!((purged.refresh_tokens, world.count("spy_oauth_refresh_token")), (3, 0));
    assert_eq!((purged.sessions, world.count("spy_oauth_session WHERE kind = 'customer'")), (1, 0));
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
    world.engine.revoke_all(about(&world.user(21)), seconds(1)).await.expect("storage");
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
    world.engine.revoke(refresh_of(&pair), about(&world.user(21)), seconds(1)).await.expect("storage");
    for at in [2, 40_000, 3] {
        elsewhere.learn_endings(seconds(at)).await.expect("storage");
    }
    assert!(elsewhere.verify(&pair.access_token, seconds(3)).is_err());
}
