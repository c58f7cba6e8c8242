//! `recommender.tip`, `recommender.snapshot` and `recommender.score`: what was decided, and from what.

use advice::Origin;
use kernel::{Timestamp, UserId, db::Tx};
use serde::Serialize;
use sqlx::{PgPool, types::Json};
use uuid::Uuid;

use crate::{
    Reason,
    decide::{Score, Snapshot},
    features::{self, Features},
};

/// The states of a tip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Shown, and waiting for a reaction.
    Open,
    /// The person reacted.
    Answered,
    /// It went away without a reaction.
    Lapsed,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Lapsed => "lapsed",
        }
    }
}

/// A tip to be written.
pub(crate) struct NewTip<'a> {
    pub(crate) id: Uuid,
    pub(crate) candidate: &'a str,
    /// None, where no history is kept.
    pub(crate) features: Option<&'a Features>,
    pub(crate) reasons: &'a [Reason],
    pub(crate) scores: &'a [Score],
    pub(crate) time_zone: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// The open tip, with what its page needs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OpenTip {
    pub(crate) id: Uuid,
    pub(crate) candidate: String,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) time_zone: String,
    pub(crate) expires_at: Timestamp,
}

/// What a reaction needs to know of the tip that it answers.
pub(crate) struct TipRow {
    pub(crate) candidate: String,
    pub(crate) state: Option<State>,
    pub(crate) expires_at: Timestamp,
}

/// The open tip, and the newest reaction that stands: all that the page asks for, in one look.
pub(crate) struct Seen {
    pub(crate) tip: Option<OpenTip>,
    pub(crate) last: Option<SeenReaction>,
}

/// The newest reaction, as the page tells of it.
pub(crate) struct SeenReaction {
    pub(crate) tip: Uuid,
    pub(crate) reaction: String,
    pub(crate) snooze: Option<String>,
    /// `None`: for good.
    pub(crate) rests_until: Option<Timestamp>,
    pub(crate) at: Timestamp,
}

/// Reads what the page shows, in one round trip.
pub(crate) async fn see(db: &PgPool, user: UserId) -> Result<Seen, sqlx::Error> {
    let row = sqlx::query!(
        r#"select tip.tip_id as "tip_id?",
                  tip.candidate as "candidate?",
                  tip.reasons as "reasons?: Json<Vec<Reason>>",
                  tip.time_zone as "time_zone?",
                  tip.expires_at as "expires_at?",
                  last.tip_id as "answered_tip?",
                  last.reaction as "reaction?",
                  last.snooze as "snooze?",
                  last.rests_until as "rests_until?",
                  last.reacted_at as "reacted_at?"
           from (select $1::uuid as user_id) as person
           left join recommender.tip
                  on tip.user_id = person.user_id
                 and tip.state = 'open'
           left join lateral (
                select tip_id, reaction, snooze, rests_until, reacted_at
                from recommender.reaction
                where reaction.user_id = person.user_id
                  and reaction.undone_at is null
                order by reaction_id desc
                limit 1
           ) as last on true"#,
        user.uuid(),
    )
    .fetch_one(db)
    .await?;

    let tip = match (row.tip_id, row.candidate, row.time_zone, row.expires_at) {
        (Some(id), Some(candidate), Some(time_zone), Some(expires_at)) => {
            let reasons = row.reasons.map(|reasons| reasons.0).unwrap_or_default();
            Some(OpenTip { id, candidate, reasons, time_zone, expires_at })
        }
        _ => None,
    };
    let last = match (row.answered_tip, row.reaction, row.reacted_at) {
        (Some(tip), Some(reaction), Some(at)) => {
            let (snooze, rests_until) = (row.snooze, row.rests_until);
            Some(SeenReaction { tip, reaction, snooze, rests_until, at })
        }
        _ => None,
    };
    Ok(Seen { tip, last })
}

/// The open tip, read under the person's lock.
pub(crate) async fn open_tip(
    tx: &mut Tx<'_>,
    user: UserId,
) -> Result<Option<OpenTip>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select tip_id, candidate, reasons as "reasons: Json<Vec<Reason>>", time_zone, expires_at
           from recommender.tip
           where user_id = $1
             and state = 'open'"#,
        user.uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| OpenTip {
        id: row.tip_id,
        candidate: row.candidate,
        reasons: row.reasons.0,
        time_zone: row.time_zone,
        expires_at: row.expires_at,
    }))
}

