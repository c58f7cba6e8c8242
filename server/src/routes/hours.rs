//! `/settings/hours` and `/settings/snooze`: when oO may speak up by itself, and when a snoozed tip comes back.

use app::types::{self, DAYS, Saved};
use axum::{Form, extract::State, response::Redirect};
use jiff::civil::{Time, Weekday};
use profile::{DaysOff, Hours, SnoozeTimes};

use super::{
    settings::{back, came_of},
    visitor::Visitor,
};
use crate::AppState;

/// What a form of these holds. A day that is ticked comes under the same name as the next one.
type Fields = Vec<(String, String)>;

/// A time, as a browser sends it.
const TIME: &str = "%H:%M";

/// What the settings show of the hours to speak up in.
pub(super) fn spoken(hours: Hours) -> types::Hours {
    types::Hours {
        quiet_from: hours.quiet_from.strftime(TIME).to_string(),
        quiet_until: hours.quiet_until.strftime(TIME).to_string(),
        days_off: week().map(|day| hours.days_off.has(day)),
        most_a_day: hours.most_a_day,
    }
}

/// What the settings show of the times at which a snooze ends.
pub(super) fn snoozed(times: SnoozeTimes) -> types::SnoozeTimes {
    types::SnoozeTimes {
        later_hours: times.later_hours(),
        evening: times.evening().strftime(TIME).to_string(),
        morning: times.morning().strftime(TIME).to_string(),
    }
}

/// When oO may speak up, and how often.
pub(super) async fn speak(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(fields): Form<Fields>,
) -> Redirect {
    let Some(hours) = read_hours(&fields) else { return back(Saved::BadHours) };
    came_of(state.notifier.keep_hours(user, hours).await)
}

/// When a snoozed tip comes back.
pub(super) async fn snooze(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(fields): Form<Fields>,
) -> Redirect {
    let Some(times) = read_snooze(&fields) else { return back(Saved::BadSnooze) };
    came_of(profile::keep_snooze_times(&state.db, user, times, state.clock.now()).await)
}

fn read_hours(fields: &Fields) -> Option<Hours> {
    let most_a_day = one(fields, "most")?.parse().ok()?;
    let mut days_off = DaysOff::default();
    for name in all(fields, "day") {
        let (_, day) = DAYS.into_iter().zip(week()).find(|(known, _)| *known == name)?;
        days_off = days_off.with(day);
    }
    let hours = Hours {
        quiet_from: time(one(fields, "from")?)?,
        quiet_until: time(one(fields, "until")?)?,
        days_off,
        most_a_day,
    };
    (most_a_day <= Hours::MOST_A_DAY).then_some(hours)
}

fn read_snooze(fields: &Fields) -> Option<SnoozeTimes> {
    let later_hours = one(fields, "later")?.parse().ok()?;
    SnoozeTimes::new(later_hours, time(one(fields, "evening")?)?, time(one(fields, "morning")?)?)
}

fn all<'a>(fields: &'a Fields, wanted: &'static str) -> impl Iterator<Item = &'a str> {
    fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

fn one<'a>(fields: &'a Fields, wanted: &'static str) -> Option<&'a str> {
    all(fields, wanted).next()
}

fn time(text: &str) -> Option<Time> {
    Time::strptime(TIME, text).ok()
}

/// The days in the order of [`DAYS`].
fn week() -> [Weekday; 7] {
    [0, 1, 2, 3, 4, 5, 6].map(|days| Weekday::Monday.wrapping_add(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_offers_what_a_person_can_choose() {
        assert_eq!(types::Hours::MOST_A_DAY, Hours::MOST_A_DAY);
        assert_eq!(types::SnoozeTimes::LATEST_HOURS, SnoozeTimes::LATEST_HOURS);
    }

    #[test]
    fn what_is_shown_is_what_is_read() {
        let fields = |form: &[(&str, &str)]| {
            form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let mut form = vec![("from", "00:00"), ("until", "23:59"), ("most", "10")];
        form.extend([("day", "mon"), ("day", "sun")]);
        let shown = spoken(read_hours(&fields(&form)).expect("hours"));
        assert_eq!((&*shown.quiet_from, &*shown.quiet_until), ("00:00", "23:59"));
        assert_eq!(shown.days_off, [true, false, false, false, false, false, true]);
        let form = [("later", "12"), ("evening", "12:00"), ("morning", "11:59")];
        let shown = snoozed(read_snooze(&fields(&form)).expect("times"));
        assert_eq!((shown.later_hours, &*shown.evening, &*shown.morning), (12, "12:00", "11:59"));
    }
}
