//! What the lists of safety find, and what they let pass: measured on a corpus.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "what is measured is read")]

use advice::{Harm, Library, Safety, Sign};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    lang: String,
    text: String,
    sign: Option<Sign>,
    harm: Option<Harm>,
    #[serde(default)]
    held_out: bool,
}

#[derive(Deserialize)]
struct Corpus {
    lines: Vec<Line>,
}

fn read(file: &str) -> Vec<Line> {
    toml::from_str::<Corpus>(file).unwrap().lines
}

fn crisis() -> Vec<Line> {
    read(include_str!("corpus/crisis.toml"))
}

fn everyday() -> Vec<Line> {
    read(include_str!("corpus/everyday.toml"))
}

fn harmful() -> Vec<Line> {
    read(include_str!("corpus/harmful.toml"))
}

fn harmless() -> Vec<Line> {
    read(include_str!("corpus/harmless.toml"))
}

fn is_tuned(line: &Line) -> bool {
    !line.held_out
}

/// The part of the held-out `lines` for which `holds`; it is printed, with the lines for which it does not.
fn held_out(what: &str, lines: &[Line], holds: impl Fn(&Line) -> bool) -> f64 {
    let lines = lines.iter().filter(|line| line.held_out);
    let (held, missed): (Vec<_>, Vec<_>) = lines.partition(|line| holds(line));
    let all = held.len() + missed.len();
    println!("{what}: {} of {all}", held.len());
    for Line { lang, text, .. } in missed {
        println!("  not {lang}: {text}");
    }
    f64::from(u32::try_from(held.len()).unwrap()) / f64::from(u32::try_from(all).unwrap())
}

#[test]
fn the_corpus_is_large_and_says_nothing_twice() {
    let all = [(crisis(), 150), (everyday(), 150), (harmful(), 150), (harmless(), 200)];
    let mut texts = Vec::new();
    for (lines, least) in all {
        assert!(lines.len() >= least, "{} lines", lines.len());
        assert!(lines.iter().filter(|line| line.held_out).count() >= 45);
        texts.extend(lines.into_iter().map(|line| line.text.to_lowercase()));
    }
    let count = texts.len();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), count);

    for lang in ["en", "de", "fr", "es", "it", "pt", "nl", "pl"] {
        assert!(crisis().iter().filter(|line| line.lang == lang).count() >= 10, "{lang}");
        assert!(everyday().iter().filter(|line| line.lang == lang).count() >= 5, "{lang}");
    }
}

#[test]
fn every_line_that_the_lists_were_made_with_is_told_rightly() {
    let safety = Safety::shipped().unwrap();
    for Line { lang, text, sign, .. } in crisis().iter().chain(&everyday()).filter(|l| is_tuned(l))
    {
        assert_eq!(safety.sign(text), *sign, "{lang}: {text}");
    }
    for Line { lang, text, harm, .. } in harmful().iter().chain(&harmless()).filter(|l| is_tuned(l))
    {
        assert_eq!(safety.harm(text), *harm, "{lang}: {text}");
    }
}

/// The bounds lie a little below what was measured (docs/safety.md). What falls below them has become worse.
#[test]
fn lines_that_the_lists_do_not_know_are_told_as_often_as_before() {
    let safety = Safety::shipped().unwrap();
    let (own, topic): (Vec<_>, Vec<_>) =
        crisis().into_iter().partition(|line| line.sign == Some(Sign::Own));
    let any_sign = |line: &Line| safety.sign(&line.text).is_some();
    let any_harm = |line: &Line| safety.harm(&line.text).is_some();

    let own = held_out("own, as own", &own, |line| safety.sign(&line.text) == Some(Sign::Own));
    let topic = held_out("topic, as any sign", &topic, any_sign);
    let quiet = held_out("everyday, as no sign", &everyday(), |line| !any_sign(line));
    let refused = held_out("harmful, refused", &harmful(), any_harm);
    let shown = held_out("harmless, shown", &harmless(), |line| !any_harm(line));

    assert!(own >= 0.63, "{own}");
    assert!(topic >= 0.9, "{topic}");
    assert!(quiet >= 0.98, "{quiet}");
    assert!(refused >= 0.77, "{refused}");
    assert!(shown >= 0.97, "{shown}");
}

#[test]
fn nothing_that_ships_could_harm() {
    let safety = Safety::shipped().unwrap();
    for advice in Library::shipped().unwrap().iter() {
        assert_eq!(safety.harm(&advice.text), None, "{}: {}", advice.id, advice.text);
    }
}

#[test]
fn a_disguise_hides_no_sign() {
    let safety = Safety::shipped().unwrap();
    for text in [
        "Kill\u{a0}myself",
        "KILL  -  MYSELF",
        "kill.my.self",
        "k!ll my$elf",
        "ｋｉｌｌ ｍｙｓｅｌｆ",
        "kíll mysélf",
        "ki\u{200b}ll myself",
        "don`t want to live",
        "k-i-l-l m-y-s-e-l-f",
        "s.u.i.c.i.d.e note",
    ] {
        assert_eq!(safety.sign(text), Some(Sign::Own), "{text}");
    }
    assert_eq!(safety.sign("samobojstwo"), safety.sign("Samobójstwo"));
}

#[test]
fn a_text_with_a_sign_is_not_for_oo_to_say() {
    let safety = Safety::shipped().unwrap();
    assert_eq!(safety.harm("Call the crisis line."), Some(Harm::Harmful));
}

#[test]
fn any_text_has_an_answer() {
    let safety = Safety::shipped().unwrap();
    for text in ["", " ", "…", "\u{301}", "'", "''t", "1", "死にたい", "🙂🙂", "a'", "\u{200b}"]
    {
        assert_eq!((safety.sign(text), safety.harm(text)), (None, None), "{text:?}");
    }
    let long = "i want to my you the not a no ".repeat(2000);
    assert_eq!(safety.sign(&long), None);
}
