//! What a person may expect of the words that oO ships.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeSet, HashMap};

use advice::{Advice, Kind, Library};
use kernel::PartOfDay;

/// Words of command and of alarm, which oO does not use.
const NOT_OURS: [&str; 10] = [
    "should",
    "must",
    "always",
    "never forget",
    "remember to",
    "make sure",
    "hurry up",
    "important to",
    "healthy",
    "guaranteed",
];

fn shipped() -> Vec<Advice> {
    Library::shipped().unwrap().iter().cloned().collect()
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
    assert!(all.len() >= 120, "{} pieces", all.len());
    for kind in Kind::ALL {
        let count = all.iter().filter(|advice| advice.kind == kind).count();
        assert!(count >= 8, "{count} of {}", kind.as_str());
    }
    for part in PartOfDay::ALL {
        let fitting: Vec<_> = all.iter().filter(|advice| advice.fits(part)).collect();
        assert!(fitting.len() >= 40, "{} for the {part}", fitting.len());
        let kinds: BTreeSet<_> = fitting.iter().map(|advice| advice.kind).collect();
        assert_eq!(kinds.len(), Kind::ALL.len(), "the {part} misses a kind");
    }
}

#[test]
fn each_is_short_and_plain() {
    for Advice { id, text, minutes, parts, .. } in shipped() {
        assert!((20..=140).contains(&text.chars().count()), "{id}: length");
        assert!(text.starts_with(|c: char| c.is_ascii_uppercase()), "{id}: {text}");
        assert!(text.ends_with(['.', '?']), "{id}: {text}");
        assert!((1..=2).contains(&text.matches(['.', '?']).count()), "{id}: sentences");
        let plain = |c: char| c.is_ascii_alphanumeric() || " .,:?'-".contains(c);
        assert!(text.chars().all(plain), "{id}: {text}");
        assert!(!text.contains("  "), "{id}: two spaces");

        let spoken = format!(" {} ", words(&text).join(" "));
        let foreign = NOT_OURS.iter().find(|word| spoken.contains(&format!(" {word} ")));
        assert_eq!(foreign, None, "{id}: {text}");

        assert!((1..=30).contains(&minutes), "{id}: minutes");
        assert!(parts.len() < PartOfDay::ALL.len(), "{id}: all parts are said by none");
        let mut distinct = parts.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), parts.len(), "{id}: a part twice");
    }
}

#[test]
fn no_two_say_the_same() {
    let all = shipped();
    let mut seen: HashMap<Vec<String>, &str> = HashMap::new();
    for Advice { id, text, .. } in &all {
        for shingle in words(text).windows(5) {
            if let Some(other) = seen.insert(shingle.to_vec(), id) {
                assert_eq!(other, id, "{shingle:?}");
            }
        }
    }

    // The same words in another order are no other advice.
    let sets: Vec<BTreeSet<String>> =
        all.iter().map(|advice| words(&advice.text).into_iter().collect()).collect();
    for (i, one) in sets.iter().enumerate() {
        for (j, other) in sets.iter().enumerate().skip(i + 1) {
            let (common, either) = (one.intersection(other).count(), one.union(other).count());
            assert!(2 * common <= either, "{} is near {}", all[i].id, all[j].id);
        }
    }
}

#[test]
fn an_id_finds_its_advice_and_nothing_else_does() {
    let library = Library::shipped().unwrap();
    let ids: BTreeSet<_> = library.iter().map(|advice| advice.id.as_str()).collect();
    assert_eq!(ids.len(), library.iter().count());
    for advice in library.iter() {
        assert_eq!(library.get(&advice.id), Some(advice));
        assert!(advice.id.starts_with(&format!("{}/", advice.kind.as_str())));
    }
    assert_eq!(library.get("breathe"), None);
    assert_eq!(library.get(""), None);
}

#[test]
fn a_part_of_the_day_gets_what_fits_it() {
    let library = Library::shipped().unwrap();
    let late = library.get("rest/late").unwrap();
    assert!(library.for_part(PartOfDay::Night).any(|advice| advice == late));
    assert!(!library.for_part(PartOfDay::Morning).any(|advice| advice == late));
}
