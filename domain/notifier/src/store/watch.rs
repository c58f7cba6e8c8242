//! `notifier.watch`: who may be spoken to, and when that is next thought of.

use kernel::{Timestamp, UserId};
use sqlx::{PgExecutor, PgPool};

/// Thinks of `user` at `at`, or sooner if that was meant anyway.
pub(crate) async fn watch(
    db: impl PgExecutor<'_>,
    user: UserId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into notifier.watch as watch (user_id, next_at)
         values ($1, $2)
         on conflict (user_id) do update
         set next_at = least(watch.next_at, excluded.next_at)",
        user.uuid(),
        at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Does not think of `user` any more, unless somebody asked for that meanwhile: `claimed` is what the claim said.
pub(crate) async fn unwatch(
    db: impl PgExecutor<'_>,
    user: UserId,
    claimed: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from notifier.watch where user_id = $1 and next_at = $2",
        user.uuid(),
        claimed,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Thinks of `user` again at `at`, unless somebody asked for that meanwhile: `claimed` is what the claim said.
pub(crate) async fn look_again(
    db: impl PgExecutor<'_>,
    user: UserId,
    claimed: Timestamp,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update notifier.watch
         set next_at = $3
         where user_id = $1
           and next_at = $2",
        user.uuid(),
        claimed,
        at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Up to `most` people whose time has come. Nobody else thinks of them until `until`; should this process end, somebody
/// does then.
pub(crate) async fn claim(
    db: &PgPool,
    now: Timestamp,
    until: Timestamp,
    most: i64,
) -> Result<Vec<UserId>, sqlx::Error> {
    let users = sqlx::query_scalar!(
        "update notifier.watch
         set next_at = $2
         where user_id in (
            select user_id
            from notifier.watch
            where next_at <= $1
            order by next_at
            limit $3
            for update skip locked
         )
         returning user_id",
        now,
        until,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(users.into_iter().map(UserId).collect())
}

/// Takes note that `user` has oO open.
pub(crate) async fn is_here(
    db: impl PgExecutor<'_>,
    user: UserId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!("update notifier.watch set here_at = $2 where user_id = $1", user.uuid(), at,)
        .execute(db)
        .await?;
    Ok(())
}
