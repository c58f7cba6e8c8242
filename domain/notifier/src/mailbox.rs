//! The mailbox of a person, and the links in what comes there.

use std::time::Duration;

use kernel::{UserId, db, log_failure};
use lettre::Address;
use profile::Consent;
use recommender::{Answer, ReactError, Scene};
use vault::VaultError;

use crate::{
    Error, Notifier, Rhythm, Trial,
    channel::{Channel, Says, Target, Word},
    mail::{
        address,
        link::{Asks, Link},
    },
    store::{self, NewMailbox},
};

/// The longest address (RFC 5321, section 4.5.3.1.3).
const MOST: usize = 254;

/// A mailbox that a person has named.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Its address.
    pub address: String,
    /// How often it is written to.
    pub rhythm: Rhythm,
    /// Whether somebody there has said that it is theirs: before that, nothing else is written.
    pub is_confirmed: bool,
}

/// Why a mailbox is not written to.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// oO writes no letters.
    #[error("oO writes no letters")]
    Off,
    /// It is no address.
    #[error("it is not an address")]
    NotAnAddress,
    /// The notifier failed.
    #[error(transparent)]
    Internal(#[from] Error),
}

/// A link from a letter, opened: whose it is, and what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    user: UserId,
    /// What it asks for.
    pub asks: Asks,
}

/// What came of doing what a link asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// It is done; or was done by the same link before.
    Done,
    /// The tip was answered in another way.
    AnsweredElsewhere,
    /// It is too late for it.
    TooLate,
}

impl Notifier {
    /// Whether oO writes letters.
    pub fn writes(&self) -> bool {
        self.0.mail.is_some()
    }

    /// Where letters to `user` go.
    pub async fn mailbox(&self, user: UserId) -> Result<Option<Mailbox>, Error> {
        let parts = &*self.0;
        let Some(row) = store::mailbox(&parts.db, user).await? else { return Ok(None) };
        let key = parts.vault.key(&parts.db, user).await;
        let address = match key.and_then(|key| address::open(&key, row.id, &row.address)) {
            Ok(address) => address,
            Err(VaultError::Database(error)) => return Err(error.into()),
            // An address whose key is lost is lost.
            Err(error) => {
                log_failure(&error);
                None
            }
        };
        Ok(Some(Mailbox {
            address: address.map(|address| address.to_string()).unwrap_or_default(),
            rhythm: row.rhythm,
            is_confirmed: row.confirmed_at.is_some(),
        }))
    }

    /// Names the mailbox of `user`, in place of another one, and writes there to ask whether it is theirs.
    pub async fn write_to(
        &self,
        user: UserId,
        address: &str,
        rhythm: Rhythm,
    ) -> Result<Trial, MailboxError> {
        if self.0.mail.is_none() {
            return Err(MailboxError::Off);
        }
        let address = address.trim();
        let address: Address = address
            .parse()
            .ok()
            .filter(|_| address.len() <= MOST)
            .ok_or(MailboxError::NotAnAddress)?;
        self.name(user, &address, rhythm).await?;
        Ok(self.write_now(user).await?)
    }

    async fn name(&self, user: UserId, address: &Address, rhythm: Rhythm) -> Result<(), Error> {
        let parts = &*self.0;
        let at = parts.clock.now();
        let id = parts.entropy.id(at);
        let mut tx = db::begin(&parts.db).await?;
        let key = parts.vault.key_or_replaced(&mut tx, user).await?;
        let address = address::seal(&key, id, address)?;
        store::name_mailbox(&mut tx, user, NewMailbox { id, address: &address, rhythm, at })
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes to the mailbox of `user` at once: the tip that is open, to see whether it comes; or, where nobody has said
    /// yet that it is theirs, the question.
    pub async fn write_now(&self, user: UserId) -> Result<Trial, Error> {
        let parts = &*self.0;
        let Some(mail) = &parts.mail else { return Ok(Trial::Unknown) };
        let Some(row) = store::mailbox(&parts.db, user).await? else { return Ok(Trial::Unknown) };
        let key = parts.vault.key(&parts.db, user).await?;
        let target = Target { id: row.id, endpoint: None, sealed: row.address };
        let Some(to) = mail.open(&key, &target)? else { return Ok(Trial::Later) };
        let id = parts.entropy.id(parts.clock.now());
        let outcome = if row.confirmed_at.is_some() {
            let consents = profile::profile(&parts.db, user).await?.consents;
            let scene = parts.recommender.peek(user).await?;
            let says = match &scene {
                Scene::Tip(tip) if consents.allow(Consent::Notify) => Says::Tip(tip),
                _ => Says::Trial,
            };
            let word = Word { id, user, key: &key, to: row.id, says, ttl: Duration::ZERO };
            mail.send(&to, &word).await
        } else {
            mail.ask(user, &key, row.id, &to, id).await?
        };
        self.tried(user, row.id, outcome).await
    }

    /// Writes to the mailbox of `user` so often from now on; whether there is one.
    pub async fn write_in(&self, user: UserId, rhythm: Rhythm) -> Result<bool, Error> {
        let is_there = store::write_in(&self.0.db, user, rhythm).await?;
        self.reconsider(user).await?;
        Ok(is_there)
    }

    /// Writes to `user` no more.
    pub async fn stop_writing(&self, user: UserId) -> Result<(), Error> {
        store::remove_mailbox(&self.0.db, user, None).await?;
        Ok(())
    }

    /// Opens the part of an address that tells what a link asks for; none, where it is not one of ours, or its person is
    /// gone. Nothing is done.
    pub async fn asked(&self, link: &str) -> Result<Option<Asked>, Error> {
        let Some(link) = Link::parse(link) else { return Ok(None) };
        match self.0.vault.key(&self.0.db, link.user).await {
            Ok(key) => Ok(link.open(&key).map(|asks| Asked { user: link.user, asks })),
            Err(VaultError::NoDataKey) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Does what a link asks for. A second time changes nothing.
    pub async fn follow(&self, asked: Asked) -> Result<Followed, Error> {
        let parts = &*self.0;
        let Asked { user, asks } = asked;
        let now = parts.clock.now();
        match asks {
            Asks::Confirm { until, .. } if now >= until => Ok(Followed::TooLate),
            Asks::Confirm { mailbox, .. } => {
                if !store::confirm_mailbox(&parts.db, user, mailbox, now).await? {
                    return Ok(Followed::TooLate);
                }
                self.reconsider(user).await?;
                Ok(Followed::Done)
            }
            Asks::Stop { mailbox } => {
                let was_there = store::remove_mailbox(&parts.db, user, Some(mailbox)).await?;
                // Another one was named after that letter.
                let is_another = !was_there && store::mailbox(&parts.db, user).await?.is_some();
                Ok(if is_another { Followed::TooLate } else { Followed::Done })
            }
            Asks::Answer { tip, reaction } => {
                // Of the letter's three answers to a tip, the first counts, however often they are touched.
                let answer = Answer { tip, key: tip, reaction };
                match parts.recommender.react(user, answer).await {
                    Ok(_next) => {
                        store::show_life(&parts.db, user, now).await?;
                        Ok(Followed::Done)
                    }
                    Err(ReactError::AnsweredElsewhere | ReactError::KeyReused) => {
                        Ok(Followed::AnsweredElsewhere)
                    }
                    Err(ReactError::Gone | ReactError::Unknown) => Ok(Followed::TooLate),
                    Err(ReactError::Internal(error)) => Err(error.into()),
                }
            }
        }
    }
}

impl std::fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailbox").field("rhythm", &self.rhythm).finish_non_exhaustive()
    }
}
