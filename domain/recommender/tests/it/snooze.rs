//! For how long a snooze lasts, on the person's own clock.

use jiff::civil::time;
use profile::SnoozeTimes;
use recommender::{Snooze, features::Moment};

use crate::house::at;

#[test]
fn a_snooze_ends_on_the_persons_own_clock() {
    use Snooze::{Evening, Later, NextWeek, Tomorrow};
    let table = [
        // A Monday morning.
        ("UTC", "2026-11-23T09:00:00Z", Later, "2026-11-23T12:00:00Z"),
        ("UTC", "2026-11-23T09:00:00Z", Evening, "2026-11-23T18:00:00Z"),
        ("UTC", "2026-11-23T09:00:00Z", Tomorrow, "2026-11-24T08:00:00Z"),
        ("UTC", "2026-11-23T09:00:00Z", NextWeek, "2026-11-30T08:00:00Z"),
        // The edge of the evening.
        ("UTC", "2026-11-23T17:59:59Z", Evening, "2026-11-23T18:00:00Z"),
        ("UTC", "2026-11-23T18:00:00Z", Evening, "2026-11-24T18:00:00Z"),
        // In the night, "tomorrow" comes after the next sleep.
        ("UTC", "2026-11-23T02:00:00Z", Tomorrow, "2026-11-23T08:00:00Z"),
        ("UTC", "2026-11-23T04:59:59Z", Tomorrow, "2026-11-23T08:00:00Z"),
        ("UTC", "2026-11-23T05:00:00Z", Tomorrow, "2026-11-24T08:00:00Z"),
        // A Sunday, late: next week begins in a few hours.
        ("UTC", "2026-11-29T23:00:00Z", NextWeek, "2026-11-30T08:00:00Z"),
        // The end of a year.
        ("UTC", "2026-12-31T23:30:00Z", Tomorrow, "2027-01-01T08:00:00Z"),
        ("UTC", "2026-12-31T23:30:00Z", NextWeek, "2027-01-04T08:00:00Z"),
        // It is Tuesday in Auckland already, and still Sunday in Honolulu.
        ("Pacific/Auckland", "2026-11-23T12:00:00Z", Evening, "2026-11-24T05:00:00Z"),
        ("Pacific/Auckland", "2026-11-23T17:00:00Z", Tomorrow, "2026-11-24T19:00:00Z"),
        ("Pacific/Honolulu", "2026-11-23T09:00:00Z", NextWeek, "2026-11-23T18:00:00Z"),
        // A zone of three quarters of an hour.
        ("Asia/Kathmandu", "2026-11-23T09:00:00Z", Evening, "2026-11-23T12:15:00Z"),
        // Berlin sets its clocks forward in the night to the 29th of March, and back on the 25th of October.
        ("Europe/Berlin", "2026-03-28T12:00:00Z", Evening, "2026-03-28T17:00:00Z"),
        ("Europe/Berlin", "2026-03-28T12:00:00Z", Tomorrow, "2026-03-29T06:00:00Z"),
        ("Europe/Berlin", "2026-03-28T12:00:00Z", NextWeek, "2026-03-30T06:00:00Z"),
        ("Europe/Berlin", "2026-03-29T00:30:00Z", Later, "2026-03-29T03:30:00Z"),
        ("Europe/Berlin", "2026-10-24T12:00:00Z", Evening, "2026-10-24T16:00:00Z"),
        ("Europe/Berlin", "2026-10-24T12:00:00Z", Tomorrow, "2026-10-25T07:00:00Z"),
        ("Europe/Berlin", "2026-10-25T00:30:00Z", Tomorrow, "2026-10-25T07:00:00Z"),
    ];
    for (zone, now, snooze, until) in table {
        let moment = Moment::new(at(now), zone.parse().unwrap());
        assert_eq!(
            snooze.until(&moment, SnoozeTimes::default()),
            at(until),
            "{snooze} at {now} in {zone}"
        );
    }
}

fn times(later_hours: u8, evening: (i8, i8), morning: (i8, i8)) -> SnoozeTimes {
    let [evening, morning] = [evening, morning].map(|(hour, minute)| time(hour, minute, 0, 0));
    SnoozeTimes::new(later_hours, evening, morning).unwrap()
}

