//! Decisions of the past that were answered: a logged bandit, to judge policies by.

use std::{collections::HashMap, pin::pin, sync::Arc};

use bandit::{Feature, Lesson};
use futures::TryStreamExt;
use jiff::civil::Date;
use kernel::{
    PartOfDay, UserId,
    db::{self, Tx},
};
use profile::Consent;
use sqlx::PgPool;

use crate::{Error, pool::Candidate, store};

/// One decision that was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// When it was decided, in microseconds since 1970.
    pub at: i64,
    /// The fingerprint of the prior that its policies began with.
    pub prior: String,
    /// What the person's answers had taught until then.
    pub lessons: Vec<Arc<Lesson>>,
    /// What could be chosen.
    pub candidates: Vec<Possible>,
    /// Which of them was.
    pub chosen: usize,
    /// How probably, in (0, 1].
    pub propensity: f64,
    /// What it earned, in [0, 1].
    pub reward: f64,
}

/// One of the candidates of a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Possible {
    /// The name of its arm.
    pub arm: String,
    /// Its kind.
    pub kind: String,
    /// The version of the prompt that made it, where one did.
    pub prompt_version: Option<String>,
    /// Its features.
    pub features: Vec<Feature>,
}

/// A tip that a language model wrote and that was shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The person's own day.
    pub day: Date,
    /// Its kind.
    pub kind: String,
    /// The version of the prompt that made it.
    pub prompt_version: Option<String>,
    /// The language model that made it.
    pub model: Option<String>,
    /// How probably it was chosen from what there was, in (0, 1].
    pub propensity: f64,
    /// Whether it was done. None, where it was not answered.
    pub done: Option<bool>,
}

/// A tip from the shipped library that was answered. Its words are public, and nothing here is the person's own but the
/// answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advised {
    /// The id of the advice.
    pub advice: String,
    /// The part of the person's day in which it was shown.
    pub part: PartOfDay,
    /// Whether it was done.
    pub is_done: bool,
}

/// Everybody who was ever given a tip.
///
/// # Errors
/// When the database fails.
pub async fn people(db: &PgPool) -> Result<Vec<UserId>, Error> {
    Ok(store::people(db).await?)
}

/// The answered decisions of `user` that can be made again, the oldest first. None of somebody who does not let their
/// history be kept.
///
/// # Errors
/// When the database fails.
pub async fn rounds(db: &PgPool, user: UserId) -> Result<Vec<Round>, Error> {
    let mut tx = db::begin(db).await?;
    if !keeps_history(&mut tx, user).await? {
        return Ok(Vec::new());
    }
    let mut known = HashMap::new();
    let mut rounds = Vec::new();
    let mut answered = pin!(store::answered(&mut tx, user));
    while let Some(answered) = answered.try_next().await? {
        rounds.extend(answered.round(&mut known));
    }
    Ok(rounds)
}

/// What language models wrote and `user` was shown, the oldest first. Nothing of somebody who does not let their history be
/// kept.
///
/// # Errors
/// When the database fails.
pub async fn written(db: &PgPool, user: UserId) -> Result<Vec<Written>, Error> {
    let mut tx = db::begin(db).await?;
    if !keeps_history(&mut tx, user).await? {
        return Ok(Vec::new());
    }
    Ok(store::written(&mut tx, user).await?)
}

/// How `user` answered advice from the shipped library, the oldest first. Nothing of somebody who does not let their history
/// be kept.
///
/// # Errors
/// When the database fails.
pub async fn advised(db: &PgPool, user: UserId) -> Result<Vec<Advised>, Error> {
    let mut tx = db::begin(db).await?;
    if !keeps_history(&mut tx, user).await? {
        return Ok(Vec::new());
    }
    Ok(store::advised(&mut tx, user).await?)
}

async fn keeps_history(tx: &mut Tx<'_>, user: UserId) -> Result<bool, Error> {
    let profile = profile::profile(&mut **tx, user).await?;
    Ok(profile.consents.allow(Consent::KeepHistory))
}

impl store::Answered {
    /// None, where it cannot be read any more. Each decision has all lessons before it: those that are `known` are held
    /// once.
    fn round(self, known: &mut HashMap<i64, Arc<Lesson>>) -> Option<Round> {
        let lessons = bandit::from_bytes(&self.lessons).ok()?.into_iter().map(|lesson| {
            let same = known.get(&lesson.at).filter(|known| ***known == lesson).cloned();
            same.unwrap_or_else(|| {
                let lesson = Arc::new(lesson);
                known.insert(lesson.at, Arc::clone(&lesson));
                lesson
            })
        });
        let lessons = lessons.collect();
        let candidates = self.snapshot.candidates;
        let chosen = candidates.iter().position(|candidate| candidate.key == self.candidate)?;
        Some(Round {
            at: self.decided_at.timestamp_micros(),
            prior: self.snapshot.prior,
            lessons,
            candidates: candidates.into_iter().map(Possible::from).collect(),
            chosen,
            propensity: self.propensity,
            reward: self.reward,
        })
    }
}

impl From<Candidate> for Possible {
    fn from(candidate: Candidate) -> Self {
        let features = candidate.vector();
        let arm = candidate.features.arm();
        let crate::features::Features { kind, prompt_version, .. } = candidate.features;
        Self { arm, kind, prompt_version, features }
    }
}
