//! Reactions, what they are worth, and for how long they let a candidate rest.

use std::{fmt, str::FromStr};

use chrono::TimeDelta;
use jiff::{
    ToSpan,
    civil::{Date, Time, Weekday},
};
use kernel::Timestamp;
use profile::SnoozeTimes;

use crate::features::Moment;

/// A dismissed candidate rests this long.
const DISMISSED: TimeDelta = TimeDelta::days(7);

/// Advice that was taken is good advice again after this long; a task that is done is done.
const TAKEN: TimeDelta = TimeDelta::days(30);

/// At two in the night, "tomorrow" is after the next sleep: it begins at this hour.
const END_OF_NIGHT: i8 = 5;

/// How a person answers a tip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reaction {
    /// It is done.
    Done,
    /// Not now.
    Snooze(Snooze),
    /// Not this.
    Dismiss,
}

/// For how long a tip sleeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Snooze {
    /// Some hours from now.
    #[default]
    Later,
    /// Until this evening; tomorrow's, when it is evening already.
    Evening,
    /// Until tomorrow morning.
    Tomorrow,
    /// Until the morning of next Monday.
    NextWeek,
}

impl Reaction {
    /// Its name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Snooze(_) => "snooze",
            Self::Dismiss => "dismiss",
        }
    }

    pub(crate) fn snooze(self) -> Option<Snooze> {
        match self {
            Self::Snooze(snooze) => Some(snooze),
            Self::Done | Self::Dismiss => None,
        }
    }

    pub(crate) fn parse(reaction: &str, snooze: Option<&str>) -> Option<Self> {
        match reaction {
            "done" => Some(Self::Done),
            "snooze" => Some(Self::Snooze(snooze?.parse().ok()?)),
            "dismiss" => Some(Self::Dismiss),
            _ => None,
        }
    }

    /// The number that it stands for. Quarters are exact in binary, so that what an undo subtracts is
    /// precisely what was added.
    pub fn reward(self) -> f64 {
        match self {
            Self::Done => 1.0,
            Self::Snooze(_) => 0.25,
            Self::Dismiss => 0.0,
        }
    }

    /// When the candidate may return, by the times that its person has chosen; `None` when it never does.
    pub(crate) fn rests_until(
        self,
        moment: &Moment,
        times: SnoozeTimes,
        is_task: bool,
    ) -> Option<Timestamp> {
        match self {
            Self::Done if is_task => None,
            Self::Done => Some(moment.at + TAKEN),
            Self::Snooze(snooze) => Some(snooze.until(moment, times)),
            Self::Dismiss => Some(moment.at + DISMISSED),
        }
    }
}

impl Snooze {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Later, Self::Evening, Self::Tomorrow, Self::NextWeek];

    /// Its name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Later => "later",
            Self::Evening => "evening",
            Self::Tomorrow => "tomorrow",
            Self::NextWeek => "next_week",
        }
    }

    /// Whether it ends on the day on which it begins.
    pub fn is_today(self, moment: &Moment, times: SnoozeTimes) -> bool {
        moment.zone.local(self.until(moment, times)).date() == moment.today()
    }

    /// The moment at which it ends, on the person's own clock and by the times that they have chosen.
    pub fn until(self, moment: &Moment, times: SnoozeTimes) -> Timestamp {
        let today = moment.today();
        let later = moment.at + TimeDelta::hours(times.later_hours().into());
        let at = match self {
            Self::Later => return later,
            Self::Evening => next(moment, today, times.evening()),
            Self::Tomorrow if moment.local.hour() < END_OF_NIGHT => {
                next(moment, today, times.morning())
            }
            Self::Tomorrow => next(moment, tomorrow(today), times.morning()),
            Self::NextWeek => {
                let monday = today.nth_weekday(1, Weekday::Monday).unwrap_or(today);
                next(moment, monday, times.morning())
            }
        };
        at.unwrap_or(later)
    }
}

/// When it is `time` on `date`; a day later, when that is over. What decides is the moment and not what the clocks say:
/// in the night in which they are set back, they say it twice.
fn next(moment: &Moment, date: Date, time: Time) -> Option<Timestamp> {
    let on = |date: Date| moment.zone.moment(date.to_datetime(time));
    on(date).filter(|at| *at > moment.at).or_else(|| on(tomorrow(date)))
}

fn tomorrow(date: Date) -> Date {
    date.saturating_add(1.day())
}

impl fmt::Display for Snooze {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Snooze {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|snooze| snooze.as_str() == name).ok_or(())
    }
}