/// The tip `id` of this person, whatever its state.
pub(crate) async fn tip(
    tx: &mut Tx<'_>,
    user: UserId,
    id: Uuid,
) -> Result<Option<TipRow>, sqlx::Error> {
    let row = sqlx::query!(
        "select candidate, state, expires_at
         from recommender.tip
         where user_id = $1
           and tip_id = $2",
        user.uuid(),
        id,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| TipRow {
        candidate: row.candidate,
        state: [State::Open, State::Answered, State::Lapsed]
            .into_iter()
            .find(|state| state.as_str() == row.state),
        expires_at: row.expires_at,
    }))
}

/// Moves a tip into another state.
pub(crate) async fn set_state(
    tx: &mut Tx<'_>,
    user: UserId,
    id: Uuid,
    state: State,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update recommender.tip
         set state = $3
         where user_id = $1
           and tip_id = $2",
        user.uuid(),
        id,
        state.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes the numbers and the reasons from a tip that is over.
pub(crate) async fn strip(tx: &mut Tx<'_>, user: UserId, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update recommender.tip
         set features = 'null',
             reasons = '[]'
         where user_id = $1
           and tip_id = $2",
        user.uuid(),
        id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes the tip that was decided for, which is open now. The first score is the serving policy's.
pub(crate) async fn insert_tip(
    tx: &mut Tx<'_>,
    user: UserId,
    new: &NewTip<'_>,
) -> Result<(), sqlx::Error> {
    let Some(served) = new.scores.first() else { return Ok(()) };
    sqlx::query!(
        "insert into recommender.tip
             (user_id, tip_id, candidate, arm, state, policy, propensity, features,
              features_version, reasons, time_zone, decided_at, expires_at)
         values ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, $11, $12)",
        user.uuid(),
        new.id,
        new.candidate,
        served.arm,
        served.policy,
        served.propensity,
        Json(new.features) as _,
        features::VERSION,
        Json(new.reasons) as _,
        new.time_zone,
        new.at,
        new.expires_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How a candidate of a language model came to be, as columns of a score.
#[derive(Serialize)]
struct Written<'a> {
    tip_kind: &'a str,
    #[serde(flatten)]
    origin: &'a Origin,
}

impl<'a> Written<'a> {
    fn of((tip_kind, origin): &'a (String, Origin)) -> Self {
        Self { tip_kind, origin }
    }
}

/// Writes what a tip was decided from, and what every policy chose: the serving one first.
pub(crate) async fn insert_snapshot(
    tx: &mut Tx<'_>,
    user: UserId,
    tip: Uuid,
    snapshot: &Snapshot,
    scores: &[Score],
) -> Result<(), sqlx::Error> {
    let Some(served) = scores.first() else { return Ok(()) };
    let policies: Vec<String> = scores.iter().map(|score| score.policy.to_owned()).collect();
    let candidates: Vec<String> = scores.iter().map(|score| score.candidate.clone()).collect();
    let arms: Vec<String> = scores.iter().map(|score| score.arm.clone()).collect();
    let propensities: Vec<f64> = scores.iter().map(|score| score.propensity).collect();
    let origins: Vec<Option<Json<Written<'_>>>> =
        scores.iter().map(|score| score.origin.as_ref().map(Written::of).map(Json)).collect();
    sqlx::query!(
        "with snapshot as (
             insert into recommender.snapshot (user_id, tip_id, snapshot, lessons)
             values ($1, $2, $3, $9)
         )
         insert into recommender.score
             (user_id, tip_id, policy, candidate, arm, propensity, serves, tip_kind,
              prompt_version, llm_model, latency_ms, prompt_tokens, completion_tokens)
         select $1, $2, score.policy, score.candidate, score.arm, score.propensity,
                score.policy = $4, origin.tip_kind, origin.prompt_version, origin.model,
                origin.latency_ms, origin.prompt_tokens, origin.completion_tokens
         from unnest($5::text[], $6::text[], $7::text[], $8::float8[], $10::jsonb[])
              as score (policy, candidate, arm, propensity, origin)
         cross join jsonb_to_record(coalesce(score.origin, '{}'))
              as origin (tip_kind text, prompt_version text, model text, latency_ms integer,
                         prompt_tokens integer, completion_tokens integer)",
        user.uuid(),
        tip,
        Json(snapshot) as _,
        served.policy,
        &policies,
        &candidates,
        &arms,
        &propensities,
        bandit::to_bytes(snapshot.lessons.iter().map(AsRef::as_ref)),
        &origins as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl SeenReaction {
    pub(crate) fn reaction(&self) -> Option<crate::Reaction> {
        crate::Reaction::parse(&self.reaction, self.snooze.as_deref())
    }
}
