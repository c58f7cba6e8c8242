//! The front door: what the notifier is made of.

use std::{fmt, sync::Arc, time::Duration};

use chrono::TimeDelta;
use kernel::{SharedClock, SharedEntropy, Timestamp, UserId, http::HttpError, log_failure};
use moka::sync::Cache;
use profile::Hours;
use recommender::Recommender;
use sqlx::PgPool;
use vault::Vault;

use crate::{
    Entry,
    channel::Channel,
    mail::{MailConfig, Mailer},
    push::{PushConfig, channel::Pushes},
    store,
};

/// Decisions are kept for so long, to be read by the person.
const KEPT: TimeDelta = TimeDelta::days(30);

/// A browser that gave no sign of life for so long takes no pushes any more, whatever its push service says; nor does a
/// mailbox take letters.
const SILENT: TimeDelta = TimeDelta::days(60);

/// A mailbox of which nobody says that it is theirs is forgotten after so long.
const UNCONFIRMED: TimeDelta = TimeDelta::days(7);

/// What was not sent within this, by whatever channel, never is.
const OVERDUE: TimeDelta = TimeDelta::days(1);

/// That somebody is here is written down once in so long.
const HERE: TimeDelta = TimeDelta::minutes(1);

/// The front door. Cloning is cheap.
#[derive(Clone)]
pub struct Notifier(pub(crate) Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) db: PgPool,
    pub(crate) vault: Arc<Vault>,
    pub(crate) recommender: Recommender,
    /// None, where it is not configured.
    pub(crate) push: Option<Pushes>,
    pub(crate) mail: Option<Mailer>,
    pub(crate) clock: SharedClock,
    pub(crate) entropy: SharedEntropy,
    /// When it was last written down that somebody is here.
    here: Cache<UserId, Timestamp>,
}

/// By what oO may speak up. Without any, it never does.
#[derive(Clone, Debug, Default)]
pub struct Channels {
    /// To browsers.
    pub push: Option<PushConfig>,
    /// To mailboxes.
    pub mail: Option<MailConfig>,
}

/// Why a channel cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The way to push services.
    #[error(transparent)]
    Push(#[from] HttpError),
    /// The way to the mail server.
    #[error("the mail server cannot be set up")]
    Mail(#[from] lettre::transport::smtp::Error),
}

/// The notifier failed, and the person can do nothing about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The profile failed.
    #[error(transparent)]
    Profile(#[from] profile::ProfileError),
    /// The choice of the tip failed.
    #[error(transparent)]
    Recommender(#[from] recommender::Error),
    /// What a browser is reached by cannot be sealed.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
}

impl Notifier {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(
        db: PgPool,
        vault: Arc<Vault>,
        recommender: Recommender,
        channels: Channels,
        clock: SharedClock,
        entropy: SharedEntropy,
    ) -> Result<Self, SetUpError> {
        let Channels { push, mail } = channels;
        let push = push.map(|config| Pushes::new(config, clock.clone())).transpose()?;
        let mail = mail.map(|config| Mailer::new(config, clock.clone())).transpose()?;
        let here = Cache::builder().max_capacity(100_000).time_to_live(Duration::from_hours(1));
        let here = here.build();
        Ok(Self(Arc::new(Parts { db, vault, recommender, push, mail, clock, entropy, here })))
    }

    /// What browsers have to know to take pushes from here; none, where oO sends none.
    pub fn public_key(&self) -> Option<&str> {
        self.0.push.as_ref().map(|push| push.public_key.as_str())
    }

    /// By what oO speaks up, if at all.
    pub(crate) fn channels(&self) -> Vec<String> {
        let push = self.0.push.as_ref().map(|_| Pushes::NAME);
        let mail = self.0.mail.as_ref().map(|_| Mailer::NAME);
        push.into_iter().chain(mail).map(str::to_owned).collect()
    }

    /// Whether it does.
    pub(crate) fn speaks(&self) -> bool {
        self.0.push.is_some() || self.0.mail.is_some()
    }

    /// The last decisions about `user`, the newest first.
    pub async fn recent(&self, user: UserId, most: u16) -> Result<Vec<Entry>, Error> {
        Ok(store::recent(&self.0.db, user, most.into()).await?)
    }

    /// The same, beside what the person waits for.
    pub fn note_here(&self, user: UserId) {
        let notifier = self.clone();
        tokio::spawn(async move {
            if let Err(error) = notifier.is_here(user).await {
                log_failure(&error);
            }
        });
    }

    /// Takes note that `user` has oO open: it has nothing to say to them elsewhere.
    pub async fn is_here(&self, user: UserId) -> Result<(), Error> {
        let now = self.0.clock.now();
        let known = self.0.here.get(&user).is_some_and(|at| now - at < HERE);
        if self.speaks() && !known {
            self.0.here.insert(user, now);
            store::is_here(&self.0.db, user, now).await?;
            store::show_life(&self.0.db, user, now).await?;
        }
        Ok(())
    }

    /// Keeps to these hours of `user` from now on.
    pub async fn keep_hours(&self, user: UserId, hours: Hours) -> Result<(), Error> {
        profile::keep_hours(&self.0.db, user, hours, self.0.clock.now()).await?;
        self.reconsider(user).await
    }

    /// Thinks of `user` anew: something of what that rests on has changed.
    pub async fn reconsider(&self, user: UserId) -> Result<(), Error> {
        if self.speaks() && store::is_reachable(&self.0.db, user, &self.channels()).await? {
            store::watch(&self.0.db, user, self.0.clock.now()).await?;
        }
        Ok(())
    }

    /// Removes what is too old to be of use.
    pub async fn forget_old(&self) -> Result<(), Error> {
        let now = self.0.clock.now();
        store::purge_decisions(&self.0.db, now - KEPT).await?;
        store::purge(&self.0.db, now - SILENT, now - UNCONFIRMED).await?;
        store::expire(&self.0.db, now - OVERDUE).await?;
        Ok(())
    }
}

impl fmt::Debug for Notifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notifier")
            .field("push", &self.0.push.is_some())
            .field("mail", &self.0.mail.is_some())
            .finish_non_exhaustive()
    }
}
