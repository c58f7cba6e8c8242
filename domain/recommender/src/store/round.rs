//! What was decided, from what, and how it was answered.

use futures::{Stream, TryStreamExt};
use kernel::{TimeZone, Timestamp, UserId, db::Tx};
use sqlx::{PgPool, types::Json};

use crate::{Advised, Reaction, Written, decide::Snapshot, features, pool::advice_id};

/// A decision that was answered and is learned from.
pub(crate) struct Answered {
    pub(crate) candidate: String,
    pub(crate) propensity: f64,
    pub(crate) decided_at: Timestamp,
    pub(crate) reward: f64,
    pub(crate) snapshot: Snapshot,
    pub(crate) lessons: Vec<u8>,
}

/// Everybody who was ever given a tip.
pub(crate) async fn people(db: &PgPool) -> Result<Vec<UserId>, sqlx::Error> {
    let people = sqlx::query_scalar!("select user_id from recommender.person order by user_id")
        .fetch_all(db)
        .await?;
    Ok(people.into_iter().map(UserId).collect())
}

/// The answered decisions of `user`, the oldest first, one after the other: each tells all that there was to choose from.
pub(crate) fn answered<'a>(
    tx: &'a mut Tx<'_>,
    user: UserId,
) -> impl Stream<Item = Result<Answered, sqlx::Error>> + 'a {
    sqlx::query!(
        r#"select tip.candidate, tip.propensity, tip.decided_at, reaction.reward,
                  snapshot.snapshot as "snapshot: Json<Snapshot>", snapshot.lessons
           from recommender.reaction
           join recommender.tip using (user_id, tip_id)
           join recommender.snapshot using (user_id, tip_id)
           where reaction.user_id = $1
             and reaction.undone_at is null
             and reaction.is_learned
             and tip.features_version = $2
           order by tip.decided_at, tip.tip_id"#,
        user.uuid(),
        features::VERSION,
    )
    .fetch(&mut **tx)
    .map_ok(|row| Answered {
        candidate: row.candidate,
        propensity: row.propensity,
        decided_at: row.decided_at,
        reward: row.reward,
        snapshot: row.snapshot.0,
        lessons: row.lessons,
    })
}

/// What language models wrote and `user` was shown, the oldest first, whatever the version of the features: these have had
/// the same meaning in all of them.
pub(crate) async fn written(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Written>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select tip.decided_at, tip.time_zone, tip.propensity,
                  tip.features ->> 'kind' as kind,
                  tip.features ->> 'prompt_version' as prompt_version,
                  tip.features ->> 'model' as model,
                  reaction.reaction as "reaction?"
           from recommender.tip
           left join recommender.reaction
                  on reaction.user_id = tip.user_id
                 and reaction.tip_id = tip.tip_id
                 and reaction.undone_at is null
                 and reaction.is_learned
           where tip.user_id = $1
             and tip.features ->> 'source' = 'llm'
           order by tip.decided_at, tip.tip_id"#,
        user.uuid(),
    )
    .fetch_all(&mut **tx)
    .await?;
    let rows = rows.into_iter().map(|row| Written {
        day: row.time_zone.parse().unwrap_or(TimeZone::UTC).local(row.decided_at).date(),
        kind: row.kind.unwrap_or_default(),
        prompt_version: row.prompt_version,
        model: row.model,
        propensity: row.propensity,
        done: row.reaction.map(|reaction| reaction == Reaction::Done.as_str()),
    });
    Ok(rows.collect())
}

/// How `user` answered advice from the shipped library, the oldest first, whatever the version of the features.
pub(crate) async fn advised(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Advised>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select tip.candidate, tip.features ->> 'part' as part, reaction.reaction
           from recommender.reaction
           join recommender.tip using (user_id, tip_id)
           where reaction.user_id = $1
             and reaction.undone_at is null
             and reaction.is_learned
             and tip.features ->> 'source' = 'library'
           order by tip.decided_at, tip.tip_id"#,
        user.uuid(),
    )
    .fetch_all(&mut **tx)
    .await?;
    let rows = rows.into_iter().filter_map(|row| {
        Some(Advised {
            advice: advice_id(&row.candidate)?.to_owned(),
            part: row.part?.parse().ok()?,
            is_done: row.reaction == Reaction::Done.as_str(),
        })
    });
    Ok(rows.collect())
}
