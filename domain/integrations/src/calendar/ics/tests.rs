use jiff::civil::date;
use proptest::prelude::*;

use super::*;

/// Tuesday, 24 November 2026, as the calendars below mean it.
const TODAY: &str = "20261124";

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

/// From midnight in Berlin, two days long.
fn window(day: jiff::civil::Date) -> Window {
    let midnight =
        |date: jiff::civil::Date| timestamp(date.to_zoned(berlin()).unwrap().timestamp()).unwrap();
    Window { from: midnight(day), until: midnight(day.tomorrow().unwrap().tomorrow().unwrap()) }
}

/// What is busy on `day` and the next one, as `HH:MM-HH:MM` on the wall in Berlin; the next day has a `+` before it.
fn busy_on(day: jiff::civil::Date, text: &str) -> Result<String, Unreadable> {
    let busy = read(text.as_bytes(), &berlin(), window(day))?;
    let wall = |at: &Timestamp| {
        let at = jiff::Timestamp::from_microsecond(at.timestamp_micros()).unwrap();
        let at = at.to_zoned(berlin());
        let plus = if at.date() == day { "" } else { "+" };
        format!("{plus}{}", at.strftime("%H:%M"))
    };
    let told =
        busy.intervals().iter().map(|(from, until)| format!("{}-{}", wall(from), wall(until)));
    Ok(told.collect::<Vec<_>>().join(" "))
}

/// On that Tuesday, in a calendar with these lines in it.
fn busy(lines: &str) -> String {
    let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\n{lines}\nEND:VCALENDAR\n");
    busy_on(date(2026, 11, 24), &text).unwrap()
}

/// With one event of these lines.
fn event(lines: &str) -> String {
    busy(&format!("BEGIN:VEVENT\nUID:1\nSUMMARY:Secret\n{lines}\nEND:VEVENT"))
}

#[test]
fn times_are_read_in_their_zones() {
    for (lines, expected) in [
        ("DTSTART:20261124T080000Z\nDTEND:20261124T090000Z", "09:00-10:00"),
        ("DTSTART;TZID=America/New_York:20261124T080000\nDURATION:PT1H30M", "14:00-15:30"),
        ("DTSTART;TZID=\"America/New_York\":20261124T080000\nDURATION:PT1H", "14:00-15:00"),
        (
            "DTSTART;TZID=/mozilla.org/20050126_1/Asia/Tokyo:20261124T180000\nDURATION:PT1H",
            "10:00-11:00",
        ),
        (
            "DTSTART;TZID=/x/y/America/Argentina/Ushuaia:20261124T080000\nDURATION:PT1H",
            "12:00-13:00",
        ),
        ("DTSTART:20261124T080000\nDTEND:20261124T090000", "08:00-09:00"),
        ("DTSTART;TZID=Nowhere/Land:20261124T080000\nDURATION:PT15M", "08:00-08:15"),
        (
            "dtstart;tzid=Europe/Berlin:20261124T080000\ndtend;tzid=America/New_York:20261124T030000",
            "08:00-09:00",
        ),
        ("DTSTART:20261123T230000Z\nDURATION:PT30M", "00:00-00:30"),
        // It began yesterday, or ends when the window has ended.
        ("DTSTART:20261123T220000Z\nDURATION:PT2H", "+23:00-01:00"),
        ("DTSTART:20261125T220000Z\nDURATION:PT3H", "+23:00-+02:00"),
        ("DTSTART:20261126T080000Z\nDURATION:PT3H", ""),
        ("DTSTART:20261123T080000Z\nDURATION:PT3H", ""),
    ] {
        assert_eq!(event(lines), expected, "{lines}");
    }
}

