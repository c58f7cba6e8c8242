use proptest::prelude::*;

use super::{read::LISTED, *};

/// The times of a rule that began on `start`, within a year of `from`, as `format` has them, with commas: the first six.
fn times(rule: &str, start: &str, from: &str, format: &str) -> String {
    let rule = Rule::read(rule).unwrap();
    let from: Date = from.parse().unwrap();
    let to = from.checked_add(Span::new().days(364)).unwrap();
    let found = rule.times(start.parse().unwrap(), (from, to), &mut Budget(1_000_000)).unwrap();
    let told: Vec<String> =
        found.iter().take(6).map(|at| at.strftime(format).to_string()).collect();
    told.join(",")
}

#[test]
fn the_usual_rules() {
    for (rule, start, expected) in [
        ("FREQ=DAILY", "2020-01-01", "01-01,01-02,01-03,01-04,01-05,01-06"),
        ("FREQ=DAILY;INTERVAL=10", "2025-12-25", "01-04,01-14,01-24,02-03,02-13,02-23"),
        ("FREQ=WEEKLY", "2025-11-26", "01-07,01-14,01-21,01-28,02-04,02-11"),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "2026-01-01", "01-01,01-06,01-08,01-13,01-15,01-20"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2025-12-22", "01-05,01-09,01-19,01-23,02-02,02-06"),
        // The classic of RFC 5545: the week's first day matters.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
            "2026-01-06",
            "01-06,01-11,01-20,01-25,02-03,02-08",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
            "2026-01-06",
            "01-06,01-18,01-20,02-01,02-03,02-15",
        ),
        ("FREQ=MONTHLY", "2025-01-31", "01-31,03-31,05-31,07-31,08-31,10-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2025-01-31", "01-31,02-28,03-31,04-30,05-31,06-30"),
        ("FREQ=MONTHLY;BYDAY=1MO", "2025-01-06", "01-05,02-02,03-02,04-06,05-04,06-01"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2025-01-31", "01-30,02-27,03-27,04-24,05-29,06-26"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2025-06-13", "02-13,03-13,11-13"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "2025-01-31",
            "01-30,02-27,03-31,04-30,05-29,06-30",
        ),
        ("FREQ=MONTHLY;INTERVAL=5", "2025-10-02", "03-02,08-02"),
        ("FREQ=YEARLY", "2024-02-29", ""),
        ("FREQ=YEARLY;BYMONTH=3,11", "2025-03-09", "03-09,11-09"),
        ("FREQ=YEARLY;BYDAY=20MO", "2025-05-19", "05-18"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2025-11-27", "11-26"),
        ("FREQ=YEARLY;BYYEARDAY=1,-1", "2025-01-01", "01-01,12-31"),
        ("FREQ=YEARLY;BYYEARDAY=60;BYDAY=SU", "2025-01-01", "03-01"),
        // The first Monday of the year may be in its first week, or in its second.
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "2025-05-12", "05-11"),
        ("FREQ=YEARLY;BYWEEKNO=1,53", "2025-01-02", "01-01,12-31"),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU", "2025-01-02", ""),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=SU;WKST=SU", "2025-01-02", "01-04"),
        ("FREQ=DAILY;COUNT=3", "2025-12-31", "01-01,01-02"),
        ("FREQ=WEEKLY;COUNT=53;BYDAY=MO", "2025-01-06", "01-05"),
        ("freq=daily;until=20250101", "2025-12-31", "01-01,01-02,01-03,01-04,01-05,01-06"),
    ] {
        let start = format!("{start}T08:30:00");
        assert_eq!(times(rule, &start, "2026-01-01", "%m-%d"), expected, "{rule} from {start}");
    }
}

