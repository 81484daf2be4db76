//! The key file (S1, S2).

use std::fs;
use std::os::unix::fs::PermissionsExt;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::PublicKey;
use aws_lc_rs::signature::{KeyPair, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::EncodingKey;
use oauth::keys::{KeyError, Keys, WhenMissing};
use tempfile::TempDir;

use crate::fixture::{KEY_FOLDER, KEYS, World, noon};

#[test]
fn a_key_is_made_once_and_only_its_owner_reads_it() {
    let _ = &*KEYS;
    let file = KEY_FOLDER.path().join("key.pem");
    let before = fs::read(&file).expect("a key file");
    assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    Keys::load(&file, WhenMissing::Generate).expect("the same key");
    assert_eq!(fs::read(&file).expect("a key file"), before);
}

#[test]
fn production_asks_for_a_key_of_its_own() {
    let folder = TempDir::new().expect("a folder");
    let missing = Keys::load(&folder.path().join("key.pem"), WhenMissing::Refuse);
    assert!(matches!(missing, Err(KeyError::Missing(_))));
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("key.pem");
    let _ = &*KEYS;
    fs::copy(KEY_FOLDER.path().join("key.pem"), &file).expect("a copy");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("permissions");
    assert!(matches!(Keys::load(&file, WhenMissing::Refuse), Err(KeyError::Exposed(_))));
}

#[test]
fn what_is_no_key_is_refused_without_being_shown() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("key.pem");
    fs::write(&file, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n").expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("permissions");
    let error = Keys::load(&file, WhenMissing::Refuse).err().expect("no key").to_string();
    assert!(error.contains("auth.key_file") && !error.contains("c2VjcmV0"), "{error}");
}

/// H10: of a key that no longer signs, the public half is enough, in either of the two usual wrappings.
#[tokio::test]
async fn a_retired_key_may_be_its_public_half() {
    let world = World::new();
    let old = world.sonia().await;
    let folder = TempDir::new().expect("a folder");
    let next = Keys::load(&folder.path().join("next.pem"), WhenMissing::Generate).expect("a key");
    let private = EncodingKey::from_rsa_pem(&fs::read(KEY_FOLDER.path().join("key.pem")).expect("a key file"));
    let pair = RsaKeyPair::from_der(private.expect("a key").as_bytes()).expect("a key");
    let public: &PublicKey = pair.public_key();
    let wrapped = AsDer::<PublicKeyX509Der>::as_der(public).expect("a key");
    for (label, der) in [("RSA PUBLIC KEY", public.as_ref()), ("PUBLIC KEY", wrapped.as_ref())] {
        let file = folder.path().join("retired.pem");
        let text = format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der));
        fs::write(&file, text).expect("a file");
        world.engine.replace_keys(next.clone());
        assert!(world.engine.verify(&old.access_token, noon()).is_err(), "{label}");
        world.engine.replace_keys(next.clone().with_retired(&[file]).expect("a public key"));
        assert!(world.engine.verify(&old.access_token, noon()).is_ok(), "{label}");
        assert_eq!(world.engine.jwks()["keys"][1]["kid"], KEYS.kid(), "{label}");
    }
    let broken = folder.path().join("broken.pem");
    fs::write(&broken, "-----BEGIN PUBLIC KEY-----\nc2VjcmV0\n-----END PUBLIC KEY-----\n").expect("a file");
    assert!(matches!(next.with_retired(&[broken]), Err(KeyError::Unusable(_))));
}
