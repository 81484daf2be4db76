//! Guessing: P7 to P12, C11.

use oauth::settings::AuthSettings;
use oauth::{Caller, GrantError, RefreshRequest};

use crate::fixture::{World, caller, noon, password_request, seconds, settings};

const SONIA: &str = "sonia@acme.com";

fn few() -> World {
    World::with(AuthSettings { attempts: 3, attempts_per_source: 8, attempts_per_account: 5, ..settings() })
}

async fn guess(world: &World, source: &str, name: &str, password: &str, at: i64) -> Result<(), GrantError> {
    world.login_from(source, name, password, seconds(at)).await.map(|_| ())
}

/// P7: an account takes so many guesses from one source, then not even the right password; later it does again.
#[tokio::test]
async fn an_account_takes_few_guesses() {
    let world = few();
    for _ in 0..3 {
        assert!(matches!(guess(&world, "a", SONIA, "wrong", 0).await, Err(GrantError::InvalidCredentials)));
    }
    let refused = guess(&world, "a", SONIA, "change123", 1).await;
    assert!(matches!(refused, Err(GrantError::Blocked { seconds: 299 })), "{refused:?}");
    // In any spelling of the name.
    assert!(matches!(guess(&world, "a", "SONIA@ACME.COM", "change123", 2).await, Err(GrantError::Blocked { .. })));
    assert!(guess(&world, "a", SONIA, "change123", 301).await.is_ok());
}

/// P7: a failure is forgotten in time, and a name that nobody has is counted as any other.
#[tokio::test]
async fn failures_are_forgotten_and_names_are_alike() {
    let world = few();
    for at in [0, 1] {
        let _ = guess(&world, "a", SONIA, "wrong", at).await;
    }
    assert!(matches!(guess(&world, "a", SONIA, "wrong", 601).await, Err(GrantError::InvalidCredentials)));
    assert!(guess(&world, "a", SONIA, "change123", 602).await.is_ok());
    for _ in 0..3 {
        let _ = guess(&world, "b", "nobody@acme.com", "wrong", 0).await;
    }
    assert!(matches!(guess(&world, "b", "nobody@acme.com", "wrong", 1).await, Err(GrantError::Blocked { .. })));
}

/// P11: who guesses locks out themselves, not the account's owner: neither elsewhere, nor, once many sources guessed,
/// at a place that the owner logged in from before.
#[tokio::test]
async fn a_stranger_does_not_lock_the_owner_out() {
    let world = few();
    assert!(guess(&world, "home", SONIA, "change123", 0).await.is_ok());
    for source in ["a", "b"] {
        for _ in 0..3 {
            let _ = guess(&world, source, SONIA, "wrong", 1).await;
        }
    }
    assert!(guess(&world, "home", SONIA, "change123", 2).await.is_ok());
    // A place that is new cannot be told from one more guesser.
    assert!(matches!(guess(&world, "new", SONIA, "change123", 2).await, Err(GrantError::Blocked { .. })));
}

/// P12: one source takes so many guesses over all accounts.
#[tokio::test]
async fn stuffing_from_one_source_is_stopped() {
    let world = few();
    for number in 0..8 {
        let _ = guess(&world, "a", &format!("{number}@acme.com"), "wrong", 0).await;
    }
    assert!(matches!(guess(&world, "a", SONIA, "change123", 1).await, Err(GrantError::Blocked { .. })));
    assert!(guess(&world, "b", SONIA, "change123", 1).await.is_ok());
}