#[test]
fn what_takes_no_time_of_the_day_is_not_busy() {
    for lines in [
        format!("DTSTART;VALUE=DATE:{TODAY}"),
        format!("DTSTART;VALUE=DATE:{TODAY}\nDTEND;VALUE=DATE:20261125"),
        format!("DTSTART;VALUE=DATE:{TODAY}\nRRULE:FREQ=DAILY"),
        format!("DTSTART:{TODAY}T080000\nDTEND:20261125T080000"),
        format!("DTSTART:{TODAY}T080000\nDURATION:P1D"),
        format!("DTSTART:{TODAY}T080000"),
        format!("DTSTART:{TODAY}T080000\nDTEND:{TODAY}T080000"),
        format!("DTSTART:{TODAY}T080000\nDTEND:{TODAY}T070000"),
        format!("DTSTART:{TODAY}T080000\nDURATION:-PT1H"),
        format!("DTSTART:{TODAY}T080000\nDURATION:PT1H\nTRANSP:TRANSPARENT"),
        format!("DTSTART:{TODAY}T080000\nDURATION:PT1H\nSTATUS:cancelled"),
        format!("DTSTART:{TODAY}T080000\nDURATION:PT1H\nX-MICROSOFT-CDO-BUSYSTATUS:FREE"),
        "DTEND:20261124T080000".to_owned(),
        "DTSTART:yesterday\nDTEND:20261124T080000".to_owned(),
        "DTSTART:20261324T080000\nDURATION:PT1H".to_owned(),
        "DTSTART:20261124T250000\nDURATION:PT1H".to_owned(),
        "DTSTART:+2026112T080000\nDURATION:PT1H".to_owned(),
    ] {
        assert_eq!(event(&lines), "", "{lines}");
    }
    let tentative =
        format!("DTSTART:{TODAY}T080000\nDURATION:PT1H\nSTATUS:TENTATIVE\nTRANSP:OPAQUE");
    assert_eq!(event(&tentative), "08:00-09:00");
}

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
        // It takes place once, in January.
        ("RRULE:FREQ=HOURLY", ""),
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
fn the_zones_of_outlook_are_what_they_say() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Pacific Standard Time\nBEGIN:STANDARD\n\
                DTSTART:16010101T020000\nTZOFFSETFROM:-0700\nTZOFFSETTO:-0800\n\
                RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\nEND:STANDARD\nBEGIN:DAYLIGHT\n\
                DTSTART:16010101T020000\nTZOFFSETFROM:-0800\nTZOFFSETTO:-0700\n\
                RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n\
                BEGIN:VTIMEZONE\nTZID:(UTC+05:30) Chennai, Kolkata\nBEGIN:STANDARD\n\
                DTSTART:16010101T000000\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD\n\
                END:VTIMEZONE\n";
    let text = |day: &str| {
        format!(
            "BEGIN:VCALENDAR\n{zone}BEGIN:VEVENT\n\
             DTSTART;TZID=Pacific Standard Time:{day}T080000\nDURATION:PT1H\nEND:VEVENT\n\
             BEGIN:VEVENT\nDTSTART;TZID=\"(UTC+05:30) Chennai, Kolkata\":{day}T140000\n\
             DURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR"
        )
    };
    let on = |month, day, text: &str| busy_on(date(2026, month, day), text).unwrap();
    assert_eq!(on(11, 24, &text("20261124")), "09:30-10:30 17:00-18:00");
    assert_eq!(on(7, 7, &text("20260707")), "10:30-11:30 17:00-18:00");
    // Between the two changes: in America already, in Europe not yet.
    assert_eq!(on(3, 20, &text("20260320")), "09:30-10:30 16:00-17:00");
}

#[test]
fn however_lines_end_or_are_folded() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/B\n erlin:2026112\n\t4T080000\n\
                DESCRIPTION:one\\n\n  BEGIN:VEVENT\n\nDURATION:PT1H\nBEGIN:VALARM\nDURATION:PT9H\n\
                END:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";
    for text in [
        text.to_owned(),
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
        format!("{text}{text}"),
    ] {
        assert_eq!(busy_on(date(2026, 11, 24), &text).unwrap(), "08:00-09:00", "{text:?}");
    }
    // Letters that were cut in two, and those of another time.
    let mut bytes = text.as_bytes().to_vec();
    let place = text.find("one").unwrap();
    bytes[place] = 0xe4;
    assert!(read(&bytes, &berlin(), window(date(2026, 11, 24))).is_ok());
}

#[test]
fn what_is_something_else_is_told() {
    let deep = "BEGIN:VCALENDAR\n".to_owned() + &"BEGIN:VEVENT\n".repeat(100_000);
    for text in [
        "",
        "\r\n\r\n",
        "<!doctype html><title>Sign in</title>",
        "BEGIN:VCARD\nEND:VCARD",
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nEND:VCALENDAR\nhello",
        "BEGIN",
        "\u{1f}\u{8b}\u{8}",
        &deep,
        &"BEGIN:VCALENDAR\n".repeat(100_000),
    ] {
        let read = busy_on(date(2026, 11, 24), text);
        assert_eq!(read, Err(Unreadable::NotACalendar), "{}", text.get(..60).unwrap_or(text));
    }
    assert_eq!(busy(""), "");
}

