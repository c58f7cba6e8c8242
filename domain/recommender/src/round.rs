//! Decisions of the past that were answered: a logged bandit, to judge policies by.

use std::{collections::HashMap, pin::pin, sync::Arc};

use bandit::{Feature, Lesson};
use futures::TryStreamExt;
use kernel::{UserId, db};
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
    let profile = profile::profile(&mut *tx, user).await?;
    if !profile.consents.allow(Consent::KeepHistory) {
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
