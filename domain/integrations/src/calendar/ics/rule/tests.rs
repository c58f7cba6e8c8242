use super::*;

/// The dates of a rule that began on `start`, within a year of `from`, as `MM-DD` with commas.
fn dates(rule: &str, start: &str, from: &str) -> String {
    let rule = Rule::read(rule).unwrap();
    let from: Date = from.parse().unwrap();
    let to = from.checked_add(Span::new().days(364)).unwrap();
    let found = rule.dates(start.parse().unwrap(), (from, to), &mut Budget(1_000_000)).unwrap();
    let told: Vec<String> =
        found.iter().take(6).map(|date| date.strftime("%m-%d").to_string()).collect();
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
        ("FREQ=DAILY;COUNT=3", "2025-12-31", "01-01,01-02"),
        ("FREQ=WEEKLY;COUNT=53;BYDAY=MO", "2025-01-06", "01-05"),
        ("freq=daily;until=20250101", "2025-12-31", "01-01,01-02,01-03,01-04,01-05,01-06"),
    ] {
        assert_eq!(dates(rule, start, "2026-01-01"), expected, "{rule} from {start}");
    }
}

#[test]
fn what_it_does_not_know_is_no_rule() {
    for rule in [
        "",
        "FREQ=SECONDLY",
        "FREQ=HOURLY;INTERVAL=2",
        "FREQ=DAILY;BYHOUR=9,17",
        "FREQ=YEARLY;BYWEEKNO=20",
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
    let (start, day) = ("0001-01-01".parse().unwrap(), "2026-01-01".parse().unwrap());
    let counted = rule.dates(start, (day, day), &mut Budget(10_000));
    assert_eq!(counted, Err(Unreadable::TooMuch));
    // Without a count, it takes a look or two however long ago it began.
    let rule = Rule::read("FREQ=DAILY").unwrap();
    assert_eq!(rule.dates(start, (day, day), &mut Budget(2)), Ok(vec![day]));
    // At the end of time, too.
    let last = Date::MAX;
    for freq in ["DAILY", "WEEKLY", "MONTHLY;BYMONTHDAY=31", "YEARLY"] {
        let rule = Rule::read(&format!("FREQ={freq};INTERVAL=2147483647")).unwrap();
        assert!(rule.dates(last, (last, last), &mut Budget(1_000)).is_ok(), "{freq}");
    }
}
