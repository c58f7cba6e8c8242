//! For how long a snooze lasts, on the person's own clock.

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
        assert_eq!(snooze.until(&moment), at(until), "{snooze} at {now} in {zone}");
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
        assert_eq!(Snooze::Evening.is_today(&moment), today, "{now} in {zone}");
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
            for snooze in Snooze::ALL {
                let rest = snooze.until(&moment) - now;
                assert!(rest > chrono::TimeDelta::zero(), "{snooze} at {now} in {zone}");
                assert!(rest < chrono::TimeDelta::days(8), "{snooze} at {now} in {zone}");
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
