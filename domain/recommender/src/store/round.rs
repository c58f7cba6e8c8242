//! What was decided, from what, and how it was answered.

use futures::{Stream, TryStreamExt};
use kernel::{Timestamp, UserId, db::Tx};
use sqlx::{PgPool, types::Json};

use crate::{decide::Snapshot, features};

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
