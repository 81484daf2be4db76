//! Codes by e-mail.

use std::sync::Arc;

use askama::Template;
use glue_core::language::Language;

use crate::mail::Mailer;
use crate::{Addresses, Answer, Factor, Message, NotSent};

/// The type `email`.
pub struct EmailFactor {
    mailer: Arc<Mailer>,
    addresses: Arc<dyn Addresses>,
}

#[derive(Template)]
#[template(path = "code.txt", escape = "none")]
struct Text<'a> {
    german: bool,
    code: &'a str,
    minutes: i64,
}

impl EmailFactor {
    /// A factor that sends by `mailer` to where `addresses` say.
    #[must_use]
    pub fn new(mailer: Arc<Mailer>, addresses: Arc<dyn Addresses>) -> Self {
        Self { mailer, addresses }
    }
}

impl Factor for EmailFactor {
    fn name(&self) -> &'static str {
        "email"
    }

    fn send<'a>(&'a self, message: Message<'a>) -> Answer<'a, Result<(), NotSent>> {
        Box::pin(async move {
            let address = self.addresses.email(message.person).await.map_err(NotSent::Failed)?;
            let address = address.ok_or(NotSent::NoPerson)?;
            let german = message.language == Language::German;
            let text = Text { german, code: message.code, minutes: message.minutes };
            let text = text.render().map_err(|error| NotSent::Failed(error.to_string()))?;
            self.mailer.send(&address, if german { "Ihr Code" } else { "Your code" }, text).await
        })
    }
}
