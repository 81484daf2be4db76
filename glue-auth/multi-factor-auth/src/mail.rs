//! How mail leaves: through a server, or into a folder.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use lettre::message::{Mailbox, SinglePart};
use lettre::{AsyncFileTransport, AsyncTransport, Tokio1Executor};

use crate::NotSent;
use crate::settings::MailSettings;

/// Sends mail from one sender.
pub struct Mailer {
    way: Way,
    from: Mailbox,
}

enum Way {
    /// For development: one file each.
    Folder(PathBuf),
    #[cfg(feature = "smtp")]
    Server(lettre::AsyncSmtpTransport<Tokio1Executor>),
}

/// Mail that cannot be set up this way.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadMail(String);

impl Mailer {
    /// The mailer that these settings describe; none when they name neither a server nor a folder.
    ///
    /// # Errors
    /// [`BadMail`] when a value makes no sense, or a server is named in a build without `smtp`.
    pub fn of(settings: &MailSettings) -> Result<Option<Self>, BadMail> {
        let way = match (&settings.url, &settings.folder) {
            (Some(url), _) => server(url)?,
            (None, Some(folder)) => Way::Folder(folder.clone()),
            (None, None) => return Ok(None),
        };
        let from = settings.from.parse().map_err(|error| BadMail(format!("`{}`: {error}", settings.from)))?;
        Ok(Some(Self { way, from }))
    }

    /// Whether mail stays on this machine, where it is written at once.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.way, Way::Folder(_))
    }

    /// Sends a plain text in UTF-8 (RFC 5322, RFC 2045).
    ///
    /// # Errors
    /// [`NotSent::Failed`]; the address is in no message.
    pub async fn send(&self, to: &str, subject: &str, text: String) -> Result<(), NotSent> {
        let failed = |error: &dyn std::fmt::Display| NotSent::Failed(error.to_string());
        let unique = oauth::random_key().ok_or_else(|| NotSent::Failed("the system gives no randomness".into()))?;
        let id = format!("<{unique}@{}>", self.from.email.domain());
        let mail = lettre::Message::builder()
            .message_id(Some(id))
            .from(self.from.clone())
            .to(to.parse().map_err(|_| NotSent::Failed("the address is none".into()))?)
            .subject(subject)
            .singlepart(SinglePart::plain(text))
            .map_err(|error| failed(&error))?;
        match &self.way {
            Way::Folder(folder) => {
                // What is in it is as good as a mailbox.
                let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
                made.map_err(|error| failed(&error))?;
                let transport = AsyncFileTransport::<Tokio1Executor>::new(folder);
                transport.send(mail).await.map(drop).map_err(|error| failed(&error))
            }
            #[cfg(feature = "smtp")]
            Way::Server(server) => server.send(mail).await.map(drop).map_err(|error| failed(&error)),
        }
    }
}

#[cfg(feature = "smtp")]
fn server(url: &secrecy::SecretString) -> Result<Way, BadMail> {
    use secrecy::ExposeSecret;

    // The address may hold a password: nothing of it goes into the message.
    let builder = lettre::AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret());
    let builder = builder.map_err(|_| BadMail("this is no address of a mail server".into()))?;
    Ok(Way::Server(builder.timeout(Some(std::time::Duration::from_secs(10))).build()))
}

#[cfg(not(feature = "smtp"))]
fn server(_: &secrecy::SecretString) -> Result<Way, BadMail> {
    Err(BadMail("this build has no `smtp`".into()))
}
