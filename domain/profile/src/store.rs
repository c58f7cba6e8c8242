//! The table `profile.preference`.

use kernel::{
    TimeZone, Timestamp, UserId,
    personal::{BY_USER_ID, Table, told},
};
use sqlx::PgExecutor;

use crate::{KeepHistory, Preferences, ProfileError};

/// What is kept of a person in the schema `profile`.
pub const PERSONAL: &[Table] = &[Table {
    name: "profile.preference",
    title: "preferences",
    about: "What you chose in the settings.",
    whose: BY_USER_ID,
    order: "user_id",
    columns: &[
        told("time_zone"),
        told("time_zone_chosen"),
        told("close_tasks"),
        told("keep_history_days"),
        told("updated_at"),
    ],
}];

/// What `user` prefers: the defaults, when nothing was chosen.
pub async fn preferences(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Preferences, ProfileError> {
    let row = sqlx::query!(
        "select time_zone, time_zone_chosen, close_tasks, keep_history_days
         from profile.preference
         where user_id = $1",
        user.uuid(),
    )
    .fetch_optional(db)
    .await?;

    Ok(row.map_or_else(Preferences::default, |row| Preferences {
        // The zones of this machine may be older than those of the one that wrote the row.
        time_zone: row.time_zone.parse().unwrap_or(TimeZone::UTC),
        time_zone_chosen: row.time_zone_chosen,
        close_tasks: row.close_tasks,
        keep_history: KeepHistory::from_days(row.keep_history_days).unwrap_or_default(),
    }))
}

/// Takes note of the time zone that a device or a connected account is in, at `at`. A zone that was chosen by
/// hand stays.
pub async fn observe_time_zone(
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
         where preference.time_zone <> excluded.time_zone
           and not preference.time_zone_chosen",
        user.uuid(),
        time_zone.name(),
        at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Chooses the time zone by hand, at `at`; `None` leaves it to what is observed from now on.
pub async fn choose_time_zone(
    db: impl PgExecutor<'_>,
    user: UserId,
    time_zone: Option<&TimeZone>,
    at: Timestamp,
) -> Result<(), ProfileError> {
    sqlx::query!(
        "insert into profile.preference as preference
             (user_id, time_zone, time_zone_chosen, updated_at)
         values ($1, coalesce($2, 'UTC'), $2 is not null, $3)
         on conflict (user_id) do update
         set time_zone = coalesce($2, preference.time_zone),
             time_zone_chosen = excluded.time_zone_chosen,
             updated_at = excluded.updated_at",
        user.uuid(),
        time_zone.map(TimeZone::name),
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

/// Chooses for how long history is kept, at `at`.
pub async fn keep_history(
    db: impl PgExecutor<'_>,
    user: UserId,
    keep: KeepHistory,
    at: Timestamp,
) -> Result<(), ProfileError> {
    sqlx::query!(
        "insert into profile.preference as preference (user_id, keep_history_days, updated_at)
         values ($1, $2, $3)
         on conflict (user_id) do update
         set keep_history_days = excluded.keep_history_days,
             updated_at = excluded.updated_at
         where preference.keep_history_days is distinct from excluded.keep_history_days",
        user.uuid(),
        keep.days(),
        at,
    )
    .execute(db)
    .await?;
    Ok(())
}