#[test]
fn the_hours_of_rules() {
    for (rule, start, expected) in [
        ("FREQ=DAILY;BYHOUR=17,9", "2025-12-31T12:30", "01 09:30,01 17:30,02 09:30"),
        ("FREQ=DAILY;BYHOUR=9,17;COUNT=4", "2025-12-31T12:30", "01 09:30,01 17:30,02 09:30"),
        (
            "FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0,15,0;BYSETPOS=-2,1",
            "2026-01-01T09:00",
            "01 09:00,01 17:00,02 09:00",
        ),
        ("FREQ=WEEKLY;BYDAY=MO;BYMINUTE=5,50", "2026-01-01T09:00", "05 09:05,05 09:50,12 09:05"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU;BYHOUR=8,9;BYSETPOS=3",
            "2025-01-01T09:00",
            "06 08:00,03 08:00,03 08:00",
        ),
        ("FREQ=HOURLY", "2010-01-01T00:40", "01 00:40,01 01:40,01 02:40"),
        ("FREQ=HOURLY", "2026-01-01T22:40", "01 22:40,01 23:40,02 00:40"),
        ("FREQ=HOURLY;INTERVAL=5", "2025-12-31T22:00", "01 03:00,01 08:00,01 13:00"),
        ("FREQ=HOURLY;INTERVAL=5;COUNT=3", "2025-12-31T22:00", "01 03:00,01 08:00"),
        (
            "FREQ=HOURLY;BYHOUR=9,10;BYDAY=SA;BYMINUTE=0,30",
            "2025-01-01T00:00",
            "03 09:00,03 09:30,03 10:00",
        ),
        (
            "FREQ=HOURLY;INTERVAL=24;BYMINUTE=10,20,30;BYSETPOS=2",
            "2025-01-01T07:00",
            "01 07:20,02 07:20,03 07:20",
        ),
        ("FREQ=DAILY;BYSECOND=59,1", "2026-01-01T00:00", "01 00:00,01 00:00,02 00:00"),
    ] {
        let told = times(rule, start, "2026-01-01", "%d %H:%M");
        let three: Vec<&str> = told.split(',').take(3).collect();
        assert_eq!(three.join(","), expected, "{rule} from {start}");
    }
}

#[test]
fn what_it_does_not_know_is_no_rule() {
    for rule in [
        "",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=30",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;BYHOUR=-1",
        "FREQ=DAILY;BYMINUTE=60",
        "FREQ=DAILY;BYHOUR=",
        "FREQ=YEARLY;BYWEEKNO=54",
        "FREQ=YEARLY;BYWEEKNO=0",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=many",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=é",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=DAILY;UNTIL=tomorrow",
        "INTERVAL=2",
    ] {
        assert_eq!(Rule::read(rule), None, "{rule}");
    }
    let long = format!("FREQ=MONTHLY;BYMONTHDAY={}1", "1,".repeat(LISTED));
    assert_eq!(Rule::read(&long), None);
}

#[test]
fn it_is_not_counted_without_end() {
    let rule = Rule::read("FREQ=DAILY;COUNT=4000000000").unwrap();
    let (start, day) = ("0001-01-01T08:00".parse().unwrap(), "2026-01-01".parse().unwrap());
    let counted = rule.times(start, (day, day), &mut Budget(10_000));
    assert_eq!(counted, Err(Unreadable::TooMuch));
    // Without a count, it takes few looks however long ago it began.
    for freq in ["DAILY", "HOURLY;INTERVAL=24", "YEARLY;BYMONTHDAY=1,2", "MONTHLY;BYDAY=1TH"] {
        let rule = Rule::read(&format!("FREQ={freq}")).unwrap();
        let found = rule.times(start, (day, day), &mut Budget(6)).unwrap();
        assert_eq!(found, [day.at(8, 0, 0, 0)], "{freq}");
    }
    // At the end of time, too.
    let last = Date::MAX;
    for freq in ["HOURLY", "DAILY", "WEEKLY", "MONTHLY;BYMONTHDAY=31", "YEARLY;BYWEEKNO=-1,1"] {
        for start in [last, Date::MIN] {
            let rule = Rule::read(&format!("FREQ={freq};INTERVAL=2147483647")).unwrap();
            let found = rule.times(start.at(23, 59, 59, 0), (last, last), &mut Budget(1_000));
            assert!(found.is_ok(), "{freq}");
        }
    }
}

