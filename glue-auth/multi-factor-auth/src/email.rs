//! Codes by e-mail.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::Arc;

use askama::Template;
use lettre::message::Mailbox;
use lettre::{AsyncFileTransport, AsyncTransport, Tokio1Executor};

use crate::settings::MailSettings;
use crate::{Addresses, Answer, Factor, Message, NotSent};

/// The type `email`.
pub struct EmailFactor {
    mailer: Mailer,
    from: Mailbox,
    addresses: Arc<dyn Addresses>,
}

enum Mailer {
    /// For development: one file each.
    Folder(PathBuf),
    #[cfg(feature = "smtp")]
    Server(lettre::AsyncSmtpTransport<Tokio1Executor>),
}

/// Mail that cannot be set up this way.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadMail(String);

#[derive(Template)]
#[template(path = "code.txt", escape = "none")]
struct Text<'a> {
    german: bool,
    code: &'a str,
    minutes: i64,
}

impl EmailFactor {
    /// The factor that these settings describe; none when they name neither a server nor a folder.
    ///
    /// # Errors
    /// [`BadMail`] when a value makes no sense, or a server is named in a build without `smtp`.
    pub fn of(settings: &MailSettings, addresses: Arc<dyn Addresses>) -> Result<Option<Self>, BadMail> {
        let mailer = match (&settings.url, &settings.folder) {
            (Some(url), _) => server(url)?,
            (None, Some(folder)) => Mailer::Folder(folder.clone()),
            (None, None) => return Ok(None),
        };
        let from = settings.from.parse().map_err(|error| BadMail(format!("`{}`: {error}", settings.from)))?;
        Ok(Some(Self { mailer, from, addresses }))
    }
}

#[cfg(feature = "smtp")]
fn server(url: &secrecy::SecretString) -> Result<Mailer, BadMail> {
    use secrecy::ExposeSecret;

    // The address may hold a password: nothing of it goes into the message.
    let builder = lettre::AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret());
    let builder = builder.map_err(|_| BadMail("this is no address of a mail server".into()))?;
    Ok(Mailer::Server(builder.timeout(Some(std::time::Duration::from_secs(10))).build()))
}

#[cfg(not(feature = "smtp"))]
fn server(_: &secrecy::SecretString) -> Result<Mailer, BadMail> {
    Err(BadMail("this build has no `smtp`".into()))
}

impl Factor for EmailFactor {
    fn name(&self) -> &'static str {
        "email"
    }

    fn send<'a>(&'a self, message: Message<'a>) -> Answer<'a, Result<(), NotSent>> {
        Box::pin(async move {
            let address = self.addresses.email(message.person).await.map_err(NotSent::Failed)?;
            let address = address.ok_or(NotSent::NoPerson)?;
            let failed = |error: &dyn std::fmt::Display| NotSent::Failed(error.to_string());
            let german = message.language.starts_with("de");
            let text = Text { german, code: message.code, minutes: message.minutes };
            let mail = lettre::Message::builder()
                .from(self.from.clone())
                // Which address it was is nothing for a log.
                .to(address.parse().map_err(|_| NotSent::Failed("the address is none".into()))?)
                .subject(if german { "Ihr Code" } else { "Your code" })
                .body(text.render().map_err(|error| failed(&error))?)
                .map_err(|error| failed(&error))?;
            match &self.mailer {
                Mailer::Folder(folder) => {
                    // The codes in it are as good as the ones in a mailbox.
                    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
                    made.map_err(|error| failed(&error))?;
                    let transport = AsyncFileTransport::<Tokio1Executor>::new(folder);
                    transport.send(mail).await.map(drop).map_err(|error| failed(&error))
                }
                #[cfg(feature = "smtp")]
                Mailer::Server(server) => server.send(mail).await.map(drop).map_err(|error| failed(&error)),
            }
        })
    }
}
