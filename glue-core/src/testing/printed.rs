//! Documents are printed and read once a process: every test has an application of its own, and most have the same document.

use std::collections::HashMap;
use std::hash::Hash;
use std::ptr::from_ref;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use serde_json::Value;

use crate::openapi::{self, About};
use crate::profile::{Dialect, Profile, Rules};
use crate::route::RouteDef;

type Once<K, V> = LazyLock<Mutex<HashMap<K, V>>>;

/// What the document of a test depends on. Rows and refusals live as long as the process: where they are is what they are.
#[derive(PartialEq, Eq, Hash)]
struct Printing {
    profile: Profile,
    dialect: Dialect,
    rows: Vec<usize>,
    refusals: Vec<usize>,
}

/// The document of these rows, as JSON.
pub(super) fn document(rows: &[&'static RouteDef], rules: &Rules, about: &About) -> String {
    static PRINTED: Once<Printing, String> = LazyLock::new(Mutex::default);
    let printing = Printing {
        profile: rules.profile,
        dialect: rules.dialect,
        rows: rows.iter().map(|row| from_ref(*row).addr()).collect(),
        refusals: about.refusals.iter().map(|row| from_ref(*row).addr()).collect(),
    };
    once(&PRINTED, printing, || openapi::document(rows, rules, about).to_json().unwrap_or_default())
}

/// A document as a value.
pub(super) fn read(document: &[u8]) -> Arc<Value> {
    static READ: Once<Vec<u8>, Arc<Value>> = LazyLock::new(Mutex::default);
    once(&READ, document.to_vec(), || Arc::new(serde_json::from_slice(document).unwrap_or_default()))
}

/// Whoever comes first makes it, the others wait.
fn once<K: Eq + Hash, V: Clone>(known: &Once<K, V>, key: K, make: impl FnOnce() -> V) -> V {
    known.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert_with(make).clone()
}
