//! Access tokens that are not ours (J1–J35): signed with the right key where that matters, refused all the same.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use oauth::keys::{Keys, WhenMissing};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixture::{KEY_FOLDER, World, noon, seconds};

/// The key in the test's own hands.
fn pair() -> RsaKeyPair {
    let pem = std::fs::read_to_string(KEY_FOLDER.path().join("key.pem")).expect("the key file");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    RsaKeyPair::from_pkcs8(&STANDARD.decode(body).expect("base64")).expect("a key")
}

#[expect(clippy::disallowed_methods, reason = "the test signs with the key in its own hands")]
fn sign_raw(message: &str, padding: &'static dyn signature::RsaEncoding) -> String {
    let pair = pair();
    let mut bytes = vec![0; pair.public_modulus_len()];
    pair.sign(padding, &SystemRandom::new(), message.as_bytes(), &mut bytes).expect("a signature");
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn part(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

struct Forge {
    world: World,
    token: String,
    header: Value,
    claims: Value,
}

impl Forge {
    async fn new() -> Self {
        let world = World::new();
        let token = world.sonia().await.access_token;
        let read = |index: usize| {
            let part = token.split('.').nth(index).expect("a part");
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
        };
        let (header, claims) = (read(0), read(1));
        Self { world, token, header, claims }
    }

    fn accepts(&self, token: &str) -> bool {
        self.world.engine.verify(token, noon()).is_ok()
    }

    /// The right key, this header and these claims as raw JSON.
    fn signed(&self, header: &str, claims: &str) -> String {
        sign_raw(&format!("{}.{}", part(header), part(claims)), &signature::RSA_PKCS1_SHA256)
    }

    fn with_header(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        self.signed(&header.to_string(), &self.claims.to_string())
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value;
        self.signed(&self.header.to_string(), &claims.to_string())
    }

    fn without_claim(&self, name: &str) -> String {
        let mut claims = self.claims.clone();
        claims.as_object_mut().expect("an object").remove(name);
        self.signed(&self.header.to_string(), &claims.to_string())
    }

    #[track_caller]
    fn refuses(&self, what: &str, token: &str) {
        assert!(!self.accepts(token), "accepted: {what}");
    }
}

/// The oracle: what the test signs itself is accepted when nothing is wrong with it.
#[tokio::test]
async fn a_token_of_ours_is_accepted_however_it_was_made() {
    let forge = Forge::new().await;
    assert!(forge.accepts(&forge.token));
    assert!(forge.accepts(&forge.signed(&forge.header.to_string(), &forge.claims.to_string())));
}

/// J1, J2, J4, J12, J13: another algorithm, in any spelling.
#[tokio::test]
async fn only_rs256_is_accepted() {
    let forge = Forge::new().await;
    let claims = part(&forge.claims.to_string());
    for alg in
        ["none", "None", "NONE", "nOnE", "none ", "", "HS256", "RS384", "RS512", "PS256", "ES256", "EdDSA", "rs256"]
    {
        let header = forge.header.to_string().replace("RS256", alg);
        forge.refuses(alg, &format!("{}.{claims}.", part(&header)));
        forge.refuses(alg, &forge.signed(&header, &forge.claims.to_string()));
    }
    for odd in [json!(null), json!(["RS256"]), json!(1)] {
        forge.refuses("odd alg", &forge.with_header(|header| header["alg"] = odd));
    }
    forge.refuses(
        "no alg",
        &forge.with_header(|header| {
            header.as_object_mut().expect("an object").remove("alg");
        }),
    );
    let kid = forge.header["kid"].as_str().expect("a kid");
    let twice = format!(r#"{{"typ":"at+jwt","alg":"none","alg":"RS256","kid":"{kid}"}}"#);
    forge.refuses("alg twice", &forge.signed(&twice, &forge.claims.to_string()));
    let message = format!("{}.{claims}", part(&forge.header.to_string()));
    forge.refuses("RS512 under RS256", &sign_raw(&message, &signature::RSA_PKCS1_SHA512));
    forge.refuses("PSS under RS256", &sign_raw(&message, &signature::RSA_PSS_SHA256));
}

/// J3: the public key as an HMAC secret, in every encoding that somebody may have at hand.
#[tokio::test]
async fn the_public_key_is_no_hmac_secret() {
    let forge = Forge::new().await;
    let public = signature::KeyPair::public_key(&pair()).clone();
    let spki = AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(&public).expect("DER");
    let body = STANDARD.encode(spki.as_ref());
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----");
    let secrets: [Vec<u8>; 7] = [
        public.as_ref().to_vec(),
        spki.as_ref().to_vec(),
        pem.clone().into_bytes(),
        format!("{pem}\n").into_bytes(),
        pem.replace('\n', "\r\n").into_bytes(),
        body.into_bytes(),
        forge.header["kid"].as_str().expect("a kid").as_bytes().to_vec(),
    ];
    let header = forge.header.to_string().replace("RS256", "HS256");
    let message = format!("{}.{}", part(&header), part(&forge.claims.to_string()));
    for secret in secrets.iter().map(Vec::as_slice).chain([&b""[..], b"secret", b"changeme"]) {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        forge.refuses("HS256", &format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref())));
    }
}

/// J5–J7, J9, J18, J32, J34: header members that are not ours change nothing or are refused; `typ` and `kid` are exact.
#[tokio::test]
async fn the_header_is_read_strictly() {
    let forge = Forge::new().await;
    for typ in [
        json!("JWT"),
        json!("refresh+jwt"),
        json!("logout+jwt"),
        json!("AT+JWT "),
        json!("application/at+jwt"),
        json!(null),
        json!(1),
    ] {
        forge.refuses("typ", &forge.with_header(|header| header["typ"] = typ));
    }
    let kids = [
        json!("other"),
        json!(""),
        json!("../../etc/passwd"),
        json!("/dev/null"),
        json!("' OR 1=1 --"),
        json!("x".repeat(16_384)),
        json!(7),
        json!([]),
        json!({}),
        json!(null),
        json!("a\r\nb"),
    ];
    for kid in kids {
        forge.refuses("kid", &forge.with_header(|header| header["kid"] = kid));
    }
    for crit in [json!(["exp"]), json!(null), json!([]), json!("exp"), json!(false), json!({})] {
        forge.refuses("crit", &forge.with_header(|header| header["crit"] = crit));
    }
    forge.refuses("zip", &forge.with_header(|header| header["zip"] = json!("DEF")));
    forge.refuses("b64", &forge.with_header(|header| header["b64"] = json!(false)));
    for header in ["[]", "\"\"", "null", "{", "\u{feff}{}", "", "{\"alg\":\"RS256\"", &"[".repeat(10_000)] {
        forge.refuses("header", &forge.signed(header, &forge.claims.to_string()));
    }
}

/// J8, J23–J31, J33: every claim is needed, has one type, and holds.
#[tokio::test]
async fn every_claim_has_to_hold() {
    let forge = Forge::new().await;
    for name in ["iss", "aud", "sub", "client_id", "jti", "iat", "nbf", "exp", "scopes", "identity"] {
        forge.refuses(name, &forge.without_claim(name));
        forge.refuses(name, &forge.with_claim(name, json!(null)));
    }
    let now = noon().unix_timestamp();
    let wrong = [
        (
            "iss",
            vec![
                json!("http://issuer.test/"),
                json!("http://ISSUER.test"),
                json!("http://issuer.tes"),
                json!(["http://issuer.test"]),
                json!(1),
                json!(""),
            ],
        ),
        ("aud", vec![json!("backend"), json!(""), json!([]), json!(["backend"]), json!(1), json!({})]),
        (
            "exp",
            vec![
                json!(now - 3600),
                json!(now - 5),
                json!(0),
                json!(-1),
                json!("9999999999"),
                json!(true),
                json!([now + 60]),
                json!(1e300),
            ],
        ),
        ("nbf", vec![json!(now + 60), json!("1"), json!(null), json!(1e300)]),
        ("iat", vec![json!(now + 86_400), json!(now - 3_600_000_000_i64), json!("1")]),
        ("sub", vec![json!(""), json!("unknown"), json!("00000000-0000-0000-0000-000000000000"), json!(21), json!([])]),
        ("scope", vec![json!("customer agent"), json!("")]),
        ("scopes", vec![json!([]), json!(["agent"])]),
        ("jti", vec![json!(""), json!(1)]),
        (
            "identity",
            vec![
                json!("x"),
                json!([]),
                json!({}),
                json!({ "id_customer": "21" }),
                json!({ "id_customer": 4, "customer_reference": "DE--4" }),
            ],
        ),
    ];
    for (name, values) in wrong {
        for value in values {
            forge.refuses(&format!("{name} {value}"), &forge.with_claim(name, value.clone()));
        }
    }
    forge.refuses("a hundred years", &forge.with_claim("exp", json!(now + 3_153_600_000_i64)));
}

/// J26: a claim that stands twice.
#[tokio::test]
async fn a_claim_stands_once() {
    let forge = Forge::new().await;
    let claims = forge.claims.to_string();
    let twice = claims.replacen('{', "{\"exp\":9999999999,", 1);
    forge.refuses("exp twice", &forge.signed(&forge.header.to_string(), &twice));
}

/// J10, J11, J14–J17, J19–J22: broken parts.
#[tokio::test]
async fn broken_tokens_are_refused() {
    let forge = Forge::new().await;
    let parts: Vec<&str> = forge.token.split('.').collect();
    let (header, claims, sig) = (parts[0], parts[1], parts[2]);
    let other = part(&forge.claims.to_string().replace("DE--21", "DE--4"));
    let bytes = URL_SAFE_NO_PAD.decode(sig).expect("base64");
    let mut flipped = bytes.clone();
    flipped[0] ^= 1;
    let tokens = [
        String::new(),
        header.into(),
        format!("{header}.{claims}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{sig}."),
        format!("{header}.{claims}.{sig}.x.y"),
        format!(".{claims}.{sig}"),
        format!("{header}..{sig}"),
        format!("{header}.{other}.{sig}"),
        format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(&flipped)),
        format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(&bytes[..255])),
        format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode([bytes.clone(), vec![0]].concat())),
        format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(vec![0; 256])),
        format!("{header}.{claims}.{}", URL_SAFE.encode(&bytes)),
        format!("{header}.{claims}.{}", STANDARD.encode(&bytes)),
        format!("{header}.{claims}.{sig}="),
        format!("{header} .{claims}.{sig}"),
        format!("{header}\u{ff0e}{claims}\u{ff0e}{sig}"),
        format!("{header}\u{200b}.{claims}.{sig}"),
        format!("{header}.{claims}.{sig}\0"),
        ".".repeat(60_000),
        "a".repeat(100_000),
        forge.signed(&forge.header.to_string(), "[]"),
        forge.signed(&forge.header.to_string(), &"[".repeat(2_000)),
        forge.signed(&forge.header.to_string(), "\u{feff}{}"),
        format!(r#"{{"payload":"{claims}","signatures":[{{"protected":"{header}","signature":"{sig}"}}]}}"#),
    ];
    for token in tokens {
        forge.refuses(token.get(..40).unwrap_or(&token), &token);
    }
    // Spare bits of the last character: another spelling of the same bytes.
    let mut spelled: Vec<char> = sig.chars().collect();
    let last = spelled.last_mut().expect("a character");
    *last = if *last == 'A' { 'B' } else { char::from(*last as u8 + 1) };
    forge.refuses("spare bits", &format!("{header}.{claims}.{}", spelled.into_iter().collect::<String>()));
}

