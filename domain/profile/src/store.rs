//! The tables `profile.preference` and `profile.consent`.

mod hours;

use kernel::{
    TimeZone, Timestamp, UserId,
    personal::{BY_USER_ID, Table, told},
};
use sqlx::PgExecutor;

use crate::{Consent, DaysOff, Decision, Hours, KeepHistory, Profile, ProfileError};

pub use hours::{keep_hours, keep_snooze_times, snooze_times};
use hours::{to_snooze_times, to_time};

/// What is kept of a person in the schema `profile`.
pub const PERSONAL: &[Table] = &[
    Table {
        name: "profile.preference",
        title: "preferences",
        about: "What you chose in the settings.",
        whose: BY_USER_ID,
        order: "user_id",
        columns: &[
            told("time_zone"),
            told("time_zone_chosen"),
            told("keep_history_days"),
            told("quiet_from"),
            told("quiet_until"),
            told("days_off"),
            told("most_a_day"),
            told("later_hours"),
            told("evening"),
            told("morning"),
            told("updated_at"),
        ],
    },
    Table {
        name: "profile.consent",
        title: "consents",
        about: "What you allowed and what not, with the version of the words that you answered.",
        whose: BY_USER_ID,
        order: "consent, decided_at",
        columns: &[told("consent"), told("decided_at"), told("version"), told("given")],
    },
];

/// What `user` prefers and allows: the defaults, where nothing was chosen, and nothing, where nothing was allowed.
pub async fn profile(db: impl PgExecutor<'_>, user: UserId) -> Result<Profile, ProfileError> {
    let rows = sqlx::query!(
        r#"select preference.time_zone as "time_zone?",
                  preference.time_zone_chosen as "time_zone_chosen?",
                  preference.user_id is not null as "has_chosen!",
                  preference.keep_history_days as "keep_history_days?",
                  preference.quiet_from as "quiet_from?",
                  preference.quiet_until as "quiet_until?",
                  preference.days_off as "days_off?",
                  preference.most_a_day as "most_a_day?",
                  preference.later_hours as "later_hours?",
                  preference.evening as "evening?",
                  preference.morning as "morning?",
                  last.consent as "consent?",
                  last.given as "given?",
                  last.decided_at as "decided_at?",
                  last.version as "version?"
           from (select $1::uuid as user_id) as person
           left join profile.preference using (user_id)
           left join lateral (
                select distinct on (consent) consent, given, decided_at, version
                from profile.consent
                where consent.user_id = person.user_id
                order by consent, decided_at desc
           ) as last on true"#,
        user.uuid(),
    )
    .fetch_all(db)
    .await?;

    let mut profile = Profile::default();
    if let Some(row) = rows.first() {
        // The zones of this machine may be older than those of the one that wrote the row.
        profile.time_zone =
            row.time_zone.as_deref().and_then(|zone| zone.parse().ok()).unwrap_or(TimeZone::UTC);
        profile.time_zone_chosen = row.time_zone_chosen.unwrap_or_default();
        if row.has_chosen {
            profile.keep_history =
                KeepHistory::from_days(row.keep_history_days).unwrap_or_default();
        }
        let usual = Hours::default();
        profile.hours = Hours {
            quiet_from: row.quiet_from.and_then(to_time).unwrap_or(usual.quiet_from),
            quiet_until: row.quiet_until.and_then(to_time).unwrap_or(usual.quiet_until),
            days_off: row.days_off.and_then(DaysOff::from_bits).unwrap_or_default(),
            most_a_day: row
                .most_a_day
                .map_or(usual.most_a_day, |most| u8::try_from(most).unwrap_or_default()),
        };
        if let (Some(later), Some(evening), Some(morning)) =
            (row.later_hours, row.evening, row.morning)
        {
            profile.snooze_times = to_snooze_times(later, evening, morning).unwrap_or_default();
        }
    }
    profile.consents = rows
        .into_iter()
        .filter_map(|row| {
            let consent = Consent::named(&row.consent?)?;
            Some((
                consent,
                Decision { given: row.given?, at: row.decided_at?, version: row.version? },
            ))
        })
        .collect();
    Ok(profile)
}

/// Writes down what `user` answered to the words of today, at `at`; or just after their last answer, should the clock
/// of another server have been ahead: the last one to be written holds. An answer that is no news keeps its date.
pub async fn decide(
    db: impl PgExecutor<'_>,
    user: UserId,
    answers: &[(Consent, bool)],
    at: Timestamp,
) -> Result<(), ProfileError> {
    let (mut names, mut versions, mut givens) = (Vec::new(), Vec::new(), Vec::new());
    for (consent, given) in answers {
        names.push(consent.name().to_owned());
        versions.push(consent.version());
        givens.push(*given);
    }
    sqlx::query!(
        "insert into profile.consent (user_id, consent, decided_at, version, given)
         select $1, answer.consent, greatest($2, last.decided_at + interval '1 microsecond'),
                answer.version, answer.given
         from unnest($3::text[], $4::int2[], $5::bool[]) as answer (consent, version, given)
         left join lateral (
            select version, given, decided_at
            from profile.consent
            where consent.user_id = $1
              and consent.consent = answer.consent
            order by decided_at desc
            limit 1
         ) as last on true
         where last.decided_at is null
            or (last.version, last.given) <> (answer.version, answer.given)",
        user.uuid(),
        at,
        &names,
        &versions,
        &givens,
    )
    .execute(db)
    .await?;
    Ok(())
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
