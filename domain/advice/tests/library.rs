//! What a person may expect of the words that oO ships.

use std::collections::{BTreeSet, HashMap};

use advice::{Advice, Kind, Library};
use kernel::PartOfDay;

fn shipped() -> Vec<Advice> {
    Library::shipped().expect("the library").iter().cloned().collect()
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn there_is_enough_for_every_kind_and_every_part_of_the_day() {
    let all = shipped();
    assert!(all.len() >= 100, "{} pieces", all.len());
    for kind in Kind::ALL {
        let count = all.iter().filter(|advice| advice.kind == kind).count();
        assert!(count >= 8, "{count} of {}", kind.as_str());
    }
    for part in PartOfDay::ALL {
        let count = all.iter().filter(|advice| advice.fits(part)).count();
        assert!(count >= 40, "{count} for the {part}");
    }
}

#[test]
fn each_is_short_plain_and_asks_rather_than_orders() {
    for Advice { id, text, minutes, parts, .. } in shipped() {
        assert!((20..=140).contains(&text.chars().count()), "{id}: length");
        assert!(text.ends_with(['.', '?']), "{id}: {text}");
        assert!(
            text.chars().all(|c| c.is_ascii_alphanumeric() || " .,:?'-".contains(c)),
            "{id}: {text}"
        );
        assert!(
            !words(&text)
                .iter()
                .any(|word| ["should", "must", "never mind"].contains(&word.as_str())),
            "{id}"
        );
        assert!((1..=60).contains(&minutes), "{id}: minutes");
        assert_eq!(parts.iter().collect::<BTreeSet<_>>().len(), parts.len(), "{id}: parts");
    }
}

#[test]
fn no_two_say_the_same() {
    let mut seen: HashMap<Vec<String>, String> = HashMap::new();
    for Advice { id, text, .. } in shipped() {
        for shingle in words(&text).windows(5) {
            if let Some(other) = seen.insert(shingle.to_vec(), id.clone()) {
                assert_eq!(other, id, "{shingle:?}");
            }
        }
    }
}

#[test]
fn an_id_finds_its_advice_and_nothing_else_does() {
    let library = Library::shipped().expect("the library");
    for advice in library.iter() {
        assert_eq!(library.get(&advice.id), Some(advice));
    }
    assert_eq!(library.get("breathe"), None);
    assert_eq!(library.get(""), None);
}
