//! How the last tips were answered, for whoever asks a language model.

use kernel::{Timestamp, UserId};
use sqlx::PgExecutor;

/// So many of them are read.
const MOST: i64 = 100;

/// An answer to a tip.
pub(crate) struct RecentAnswer {
    pub(crate) candidate: String,
    /// Source, kind and part of the day.
    pub(crate) arm: String,
    pub(crate) reaction: String,
    pub(crate) at: Timestamp,
}

/// The answers of `user` since then that are learned from, the newest first.
pub(crate) async fn recent_answers(
    db: impl PgExecutor<'_>,
    user: UserId,
    since: Timestamp,
) -> Result<Vec<RecentAnswer>, sqlx::Error> {
    let rows = sqlx::query!(
        "select reaction.candidate, tip.arm, reaction.reaction, reaction.reacted_at
         from recommender.reaction
         join recommender.tip using (user_id, tip_id)
         where reaction.user_id = $1
           and reaction.undone_at is null
           and reaction.is_learned
           and reaction.reacted_at >= $2
         order by reaction.reaction_id desc
         limit $3",
        user.uuid(),
        since,
        MOST,
    )
    .fetch_all(db)
    .await?;
    let answer = rows.into_iter().map(|row| RecentAnswer {
        candidate: row.candidate,
        arm: row.arm,
        reaction: row.reaction,
        at: row.reacted_at,
    });
    Ok(answer.collect())
}
