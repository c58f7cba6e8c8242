//! The hours in `profile.preference`: when oO may speak up, and when a snoozed tip comes back.

use chrono::{NaiveTime, Timelike};
use jiff::civil::Time;
use kernel::{Timestamp, UserId};
use sqlx::PgExecutor;

use crate::{Hours, ProfileError, SnoozeTimes};

/// Chooses when oO may speak up by itself, at `at`: to the minute.
pub async fn keep_hours(
    db: impl PgExecutor<'_>,
    user: UserId,
    hours: Hours,
    at: Timestamp,
) -> Result<(), ProfileError> {
    sqlx::query!(
        "insert into profile.preference as preference
             (user_id, quiet_from, quiet_until, days_off, most_a_day, updated_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (user_id) do update
         set quiet_from = excluded.quiet_from,
             quiet_until = excluded.quiet_until,
             days_off = excluded.days_off,
             most_a_day = excluded.most_a_day,
             updated_at = excluded.updated_at
         where (preference.quiet_from, preference.quiet_until, preference.days_off, preference.most_a_day)
               is distinct from
               (excluded.quiet_from, excluded.quiet_until, excluded.days_off, excluded.most_a_day)",
        user.uuid(),
        from_time(hours.quiet_from),
        from_time(hours.quiet_until),
        hours.days_off.bits(),
        i16::from(hours.most_a_day.min(Hours::MOST_A_DAY)),
        at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// When a snoozed tip of `user` comes back, and nothing else: for the page of the tip.
pub async fn snooze_times(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<SnoozeTimes, ProfileError> {
    let row = sqlx::query!(
        "select later_hours, evening, morning
         from profile.preference
         where user_id = $1",
        user.uuid(),
    )
    .fetch_optional(db)
    .await?;
    let times = row.and_then(|row| to_snooze_times(row.later_hours, row.evening, row.morning));
    Ok(times.unwrap_or_default())
}

/// Chooses when a snoozed tip comes back, at `at`: to the minute. What sleeps already comes back as it was told.
pub async fn keep_snooze_times(
    db: impl PgExecutor<'_>,
    user: UserId,
    times: SnoozeTimes,
    at: Timestamp,
) -> Result<(), ProfileError> {
    sqlx::query!(
        "insert into profile.preference as preference (user_id, later_hours, evening, morning, updated_at)
         values ($1, $2, $3, $4, $5)
         on conflict (user_id) do update
         set later_hours = excluded.later_hours,
             evening = excluded.evening,
             morning = excluded.morning,
             updated_at = excluded.updated_at
         where (preference.later_hours, preference.evening, preference.morning)
               is distinct from
               (excluded.later_hours, excluded.evening, excluded.morning)",
        user.uuid(),
        i16::from(times.later_hours()),
        from_time(times.evening()),
        from_time(times.morning()),
        at,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) fn to_snooze_times(
    later_hours: i16,
    evening: NaiveTime,
    morning: NaiveTime,
) -> Option<SnoozeTimes> {
    let later_hours = u8::try_from(later_hours).ok()?;
    SnoozeTimes::new(later_hours, to_time(evening)?, to_time(morning)?)
}

/// Both count minutes of a day.
fn from_time(time: Time) -> NaiveTime {
    let part = |part: i8| u32::try_from(part).unwrap_or_default();
    NaiveTime::from_hms_opt(part(time.hour()), part(time.minute()), 0).unwrap_or_default()
}

pub(super) fn to_time(time: NaiveTime) -> Option<Time> {
    let part = |part: u32| i8::try_from(part).ok();
    Time::new(part(time.hour())?, part(time.minute())?, 0, 0).ok()
}
