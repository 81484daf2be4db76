//! The password grant and its clients.

use oauth::passwords::{PasswordPool, Verdict};
use oauth::settings::AuthSettings;
use oauth::{Caller, GrantError, NewClient, PasswordRequest};
use oauth_extension::GrantRequest;
use time::Duration;

use crate::fixture::{World, about, caller, noon, password_request, refresh_of, seconds, settings};

#[tokio::test]
async fn a_login_yields_a_pair_that_verifies() {
    let world = World::new();
    let pair = world.sonia().await;
    let judged = world.engine.verify(&pair.access_token, noon()).expect("one of ours");
    assert_eq!((judged.subject.natural.as_str(), judged.subject.surrogate), ("DE--21", 21));
    assert_eq!(judged.verified.scopes, ["customer", "newsletter"]);
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

/// R13: what a change of a password replaces is the hash that was compared, whatever is stored meanwhile.
#[tokio::test]
async fn a_change_knows_what_it_compared() {
    let world = World::new();
    let compare = async |password: &str| {
        world.engine.compare_password("sonia@acme.com", password.to_owned().into(), "here", noon()).await
    };
    assert!(matches!(compare("wrong").await, Err(GrantError::InvalidCredentials)));
    world.overtake_password();
    let compared = compare("change123").await.unwrap_or_else(|error| panic!("{error}"));
    let pool = PasswordPool::start(&settings()).expect("threads");
    let verdict = pool.verify("change123".to_owned().into(), Some(compared.hash)).await;
    assert!(matches!(verdict, Ok(Verdict::Right { .. })));
    assert!(matches!(compare("change123").await, Err(GrantError::InvalidCredentials)), "the other one's counts");
    assert!(world.rehashed().is_empty());
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
    let login = |id: &str, secret| password_request(caller(id, secret), "sonia@acme.com", "change123", &[]);
    assert!(world.engine.password(login("frontend", None), noon()).await.is_ok());
    assert!(world.engine.password(login("service", Some("client secret")), noon()).await.is_ok());
    for (id, secret) in
        [("service", None), ("service", Some("wrong")), ("nobody", None), ("nobody", Some("client secret")), ("", None)]
    {
        let refused = world.engine.password(login(id, secret), noon()).await;
        assert!(matches!(refused, Err(GrantError::InvalidClient)), "{id} {secret:?}");
    }
}

/// T11, A4, scope escalation: asking never adds, and nothing is given that the client may not have.
#[tokio::test]
async fn asking_for_a_scope_only_cuts() {
    let (documented, shop) = (World::new(), World::shop());
    for (client, asked, strict, lenient) in [
        ("frontend", vec!["newsletter"], Some(vec!["newsletter"]), vec!["newsletter"]),
        ("frontend", vec!["agent", "customer"], Some(vec!["customer"]), vec!["customer"]),
        ("frontend", vec!["agent"], None, vec!["customer", "newsletter"]),
        ("narrow", vec![], Some(vec!["customer"]), vec!["customer"]),
        ("narrow", vec!["newsletter", "customer"], Some(vec!["customer"]), vec!["customer"]),
        ("narrow", vec!["newsletter"], None, vec!["customer"]),
    ] {
        let request = || password_request(caller(client, None), "sonia@acme.com", "change123", &asked);
        match (documented.engine.password(request(), noon()).await, strict) {
            (Ok(pair), Some(strict)) => assert_eq!(pair.scopes, strict, "{client} {asked:?}"),
            (Err(GrantError::InvalidScope), None) => {}
            (outcome, _) => panic!("{client} {asked:?}: {:?}", outcome.map(|pair| pair.scopes)),
        }
        assert_eq!(shop.engine.password(request(), noon()).await.expect("sonia logs in").scopes, lenient);
    }
}

/// G1, G2: a grant is for clients that may use it, and the password grant can be switched off.
#[tokio::test]
async fn a_client_uses_its_own_grants() {
    let world = World::new();
    let refused = world
        .engine
        .password(password_request(caller("robot", Some("client secret")), "sonia@acme.com", "change123", &[]), noon());
    assert!(matches!(refused.await, Err(GrantError::UnauthorizedClient)));
    let off = World::with(AuthSettings { password_grant: false, ..settings() });
    assert!(matches!(off.login("sonia@acme.com", "change123").await, Err(GrantError::UnauthorizedClient)));
}

/// A grant whose caller answers for the person needs no password, and cannot be had with one.
#[tokio::test]
async fn somebody_answers_for_a_person() {
    let world = World::new();
    let bill = world.login("bill@acme.com", "change123").await.expect("bill logs in");
    let request = |name: &str| GrantRequest::answered("answered", vec![("person", name.into())]);
    let answered = |name: &str| world.engine.derive(world.session(&bill), request(name), None, noon());
    let without = world.engine.derive(None, request("sonia@acme.com"), None, noon()).await;
    assert!(matches!(without, Err(GrantError::InvalidCredentials)), "nobody answers");
    assert_eq!(answered("sonia@acme.com").await.expect("a pair").user.text("customer_reference"), Some("DE--21"));
    assert!(matches!(answered("nobody@acme.com").await, Err(GrantError::InvalidCredentials)));
    world.disable(21);
    assert!(matches!(answered("sonia@acme.com").await, Err(GrantError::InvalidCredentials)));
    let passed_off = PasswordRequest {
        grant: "answered",
        ..password_request(Caller::default(), "sonia@acme.com", "change123", &[])
    };
    assert!(matches!(world.engine.password(passed_off, noon()).await, Err(GrantError::InvalidCredentials)));
}

/// G3: a client on its own behalf gets its own scopes, and nothing to refresh.
#[tokio::test]
async fn a_client_gets_a_token_for_itself() {
    let world = World::new();
    let robot = |secret, scopes: &[&str]| {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        world.engine.client_credentials(caller("robot", secret), scopes, noon())
    };
    let pair = robot(Some("client secret"), &[]).await.expect("a token");
    assert_eq!((pair.refresh_token, pair.scopes), (None, vec!["stock".to_owned(), "prices".to_owned()]));
    let judged = world.engine.verify(&pair.access_token, noon()).expect("one of ours");
    assert_eq!(judged.subject.natural, "client:robot");
    assert_eq!(robot(Some("client secret"), &["prices", "customer"]).await.expect("a token").scopes, ["prices"]);
    assert!(matches!(robot(Some("client secret"), &["customer"]).await, Err(GrantError::InvalidScope)));
    assert!(matches!(robot(Some("wrong"), &[]).await, Err(GrantError::InvalidClient)));
    assert!(matches!(robot(None, &[]).await, Err(GrantError::InvalidClient)));
    let anonymous = world.engine.client_credentials(Caller::default(), vec![], noon());
    assert!(matches!(anonymous.await, Err(GrantError::InvalidClient)));
    let other = world.engine.client_credentials(caller("service", Some("client secret")), vec![], noon());
    assert!(matches!(other.await, Err(GrantError::UnauthorizedClient)));
}

/// C9: two secrets live while one is exchanged for the other. C7: neither is stored.
#[tokio::test]
async fn a_secret_is_rotated_with_an_overlap() {
    let world = World::new();
    let new = NewClient { identifier: "app".into(), name: "App".into(), is_confidential: true, ..NewClient::default() };
    let first = world.engine.create_client(new.clone()).await.expect("a client").expect("a secret");
    let second =
        world.engine.rotate_secret("app", Duration::hours(1), noon()).await.expect("storage").expect("it is there");
    let login = |secret: &str, at| {
        world.engine.password(password_request(caller("app", Some(secret)), "sonia@acme.com", "change123", &[]), at)
    };
    assert!(login(&first, noon()).await.is_ok());
    assert!(login(&second, noon()).await.is_ok());
    assert!(matches!(login(&first, seconds(3_601)).await, Err(GrantError::InvalidClient)));
    assert!(login(&second, seconds(3_601)).await.is_ok());
    assert_eq!(
        world
            .count(&format!("spy_oauth_client WHERE secret IN ('{first}', '{second}') OR previous_secret = '{first}'")),
        0
    );
    // C8: what is stored is no secret itself.
    let stored = world.text("SELECT secret AS text FROM spy_oauth_client WHERE identifier = 'app'");
    assert!(matches!(login(&stored, seconds(3_601)).await, Err(GrantError::InvalidClient)));
    assert_eq!(world.engine.rotate_secret("frontend", Duration::hours(1), noon()).await.expect("storage"), None);
    assert_eq!(world.engine.rotate_secret("nobody", Duration::hours(1), noon()).await.expect("storage"), None);
    assert!(world.engine.create_client(new).await.is_err());
    let listed = world.engine.clients().await.expect("storage");
    assert!(listed.iter().any(|row| row.client.identifier == "app" && row.previous_secret_until.is_some()));
}

/// K5: an outage is never a bad credential.
#[tokio::test]
async fn an_outage_is_no_verdict_about_credentials() {
    let world = World::new();
    let pair = world.sonia().await;
    world.take_storage_away();
    assert!(matches!(world.login("sonia@acme.com", "change123").await, Err(GrantError::Unavailable(_))));
    assert!(matches!(world.refresh(refresh_of(&pair), noon()).await, Err(GrantError::Unavailable(_))));
    assert!(world.engine.revoke(refresh_of(&pair), about(&world.user(21)), noon()).await.is_err());
    world.bring_storage_back();
    assert!(world.refresh(refresh_of(&pair), noon()).await.is_ok());
}

/// G10, C4: what could not be served safely cannot be registered.
#[tokio::test]
async fn a_client_is_looked_at_before_it_is_made() {
    let world = World::new();
    let plain = || NewClient { identifier: "app".into(), name: "App".into(), ..NewClient::default() };
    for place in [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://app.test/#x",
        "https://",
        "app",
        "https:///x",
        "//app.test",
        "http://app.test/back",
        "http://127.0.0.1.evil.test/back",
        "http://localhost.evil.test/back",
        "http://127.0.0.1@evil.test/back",
        "https://app.test@evil.test/back",
        "ftp://app.test/back",
        "https://app.test:99999/back",
        "https://app.test:+1/back",
        "https://app.test\\evil.test/back",
        "https://app.test/%zz",
        "https://app.test/\"x\"",
        ".com:/back",
        "1com.app:/back",
    ] {
        let refused = world.engine.create_client(NewClient { redirect_uri: Some(place.into()), ..plain() }).await;
        assert!(matches!(refused, Err(GrantError::Unfit(_))), "{place}");
    }
    for (grants, scopes) in
        [(Some("foo"), None), (Some("client_credentials"), None), (Some("introspection"), None), (None, Some("nope"))]
    {
        let new = NewClient { grants: grants.map(Into::into), scopes: scopes.map(Into::into), ..plain() };
        assert!(matches!(world.engine.create_client(new).await, Err(GrantError::Unfit(_))), "{grants:?} {scopes:?}");
    }
    let fine = NewClient {
        redirect_uri: Some(
            "https://app.test/back https://app.test:8443/back http://127.0.0.1/back http://[::1]:4711/back com.app.test:/back".into(),
        ),
        grants: Some("authorization_code refresh_token".into()),
        ..plain()
    };
    assert_eq!(world.engine.create_client(fine).await.expect("a client"), None);
    let again = world.engine.create_client(plain()).await;
    assert_eq!(again.map_err(|error| error.to_string()), Err("there is a client `app` already".into()));
    for identifier in ["", "two words", "tab\t", "ümlaut", &"x".repeat(129)] {
        let refused = world.engine.create_client(NewClient { identifier: identifier.into(), ..plain() }).await;
        assert!(matches!(refused, Err(GrantError::Unfit(_))), "{identifier}");
    }
    assert!(world.engine.create_client(NewClient { identifier: "x".repeat(128), ..plain() }).await.is_ok());
    // A word counts once, and no words are none.
    let words = |text: &str| Some(text.to_owned());
    let (scopes, redirect_uri) = (words("customer  customer"), words(" "));
    let twice = NewClient { identifier: "twice".into(), scopes, redirect_uri, ..plain() };
    assert!(world.engine.create_client(twice).await.is_ok());
    let rows = world.engine.clients().await.expect("clients");
    let row = rows.iter().find(|row| row.client.identifier == "twice").expect("a client");
    assert_eq!((row.client.scopes.as_deref(), row.client.redirect_uri.as_deref()), (Some("customer"), None));
}

/// P4: a password of any length costs no more than one hash, and none that nobody could have is right.
#[tokio::test]
async fn a_long_password_is_only_wrong() {
    let world = World::new();
    for length in [4_096, 4_097, 1_000_000] {
        let refused = world.login("sonia@acme.com", &"a".repeat(length)).await;
        assert!(matches!(refused, Err(GrantError::InvalidCredentials)), "{length}");
    }
    assert!(world.login("sonia@acme.com", "change123").await.is_ok());
}

/// P5: more checks at once than the queue holds are refused at once, with an error of their own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flood_of_logins_is_cut_off() {
    let flood = AuthSettings { hash_threads: 1, hash_queue: 2, hash_memory_kib: 16_384, ..settings() };
    let world = std::sync::Arc::new(World::with(flood));
    let logins: Vec<_> = (0..64)
        .map(|_| {
            let world = world.clone();
            tokio::spawn(async move { world.login("sonia@acme.com", "change123").await.map(|_| ()) })
        })
        .collect();
    let (mut served, mut busy) = (0, 0);
    for login in logins {
        match login.await.expect("a task") {
            Ok(()) => served += 1,
            Err(GrantError::Busy) => busy += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(served > 0 && busy > 0, "{served} served, {busy} refused");
    assert!(world.login("sonia@acme.com", "change123").await.is_ok());
}
