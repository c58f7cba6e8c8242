//! Quiet hours against a clock that is looked at every minute.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::TimeDelta;
use jiff::civil::{Time, Weekday};
use kernel::{TimeZone, Timestamp};
use notifier::quiet::{Quiet, closes, opens, quiet};
use profile::{DaysOff, Hours};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

fn zone(name: &str) -> TimeZone {
    name.parse().unwrap()
}

fn night(from: (i8, i8), until: (i8, i8)) -> Hours {
    let time = |(hour, minute)| Time::constant(hour, minute, 0, 0);
    Hours { quiet_from: time(from), quiet_until: time(until), ..Hours::default() }
}

fn off(days: &[Weekday]) -> Hours {
    let days_off = days.iter().fold(DaysOff::default(), |off, day| off.with(*day));
    Hours { days_off, ..night((21, 0), (8, 0)) }
}

#[test]
fn the_night_belongs_to_the_clock_and_a_day_off_to_the_date() {
    let berlin = zone("Europe/Berlin");
    let sunday_off = off(&[Weekday::Sunday]);
    for (moment, expected) in [
        // Saturday evening, Sunday, Monday before eight and at eight, by the clock of Berlin (+2).
        ("2026-06-06T18:59:59Z", None),
        ("2026-06-06T19:00:00Z", Some(Quiet::Hours)),
        ("2026-06-06T22:00:00Z", Some(Quiet::DayOff)),
        ("2026-06-07T12:00:00Z", Some(Quiet::DayOff)),
        ("2026-06-07T22:00:00Z", Some(Quiet::Hours)),
        ("2026-06-08T05:59:59.999999Z", Some(Quiet::Hours)),
        ("2026-06-08T06:00:00Z", None),
    ] {
        assert_eq!(quiet(&sunday_off, &berlin, at(moment)), expected, "{moment}");
    }
    let saturday = at("2026-06-06T18:00:00Z");
    assert_eq!(opens(&sunday_off, &berlin, saturday), Some(saturday));
    assert_eq!(closes(&sunday_off, &berlin, saturday), Some(at("2026-06-06T19:00:00Z")));
    let evening = at("2026-06-06T19:30:00Z");
    assert_eq!(opens(&sunday_off, &berlin, evening), Some(at("2026-06-08T06:00:00Z")));
    // Whoever has travelled to Tokyo sleeps there.
    assert_eq!(opens(&sunday_off, &zone("Asia/Tokyo"), evening), Some(at("2026-06-07T23:00:00Z")));
}

#[test]
fn what_never_opens_and_what_never_closes() {
    let now = at("2026-06-06T18:00:00Z");
    let london = zone("Europe/London");
    assert_eq!(opens(&off(&WEEK), &london, now), None);
    assert_eq!(closes(&night((9, 0), (9, 0)), &london, now), None);
    // But for a minute on Sundays, which summer time takes away.
    let hours = Hours { quiet_from: Time::constant(1, 31, 0, 0), ..off(&WEEK[..6]) };
    let hours = Hours { quiet_until: Time::constant(1, 30, 0, 0), ..hours };
    let saturday = at("2026-03-28T12:00:00Z");
    assert_eq!(opens(&hours, &london, saturday), Some(at("2026-04-05T00:30:00Z")));
}

#[test]
fn an_hour_that_is_missing_is_not_waited_for_and_one_that_comes_twice_is_heeded_twice() {
    let berlin = zone("Europe/Berlin");
    let hours = night((21, 0), (2, 30));
    // The clock jumps from two to three.
    let gap = at("2026-03-28T23:00:00Z");
    assert_eq!(opens(&hours, &berlin, gap), Some(at("2026-03-29T01:00:00Z")));
    // And back from three to two.
    let first = at("2026-10-24T22:00:00Z");
    assert_eq!(opens(&hours, &berlin, first), Some(at("2026-10-25T00:30:00Z")));
    assert_eq!(
        closes(&hours, &berlin, at("2026-10-25T00:30:00Z")),
        Some(at("2026-10-25T01:00:00Z"))
    );
    assert_eq!(
        opens(&hours, &berlin, at("2026-10-25T01:00:00Z")),
        Some(at("2026-10-25T01:30:00Z"))
    );
}

#[test]
fn days_without_a_midnight_and_days_that_never_were() {
    // In Sao Paulo, 4 November 2018 began at one; in Beirut, 28 March 2021.
    for (name, before, begins, day) in [
        ("America/Sao_Paulo", "2018-11-03T15:00:00Z", "2018-11-04T03:00:00Z", Weekday::Saturday),
        ("Asia/Beirut", "2021-03-27T12:00:00Z", "2021-03-27T22:00:00Z", Weekday::Saturday),
    ] {
        let hours = Hours { quiet_until: Time::constant(21, 0, 0, 0), ..off(&[day]) };
        assert_eq!(opens(&hours, &zone(name), at(before)), Some(at(begins)), "{name}");
    }
    // Samoa skipped Friday, 30 December 2011, and Kwajalein a Saturday, 21 August 1993.
    for (name, before, opened, day) in [
        ("Pacific/Apia", "2011-12-30T08:00:00Z", "2011-12-30T18:00:00Z", Weekday::Friday),
        ("Pacific/Kwajalein", "1993-08-21T10:00:00Z", "1993-08-21T20:00:00Z", Weekday::Saturday),
    ] {
        assert_eq!(opens(&off(&[day]), &zone(name), at(before)), Some(at(opened)), "{name}");
    }
}

