//! Authorization codes with PKCE: G4 to G10, G14.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::connection::SimpleConnection as _;
use oauth::error::Dead;
use oauth::{Authorization, AuthorizationRequest, Caller, CodeRequest, GrantError, TokenPair};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::fixture::{World, about, caller, noon, refresh_of, seconds};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const BACK: &str = "https://app.test/back";

/// The challenge of RFC 7636, Appendix B.
fn challenge() -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    challenge
}

fn request(redirect_uri: Option<&str>) -> AuthorizationRequest {
    AuthorizationRequest {
        client: "frontend".into(),
        redirect_uri: redirect_uri.map(str::to_owned),
        scopes: vec!["customer".into()],
        code_challenge: challenge(),
    }
}

async fn allow(world: &World) -> Authorization {
    allow_as(world, "sonia@acme.com").await
}

async fn allow_as(world: &World, person: &str) -> Authorization {
    let who = (person.to_owned(), "change123".to_owned().into());
    world.engine.authorize(request(Some(BACK)), who, "", noon()).await.expect("a code")
}

async fn allow_at(world: &World, now: OffsetDateTime) -> Result<Authorization, GrantError> {
    let who = ("sonia@acme.com".to_owned(), "change123".to_owned().into());
    world.engine.authorize(request(Some(BACK)), who, "", now).await
}

fn exchange(code: &str) -> CodeRequest {
    CodeRequest {
        caller: caller("frontend", None),
        code: code.to_owned(),
        redirect_uri: Some(BACK.into()),
        verifier: Some(VERIFIER.to_owned().into()),
    }
}

fn dead(outcome: Result<TokenPair, GrantError>) -> Dead {
    match outcome {
        Err(GrantError::DeadCode(why)) => why,
        other => panic!("not dead: {:?}", other.map(|pair| pair.scopes)),
    }
}

#[tokio::test]
async fn a_code_is_exchanged_for_what_was_allowed() {
    let world = World::new();
    let allowed = allow(&world).await;
    assert_eq!(allowed.redirect_uri, BACK);
    let pair = world.engine.code(exchange(&allowed.code), seconds(1)).await.expect("a pair");
    assert_eq!(pair.scopes, ["customer"]);
    assert!(world.engine.verify(&pair.access_token, seconds(1)).is_ok());
    assert!(world.refresh_as(Some("frontend"), refresh_of(&pair), &[], seconds(2)).await.is_ok());
    // R11 for codes: only a hash is stored.
    assert_eq!(world.count(&format!("spy_oauth_code_flow_auth_code WHERE identifier = '{}'", allowed.code)), 0);
}

/// G4: a code is used once; a second time ends what the first one began, unless its client sent it twice at once.
#[tokio::test]
async fn a_replayed_code_ends_its_session() {
    let world = World::new();
    let code = allow(&world).await.code;
    let pair = world.engine.code(exchange(&code), seconds(1)).await.expect("a pair");
    assert_eq!(dead(world.engine.code(exchange(&code), seconds(11)).await), Dead::Reused);
    assert!(world.engine.verify(&pair.access_token, seconds(11)).is_ok());
    let next = world.refresh_as(Some("frontend"), refresh_of(&pair), &[], seconds(11)).await.expect("a pair");
    assert_eq!(dead(world.engine.code(exchange(&code), seconds(12)).await), Dead::Reused);
    for pair in [pair, next] {
        assert!(world.engine.verify(&pair.access_token, seconds(12)).is_err());
        assert!(world.refresh_as(Some("frontend"), refresh_of(&pair), &[], seconds(12)).await.is_err());
    }
    assert_eq!(dead(world.engine.code(exchange(&code), seconds(13)).await), Dead::Revoked);
}

/// G4: of many exchanges at once one wins.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_exchanges_wins() {
    let world = std::sync::Arc::new(World::new());
    let code = allow(&world).await.code;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (world, code) = (world.clone(), code.clone());
            tokio::spawn(async move { world.engine.code(exchange(&code), seconds(1)).await.is_ok() })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += i32::from(task.await.expect("a task"));
    }
    assert_eq!((won, world.live()), (1, 1));
}

/// G5, G6, G7, G8, G9: bound to its client, its redirection, its challenge and its minute; a refusal burns nothing.
#[tokio::test]
async fn a_code_is_bound() {
    let world = World::new();
    let code = allow(&world).await.code;
    let other = CodeRequest { caller: caller("other", None), ..exchange(&code) };
    assert_eq!(dead(world.engine.code(other, seconds(1)).await), Dead::OtherClient);
    for redirect_uri in [None, Some("https://app.test/back/".to_owned()), Some("https://other.test/back".to_owned())] {
        let elsewhere = CodeRequest { redirect_uri, ..exchange(&code) };
        assert_eq!(dead(world.engine.code(elsewhere, seconds(1)).await), Dead::OtherRedirection);
    }
    let long = "a".repeat(129);
    for verifier in [
        None,
        Some(""),
        Some("short"),
        Some(&challenge()[..]),
        Some(&long[..]),
        Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk="),
    ] {
        let guessed = CodeRequest { verifier: verifier.map(|text| text.to_owned().into()), ..exchange(&code) };
        assert!(matches!(world.engine.code(guessed, seconds(1)).await, Err(GrantError::WrongVerifier)), "{verifier:?}");
    }
    assert_eq!(dead(world.engine.code(exchange("unknown"), seconds(1)).await), Dead::Unknown);
    assert_eq!(dead(world.engine.code(exchange(&code), seconds(60)).await), Dead::Expired);
    assert!(world.engine.code(exchange(&code), seconds(59)).await.is_ok());
}

