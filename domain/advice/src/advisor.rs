//! The front door to what a language model writes.

mod ask;

use std::{fmt, sync::Arc};

use chrono::TimeDelta;
use kernel::{SharedClock, SharedEntropy, Timestamp, UserId, db::Tx};
use sqlx::{PgConnection, PgPool};
use tokio::sync::Semaphore;
use uuid::Uuid;
use vault::{Vault, VaultError};

use crate::{
    Fit, Idea, IdeaWords, Prompts, RulesError, Sign, Writer,
    model::{Model, ModelError},
    store,
};

/// Words are kept for so long.
const LIFETIME: TimeDelta = TimeDelta::days(1);

/// What was shown is known again for so long.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// A person for whom a question came to nothing is not asked for again before this.
const PAUSE: TimeDelta = TimeDelta::minutes(15);

/// So many questions are open at the same time, on this server.
const OPEN: usize = 4;

/// What may be spent for a person on a day, on all servers together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Questions.
    pub calls: u32,
    /// Tokens, read and written.
    pub tokens: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { calls: 24, tokens: 60_000 }
    }
}

/// Asks a model, and keeps what it wrote. Cloning is cheap.
#[derive(Clone)]
pub struct Advisor(Arc<Parts>);

struct Parts {
    db: PgPool,
    vault: Arc<Vault>,
    model: Option<Model>,
    prompts: Prompts,
    budget: Budget,
    writer: Writer,
    open: Semaphore,
    clock: SharedClock,
    entropy: SharedEntropy,
}

/// Why a model has nothing to say.
#[derive(Debug, thiserror::Error)]
pub enum Silence {
    /// There is none.
    #[error("there is no model")]
    NoModel,
    /// The person's own words have signs of a crisis: nothing is sent, and nothing is counted, since where few people are,
    /// a count tells of one.
    #[error("this is no moment for a model")]
    Crisis,
    /// Somebody asks for this person already, or too many ask.
    #[error("a model is being asked")]
    Busy,
    /// There is enough to be said.
    #[error("there are ideas enough")]
    Enough,
    /// The day's budget is spent.
    #[error("the budget of the day is spent")]
    Spent,
    /// The model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// We failed.
    #[error(transparent)]
    Internal(#[from] AdviceError),
}

/// Ideas failed, and the person can do nothing about it.
#[derive(Debug, thiserror::Error)]
pub enum AdviceError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// What is sealed does not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<sqlx::Error> for Silence {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// What a model wrote, fit for the page, and not kept yet.
pub struct Written {
    ideas: Vec<(Idea, Fit)>,
    /// Until when nobody else asks.
    claimed: Timestamp,
}

impl Written {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.ideas.len()
    }
}

impl Advisor {
    /// Over these parts; without a model it is silent.
    ///
    /// # Errors
    /// When the rules that ship cannot be read; a test reads them.
    pub fn new(
        db: PgPool,
        vault: Arc<Vault>,
        model: Option<Model>,
        prompts: Prompts,
        budget: Budget,
        clock: SharedClock,
        entropy: SharedEntropy,
    ) -> Result<Self, RulesError> {
        let (writer, open) = (Writer::new()?, Semaphore::new(OPEN));
        let parts = Parts { db, vault, model, prompts, budget, writer, open, clock, entropy };
        Ok(Self(Arc::new(parts)))
    }

    /// Whether there is a model.
    pub fn has_model(&self) -> bool {
        self.0.model.is_some()
    }

    /// Whether there is a model that is worth asking at this moment.
    pub fn is_well(&self) -> bool {
        self.0.model.as_ref().is_some_and(Model::is_well)
    }

    /// Whether a person's own words have signs of a crisis.
    pub fn sign(&self, words: &str) -> Option<Sign> {
        self.0.writer.sign(words)
    }

    /// Whether a model is being asked for `user`, or is to be left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_busy(&self, user: UserId) -> Result<bool, AdviceError> {
        Ok(store::is_claimed(&self.0.db, user, self.0.clock.now()).await?)
    }

    /// The newest idea that is known, whether its words are still there or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest(
        &self,
        db: impl sqlx::PgExecutor<'_>,
        user: UserId,
    ) -> Result<Option<Uuid>, AdviceError> {
        Ok(store::newest(db, user).await?)
    }

    /// Lets nobody ask for `user` for a quarter of an hour.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pause(&self, user: UserId) -> Result<(), AdviceError> {
        Ok(store::pause(&self.0.db, user, self.0.clock.now() + PAUSE).await?)
    }

    /// Keeps what was written, sealed, for a day. From now on others may ask.
    ///
    /// # Errors
    /// See [`AdviceError`].
    pub async fn keep(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        written: &Written,
    ) -> Result<(), AdviceError> {
        if written.ideas.is_empty() {
            return Ok(());
        }
        let key = self.0.vault.key_or_new(tx, user).await?;
        for (idea, fit) in &written.ideas {
            store::insert(tx, user, &key, idea, fit, idea.made_at + LIFETIME).await?;
        }
        Ok(store::free(tx, user, written.claimed).await?)
    }

    /// The ideas for a person whose words are kept until then, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ideas(
        &self,
        db: impl sqlx::PgExecutor<'_>,
        user: UserId,
        until: Timestamp,
    ) -> Result<Vec<Idea>, AdviceError> {
        Ok(store::ideas(db, user, until).await?)
    }

    /// An idea in words; none when they are gone, or do not open any more.
    ///
    /// # Errors
    /// See [`AdviceError`].
    pub async fn words(
        &self,
        db: &mut PgConnection,
        user: UserId,
        id: Uuid,
    ) -> Result<Option<IdeaWords>, AdviceError> {
        let Some(sealed) = store::words(&mut *db, user, id).await? else { return Ok(None) };
        let text = match self.0.vault.key(db, user).await {
            Ok(key) => store::open_words(&key, id, &sealed.words),
            Err(error) => Err(error),
        };
        let text = match text {
            Ok(text) => text,
            Err(VaultError::Database(error)) => return Err(error.into()),
            Err(error) => {
                kernel::log_failure(&error);
                return Ok(None);
            }
        };
        Ok(Some(IdeaWords { text, minutes: sealed.minutes, task: sealed.task }))
    }

    /// Takes note of somebody who would see ideas, were there any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wish(&self, tx: &mut Tx<'_>, user: UserId) -> Result<(), AdviceError> {
        Ok(store::wish(tx, user, self.0.clock.now()).await?)
    }

    /// Who wished for ideas in the last `since`, and is asked for by nobody.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wishing(&self, since: TimeDelta) -> Result<Vec<UserId>, AdviceError> {
        let now = self.0.clock.now();
        Ok(store::wishing(&self.0.db, now - since, now).await?)
    }

    /// Removes words that have expired, and what needs no longer be known again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn purge_expired(&self) -> Result<(), AdviceError> {
        let now = self.0.clock.now();
        Ok(store::purge(&self.0.db, now, now - REMEMBERED).await?)
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Written").field("count", &self.count()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Advisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Advisor").field("has_model", &self.has_model()).finish_non_exhaustive()
    }
}
