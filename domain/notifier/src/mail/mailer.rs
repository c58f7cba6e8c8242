//! Letters as a channel: whatever is said becomes a letter, and goes to the mail server.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::{SharedClock, UserId};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{Error, extension::ClientId},
};
use recommender::{Reaction, Snooze, Tip};
use tokio::time::timeout;
use url::Url;
use uuid::Uuid;
use vault::{DataKey, VaultError};

use super::{
    MailConfig, address,
    letter::{Envelope, Letter},
    link::Asks,
    outcome::outcome,
};
use crate::{
    Outcome,
    channel::{Channel, Says, Target, Word},
};

/// For a letter, the connection included.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whoever is asked whether they want letters can answer for so long.
const TO_CONFIRM: TimeDelta = TimeDelta::days(2);

/// How letters leave the house.
pub(crate) struct Mailer {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    base_url: Url,
    clock: SharedClock,
}

impl Mailer {
    pub(crate) fn new(config: MailConfig, clock: SharedClock) -> Result<Self, Error> {
        let MailConfig { server, from, base_url } = config;
        let mut server =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(server.url())?.timeout(Some(PATIENCE));
        if let Some(name) = base_url.domain() {
            server = server.hello_name(ClientId::Domain(name.to_owned()));
        }
        Ok(Self { server: server.build(), from, base_url, clock })
    }

    /// Asks whoever reads `address` whether it is `user` who wants letters there. Says nothing else: it may be anybody's.
    pub(crate) async fn ask(
        &self,
        user: UserId,
        key: &DataKey,
        mailbox: Uuid,
        address: &Address,
        id: Uuid,
    ) -> Result<Outcome, VaultError> {
        let until = self.clock.now() + TO_CONFIRM;
        let confirm = Asks::Confirm { mailbox, until };
        let mut letter = Letter::new(
            "Shall oO write to you?",
            "Somebody wants oO to write to you here.",
            "If it was not you, say so below, and oO forgets this address.",
        );
        letter.ways = vec![("It was me", self.leads(&confirm.seal(user, key)?))];
        letter.stop = Some(self.leads(&Asks::Stop { mailbox }.seal(user, key)?));
        Ok(self.post(address, &letter, id).await)
    }

    fn letter(&self, word: &Word<'_>) -> Result<Letter, VaultError> {
        let link = |asks: Asks| asks.seal(word.user, word.key).map(|sealed| self.leads(&sealed));
        let mut letter = match word.says {
            Says::Trial => Letter::new("oO", "This is how I speak up.", ""),
            Says::Tip(tip) => of(tip),
            Says::Morning(tip, done) => of(tip).under(&since(done)),
        };
        if let Says::Tip(tip) | Says::Morning(tip, _) = word.says {
            for (label, reaction) in [
                ("Done", Reaction::Done),
                ("Later", Reaction::Snooze(Snooze::Later)),
                ("Not this", Reaction::Dismiss),
            ] {
                letter.ways.push((label, link(Asks::Answer { tip: tip.id, reaction })?));
            }
        }
        letter.ways.push(("Open oO", self.base_url.to_string()));
        letter.stop = Some(link(Asks::Stop { mailbox: word.to })?);
        Ok(letter)
    }

    /// Where a link leads.
    fn leads(&self, sealed: &str) -> String {
        let mut url = self.base_url.clone();
        url.set_path(&format!("/mail/{sealed}"));
        url.into()
    }

    async fn post(&self, to: &Address, letter: &Letter, id: Uuid) -> Outcome {
        let message_id = format!("<{}@{}>", id.simple(), self.from.email.domain());
        let envelope = Envelope { from: &self.from, to, at: self.clock.now(), message_id };
        match letter.message(envelope) {
            Ok(message) => self.send_message(message).await,
            Err(error) => {
                tracing::error!(%error, "a letter could not be made");
                Outcome::Refused { status: None }
            }
        }
    }

    async fn send_message(&self, message: Message) -> Outcome {
        let outcome = match timeout(PATIENCE, self.server.send(message)).await {
            Ok(Ok(_)) => Outcome::Accepted,
            Ok(Err(error)) => outcome(&error),
            Err(_elapsed) => Outcome::Later { after: None },
        };
        if outcome != Outcome::Accepted {
            tracing::info!(outcome = outcome.name(), "a letter was not taken");
        }
        outcome
    }
}

impl Channel for Mailer {
    const NAME: &'static str = "mail";

    // A connection each: one that was given up in the middle of a letter would answer the next one.
    const AT_ONCE: usize = 4;

    type Reach = Address;

    fn open(&self, key: &DataKey, target: &Target) -> Result<Option<Address>, VaultError> {
        address::open(key, target.id, &target.sealed)
    }

    async fn send(&self, to: &Address, word: &Word<'_>) -> Outcome {
        match self.letter(word) {
            Ok(letter) => self.post(to, &letter, word.id).await,
            Err(error) => {
                tracing::error!(%error, "a letter could not be sealed");
                Outcome::Refused { status: None }
            }
        }
    }
}

fn of(tip: &Tip) -> Letter {
    Letter::new(&tip.text, &tip.text, &tip.context)
}

/// What was done since the last morning.
fn since(done: usize) -> String {
    match done {
        0 => String::new(),
        1 => "One done since yesterday.".to_owned(),
        done => format!("{done} done since yesterday."),
    }
}
