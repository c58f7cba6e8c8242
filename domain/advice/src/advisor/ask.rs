//! Asking: a question is claimed and put, and what is fit in its answer is handed on.

use chrono::{NaiveDate, TimeDelta};
use kernel::{Timestamp, UserId};
use uuid::Uuid;
use vault::VaultError;

use super::{AdviceError, Advisor, PAUSE, Silence, Written};
use crate::{
    Fit, Idea, Origin, Prompt, Refusal, Situation,
    model::{Completion, Model, ModelError, Question},
    near::Sketch,
    store::{self, Claim, Claimed, Cost},
    writer::apart,
};

/// What follows an answer takes no longer: a question that has not ended by then died with its server.
const AFTERWARDS: TimeDelta = TimeDelta::seconds(60);

/// A question that was claimed.
struct Asked<'a> {
    user: UserId,
    model: &'a Model,
    prompt: &'a Prompt,
    situation: &'a Situation,
    claimed: Timestamp,
}

impl Advisor {
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

        let asked = Asked { user, model, prompt, situation, claimed: claim.until };
        let (written, cost) = self.put(&asked, &question, seen, tokens).await;
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

    /// Puts a question for which so many tokens are `reserved`, and tells what it cost, whatever came of it.
    async fn put(
        &self,
        asked: &Asked<'_>,
        question: &Question<'_>,
        seen: Option<Uuid>,
        reserved: u32,
    ) -> (Result<Written, Silence>, Cost) {
        let nothing = Cost { calls: 0, tokens: 0 };
        // Somebody else may have asked while this one was on its way.
        let said = match self.said(asked.user, seen).await {
            Ok(said) => said,
            Err(error) => return (Err(error), nothing),
        };
        let answer = asked.model.ask(question).await;
        let cost = match &answer {
            Err(ModelError::Open) => nothing,
            answer => Cost { calls: 1, tokens: spent(answer, reserved) },
        };
        (self.read(asked, answer, said).await, cost)
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
            let checked = self.0.writer.rules.check(&answer.content, prompt, situation)?;
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