#[test]
fn what_is_tedious_ends() {
    let all = |most: i32| (0..most).map(|it| it.to_string()).collect::<Vec<_>>().join(",");
    let each_second = format!("BYHOUR={};BYMINUTE={};BYSECOND={}", all(24), all(60), all(60));
    let start = "1970-01-01T08:00".parse().unwrap();
    let days = ("2026-11-23".parse().unwrap(), "2026-11-26".parse().unwrap());
    for rule in [
        "FREQ=DAILY;COUNT=4294967295;BYMONTH=2;BYMONTHDAY=31".to_owned(),
        "FREQ=HOURLY;COUNT=4294967295".to_owned(),
        format!("FREQ=DAILY;{each_second}"),
        format!("FREQ=YEARLY;{each_second};BYDAY=MO,TU;BYSETPOS=-1"),
        format!("FREQ=HOURLY;COUNT=4000000000;BYMINUTE={};BYSECOND={}", all(60), all(60)),
    ] {
        let read = Rule::read(&rule).unwrap();
        let found = read.times(start, days, &mut Budget(10_000));
        assert_eq!(found, Err(Unreadable::TooMuch), "{}", &rule[..30]);
    }
}

/// Rules that ask for a lot, most of them.
fn tedious() -> impl Strategy<Value = String> {
    let numbers = |name: &str| format!("(;{name}=[1-5]?[0-9](,[0-5]?[0-9]){{0,12}})?");
    let regex = [
        "FREQ=(HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(;INTERVAL=[1-9][0-9]{0,9})?(;COUNT=[0-9]{1,10})?",
        "(;WKST=(SU|TH))?(;BYMONTH=(2|1[0-2](,6)?))?(;BYMONTHDAY=(31|-?[1-9](,30)?))?",
        "(;BYYEARDAY=-?[1-9]{1,3})?(;BYWEEKNO=-?[1-5])?(;BYDAY=(-1)?(MO|TU)(,SU)?)?",
        "(;BYHOUR=1?[0-9](,1[0-9]){0,9})?(;BYSETPOS=-?[1-9](,-1)?)?",
        &numbers("BYMINUTE"),
        &numbers("BYSECOND"),
    ];
    prop::string::string_regex(&regex.concat()).unwrap()
}

proptest! {
    /// No rule takes more steps than it is given; one that counts nothing takes no more than the days in question do.
    #[test]
    fn fuzz_rules(
        text in tedious(),
        (year, day) in (-9_999_i16..=9_999, 1_i16..=365),
        (age, length) in (0_i32..20_000, 0_i32..4),
    ) {
        const STEPS: u32 = 10_000;
        let Some(rule) = Rule::read(&text) else { return Ok(()) };
        let from = Date::new(year, 1, 1).unwrap().with().day_of_year(day).build().unwrap();
        let start = from.checked_sub(Span::new().days(age)).unwrap_or(Date::MIN).at(8, 30, 0, 0);
        let to = from.checked_add(Span::new().days(length)).unwrap_or(from);
        let mut budget = Budget(STEPS);
        let found = rule.times(start, (from, to), &mut budget);
        let spent = usize::try_from(STEPS - budget.0).unwrap();
        if rule.count.is_none() && rule.places.is_empty() {
            let clock = rule.clock(start, &mut Budget(u32::MAX)).unwrap().len();
            let most = 24 * 5 * (1 + clock);
            prop_assert!(spent <= most, "{spent} of {most}");
            prop_assert!(found.is_ok() || most > 10_000);
        }
        if let Ok(found) = found {
            prop_assert!(found.len() <= spent);
            prop_assert!(found.is_sorted_by(|one, next| one < next));
            prop_assert!(found.iter().all(|at| *at >= start && (from..=to).contains(&at.date())));
        }
    }
}
