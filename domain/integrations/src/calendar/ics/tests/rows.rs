//! What comes back, and what has become of some of it.

use super::*;

#[test]
fn what_comes_back_is_at_its_time_on_the_wall() {
    let weekly =
        "DTSTART;TZID=Europe/Berlin:20260106T093000\nDTEND;TZID=Europe/Berlin:20260106T101500\n";
    for (rule, expected) in [
        ("RRULE:FREQ=WEEKLY", "09:30-10:15"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU,WE", "09:30-10:15 +09:30-+10:15"),
        ("RRULE:FREQ=WEEKLY;UNTIL=20261124T083000Z", "09:30-10:15"),
        ("RRULE:FREQ=WEEKLY;UNTIL=20261124T082959Z", ""),
        ("RRULE:FREQ=WEEKLY;UNTIL=20261123", ""),
        ("RRULE:FREQ=WEEKLY;COUNT=46", ""),
        ("RRULE:FREQ=WEEKLY;COUNT=47", "09:30-10:15"),
        ("RRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Berlin:20261117T093000,20261124T093000", ""),
        ("RRULE:FREQ=WEEKLY\nEXDATE:20261124T083000Z", ""),
        ("RRULE:FREQ=WEEKLY\nEXDATE;VALUE=DATE:20261124", ""),
        ("RRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Berlin:20261124T090000", "09:30-10:15"),
        ("RDATE;TZID=Europe/Berlin:20261124T150000", "15:00-15:45"),
        (
            "RDATE;VALUE=PERIOD:20261124T140000Z/PT10M,20261124T160000Z/20261124T170000Z",
            "15:00-15:10 17:00-18:00",
        ),
        ("RRULE:FREQ=HOURLY;INTERVAL=12;UNTIL=20261124T203000Z", "09:30-10:15 21:30-22:15"),
        (
            "RRULE:FREQ=DAILY;BYHOUR=8,9;BYMINUTE=0",
            "08:00-08:45 09:00-09:45 +08:00-+08:45 +09:00-+09:45",
        ),
        // It takes place once, in January.
        ("RRULE:FREQ=MINUTELY", ""),
    ] {
        assert_eq!(event(&format!("{weekly}{rule}")), expected, "{rule}");
    }
}

#[test]
fn when_clocks_change_the_wall_counts() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20260101T023000\n\
                DURATION:PT30M\nRRULE:FREQ=DAILY\nEND:VEVENT\nBEGIN:VEVENT\n\
                DTSTART;TZID=America/New_York:20260101T090000\nDURATION:PT30M\nRRULE:FREQ=DAILY\n\
                END:VEVENT\nEND:VCALENDAR";
    let on = |month, day| busy_on(date(2026, month, day), text).unwrap();
    assert_eq!(on(1, 20), "02:30-03:00 15:00-15:30 +02:30-+03:00 +15:00-+15:30");
    // New York is ahead by three weeks, and behind by one; in Berlin's gap, it is an hour later.
    assert_eq!(on(3, 27), "02:30-03:00 14:00-14:30 +02:30-+03:00 +14:00-+14:30");
    assert_eq!(on(3, 29), "03:30-04:00 15:00-15:30 +02:30-+03:00 +15:00-+15:30");
    // The first half past two of two.
    assert_eq!(on(10, 25), "02:30-02:00 14:00-14:30 +02:30-+03:00 +14:00-+14:30");
}

#[test]
fn one_of_a_row_may_be_moved_or_called_off() {
    let row = "BEGIN:VEVENT\nUID:row\nDTSTART;TZID=Europe/Berlin:20261102T090000\nDURATION:PT1H\n\
               RRULE:FREQ=DAILY\nEND:VEVENT\n";
    let instead = |uid: &str, lines: &str| {
        busy(&format!(
            "{row}BEGIN:VEVENT\nUID:{uid}\nRECURRENCE-ID;TZID=Europe/Berlin:20261124T090000\n{lines}\nEND:VEVENT"
        ))
    };
    let moved = "DTSTART;TZID=Europe/Berlin:20261124T140000\nDURATION:PT30M";
    assert_eq!(busy(row), "09:00-10:00 +09:00-+10:00");
    assert_eq!(instead("row", moved), "14:00-14:30 +09:00-+10:00");
    assert_eq!(instead("other", moved), "09:00-10:00 14:00-14:30 +09:00-+10:00");
    for gone in [
        "DTSTART;TZID=Europe/Berlin:20261124T090000\nDURATION:PT1H\nSTATUS:CANCELLED",
        "DTSTART;VALUE=DATE:20261124",
        "DTSTART;TZID=Europe/Berlin:20261212T090000\nDURATION:PT1H",
    ] {
        assert_eq!(instead("row", gone), "+09:00-+10:00", "{gone}");
    }
    // From another day into this one.
    let here = "BEGIN:VEVENT\nUID:row\nRECURRENCE-ID:20261130T080000Z\nDTSTART:20261124T170000Z\n\
                DTEND:20261124T180000Z\nEND:VEVENT";
    assert_eq!(busy(&format!("{row}{here}")), "09:00-10:00 18:00-19:00 +09:00-+10:00");
}

