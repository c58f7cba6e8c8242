//! What is forgotten: what was learned, tips whose time to be remembered is over, and people who leave.

use kernel::{
    Timestamp, UserId,
    db::{self, Tx},
    first_id_at,
};
use sqlx::PgPool;

/// Forgets what the policies have learned about `user`, and from what. That something was answered, and until
/// when it rests, stays.
pub(crate) async fn forget(tx: &mut Tx<'_>, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with snapshot as (
             delete from recommender.snapshot where user_id = $1
         ), score as (
             delete from recommender.score where user_id = $1
         ), tip as (
             update recommender.tip
             set features = 'null',
                 reasons = case state
                     when 'open' then jsonb_path_query_array(reasons, '$[*] ? (!exists(@.record))')
                     else '[]'
                 end
             where user_id = $1
         )
         update recommender.reaction
         set is_learned = false
         where user_id = $1
           and is_learned",
        user.uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes the oldest tips of `user` that were decided before `before` and have been over since, `most` of them at the
/// most, with all that hangs on them, and tells how many. What was learned from them goes with them; what was answered then
/// may come back.
///
/// # Errors
/// When the database fails.
pub async fn forget_before(
    db: &PgPool,
    user: UserId,
    before: Timestamp,
    most: i64,
) -> Result<u64, sqlx::Error> {
    let mut tx = db::begin(db).await?;
    hold(&mut tx, user).await?;
    let forgotten = sqlx::query!(
        "delete from recommender.tip
         where user_id = $1
           and tip_id in (
                select tip_id
                from recommender.tip
                where user_id = $1
                  and tip_id < $2
                  and decided_at < $3
                  and (state <> 'open' or expires_at < $3)
                order by tip_id
                limit $4
           )",
        user.uuid(),
        first_id_at(before),
        before,
        most,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(forgotten.rows_affected())
}

/// Waits for whoever changes the tips of `user`, and lets nobody begin to until the transaction ends. Those who
/// change tips take this lock first, so whoever holds a person still does too.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &mut Tx<'_>, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select user_id from recommender.person where user_id = $1 for update",
        user.uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(())
}