/// G10: a redirection is one of those registered, byte by byte, but for the port of a program on one's own machine.
#[tokio::test]
async fn a_redirection_is_registered() {
    let world = World::new();
    let asked = |redirect_uri| world.engine.authorization_client("frontend", redirect_uri);
    for fine in [BACK, "http://127.0.0.1/back", "http://127.0.0.1:49152/back"] {
        assert_eq!(asked(Some(fine)).await.expect("registered").redirect_uri, fine);
    }
    for foreign in [
        "https://app.test/back/",
        "https://app.test/back?x=1",
        "https://app.test:443/back",
        "https://APP.test/back",
        "https://app.test.evil.test/back",
        "http://app.test/back",
        "http://127.0.0.1:49152/other",
        "http://127.0.0.1:99999/back",
        "http://127.0.0.1.evil.test/back",
        "http://localhost/back",
        "javascript:alert(1)",
        "",
    ] {
        assert!(matches!(asked(Some(foreign)).await, Err(GrantError::DeadCode(Dead::OtherRedirection))), "{foreign}");
    }
    // With two places registered, one has to be named.
    assert!(asked(None).await.is_err());
    assert_eq!(
        world.engine.authorization_client("other", None).await.expect("one").redirect_uri,
        "https://other.test/back"
    );
    assert!(matches!(world.engine.authorization_client("nobody", None).await, Err(GrantError::InvalidClient)));
}

/// R13, G14, G15: a code that nobody exchanged yet ends with the sessions of its person, and only those of its person.
#[tokio::test]
async fn a_code_ends_with_the_sessions_of_its_person() {
    for customer in [true, false] {
        let world = World::new();
        let (before, others) = (allow(&world).await.code, allow_as(&world, "bill@acme.com").await.code);
        match customer {
            true => world.engine.revoke_all(about(&world.user(21)), seconds(1)).await.expect("storage"),
            false => world.engine.end_sessions(&world.user(21), seconds(1)).await.expect("storage"),
        }
        assert_eq!(dead(world.engine.code(exchange(&before), seconds(2)).await), Dead::Revoked);
        assert_eq!(world.live(), 0);
        assert!(world.engine.code(exchange(&others), seconds(2)).await.is_ok());
        // Whoever was about to allow something has to say so again.
        world.overtake(|conn| {
            conn.batch_execute("UPDATE spy_oauth_subject SET endings = endings + 1").expect("a statement");
        });
        assert!(matches!(allow_at(&world, seconds(2)).await, Err(GrantError::InvalidCredentials)));
        let after = allow_at(&world, seconds(2)).await.expect("a code").code;
        assert!(world.engine.code(exchange(&after), seconds(2)).await.is_ok());
    }
}

/// G15: a code gives what its person and its client may still have.
#[tokio::test]
async fn a_code_gives_what_may_still_be_had() {
    let world = World::new();
    let who = || ("sonia@acme.com".to_owned(), "change123".to_owned().into());
    let everything = || AuthorizationRequest { scopes: Vec::new(), ..request(Some(BACK)) };
    let code = world.engine.authorize(everything(), who(), "", noon()).await.expect("a code").code;
    world.unsubscribe(21);
    assert_eq!(world.engine.code(exchange(&code), seconds(1)).await.expect("a pair").scopes, ["customer"]);
}

/// G2, G14, P6: no code without the right to one, the right password, and an active account.
#[tokio::test]
async fn a_code_needs_a_person_and_a_client() {
    let world = World::new();
    let who = |password: &str| ("sonia@acme.com".to_owned(), password.to_owned().into());
    let wrong = world.engine.authorize(request(Some(BACK)), who("wrong"), "", noon()).await;
    assert!(matches!(wrong, Err(GrantError::InvalidCredentials)));
    let narrow = AuthorizationRequest { client: "narrow".into(), ..request(None) };
    assert!(world.engine.authorize(narrow, who("change123"), "", noon()).await.is_err());
    let code = allow(&world).await.code;
    world.disable(21);
    assert_eq!(dead(world.engine.code(exchange(&code), seconds(1)).await), Dead::InactiveUser);
    let anonymous = CodeRequest { caller: Caller::default(), ..exchange(&code) };
    assert!(world.engine.code(anonymous, seconds(1)).await.is_err());
}

/// A code that Sonia allowed, and the request that exchanges it.
pub(crate) async fn allowed(world: &World) -> (String, CodeRequest) {
    let code = allow(world).await.code;
    let request = exchange(&code);
    (code, request)
}