#[test]
fn megabytes_and_rules_without_end_are_bounded() {
    let many = |lines: &str, times: usize| {
        let event = format!("BEGIN:VEVENT\nUID:1\n{lines}\nDURATION:PT1H\nEND:VEVENT\n");
        format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", event.repeat(times))
    };
    let today = date(2026, 11, 24);
    let words = format!("DESCRIPTION:{}\n", "lorem ipsum ".repeat(80));
    let daily = many(&format!("{words}DTSTART:19700101T080000\nRRULE:FREQ=DAILY"), 1_000);
    assert!(daily.len() > 1_000_000);
    assert_eq!(busy_on(today, &daily).unwrap(), "08:00-09:00 +08:00-+09:00");

    let each_second = many("DTSTART:19700101T080000\nRRULE:FREQ=SECONDLY", 1_000);
    assert_eq!(busy_on(today, &each_second).unwrap(), "");
    let counted = many("DTSTART:00010101T080000\nRRULE:FREQ=DAILY;COUNT=4000000000", 100);
    assert_eq!(busy_on(today, &counted), Err(Unreadable::TooMuch));
    let impossible = many("DTSTART:19700101T080000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", 5);
    assert_eq!(busy_on(today, &impossible).unwrap(), "");

    let last = many("DTSTART:99991231T233000Z\nRRULE:FREQ=YEARLY", 5);
    assert_eq!(busy_on(today, &last).unwrap(), "");
    let first = many("DTSTART:00000101T000000Z\nRRULE:FREQ=YEARLY;INTERVAL=2147483647", 5);
    assert_eq!(busy_on(today, &first).unwrap(), "");
    let dates = "20261124T080000,".repeat(5_000);
    assert_eq!(
        event(&format!("DTSTART:20200101T080000\nDURATION:PT1H\nRDATE:{dates}")),
        "08:00-09:00"
    );
}

/// A line that is nearly right.
fn line() -> impl Strategy<Value = String> {
    let time = prop_oneof![
        "(19|20|99)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9])T([01][0-9]|2[0-3])[0-5][0-9]00Z?",
        "202611(2[3-6])T([01][0-9]|2[0-3])[0-5][0-9]00Z?",
        "[0-9T+Zé-]{0,17}",
    ];
    let rule = prop_oneof![
        "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|SECONDLY)(;INTERVAL=[0-9]{1,3})?(;COUNT=[0-9]{1,4})?\
         (;BYDAY=(-?[0-9])?(MO|TU|FR|SU)(,WE)?)?(;BYMONTHDAY=-?[0-9]{1,2})?(;BYSETPOS=-?[0-9]{1,3})?\
         (;BYMONTH=[0-9]{1,2})?(;WKST=(SU|MO))?(;UNTIL=20261124)?",
        "[A-Z=;,0-9é-]{0,30}",
    ];
    let zone = prop_oneof![
        Just(String::new()),
        ";TZID=(Europe/Berlin|America/New_York|Own|\"O w:n\"|UTC|/x/UTC|\\.\\./etc/passwd)",
        ";VALUE=DATE",
    ];
    prop_oneof![
        (
            prop::sample::select(vec!["DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID"]),
            zone,
            time
        )
            .prop_map(|(name, zone, time)| format!("{name}{zone}:{time}")),
        rule.prop_map(|rule| format!("RRULE:{rule}")),
        "DURATION:-?P([0-9]{1,6}[WD])?(T[0-9]{1,9}[HMS])?",
        "(BEGIN|END):(VEVENT|VTIMEZONE|STANDARD|DAYLIGHT|VALARM|VCALENDAR)",
        "(UID:a|TZID:Own|TZOFFSETTO:[+-]?[0-9]{2,6}|TRANSP:(OPAQUE|TRANSPARENT)|STATUS:CANCELLED)",
        r"[ \t]?\PC{0,20}",
    ]
}

proptest! {
    #[test]
    fn fuzz_calendar(lines in prop::collection::vec(line(), 0..12), is_event in any::<bool>()) {
        let lines = lines.join("\r\n");
        let text = if is_event {
            format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR")
        } else {
            format!("BEGIN:VCALENDAR\n{lines}\nEND:VCALENDAR")
        };
        let window = window(date(2026, 11, 24));
        if let Ok(busy) = read(text.as_bytes(), &berlin(), window) {
            let mut before = None;
            for interval in busy.intervals() {
                prop_assert!(interval.0 < interval.1 && overlaps(interval, window));
                prop_assert!(before.is_none_or(|before| before < interval.0));
                before = Some(interval.1);
            }
        }
    }

    #[test]
    fn fuzz_calendar_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), split in any::<prop::sample::Index>()) {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;TZID=UTC:20261124T080000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=9\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".as_bytes();
        let at = split.index(text.len());
        let changed = [&text[..at], &bytes, &text[at..]].concat();
        // Whatever it says: it is told, or it is refused.
        let _ = read(&changed, &berlin(), window(date(2026, 11, 24)));
        let _ = read(&bytes, &berlin(), window(date(2026, 11, 24)));
    }
}
