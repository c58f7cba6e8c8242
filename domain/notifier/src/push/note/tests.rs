use kernel::text::is_invisible;
use proptest::prelude::*;

use super::*;

fn about() -> About {
    About {
        tip_id: Uuid::from_u128(1),
        key: Uuid::from_u128(2),
        person: UserId(Uuid::from_u128(3)),
    }
}

fn note(title: &str) -> Note {
    Note::new(title, "", Navigate::home(), about())
}

#[test]
fn what_cannot_be_seen_is_left_out() {
    let title = "  Call\u{7}\n\tAna \u{202e}now\u{200b}\u{feff}  ";
    assert_eq!(note(title).title(), "Call Ana now");
    assert_eq!(note("\u{0}\u{200b} \n").title(), "");
}

#[test]
fn what_is_too_long_is_cut_between_two_characters_that_people_see() {
    let exact = "a".repeat(MOST_TITLE);
    assert_eq!(note(&exact).title(), exact);
    let long = note(&"a".repeat(MOST_TITLE + 1)).title().to_owned();
    assert_eq!((long.chars().count(), long.ends_with("a…")), (MOST_TITLE, true));

    // Four people and three joiners each: seven code points that are one family.
    let families = note(&"👨‍👩‍👧‍👦".repeat(40)).title().to_owned();
    assert_eq!(families, "👨‍👩‍👧‍👦".repeat(17) + "…");
}

#[test]
fn a_path_leads_to_no_other_site() {
    for path in ["/", "/settings", "/?tip=1&from=note"] {
        assert!(path.parse::<Navigate>().is_ok(), "{path}");
    }
    let long = format!("/{}", "a".repeat(MOST_PATH));
    for path in [
        "",
        "settings",
        "//evil.test",
        "/\\evil.test",
        "https://evil.test",
        "/a b",
        "/ü",
        "/\n",
        &long,
    ] {
        assert_eq!(path.parse::<Navigate>(), Err(NoPath), "{path}");
    }
}

#[test]
fn a_note_that_is_logged_tells_no_word() {
    let told = format!("{:?}", note("canary"));
    assert!(told.contains("tip_id") && !told.contains("canary"), "{told}");
}

#[test]
fn a_note_about_nothing_has_nothing_to_answer() {
    let plain = Note::plain("oO", "a word", Navigate::home()).to_plaintext();
    let plain: serde_json::Value = serde_json::from_str(&plain).unwrap();
    let said = serde_json::json!({ "title": "oO", "body": "a word", "navigate": "/" });
    assert_eq!(plain, serde_json::json!({ "web_push": 8030, "notification": said }));
}

proptest! {
    /// Whatever a title is, the JSON holds it, fits, and is as long as others.
    #[test]
    fn fuzz_push_note(
        title in prop_oneof!["\\PC{0,300}", "(?s:.{0,300})", "[\"\\\\]{0,300}"],
        body in prop_oneof!["(?s:.{0,600})", "[\u{10000}-\u{10ffff}]{0,600}", "[\"\\\\\u{300}]{0,600}"],
    ) {
        let note = Note::new(&title, &body, Navigate::home(), about());
        let text = note.to_plaintext();
        prop_assert!(text.len().is_multiple_of(STEP) && text.len() <= 5 * STEP);
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        let told = |name: &str| read["notification"][name].as_str().unwrap().to_owned();
        for (told, most) in [(told("title"), MOST_TITLE), (told("body"), MOST_BODY)] {
            prop_assert!(told.chars().count() <= most);
            prop_assert!(!told.chars().any(|char| char.is_control() || is_invisible(char)));
        }
    }
}
