//! `notifier.decision`: every time that was thought of speaking up, and what came of it.

use kernel::{Timestamp, UserId, db::Tx};
use sqlx::{PgExecutor, PgPool, types::Json};
use uuid::Uuid;

use crate::{
    Entry, Rhythm, Verdict,
    past::Drawn,
    points::Push,
    timing::{Choice, Moment, Outcome, Shadows},
};

/// A decision to be written.
pub(crate) struct NewDecision {
    pub(crate) slot: Timestamp,
    pub(crate) at: Timestamp,
    pub(crate) verdict: Verdict,
    /// With which oO speaks, where that was drawn.
    pub(crate) probability: Option<f64>,
    /// What it was drawn from; none, where no history is kept.
    pub(crate) moment: Option<Moment>,
    /// What others would have done; none, where no history is kept.
    pub(crate) shadows: Option<Shadows>,
    /// The tip that is told of.
    pub(crate) tip: Option<Uuid>,
    /// By whom that is heard.
    pub(crate) rhythm: Rhythm,
}

impl NewDecision {
    /// One that is still to be made.
    pub(crate) fn at(slot: Timestamp, at: Timestamp) -> Self {
        Self {
            slot,
            at,
            verdict: Verdict::Nothing,
            probability: None,
            moment: None,
            shadows: None,
            tip: None,
            rhythm: Rhythm::Each,
        }
    }

    /// The same, where it was no choice: nothing is learned from it, and silence is for want of a tip.
    pub(crate) fn undrawn(self) -> Self {
        let verdict = match self.verdict {
            Verdict::DrewSilence => Verdict::Nothing,
            verdict => verdict,
        };
        Self { verdict, probability: None, moment: None, shadows: None, ..self }
    }
}

/// A decision that was drawn, and of which nothing is known to have come yet.
pub(crate) struct Unsettled {
    pub(crate) slot: Timestamp,
    pub(crate) at: Timestamp,
    pub(crate) choice: Choice,
    pub(crate) moment: Option<Moment>,
    /// Whether there was a tip to tell of, where it was drawn to speak.
    pub(crate) was_said: bool,
    /// Whether any push service took what was said.
    pub(crate) was_heard: bool,
}

/// What is known of a person when it is thought of speaking up.
pub(crate) struct Known {
    /// When they last had oO open, to within a minute.
    pub(crate) here_at: Option<Timestamp>,
    /// Whether there is anywhere that they are spoken to each time.
    pub(crate) each: bool,
    /// Whether there is anywhere that they are spoken to in the morning;
    pub(crate) morning: bool,
    /// and when they were, the last time.
    pub(crate) last_morning: Option<Timestamp>,
    /// Whether the tip that is open was told of.
    pub(crate) told_already: bool,
    /// What was thought the last time.
    pub(crate) last: Option<Verdict>,
}

/// Reads it, in one round trip. `open` is the tip that is, and `channels` those by which oO speaks.
pub(crate) async fn known(
    db: &PgPool,
    user: UserId,
    open: Option<Uuid>,
    channels: &[String],
) -> Result<Known, sqlx::Error> {
    let row = sqlx::query!(
        r#"select exists (select from notifier.subscription
                          where user_id = $1 and rhythm = 'each'
                            and confirmed_at is not null and channel = any($3)) as "each!",
                  exists (select from notifier.subscription
                          where user_id = $1 and rhythm = 'morning'
                            and confirmed_at is not null and channel = any($3)) as "morning!",
                  (select max(decided_at) from notifier.decision
                   where user_id = $1 and rhythm = 'morning') as last_morning,
                  exists (select from notifier.decision where user_id = $1 and tip_id = $2) as "told_already!",
                  (select here_at from notifier.watch where user_id = $1) as here_at,
                  (select verdict from notifier.decision
                   where user_id = $1 order by slot desc limit 1) as last"#,
        user.uuid(),
        open,
        channels,
    )
    .fetch_one(db)
    .await?;
    Ok(Known {
        here_at: row.here_at,
        each: row.each,
        morning: row.morning,
        last_morning: row.last_morning,
        told_already: row.told_already,
        last: row.last.as_deref().and_then(Verdict::named),
    })
}

/// When `user` was spoken to in a morning, the last time before that.
pub(crate) async fn morning_before(
    db: impl PgExecutor<'_>,
    user: UserId,
    slot: Timestamp,
) -> Result<Option<Timestamp>, sqlx::Error> {
    sqlx::query_scalar!(
        "select max(decided_at)
         from notifier.decision
         where user_id = $1
           and slot < $2
           and rhythm = 'morning'",
        user.uuid(),
        slot,
    )
    .fetch_one(db)
    .await
}

/// When oO spoke to `user` since then, and what came of it; the oldest first.
pub(crate) async fn pushes(
    db: impl PgExecutor<'_>,
    user: UserId,
    since: Timestamp,
) -> Result<Vec<Push>, sqlx::Error> {
    sqlx::query_as!(
        Push,
        r#"select decided_at as at, outcome = 'done' as answered
           from notifier.decision
           where user_id = $1
             and slot >= $2
             and verdict = 'spoke'
           order by slot"#,
        user.uuid(),
        since,
    )
    .fetch_all(db)
    .await
}

