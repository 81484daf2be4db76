//! The key file (S1, S2).

use std::fs;
use std::os::unix::fs::PermissionsExt;

use oauth::keys::{KeyError, Keys, WhenMissing};
use tempfile::TempDir;

use crate::fixture::{KEY_FOLDER, KEYS};

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
