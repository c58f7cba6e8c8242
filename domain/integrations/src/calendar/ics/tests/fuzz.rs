//! Whatever somebody's calendar says: it is told, or it is refused.

use proptest::prelude::*;

use super::*;

/// A line that is nearly right.
fn line() -> impl Strategy<Value = String> {
    let time = prop_oneof![
        "(19|20|99)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9])T([01][0-9]|2[0-3])[0-5][0-9]00Z?",
        "202611(2[3-6])T([01][0-9]|2[0-3])[0-5][0-9]00Z?",
        "[0-9T+Zé-]{0,17}",
    ];
    let rule = prop_oneof![
        "FREQ=(HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY|SECONDLY)(;INTERVAL=[0-9]{1,3})?(;COUNT=[0-9]{1,5})?\
         (;BYHOUR=[0-9]{1,2}(,1[0-9])?)?(;BYMINUTE=[0-9]{1,2})?(;BYWEEKNO=-?[0-9]{1,2})?\
         (;BYDAY=(-?[0-9])?(MO|TU|FR|SU)(,WE)?)?(;BYMONTHDAY=-?[0-9]{1,2})?(;BYSETPOS=-?[0-9]{1,3})?\
         (;BYMONTH=[0-9]{1,2})?(;WKST=(SU|MO))?(;UNTIL=20261124)?",
        "[A-Z=;,0-9é-]{0,30}",
    ];
    let zone = prop_oneof![
        Just(String::new()),
        ";(RANGE=THISANDFUTURE;)?TZID=(Europe/Berlin|America/New_York|Own|\"O w:n\"|UTC|/x/UTC|\\.\\./etc/passwd)",
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
        "ATTENDEE(;PARTSTAT=(DECLINED|ACCEPTED))?(;CN=\"[A-Z:;]{0,3}\"?)?:(MAILTO:|é)?[a-b]@b[.]c",
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
        if let Ok(busy) = read(text.as_bytes(), None, &berlin(), window) {
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
        let _ = read(&changed, None, &berlin(), window(date(2026, 11, 24)));
        let _ = read(&bytes, None, &berlin(), window(date(2026, 11, 24)));
    }
}
