//! The decision points of a person: when they are, and what is known of them.

use chrono::TimeDelta;
use jiff::civil::Weekday;
use kernel::{TimeZone, Timestamp, UserId, hours_between};
use profile::Hours;

use crate::{
    quiet::{closes, opens},
    timing::{Moment, STEP},
};

/// What was long ago tells nothing of a moment: pushes and reactions that are older need not be looked up.
pub const LOOK_BACK: TimeDelta = TimeDelta::days(7);

/// So many of the last pushes tell how often they are answered.
const RECENT: usize = 10;

/// So much of a push is left of the dose after a day.
const HALF_LIFE_HOURS: f64 = 24.0;

/// A push of the last days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Push {
    /// When oO spoke.
    pub at: Timestamp,
    /// Whether something was done within the hour; none, while that is not over.
    pub answered: Option<bool>,
}

/// What oO knows of a person's last days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recently {
    /// The pushes, in the order of time.
    pub pushes: Vec<Push>,
    /// When the person last reacted to a tip, called or not.
    pub reaction: Option<Timestamp>,
}

/// The decision point of a person that `now` belongs to, whatever they want of quiet: everybody has their own minute, so
/// that people are spread, and keeps it.
pub fn current(user: UserId, now: Timestamp) -> Timestamp {
    let step = i64::try_from(STEP.as_secs()).unwrap_or(1);
    let own = i64::try_from(user.uuid().as_u128() % u128::from(STEP.as_secs())).unwrap_or(0);
    let since = (now.timestamp() - own).rem_euclid(step);
    Timestamp::from_timestamp(now.timestamp() - since, 0).unwrap_or(now)
}

/// The next one, later than `after`.
pub fn next(user: UserId, after: Timestamp) -> Timestamp {
    current(user, after) + STEP
}

/// The decision point `now` and those that are left until the person's midnight, as a chooser wants them; none, where it is
/// quiet at `now`.
pub fn ahead(hours: &Hours, zone: &TimeZone, now: Timestamp, recently: &Recently) -> Vec<Moment> {
    let day = zone.local(now).date();
    let step = TimeDelta::from_std(STEP).unwrap_or(TimeDelta::days(1));
    let mut moments = Vec::new();
    let (mut at, mut end) = (now, closes(hours, zone, now));
    if end == Some(now) {
        return moments;
    }
    while zone.local(at).date() == day {
        if end.is_some_and(|end| end <= at) {
            // It may open once more: a night can lie within a day.
            let Some(open) = opens(hours, zone, at) else { break };
            while at < open {
                at += step;
            }
            end = closes(hours, zone, at);
            continue;
        }
        moments.push(moment(hours, zone, (now, at), end, recently));
        at += step;
    }
    moments
}

/// What is known now of a moment later today.
fn moment(
    hours: &Hours,
    zone: &TimeZone,
    (now, at): (Timestamp, Timestamp),
    end: Option<Timestamp>,
    Recently { pushes, reaction }: &Recently,
) -> Moment {
    let local = zone.local(at);
    let recent = |then: &Timestamp| *then <= now && at - *then < LOOK_BACK;
    let since = |then: Timestamp| hours_between(then, at);
    let pushes = || pushes.iter().filter(|push| recent(&push.at));
    let today = pushes().filter(|push| zone.local(push.at).date() == local.date()).count();
    let dose: f64 = pushes().map(|push| (-since(push.at) / HALF_LIFE_HOURS).exp2()).sum();
    let answers: Vec<bool> = pushes().rev().filter_map(|push| push.answered).take(RECENT).collect();
    let yes = answers.iter().filter(|answered| **answered).count();
    Moment {
        hour: f64::from(local.hour()) + f64::from(local.minute()) / 60.0,
        is_weekend: matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday),
        since_reaction: reaction.filter(recent).map(since),
        since_push: pushes().next_back().map(|push| since(push.at)),
        today: u8::try_from(today).unwrap_or(u8::MAX),
        most_a_day: hours.most_a_day,
        dose: dose / f64::from(hours.most_a_day.max(1)),
        answered: (float(yes) + 1.0) / (float(answers.len()) + 2.0),
        left: end.map_or(24.0 * 60.0, |end| 60.0 * hours_between(at, end)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "ten at most")]
fn float(count: usize) -> f64 {
    count as f64
}
