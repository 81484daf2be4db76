//! The shapes of a running shop (reference/authentication.md §2): read and written byte by byte.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth::format::{decrypt, encrypt};
use serde_json::Value;

use crate::fixture::{World, about, noon, refresh_of, seconds};

fn part(token: &str, number: usize) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(token.split('.').nth(number).expect("a part")).expect("base64url")
}

/// §2.1: exactly these members, times with a fraction, JSON in `sub`.
#[tokio::test]
async fn an_access_token_is_what_a_shop_issues() {
    let world = World::shop();
    let pair = world.sonia().await;
    assert_eq!(String::from_utf8(part(&pair.access_token, 0)).expect("text"), r#"{"typ":"JWT","alg":"RS256"}"#);
    let claims: Value = serde_json::from_slice(&part(&pair.access_token, 1)).expect("JSON");
    let names: Vec<&String> = claims.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["aud", "exp", "iat", "jti", "nbf", "scopes", "sub"]);
    assert_eq!(claims["aud"], "frontend");
    assert_eq!(claims["exp"].as_f64(), Some(seconds(28_800).unix_timestamp() as f64));
    let jti = claims["jti"].as_str().expect("text");
    assert!(jti.len() == 80 && jti.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)), "{jti}");
    let sub: Value = serde_json::from_str(claims["sub"].as_str().expect("text")).expect("JSON");
    assert_eq!(sub["customer_reference"], "DE--21");
    let judged = world.engine.verify(&pair.access_token, noon()).expect("one of ours");
    assert_eq!(judged.subject.natural, "DE--21");
    // No leeway: §2.4.
    assert!(world.engine.verify(&pair.access_token, seconds(28_799)).is_ok());
}

/// §2.5: the document in a refresh token, and the row beside it.
#[tokio::test]
async fn a_refresh_token_is_an_encrypted_document() {
    let world = World::shop();
    let pair = world.sonia().await;
    let token = refresh_of(&pair);
    assert!(token.starts_with("def50200") && token.bytes().all(|b| b.is_ascii_hexdigit()));
    let key = "an encryption key".to_owned().into();
    let plain: Value = serde_json::from_slice(&decrypt(token, &key).expect("it opens")).expect("JSON");
    let names: Vec<&String> = plain.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["access_token_id", "client_id", "expire_time", "refresh_token_id", "scopes", "user_id"]);
    // A month by the calendar: the first of March.
    assert_eq!(plain["expire_time"].as_i64(), Some(seconds(28 * 86_400).unix_timestamp()));
    let id = plain["refresh_token_id"].as_str().expect("text");
    assert_eq!(world.count(&format!("spy_oauth_refresh_token WHERE identifier = '{id}'")), 1);
    assert_eq!(id.len(), 80);
    assert!(decrypt(token, &"another key".to_owned().into()).is_none());
}

/// K1, R4, R5 in this shape: rotation, an honest retry, reuse.
#[tokio::test]
async fn families_are_as_safe_in_this_shape() {
    let world = World::shop();
    let first = world.sonia().await;
    let second = world.refresh(refresh_of(&first), seconds(1)).await.expect("a pair");
    let again = world.refresh(refresh_of(&first), seconds(2)).await.expect("an honest retry");
    assert_eq!(world.live(), 1);
    let third = world.refresh(refresh_of(&again), seconds(3)).await.expect("a pair");
    assert!(world.refresh(refresh_of(&second), seconds(60)).await.is_err());
    assert!(world.refresh(refresh_of(&third), seconds(61)).await.is_err(), "reuse ended the family");
    for garbage in ["", "def50200", "def5020", "grt_x", &"a".repeat(40_000), &first.access_token] {
        assert!(world.refresh(garbage, seconds(62)).await.is_err());
    }
}

/// What the PHP library made opens here, and a changed bit opens nowhere.
#[test]
fn ciphertexts_are_those_of_the_library() {
    let key = "a password".to_owned().into();
    let sealed = encrypt(b"{}", &key).expect("randomness");
    assert_eq!(sealed.len(), 2 * (4 + 32 + 16 + 2 + 32));
    assert_eq!(decrypt(&sealed, &key).as_deref(), Some(&b"{}"[..]));
    assert_ne!(encrypt(b"{}", &key), Some(sealed.clone()));
    for at in [0, 8, 72, 104, 108, sealed.len() - 1] {
        let mut changed = sealed.clone().into_bytes();
        changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
        assert_eq!(decrypt(&String::from_utf8(changed).expect("digits"), &key), None, "{at}");
    }
    assert_eq!(decrypt(&sealed.to_uppercase(), &key), None);
}

/// §2.5: a customer's revocation leaves access tokens to their time there; reuse and the end of an account do not.
#[tokio::test]
async fn access_tokens_outlive_a_revocation_there() {
    let world = World::shop();
    let (one, two) = (world.sonia().await, world.sonia().await);
    world.engine.revoke(refresh_of(&one), about(&world.user(21)), seconds(1)).await.expect("storage");
    assert!(world.refresh(refresh_of(&one), seconds(2)).await.is_err());
    assert!(world.engine.verify(&one.access_token, seconds(2)).is_ok());
    world.engine.end_sessions(&two.user, seconds(3)).await.expect("storage");
    assert!(world.engine.verify(&two.access_token, seconds(3)).is_err());
}
