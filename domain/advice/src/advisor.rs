//! The front door to what a language model writes.

use std::{fmt, sync::Arc};

use chrono::{NaiveDate, TimeDelta};
use kernel::{SharedClock, SharedEntropy, Timestamp, UserId, db::Tx};
use sqlx::{PgConnection, PgPool};
use tokio::sync::Semaphore;
use uuid::Uuid;
use vault::{Vault, VaultError};

use crate::{
    Fit, Idea, IdeaWords, Origin, Prompt, Prompts, Refusal, RulesError, Sign, Situation, Writer,
    model::{Completion, Model, ModelError, Question},
    near::Sketch,
    store::{self, Claim, Claimed, Cost},
    writer::apart,
};

/// Words are kept for so long.
const LIFETIME: TimeDelta = TimeDelta::days(1);

/// What was shown is known again for so long.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// What follows an answer takes no longer: a question that has not ended by then died with its server.
const AFTERWARDS: TimeDelta = TimeDelta::seconds(60);

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

/// A question that was claimed.
struct Asked<'a> {
    user: UserId,
    model: &'a Model,
    prompt: &'a Prompt,
    situation: &'a Situation,
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

    /// Asks a model what it would say in this `situation`, on a `day` of the person's own; unless there is something newer
    /// than the idea that was `seen` last. That they allow it is for the caller to know. What came of it is counted,
    /// whatever it was. Nobody else asks until it is [kept](Advisor::keep).
    ///
    /// # Errors
    /// See [`Silence`].
    pub async fn ask(
        &self,
        user: UserId,
        day: NaiveDate,
        situation: &Situation,
        seen: Option<Uuid>,
    ) -> Result<Written, Silence> {
        let parts = &*self.0;
        let model = parts.model.as_ref().ok_or(Silence::NoModel)?;
        // The same for a day: a person meets several versions, and not two in one hour.
        let prompt = parts.prompts.pick(&format!("{user}/{day}")).ok_or(Silence::NoModel)?;
        let question = parts.writer.question(prompt, situation).ok_or(Silence::Crisis)?;
        if !model.is_well() {
            return Err(ModelError::Open.into());
        }
        let _permit = parts.open.try_acquire().map_err(|_| Silence::Busy)?;
        let now = parts.clock.now();
        let patience = TimeDelta::from_std(2 * model.patience()).unwrap_or(AFTERWARDS);
        let tokens = question.tokens() + question.max_tokens;
        let claim = Claim { day, now, until: now + patience + AFTERWARDS, tokens };
        match store::claim(&parts.db, user, &claim, parts.budget).await? {
            Claimed::Yes => {}
            Claimed::Busy => return Err(Silence::Busy),
            Claimed::Spent => {
                self.count(prompt, &["spent"]).await?;
                return Err(Silence::Spent);
            }
        }

        let mut cost = Cost { calls: 1, tokens };
        let asked = Asked { user, model, prompt, situation, claimed: claim.until };
        let written = self.put(&asked, &question, seen, &mut cost).await;
        let now = parts.clock.now();
        let until = match &written {
            Ok(written) if written.count() > 0 => None,
            Err(Silence::Enough | Silence::Internal(_) | Silence::Model(ModelError::Open)) => {
                Some(now)
            }
            // Who has nothing to say now is not asked at every turn.
            _ => Some(now + PAUSE),
        };
        store::settle(&parts.db, user, &claim, cost, until).await?;
        written
    }

    /// Puts a question that was claimed, and tells what it cost.
    async fn put(
        &self,
        asked: &Asked<'_>,
        question: &Question<'_>,
        seen: Option<Uuid>,
        cost: &mut Cost,
    ) -> Result<Written, Silence> {
        let nothing = Cost { calls: 0, tokens: 0 };
        // Somebody else may have asked while this one was on its way.
        let said = match self.said(asked.user, seen).await {
            Ok(said) => said,
            Err(error) => {
                *cost = nothing;
                return Err(error);
            }
        };
        let answer = asked.model.ask(question).await;
        *cost = match &answer {
            Err(ModelError::Open) => nothing,
            answer => Cost { calls: 1, tokens: spent(answer, cost.tokens) },
        };
        self.read(asked, answer, said).await
    }

    /// What is fit in an answer, and says nothing that was `said` before.
    async fn read(
        &self,
        asked: &Asked<'_>,
        answer: Result<Completion, ModelError>,
        said: Vec<Sketch>,
    ) -> Result<Written, Silence> {
        let Asked { model, prompt, situation, .. } = *asked;
        let checked = answer.and_then(|answer| {
            let checked = self.0.writer.check(&answer.content, prompt, situation)?;
            Ok((answer, checked))
        });
        let (answer, (mut fit, refused)) = match checked {
            Ok(checked) => checked,
            Err(error) => {
                tracing::warn!(reason = error.reason(), "the language model did not help");
                self.count(prompt, &[error.reason()]).await?;
                return Err(error.into());
            }
        };
        let texts: Vec<&str> = fit.iter().map(|fit| fit.text.as_str()).collect();
        // Without an embedder, letters alone tell.
        if !texts.is_empty()
            && let Ok(vectors) = model.embed(&texts).await
        {
            for (fit, vector) in fit.iter_mut().zip(vectors) {
                fit.sketch.set_vector(&vector);
            }
        }
        let (new, near) = apart(fit, said);
        let refused = refused.into_iter().chain(near).map(Refusal::reason);
        let outcomes: Vec<&str> = refused.chain(new.iter().map(|_| "fit")).collect();
        self.count(prompt, &outcomes).await?;
        Ok(self.written(new, &answer, asked))
    }

    /// What was shown to a person, or may be; unless something is newer than what was `seen` last.
    async fn said(&self, user: UserId, seen: Option<Uuid>) -> Result<Vec<Sketch>, Silence> {
        let parts = &*self.0;
        let rows = store::sketches(&parts.db, user).await?;
        if rows.first().is_some_and(|(id, _)| Some(*id) > seen) {
            return Err(Silence::Enough);
        }
        // Before anything is paid for: without a key, nothing could be kept.
        let key = match parts.vault.key(&parts.db, user).await {
            Ok(key) => key,
            Err(VaultError::NoDataKey) => return Ok(Vec::new()),
            Err(error) => return Err(Silence::Internal(error.into())),
        };
        // What does not open any more is forgotten.
        let open = |(id, sealed): (Uuid, Vec<u8>)| store::open_sketch(&key, id, &sealed).ok()?;
        Ok(rows.into_iter().filter_map(open).collect())
    }

    fn written(&self, new: Vec<Fit>, answer: &Completion, asked: &Asked<'_>) -> Written {
        let now = self.0.clock.now();
        let origin = Origin {
            prompt_version: asked.prompt.version.to_owned(),
            model: answer.model.clone(),
            latency_ms: i32::try_from(answer.latency.as_millis()).unwrap_or(i32::MAX),
            prompt_tokens: i32::try_from(answer.prompt_tokens).unwrap_or(i32::MAX),
            completion_tokens: i32::try_from(answer.completion_tokens).unwrap_or(i32::MAX),
        };
        let idea = |fit: &Fit| Idea {
            id: self.0.entropy.id(now),
            kind: fit.kind,
            task: fit.task.clone(),
            minutes: fit.minutes,
            length: u16::try_from(fit.text.chars().count()).unwrap_or(u16::MAX),
            part: asked.situation.part,
            made_at: now,
            was_shown: false,
            origin: origin.clone(),
        };
        let ideas = new.into_iter().map(|fit| (idea(&fit), fit)).collect();
        Written { ideas, claimed: asked.claimed }
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

    async fn count(&self, prompt: &Prompt, outcomes: &[&str]) -> Result<(), AdviceError> {
        let day = self.0.clock.now().date_naive();
        Ok(store::count(&self.0.db, day, prompt.version, outcomes).await?)
    }
}

/// The tokens that an answer cost: what was reserved, where it does not tell, and nothing where nobody was there.
fn spent(answer: &Result<Completion, ModelError>, reserved: u32) -> u32 {
    use ModelError::{Open, Status, Throttled, Unreachable};
    match answer {
        Ok(answer) => match answer.prompt_tokens.saturating_add(answer.completion_tokens) {
            0 => reserved,
            told => told,
        },
        Err(Open | Throttled(_) | Status(_) | Unreachable) => 0,
        Err(_) => reserved,
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