#[test]
fn a_snooze_ends_when_its_person_has_chosen() {
    use Snooze::{Evening, Later, NextWeek, Tomorrow};
    let early = times(1, (16, 30), (4, 15));
    let late = times(12, (23, 59), (11, 45));
    let table = [
        (early, "UTC", "2026-11-23T09:00:00Z", Later, "2026-11-23T10:00:00Z"),
        (late, "UTC", "2026-11-23T09:00:00Z", Later, "2026-11-23T21:00:00Z"),
        // Their evening is over already, or is not.
        (early, "UTC", "2026-11-23T16:29:59Z", Evening, "2026-11-23T16:30:00Z"),
        (early, "UTC", "2026-11-23T16:30:00Z", Evening, "2026-11-24T16:30:00Z"),
        (late, "UTC", "2026-11-23T23:58:59Z", Evening, "2026-11-23T23:59:00Z"),
        (late, "UTC", "2026-11-23T23:59:30Z", Evening, "2026-11-24T23:59:00Z"),
        // In the night, the morning of today is still to come; or it began already.
        (late, "UTC", "2026-11-23T02:00:00Z", Tomorrow, "2026-11-23T11:45:00Z"),
        (early, "UTC", "2026-11-23T04:14:59Z", Tomorrow, "2026-11-23T04:15:00Z"),
        (early, "UTC", "2026-11-23T04:15:00Z", Tomorrow, "2026-11-24T04:15:00Z"),
        (late, "UTC", "2026-11-23T09:00:00Z", Tomorrow, "2026-11-24T11:45:00Z"),
        (early, "UTC", "2026-11-23T02:00:00Z", NextWeek, "2026-11-30T04:15:00Z"),
        (early, "Asia/Kathmandu", "2026-11-23T09:00:00Z", Evening, "2026-11-23T10:45:00Z"),
        // Berlin sets its clocks forward from 2:00 on the 29th of March: there is no 2:30.
        (
            times(3, (18, 0), (2, 30)),
            "Europe/Berlin",
            "2026-03-28T12:00:00Z",
            Tomorrow,
            "2026-03-29T01:30:00Z",
        ),
        (early, "Europe/Berlin", "2026-03-28T23:30:00Z", Later, "2026-03-29T00:30:00Z"),
        // It sets them back on the 25th of October, and it is 2:30 twice: once it began, the second is no morning.
        (
            times(3, (18, 0), (2, 30)),
            "Europe/Berlin",
            "2026-10-24T23:00:00Z",
            Tomorrow,
            "2026-10-25T00:30:00Z",
        ),
        (
            times(3, (18, 0), (2, 30)),
            "Europe/Berlin",
            "2026-10-25T01:10:00Z",
            Tomorrow,
            "2026-10-26T01:30:00Z",
        ),
        // Cairo sets them back from midnight to eleven.
        (
            times(3, (23, 30), (8, 0)),
            "Africa/Cairo",
            "2026-10-29T21:10:00Z",
            Evening,
            "2026-10-30T21:30:00Z",
        ),
    ];
    for (times, zone, now, snooze, until) in table {
        let moment = Moment::new(at(now), zone.parse().unwrap());
        assert_eq!(snooze.until(&moment, times), at(until), "{snooze} at {now} in {zone}");
    }
}

#[test]
fn an_evening_is_todays_until_it_begins() {
    for (zone, now, today) in [
        ("UTC", "2026-11-23T17:59:59Z", true),
        ("UTC", "2026-11-23T18:00:00Z", false),
        ("Pacific/Auckland", "2026-11-23T12:00:00Z", true),
        ("Asia/Kathmandu", "2026-11-23T12:15:00Z", false),
    ] {
        let moment = Moment::new(at(now), zone.parse().unwrap());
        assert_eq!(
            Snooze::Evening.is_today(&moment, SnoozeTimes::default()),
            today,
            "{now} in {zone}"
        );
    }
}

#[test]
fn every_snooze_ends_later_than_it_begins() {
    let zones = [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Pacific/Apia",
        "Asia/Kolkata",
        "Africa/Cairo",
    ];
    for zone in zones {
        // Two years, every 37 minutes.
        for step in 0..28_000 {
            let now = at("2026-01-01T00:00:00Z") + chrono::TimeDelta::minutes(37 * step);
            let moment = Moment::new(now, zone.parse().unwrap());
            // Other times at each step.
            let times = times(
                u8::try_from(step % 12 + 1).unwrap(),
                (i8::try_from(12 + step % 12).unwrap(), i8::try_from(step % 60).unwrap()),
                (i8::try_from(step % 12).unwrap(), i8::try_from(step % 59).unwrap()),
            );
            for snooze in Snooze::ALL {
                let rest = snooze.until(&moment, times) - now;
                assert!(rest > chrono::TimeDelta::zero(), "{snooze} at {now} in {zone}: {times:?}");
                assert!(
                    rest < chrono::TimeDelta::days(9),
                    "{snooze} at {now} in {zone}: {times:?}"
                );
            }
        }
    }
}

#[test]
fn a_snooze_is_known_by_its_name() {
    for snooze in Snooze::ALL {
        assert_eq!(snooze.as_str().parse(), Ok(snooze));
    }
    assert_eq!("never".parse::<Snooze>(), Err(()));
}
