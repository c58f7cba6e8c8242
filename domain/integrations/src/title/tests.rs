use proptest::prelude::*;

use super::*;

fn clean(raw: &str) -> String {
    plain(raw, MAX_CHARS)
}

#[test]
fn markdown_becomes_plain_text() {
    for (raw, text) in [
        ("Buy milk", "Buy milk"),
        ("[Read this](https://example.org/a_(b)?c=d)", "Read this"),
        ("Ask [Ben](mailto:ben@example.org), then **call**", "Ask Ben, then call"),
        ("**Now** *or* ~~never~~ `git push`", "Now or never git push"),
        ("**[bold link](https://example.org)**", "bold link"),
        ("[**bold** in a link](https://example.org)", "bold in a link"),
        ("__init__ _soon_", "init soon"),
        ("***both***", "both"),
        ("买**牛奶**和面包", "买牛奶和面包"),
        // What only looks like it.
        ("2*3*4 = 24", "2*3*4 = 24"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("rename snake_case_name", "rename snake_case_name"),
        ("[ ] not a link", "[ ] not a link"),
        ("[see](below or above)", "[see](below or above)"),
        ("[open](https://example.org", "[open](https://example.org"),
        ("a ** b", "a ** b"),
        ("****", "****"),
        ("[](https://example.org)", "[](https://example.org)"),
    ] {
        assert_eq!(clean(raw), text, "{raw}");
    }
}

#[test]
fn what_cannot_be_seen_goes() {
    for (raw, text) in [
        ("  Buy\n\t milk\u{0}\u{7} ", "Buy milk"),
        ("pay \u{202e}liam\u{202c} now", "pay liam now"),
        ("\u{2066}a\u{2069}\u{200f}b\u{200e}", "ab"),
        ("zero\u{200b}width\u{feff}\u{2060}", "zerowidth"),
        ("soft\u{ad}hyphen", "softhyphen"),
        ("two\u{2028}lines", "two lines"),
        ("hidden\u{e0041}\u{e0042}", "hidden"),
        ("a\u{200d}b", "ab"),
        ("\u{3164}\u{200b}", ""),
        ("z\u{300}\u{300}\u{300}\u{300}\u{300}\u{300}algo", "z\u{300}\u{300}\u{300}algo"),
    ] {
        assert_eq!(clean(raw), text, "{raw:?}");
    }
}

#[test]
fn what_people_write_stays() {
    for text in [
        "Família 👨‍👩‍👧‍👦 ligar",
        "❤️‍🔥 practise",
        "می‌خواهم بخوانم",
        "שלום עולם",
        "明日、歯医者に電話する",
        "Việt Nam, naïve, Ångström",
        "5 € & <b>not bold</b>",
    ] {
        assert_eq!(clean(text), text);
    }
}

#[test]
fn the_long_is_cut() {
    let cut = clean(&"word ".repeat(300));
    assert_eq!(cut.chars().count(), 500);
    assert!(cut.ends_with("word…"), "{cut}");
    assert_eq!(plain("éé\u{200c}éé", 4), "éé…");
    // However much there is: only the beginning is looked at.
    assert_eq!(clean(&"*_".repeat(1_000_000)).chars().count(), 500);
    assert_eq!(clean(&"[".repeat(1_000_000)).chars().count(), 500);
}

/// Characters of all kinds, those that matter here often.
fn wild() -> impl Strategy<Value = String> {
    let special = proptest::sample::select(
        "[]()*_~` \n\u{200c}\u{200d}\u{202e}\u{2066}\u{feff}\u{ad}\u{0}é👩a!"
            .chars()
            .collect::<Vec<_>>(),
    );
    let any = prop_oneof![3 => special, 1 => any::<char>()];
    proptest::collection::vec(any, 0..800).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn whatever_comes_a_title_is_fit_for_a_page(raw in wild()) {
        let title = clean(&raw);
        prop_assert!(title.chars().count() <= MAX_CHARS);
        prop_assert_eq!(title.trim(), &title);
        prop_assert!(!title.contains("  "));
        for char in title.chars() {
            prop_assert!(!char.is_control(), "{:?}", char);
            prop_assert!(!is_invisible(char), "{:?}", char);
            let turns = matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!turns, "{:?}", char);
        }
        let chars: Vec<char> = title.chars().collect();
        for (at, _) in chars.iter().enumerate().filter(|(_, char)| is_joiner(**char)) {
            prop_assert!(at > 0 && is_joined(chars[at - 1]), "{:?}", title);
            prop_assert!(chars.get(at + 1).is_some_and(|char| !char.is_ascii()), "{:?}", title);
        }
    }
}