/// P9, P10: guesses that run at once are judged no more often than one after the other, and honest logins all pass.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_guesses_do_not_slip_past() {
    let world = std::sync::Arc::new(World::with(AuthSettings { attempts: 3, ..settings() }));
    let run = |password: &'static str, source: &'static str| {
        let world = world.clone();
        tokio::spawn(async move { guess(&world, source, SONIA, password, 0).await })
    };
    let guesses: Vec<_> = (0..40).map(|_| run("wrong", "a")).collect();
    let mut judged = 0;
    for guess in guesses {
        match guess.await.expect("a task") {
            Err(GrantError::InvalidCredentials) => judged += 1,
            Err(GrantError::Blocked { .. } | GrantError::Busy) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(judged, 3);
    let honest: Vec<_> = (0..40).map(|_| run("change123", "b")).collect();
    for login in honest {
        assert!(matches!(login.await.expect("a task"), Ok(())));
    }
}

/// C11: a client's secret is guessed no more often than a password. C6: unknown clients are counted too.
#[tokio::test]
async fn a_client_secret_takes_few_guesses() {
    let world = few();
    let login = |id: &'static str, secret: &'static str| {
        world.engine.password(password_request(caller(id, Some(secret)), SONIA, "change123", &[]), noon())
    };
    for id in ["service", "nobody"] {
        for _ in 0..3 {
            assert!(matches!(login(id, "wrong").await, Err(GrantError::InvalidClient)));
        }
        assert!(matches!(login(id, "client secret").await, Err(GrantError::Blocked { .. })), "{id}");
    }
}

/// S7: the count is in the database: another instance knows it. P6: it holds no names.
#[tokio::test]
async fn instances_share_the_count() {
    let world = few();
    for _ in 0..3 {
        let _ = guess(&world, "a", SONIA, "wrong", 0).await;
    }
    let mut request = password_request(oauth::Caller::default(), SONIA, "change123", &[]);
    request.caller.source = "a".into();
    assert!(matches!(world.instance().password(request, seconds(1)).await, Err(GrantError::Blocked { .. })));
    assert_eq!(world.count("spy_oauth_attempt WHERE identifier LIKE '%sonia%'"), 0);
}

/// S8: what was counted goes with the clean-up once it has run out, whatever the retention.
#[tokio::test]
async fn counts_do_not_pile_up() {
    let world = few();
    for number in 0..20 {
        let _ = guess(&world, &format!("source {number}"), &format!("{number}@acme.com"), "wrong", 0).await;
    }
    assert!(world.count("spy_oauth_attempt") >= 40);
    let purged = world.engine.purge(seconds(3_600), |_| {}).await.expect("storage");
    assert_eq!((purged.attempts > 0, world.count("spy_oauth_attempt")), (true, 0));
}

/// M5: a refresh token that is garbage is counted per source where finding that out costs something, apart from logins; garbage
/// that shows it costs nothing.
#[tokio::test]
async fn m5_garbage_is_counted_before_it_is_decrypted() {
    let settings = AuthSettings { attempts_per_source: 3, ..settings() };
    let world = World::shop_with(settings);
    let garbage = format!("def50200{}", "ab".repeat(200));
    let send = async |token: &str, source: &str| {
        let caller = Caller { client: None, source: source.into() };
        let request = RefreshRequest { caller, token: token.to_owned().into(), scopes: Vec::new() };
        world.engine.refresh(request, noon()).await
    };
    for _ in 0..9 {
        for plain in ["garbage", "def502", "def50200zz"] {
            assert!(matches!(send(plain, "a").await, Err(GrantError::DeadRefreshToken(_))));
        }
    }
    for _ in 0..3 {
        assert!(matches!(send(&garbage, "a").await, Err(GrantError::DeadRefreshToken(_))));
    }
    let sonia = world.login_from("a", "sonia@acme.com", "change123", noon()).await.expect("logins are counted apart");
    assert!(matches!(send(&garbage, "a").await, Err(GrantError::Blocked { .. })));
    assert!(matches!(send(&garbage, "b").await, Err(GrantError::DeadRefreshToken(_))));
    assert!(send(crate::fixture::refresh_of(&sonia), "b").await.is_ok());
}

/// M7: whoever asks for too many new passwords, or guesses at their keys, can still log in, and so can everybody else at the
/// same address.
#[tokio::test]
async fn m7_other_guesses_leave_logins_alone() {
    let world = few();
    for _ in 0..20 {
        for name in ["sonia@acme.com", "bill@acme.com", "nobody@acme.com"] {
            let _ = world.engine.count_attempt("password_reset", name, "a", noon()).await;
            let _ = world.engine.count_attempt("password_restore", "a", "a", noon()).await;
        }
    }
    let refused = world.engine.admits_attempt("password_reset", "another@acme.com", "a", noon()).await;
    assert!(matches!(refused, Err(GrantError::Blocked { .. })));
    assert!(guess(&world, "a", SONIA, "change123", 0).await.is_ok());
}
