//! The password grant and its clients.

use oauth::passwords::{PasswordPool, Verdict};
use oauth::{ClientCredentials, GrantError, PasswordRequest};

use crate::fixture::{World, noon, settings};

#[tokio::test]
async fn a_login_yields_a_pair_that_verifies() {
    let world = World::new();
    let pair = world.sonia().await;
    let (verified, subject) = world.engine.verify(&pair.access_token, noon()).expect("one of ours");
    assert_eq!((subject.natural.as_str(), subject.surrogate), ("DE--21", 21));
    assert_eq!(verified.scopes, ["customer", "newsletter"]);
    assert_eq!(pair.expires_in, 28_800);
}

/// P6: the five ways of not logging in are one error.
#[tokio::test]
async fn unknown_wrong_empty_disabled_and_passwordless_are_alike() {
    let world = World::new();
    world.disable(4);
    for (username, password) in [
        ("nobody@acme.com", "change123"),
        ("sonia@acme.com", "change124"),
        ("sonia@acme.com", ""),
        ("", ""),
        ("bill@acme.com", "change123"),
        ("nopassword@acme.com", "change123"),
    ] {
        let refused = world.login(username, password).await;
        assert!(matches!(refused, Err(GrantError::InvalidCredentials)), "{username}");
    }
    assert_eq!(world.count("spy_oauth_access_token"), 0);
}

/// P1: hashes of PHP verify and are replaced by argon2id after the login.
#[tokio::test]
async fn a_migrated_hash_verifies_and_is_renewed() {
    let world = World::new();
    world.login("bill@acme.com", "change123").await.expect("bill logs in");
    let renewed = world.rehashed();
    assert_eq!(renewed.len(), 1);
    assert!(renewed[0].starts_with("$argon2id$v=19$"));
    let pool = PasswordPool::start(&settings()).expect("threads");
    let verdict = pool.verify("change123".to_owned().into(), Some(renewed[0].clone())).await;
    assert_eq!(verdict, Ok(Verdict::Right { stronger: None }));
}

/// P2, P3: a password is compared exactly and to its end, also behind the 72nd byte.
#[tokio::test]
async fn nothing_of_a_password_is_ignored() {
    let pool = PasswordPool::start(&settings()).expect("threads");
    let long = "x".repeat(80);
    let hash = pool.hash(long.clone().into()).await.expect("a hash");
    for other in [
        long[..79].to_owned(),
        format!("{long}y"),
        long.to_uppercase(),
        format!(" {long}"),
        format!("{}y", &long[..79]),
    ] {
        assert_eq!(pool.verify(other.into(), Some(hash.clone())).await, Ok(Verdict::Wrong));
    }
    let migrated = bcrypt::hash("y".repeat(72), 4).expect("a hash");
    assert_eq!(pool.verify("y".repeat(80).into(), Some(migrated)).await, Ok(Verdict::Wrong));
}

/// What a database says of a hash's cost has bounds.
#[tokio::test]
async fn a_hash_that_asks_for_too_much_is_refused() {
    let pool = PasswordPool::start(&settings()).expect("threads");
    for hash in [
        "$argon2id$v=19$m=4194304,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
        "$argon2id$",
        "",
        "plain",
        "$2y$10$short",
        "$2y$31$",
    ] {
        assert_eq!(pool.verify("change123".to_owned().into(), Some(hash.into())).await, Ok(Verdict::Wrong), "{hash}");
    }
}

/// C4, C6: a confidential client needs its secret; an unknown one is refused alike.
#[tokio::test]
async fn clients_authenticate() {
    let world = World::new();
    let login = |id: &str, secret: Option<&str>| PasswordRequest {
        client: Some(ClientCredentials { id: id.into(), secret: secret.map(|secret| secret.to_owned().into()) }),
        username: "sonia@acme.com".into(),
        password: "change123".to_owned().into(),
        scopes: vec![],
    };
    assert!(world.engine.password(login("frontend", None), noon()).await.is_ok());
    assert!(world.engine.password(login("service", Some("client secret")), noon()).await.is_ok());
    for (id, secret) in
        [("service", None), ("service", Some("wrong")), ("nobody", None), ("nobody", Some("client secret")), ("", None)]
    {
        let refused = world.engine.password(login(id, secret), noon()).await;
        assert!(matches!(refused, Err(GrantError::InvalidClient)), "{id} {secret:?}");
    }
}

/// T11, scope escalation: asking for a scope never adds one.
#[tokio::test]
async fn asking_for_a_scope_only_cuts() {
    let world = World::new();
    for (asked, got) in [
        (vec!["newsletter"], vec!["newsletter"]),
        (vec!["agent", "customer"], vec!["customer"]),
        (vec!["agent"], vec!["customer", "newsletter"]),
    ] {
        let request = PasswordRequest {
            client: None,
            username: "sonia@acme.com".into(),
            password: "change123".to_owned().into(),
            scopes: asked.iter().map(|scope| (*scope).to_owned()).collect(),
        };
        assert_eq!(world.engine.password(request, noon()).await.expect("sonia logs in").scopes, got, "{asked:?}");
    }
}

/// K5: an outage is never a bad credential.
#[tokio::test]
async fn an_outage_is_no_verdict_about_credentials() {
    let world = World::new();
    let pair = world.sonia().await;
    world.take_storage_away();
    assert!(matches!(world.login("sonia@acme.com", "change123").await, Err(GrantError::Unavailable(_))));
    assert!(matches!(world.refresh(&pair.refresh_token, noon()).await, Err(GrantError::Unavailable(_))));
    assert!(world.engine.revoke(&pair.refresh_token, "DE--21", noon()).await.is_err());
    world.bring_storage_back();
    assert!(world.refresh(&pair.refresh_token, noon()).await.is_ok());
}
