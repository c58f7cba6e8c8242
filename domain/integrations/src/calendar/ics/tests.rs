mod fuzz;
mod rows;

use jiff::civil::date;

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
    let busy = read(text.as_bytes(), None, &berlin(), window(day))?;
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
        format!(
            "DTSTART:{TODAY}T080000\nDURATION:PT1H\nX-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"
        ),
        "DTEND:20261124T080000".to_owned(),
        "DTSTART:yesterday\nDTEND:20261124T080000".to_owned(),
        "DTSTART:20261324T080000\nDURATION:PT1H".to_owned(),
        "DTSTART:20261124T250000\nDURATION:PT1H".to_owned(),
        "DTSTART:+2026112T080000\nDURATION:PT1H".to_owned(),
    ] {
        assert_eq!(event(&lines), "", "{lines}");
    }
    for taken in [
        "STATUS:TENTATIVE\nTRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
        "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
    ] {
        let taken = format!("DTSTART:{TODAY}T080000\nDURATION:PT1H\n{taken}");
        assert_eq!(event(&taken), "08:00-09:00", "{taken}");
    }
    // A day of 23 hours is a day.
    let short = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20260329T000000\n\
                 DTEND;TZID=Europe/Berlin:20260330T000000\nEND:VEVENT\nEND:VCALENDAR";
    assert_eq!(busy_on(date(2026, 3, 29), short).unwrap(), "");
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
    assert!(read(&bytes, None, &berlin(), window(date(2026, 11, 24))).is_ok());
}

#[test]
fn what_was_declined_is_not_busy() {
    let calendar = |name: &str, guests: &[&str]| {
        let guests: Vec<_> = guests.iter().map(|guest| format!("ATTENDEE;{guest}\n")).collect();
        let guests = guests.concat();
        format!(
            "BEGIN:VCALENDAR\n{name}\nBEGIN:VEVENT\nUID:1\nORGANIZER:mailto:bo@example.org\n{guests}\
             DTSTART:20261124T080000Z\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n"
        )
    };
    let no = "CN=\"No: one\";PARTSTAT=DECLINED:mailto:Ana@example.org";
    let yes = "PARTSTAT=ACCEPTED:mailto:bo@example.org";
    let is_busy = |told: Option<&str>, name: &str, guests: &[&str]| {
        let text = calendar(name, guests);
        let read = read(text.as_bytes(), told, &berlin(), window(date(2026, 11, 24))).unwrap();
        !read.intervals().is_empty()
    };
    let (ana, ana_said) = (Some("ana@example.org"), "X-WR-CALNAME:ana@example.org");
    // By the address of the calendar, or by its name.
    assert!(!is_busy(ana, "", &[no, yes]));
    assert!(!is_busy(None, ana_said, &[yes, no]));
    assert!(!is_busy(ana, "", &["PARTSTAT=DECLINED;EMAIL=ana@example.org:/principal/", yes]));
    // That somebody else has declined, who may be the person where nobody is known, is another thing.
    assert!(is_busy(Some("bo@example.org"), "", &[no, yes]));
    assert!(is_busy(
        Some("bo@example.org"),
        ana_said.replace("ana", "Ana B. ").as_str(),
        &[no, yes]
    ));
    assert!(is_busy(None, "X-WR-CALNAME:Ana", &[no, yes]));
    // Nobody comes; a room does not count, nor does it stand for one who was asked.
    assert!(!is_busy(None, "", &[no]));
    assert!(!is_busy(None, "", &[no, "CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:room@example.org"]));
    assert!(is_busy(None, "", &["CUTYPE=ROOM;PARTSTAT=DECLINED:mailto:room@example.org"]));
    assert!(is_busy(None, "", &[]));
    for answer in ["ACCEPTED", "TENTATIVE", "NEEDS-ACTION", "DELEGATED"] {
        assert!(is_busy(ana, "", &[&no.replace("DECLINED", answer)]), "{answer}");
    }
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