/// Writes a decision down; false where the slot is decided already, or the tip was told of.
pub(crate) async fn decide(
    tx: &mut Tx<'_>,
    user: UserId,
    new: &NewDecision,
) -> Result<bool, sqlx::Error> {
    let written = sqlx::query!(
        "insert into notifier.decision
             (user_id, slot, decided_at, verdict, probability, tip_id, moment, shadows, rhythm)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict do nothing",
        user.uuid(),
        new.slot,
        new.at,
        new.verdict.as_str(),
        new.probability,
        new.tip,
        new.moment.map(Json) as _,
        new.shadows.as_ref().map(Json) as _,
        new.tip.map(|_| new.rhythm.as_str()),
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected() > 0)
}

/// What was drawn for `user` up to `until` and has no outcome, the oldest first.
pub(crate) async fn unsettled(
    tx: &mut Tx<'_>,
    user: UserId,
    until: Timestamp,
) -> Result<Vec<Unsettled>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select slot, decided_at, verdict <> 'drew_silence' as "speak!", verdict = 'spoke' as "was_said!",
                  probability as "probability!", moment as "moment: Json<Moment>",
                  exists (select from notifier.delivery
                          where delivery.user_id = decision.user_id
                            and delivery.slot = decision.slot
                            and delivery.state = 'accepted') as "was_heard!"
           from notifier.decision
           where user_id = $1
             and probability is not null
             and outcome is null
             and decided_at <= $2
           order by slot
           for update"#,
        user.uuid(),
        until,
    )
    .fetch_all(&mut **tx)
    .await?;
    let unsettled = rows.into_iter().map(|row| Unsettled {
        slot: row.slot,
        at: row.decided_at,
        choice: Choice { speak: row.speak, probability: row.probability },
        moment: row.moment.map(|Json(moment)| moment),
        was_said: row.was_said,
        was_heard: row.was_heard,
    });
    Ok(unsettled.collect())
}

/// Writes down what came of one.
pub(crate) async fn come_of(
    tx: &mut Tx<'_>,
    user: UserId,
    slot: Timestamp,
    outcome: Outcome,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update notifier.decision set outcome = $3 where user_id = $1 and slot = $2",
        user.uuid(),
        slot,
        outcome.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Everybody of whom it was ever thought.
pub(crate) async fn people(db: &PgPool) -> Result<Vec<UserId>, sqlx::Error> {
    let people =
        sqlx::query_scalar!("select distinct user_id from notifier.decision order by user_id")
            .fetch_all(db)
            .await?;
    Ok(people.into_iter().map(UserId).collect())
}

/// What was drawn for `user` and is settled, the oldest first, without what no push service took.
pub(crate) async fn drawn(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Drawn>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select decided_at, verdict <> 'drew_silence' as "speak!", verdict = 'spoke' as "was_said!",
                  probability as "probability!", outcome as "outcome!",
                  moment as "moment!: Json<Moment>", shadows as "shadows!: Json<Shadows>"
           from notifier.decision
           where user_id = $1
             and probability is not null
             and outcome is not null
             and moment is not null
             and shadows is not null
             and (verdict <> 'spoke'
                  or exists (select from notifier.delivery
                             where delivery.user_id = decision.user_id
                               and delivery.slot = decision.slot
                               and delivery.state = 'accepted'))
             -- A silence into which the word of a morning fell is none.
             and not (verdict = 'drew_silence'
                      and exists (select from notifier.decision as word
                                  where word.user_id = decision.user_id
                                    and word.rhythm = 'morning'
                                    and word.decided_at > decision.decided_at
                                    and word.decided_at < decision.decided_at + interval '1 hour'))
           order by slot"#,
        user.uuid(),
    )
    .fetch_all(&mut **tx)
    .await?;
    let drawn = rows.into_iter().filter_map(|row| {
        Some(Drawn {
            at: row.decided_at,
            hour: row.moment.0.hour,
            choice: Choice { speak: row.speak, probability: row.probability },
            was_said: row.was_said,
            outcome: Outcome::named(&row.outcome)?,
            shadows: row.shadows.0,
        })
    });
    Ok(drawn.collect())
}

/// The last decisions about `user`, the newest first.
pub(crate) async fn recent(
    db: impl PgExecutor<'_>,
    user: UserId,
    most: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    let rows = sqlx::query!(
        "select decided_at, verdict
         from notifier.decision
         where user_id = $1
         order by slot desc
         limit $2",
        user.uuid(),
        most,
    )
    .fetch_all(db)
    .await?;
    let entry = |at, verdict: &str| Some(Entry { at, verdict: Verdict::named(verdict)? });
    Ok(rows.into_iter().filter_map(|row| entry(row.decided_at, &row.verdict)).collect())
}

/// Deletes decisions from before `before`.
pub(crate) async fn purge_decisions(
    db: impl PgExecutor<'_>,
    before: Timestamp,
) -> Result<u64, sqlx::Error> {
    let purged = sqlx::query!("delete from notifier.decision where decided_at < $1", before)
        .execute(db)
        .await?;
    Ok(purged.rows_affected())
}
