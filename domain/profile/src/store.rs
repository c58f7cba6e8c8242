//! The table `profile.preference`.

use kernel::{TimeZone, Timestamp, UserId};
use sqlx::PgExecutor;

use crate::{Preferences, ProfileError};

/// What `user` prefers: the defaults, when nothing was chosen.
pub async fn preferences(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Preferences, ProfileError> {
    let row = sqlx::query!(
        "select time_zone, close_tasks
         from profile.preference
         where user_id = $1",
        user.uuid(),
    )
    .fetch_optional(db)
    .await?;

    Ok(row.map_or_else(Preferences::default, |row| Preferences {
        // The zones of this machine may be older than those of the one that wrote the row.
        time_zone: row.time_zone.parse().unwrap_or(TimeZone::UTC),
        close_tasks: row.close_tasks,
    }))
}

/// Chooses the time zone, at `at`.
pub async fn set_time_zone(
    db: impl PgExecutor<'_>,
    user: UserId,
    time_zone: &TimeZone,
    at: Timestamp,
) -> Result<(), ProfileError> {
    sqlx::query!(
        "insert into profile.preference as preference (user_id, time_zone, updated_at)
         values ($1, $2, $3)
         on conflict (user_id) do update
         set time_zone = excluded.time_zone,
             updated_at = excluded.updated_at
         where preference.time_zone <> excluded.time_zone",
        user.uuid(),
        time_zone.name(),
        at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Chooses whether a tip that is done closes its task, at `at`.
pub async fn set_close_tasks(
    db: impl PgExecutor<'_>,
    user: UserId,
    close_tasks: bool,
    at: Timestamp,
) -> Result<(), ProfileError> {
    sqlx::query!(
        "insert into profile.preference as preference (user_id, close_tasks, updated_at)
         values ($1, $2, $3)
         on conflict (user_id) do update
         set close_tasks = excluded.close_tasks,
             updated_at = excluded.updated_at
         where preference.close_tasks <> excluded.close_tasks",
        user.uuid(),
        close_tasks,
        at,
    )
    .execute(db)
    .await?;
    Ok(())
}
