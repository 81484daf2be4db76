//! Passwords that are known to attackers (`NotCompromisedPassword`; reference/resources.md §0.3; security.md P14).

use std::collections::HashSet;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::Path;

use sha2::{Digest, Sha256};

/// Knows which passwords are out. The composition root registers one with the hooks; without it every password that is
/// strong enough is taken.
pub trait BreachedPasswords: Send + Sync {
    /// Whether the password is known to attackers. It runs on a worker thread: it must neither wait nor keep the text.
    fn contains(&self, password: &str) -> bool;
}

/// A list of such passwords in memory, as hashes.
#[derive(Default)]
pub struct PasswordList(HashSet<[u8; 32]>);

impl PasswordList {
    /// Reads a file with one password a line; empty lines do not count.
    ///
    /// # Errors
    /// When the file cannot be read or is not UTF-8.
    pub fn read(path: &Path) -> std::io::Result<Self> {
        let mut list = Self::default();
        for line in BufReader::new(std::fs::File::open(path)?).lines() {
            list.0.extend(Some(line?).filter(|line| !line.is_empty()).map(|line| digest(&line)));
        }
        Ok(list)
    }
}

impl<'a> FromIterator<&'a str> for PasswordList {
    fn from_iter<I: IntoIterator<Item = &'a str>>(passwords: I) -> Self {
        Self(passwords.into_iter().map(digest).collect())
    }
}

impl PasswordList {
    /// Whether there is none in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> Extend<&'a str> for PasswordList {
    fn extend<I: IntoIterator<Item = &'a str>>(&mut self, passwords: I) {
        self.0.extend(passwords.into_iter().map(digest));
    }
}

impl BreachedPasswords for PasswordList {
    fn contains(&self, password: &str) -> bool {
        self.0.contains(&digest(password))
    }
}

/// How many there are; never which.
impl fmt::Debug for PasswordList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PasswordList").field(&self.0.len()).finish()
    }
}

fn digest(password: &str) -> [u8; 32] {
    Sha256::digest(password.as_bytes()).into()
}