#[test]
fn all_from_one_on_may_be_changed() {
    let row = "BEGIN:VEVENT\nUID:row\nDTSTART;TZID=Europe/Berlin:20261023T090000\nDURATION:PT1H\n\
               RRULE:FREQ=DAILY\nEND:VEVENT\n";
    let onward = |at: &str, lines: &str| {
        format!(
            "BEGIN:VEVENT\nUID:row\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:{at}\n\
             {lines}\nEND:VEVENT\n"
        )
    };
    let at = |start: &str| format!("DTSTART;TZID=Europe/Berlin:{start}\nDURATION:PT30M");
    let told = |instead: &[String]| busy(&(row.to_owned() + &instead.concat()));
    // It began when the clocks in Berlin were ahead: an hour on the wall is an hour on the wall.
    let since_october = onward("20261024T090000", &at("20261024T140000"));
    assert_eq!(told(std::slice::from_ref(&since_october)), "14:00-14:30 +14:00-+14:30");
    let not_yet = onward("20261126T090000", &at("20261126T140000"));
    assert_eq!(told(&[not_yet]), "09:00-10:00 +09:00-+10:00");
    // The last one counts, wherever it stands; and single ones stand for themselves.
    let since_tomorrow = onward("20261125T090000", &at("20261125T070000"));
    let two = [since_tomorrow.clone(), since_october.clone()];
    assert_eq!(told(&two), "14:00-14:30 +07:00-+07:30");
    let single = onward("20261124T090000", &at("20261124T200000")).replace("RANGE", "X");
    assert_eq!(told(&[since_october.clone(), single]), "20:00-20:30 +14:00-+14:30");
    // Into other days, forth and back, and off.
    for (start, expected) in [
        ("20261028T110000", "11:00-11:30 +11:00-+11:30"),
        ("20261020T083000", "08:30-09:00 +08:30-+09:00"),
    ] {
        assert_eq!(told(&[onward("20261024T090000", &at(start))]), expected, "{start}");
    }
    let off = at("20261123T090000") + "\nSTATUS:CANCELLED";
    assert_eq!(told(&[onward("20261123T090000", &off)]), "");
    assert_eq!(told(&[since_october, onward("20261125T090000", &off)]), "14:00-14:30");
    let free = row.replace("RRULE", "TRANSP:TRANSPARENT\nRRULE");
    assert_eq!(busy(&(free + &since_tomorrow)), "+07:00-+07:30");
}

/// What `tests/golden/recurrence.py` has asked another implementation.
#[test]
fn rules_are_what_others_take_them_for() {
    let golden = include_str!("../../../../tests/recurrence.json");
    let golden: Vec<serde_json::Value> = serde_json::from_str(golden).unwrap();
    assert!(golden.len() >= 200);
    for case in golden {
        let text = |name: &str| case[name].as_str().unwrap();
        let from: Timestamp = text("from").parse().unwrap();
        let until = from + chrono::TimeDelta::days(case["days"].as_i64().unwrap());
        let events = text("events");
        let calendar = format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n");
        let read = read(calendar.as_bytes(), None, &berlin(), Window { from, until }).unwrap();
        let told: Vec<String> = read
            .intervals()
            .iter()
            .map(|(a, b)| format!("{}-{}", a.format("%m%dT%H%M"), b.format("%m%dT%H%M")))
            .collect();
        assert_eq!(told.join(" "), text("busy"), "from {from}\n{events}");
    }
}
