//! `notifier.belief`: what was learned about when to speak to a person.

use kernel::{Timestamp, UserId, db::Tx};
use sqlx::{PgExecutor, types::Json};

use crate::timing::Belief;

/// What is believed of `user`: of somebody of whom nothing is known, or whose belief does not read any more, what is
/// believed of everybody.
pub(crate) async fn belief(db: impl PgExecutor<'_>, user: UserId) -> Result<Belief, sqlx::Error> {
    let row =
        sqlx::query_scalar!("select belief from notifier.belief where user_id = $1", user.uuid())
            .fetch_optional(db)
            .await?;
    let belief = row.and_then(|json| serde_json::from_value::<Belief>(json).ok());
    Ok(belief.map(Belief::checked).unwrap_or_default())
}

/// Writes down what is believed from now on.
pub(crate) async fn learn(
    tx: &mut Tx<'_>,
    user: UserId,
    belief: &Belief,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into notifier.belief (user_id, belief, learned_at)
         values ($1, $2, $3)
         on conflict (user_id) do update
         set belief = excluded.belief,
             learned_at = excluded.learned_at",
        user.uuid(),
        Json(belief) as _,
        at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets what was learned about `user`, and from what. The rows first, which whoever learns holds.
pub(crate) async fn forget(tx: &mut Tx<'_>, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update notifier.decision
         set moment = null,
             shadows = null,
             outcome = null
         where user_id = $1",
        user.uuid(),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("delete from notifier.belief where user_id = $1", user.uuid())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
