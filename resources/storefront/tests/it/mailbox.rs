//! A folder that mail lands in, read as mail programs read it.

use std::fs;

use glue_app::Settings;
use mail_parser::{MessageParser, MimeHeaders};
use tempfile::TempDir;

/// What a person sees of one mail.
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// Where mail of one test lands.
pub(crate) struct Mailbox(TempDir);

impl Mailbox {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    /// The settings with mail landing here.
    pub(crate) fn settings(&self, mut settings: Settings) -> Settings {
        settings.mail.folder = Some(self.folder());
        settings
    }

    /// No mail can be written any more.
    pub(crate) fn close(&self) {
        fs::remove_dir_all(self.folder()).expect("a folder");
        fs::write(self.folder(), "").expect("a file");
    }

    /// Every mail, the youngest last. What a mail program needs is in each of them (RFC 5322 §3.6, RFC 2045 §4, §5).
    pub(crate) fn mails(&self) -> Vec<Mail> {
        let entries = fs::read_dir(self.folder()).into_iter().flatten();
        let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
        entries.sort_by_key(|entry| entry.metadata().and_then(|data| data.modified()).expect("a time"));
        entries.iter().map(|entry| read(&fs::read(entry.path()).expect("a mail"))).collect()
    }

    /// What follows `mark` in each mail, up to a blank or a full stop.
    pub(crate) fn words_after(&self, mark: &str) -> Vec<String> {
        let word = |mail: Mail| {
            let rest = mail.text.split(mark).nth(1)?;
            Some(rest.chars().take_while(|c| !c.is_whitespace() && *c != '.').collect())
        };
        self.mails().into_iter().filter_map(word).collect()
    }

    fn folder(&self) -> std::path::PathBuf {
        self.0.path().join("new")
    }
}

fn read(bytes: &[u8]) -> Mail {
    let mail = MessageParser::default().parse(bytes).expect("a mail");
    let id = mail.message_id().expect("a message id");
    assert!(id.ends_with("@localhost"), "{id}");
    assert!(mail.date().is_some_and(mail_parser::DateTime::is_valid), "a date");
    assert_eq!(mail.header_raw("MIME-Version").map(str::trim), Some("1.0"));
    let kind = mail.content_type().expect("a content type");
    assert_eq!((kind.ctype(), kind.subtype(), kind.attribute("charset")), ("text", Some("plain"), Some("utf-8")));
    assert!(bytes.is_ascii(), "what is not ASCII is encoded");
    let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address()).expect("a reader").to_owned();
    let subject = mail.subject().expect("a subject").to_owned();
    Mail { to, subject, text: mail.body_text(0).expect("a text").into_owned() }
}