/// J23, A10: time is the engine's, with a small leeway.
#[tokio::test]
async fn a_token_ends_with_its_time() {
    let forge = Forge::new().await;
    assert!(forge.world.engine.verify(&forge.token, seconds(28_800)).is_ok());
    assert!(forge.world.engine.verify(&forge.token, seconds(28_806)).is_err());
    assert!(forge.world.engine.verify(&forge.token, seconds(-60)).is_err());
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

/// A private key of a curve, and its public half.
#[expect(clippy::disallowed_methods, reason = "the test makes keys of its own")]
fn curve(algorithm: &'static signature::EcdsaSigningAlgorithm) -> (String, String) {
    let private = signature::EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).expect("a key");
    let pair = signature::EcdsaKeyPair::from_pkcs8(algorithm, private.as_ref()).expect("a key");
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("a key");
    (pem("PRIVATE KEY", private.as_ref()), pem("PUBLIC KEY", public.as_ref()))
}

#[expect(clippy::disallowed_methods, reason = "the test makes keys of its own")]
fn ed25519() -> String {
    let private = signature::Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
    pem("PRIVATE KEY", private.as_ref())
}

/// J1, J13: a key of another kind signs with its own algorithm, is shown as what it is, and verifies nothing that names
/// another one; keys of different kinds follow each other, the retired ones as public halves.
#[tokio::test]
async fn other_kinds_of_keys_sign_too() {
    let folder = TempDir::new().expect("a folder");
    let file = |name: &str, pem: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, pem).expect("a file");
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("a mode");
        path
    };
    let world = World::new();
    let rsa = world.sonia().await.access_token;
    let ((p256, p256_public), ed25519) = (curve(&signature::ECDSA_P256_SHA256_FIXED_SIGNING), ed25519());
    for (private, algorithm, curve) in [(&p256, "ES256", "P-256"), (&ed25519, "EdDSA", "Ed25519")] {
        let keys = Keys::from_pem(private.as_bytes()).expect("a key");
        let kid = keys.kid().to_owned();
        assert!(!keys.is_rsa());
        world.engine.replace_keys(keys);
        let token = world.sonia().await.access_token;
        assert!(world.engine.verify(&token, noon()).is_ok());
        assert!(world.engine.verify(&rsa, noon()).is_err(), "a key that is gone");
        let (_, rest) = token.split_once('.').expect("three parts");
        for other in ["RS256", "ES256", "EdDSA", "HS256", "none"] {
            let header = json!({ "typ": "at+jwt", "alg": other, "kid": kid }).to_string();
            let forged = format!("{}.{rest}", part(&header));
            assert_eq!(world.engine.verify(&forged, noon()).is_ok(), forged == token, "{other}");
        }
        let jwks = world.engine.jwks();
        let jwk = &jwks["keys"][0];
        assert_eq!((jwk["alg"].as_str(), jwk["crv"].as_str()), (Some(algorithm), Some(curve)));
        assert_eq!(jwk["kid"].as_str(), Some(kid.as_str()));
        assert!(jwk.get("d").is_none(), "public members only");
    }
    let old = KEY_FOLDER.path().join("key.pem");
    let (second, third) = (file("p256.pem", &p256), file("ed25519.pem", &ed25519));
    let next = Keys::load(&second, WhenMissing::Refuse).and_then(|keys| keys.with_retired(&[old])).expect("keys");
    world.engine.replace_keys(next);
    assert!(world.engine.verify(&rsa, noon()).is_ok());
    let signed = world.sonia().await.access_token;
    let public = file("public.pem", &p256_public);
    let last = Keys::load(&third, WhenMissing::Refuse).and_then(|keys| keys.with_retired(&[public])).expect("keys");
    world.engine.replace_keys(last);
    assert!(world.engine.verify(&signed, noon()).is_ok());
    assert!(world.engine.verify(&rsa, noon()).is_err());
    let (p384, _) = curve(&signature::ECDSA_P384_SHA384_FIXED_SIGNING);
    assert!(Keys::from_pem(p384.as_bytes()).is_none(), "another curve is none of ours");
}