/// What the wall of a zone shows at every minute of some days.
struct Wall {
    zone: TimeZone,
    begin: Timestamp,
    /// Day of the week from Monday on, and minutes since midnight.
    shown: Vec<(usize, u16)>,
}

/// Days that are looked at, and the first of them, in which moments are drawn.
const DAYS: i64 = 7;
const DRAWN: i64 = 3;

impl Wall {
    fn of(zone: TimeZone, begin: Timestamp) -> Self {
        let minute = |minute| {
            let local = zone.local(begin + TimeDelta::minutes(minute));
            let minutes = u16::from(local.hour().unsigned_abs()) * 60
                + u16::from(local.minute().unsigned_abs());
            (usize::try_from(local.weekday().to_monday_zero_offset()).unwrap(), minutes)
        };
        let shown = (0..DAYS * 1_440).map(minute).collect();
        Self { zone, begin, shown }
    }

    /// The first minute from `from` on that is quiet, or is not: `from` itself, or a whole one.
    fn first(&self, hours: &Schedule, from: Timestamp, quiet: bool) -> Option<Timestamp> {
        let minute = usize::try_from((from - self.begin).num_minutes()).unwrap();
        let found = (minute..self.shown.len()).find(|m| hours.quiet(self.shown[*m]) == quiet)?;
        let found = self.begin + TimeDelta::minutes(i64::try_from(found).unwrap());
        Some(found.max(from))
    }
}

struct Schedule {
    from: u16,
    until: u16,
    off: [bool; 7],
}

impl Schedule {
    fn draw(rng: &mut ChaCha12Rng) -> Self {
        let off = WEEK.map(|_| rng.random_bool(0.2));
        let from = rng.random_range(0..1_440);
        // Some have no night, and some an open span of a few minutes.
        let length = if rng.random_bool(0.1) {
            rng.random_range(1_420..1_440)
        } else {
            rng.random_range(0..1_440)
        };
        Self { from, until: (from + length) % 1_440, off }
    }

    fn quiet(&self, (day, minute): (usize, u16)) -> bool {
        let night = match self.from.cmp(&self.until) {
            std::cmp::Ordering::Less => (self.from..self.until).contains(&minute),
            std::cmp::Ordering::Equal => false,
            std::cmp::Ordering::Greater => !(self.until..self.from).contains(&minute),
        };
        night || self.off[day]
    }

    fn hours(&self) -> Hours {
        let time = |minutes: u16| {
            let [hour, minute] = [minutes / 60, minutes % 60].map(|it| i8::try_from(it).unwrap());
            (hour, minute)
        };
        let days_off = WEEK.into_iter().zip(self.off).filter(|(_, off)| *off);
        let days_off = days_off.fold(DaysOff::default(), |off, (day, _)| off.with(day));
        Hours { days_off, ..night(time(self.from), time(self.until)) }
    }
}

/// All zones, three years, some days of each: half of the time around a jump of the clock. `OO_SCHEDULES` tells how many
/// schedules there are in all.
#[test]
fn every_zone_agrees_with_a_clock_that_is_looked_at_every_minute() {
    let all = std::env::var("OO_SCHEDULES").ok().and_then(|all| all.parse().ok());
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let years = [2011, 2018, 2026];
    let mut rng = ChaCha12Rng::seed_from_u64(21);
    let (all, years_each): (usize, usize) = all.map_or((50_000, 1), |all| (all, years.len()));
    let each = all.div_ceil(names.len() * years_each);
    let mut checked = 0;
    for (place, name) in names.iter().enumerate() {
        for year in (place..place + years_each).map(|place| years[place % years.len()]) {
            let zone = zone(name);
            let new_year = at(&format!("{year}-01-01T00:00:00Z"));
            let drawn = new_year + TimeDelta::days(rng.random_range(0..365));
            let jump = zone.next_jump(drawn).filter(|_| rng.random());
            let jump = jump.filter(|jump| *jump - drawn < TimeDelta::days(366));
            let begin = jump.map_or(drawn, |jump| jump - TimeDelta::days(rng.random_range(1..4)));
            let wall = Wall::of(zone, begin);
            for _ in 0..each {
                checked += 1;
                let schedule = Schedule::draw(&mut rng);
                let hours = schedule.hours();
                let seconds = rng.random_range(0..DRAWN * 86_400_000);
                let now = begin + TimeDelta::milliseconds(seconds);
                let told = || format!("{name} {now} {hours:?}");
                let minute = usize::try_from((now - begin).num_minutes()).unwrap();
                let is_quiet = schedule.quiet(wall.shown[minute]);
                assert_eq!(quiet(&hours, &wall.zone, now).is_some(), is_quiet, "{}", told());
                let opened = wall.first(&schedule, now, false);
                let closed = wall.first(&schedule, now, true);
                // What the wall does not show is beyond its days.
                let seen = |moment: Option<Timestamp>| {
                    moment.filter(|moment| *moment < begin + TimeDelta::days(DAYS))
                };
                assert_eq!(seen(opens(&hours, &wall.zone, now)), opened, "opens: {}", told());
                assert_eq!(seen(closes(&hours, &wall.zone, now)), closed, "closes: {}", told());
            }
        }
    }
    assert!(checked >= all);
}
