use super::*;
use crate::{features::Shown, learned::What};

/// A task of an afternoon that nothing is known of.
fn task(kind: &str) -> Features {
    Features {
        source: "todoist".to_owned(),
        kind: kind.to_owned(),
        part: PartOfDay::Afternoon,
        weekday: 1,
        due_in_days: None,
        due_in_hours: None,
        priority: Some(1),
        age_days: None,
        minutes: None,
        recurring: false,
        length: 20,
        hour: 15.0,
        labels: Vec::new(),
        project: None,
        prompt_version: None,
        model: None,
        shown: Shown::default(),
    }
}

fn advice() -> Features {
    Features { source: "library".to_owned(), priority: None, minutes: Some(60), ..task("breathe") }
}

/// What is told of a choice that was likely, by a policy that does not tell its grounds.
fn told(features: &Features) -> Vec<String> {
    sentences(&reasons(features, 0.5, &BTreeMap::new(), Record::default()))
}

/// What is told of a choice that was likely, on these grounds.
fn grounded(features: &Features, grounds: &[(Theme, f64)], record: Record) -> Vec<Reason> {
    reasons(features, 0.5, &grounds.iter().copied().collect(), record)
}

fn sentences(reasons: &[Reason]) -> Vec<String> {
    reasons.iter().map(Reason::sentence).collect()
}

#[test]
fn tells_what_is_known_of_a_candidate() {
    let due = |kind: &str, days| Features { due_in_days: Some(days), ..task(kind) };
    for (features, expected) in [
        (due("overdue", -3), "It was due 3 days ago."),
        (due("overdue", -1), "It was due yesterday."),
        (due("overdue", 0), "Its time was earlier today."),
        (due("due_today", 0), "It is due today."),
        (due("due_soon", 1), "It is due tomorrow."),
        (due("due_soon", 3), "It is due in 3 days."),
        (Features { priority: Some(4), ..task("urgent") }, "You gave it the highest priority."),
        (Features { minutes: Some(1), ..task("quick") }, "It takes a minute."),
        (Features { minutes: Some(30), ..task("someday") }, "It takes 30 minutes."),
        (
            Features { recurring: true, ..task("recurring") },
            "It is one of the things that come back.",
        ),
        (Features { age_days: Some(40.9), ..task("stale") }, "It has been waiting for 40 days."),
        (advice(), "It fits the afternoon."),
        (Features { part: PartOfDay::Midday, ..advice() }, "It fits the middle of the day."),
    ] {
        assert_eq!(told(&features), [expected], "{features:?}");
    }
}

#[test]
fn the_strongest_reason_comes_first() {
    let features = Features {
        due_in_days: Some(-2),
        priority: Some(4),
        minutes: Some(10),
        recurring: true,
        ..task("overdue")
    };
    let grounds = [
        (Theme::Date, 0.05),
        (Theme::Priority, 0.2),
        (Theme::Duration, 0.1),
        (Theme::Recurring, 0.04),
        (Theme::Person, 0.9),
    ];
    let told = grounded(&features, &grounds, Record::default());
    assert_eq!(told, [Reason::Urgent, Reason::Minutes(10), Reason::Overdue(2)], "three at most");
}

#[test]
fn what_spoke_against_it_is_no_reason() {
    let features = Features { due_in_days: Some(0), priority: Some(4), ..task("due_today") };
    let told =
        grounded(&features, &[(Theme::Date, -0.1), (Theme::Priority, 0.1)], Record::default());
    assert_eq!(told, [Reason::Urgent]);
    let told = grounded(&features, &[(Theme::Date, 0.009)], Record::default());
    assert_eq!(told, [Reason::Try], "what adds little carries nothing");
}

#[test]
fn what_the_person_saw_and_named_is_told() {
    let part = PartOfDay::Afternoon;
    let last = Some(LastAnswer::Done);
    let shown = |times, last| Features {
        shown: Shown { times, hours_ago: Some(9.0), last, kind_hours_ago: None },
        ..task("recurring")
    };
    for (features, theme, expected) in [
        (Features { labels: vec![1], ..task("someday") }, Theme::Label, Reason::Label(part)),
        (Features { project: Some(1), ..task("someday") }, Theme::Project, Reason::Project(part)),
        (shown(0, None), Theme::Seen, Reason::New),
        (shown(3, last), Theme::Seen, Reason::DoneBefore),
        (shown(3, Some(LastAnswer::Snooze)), Theme::Seen, Reason::NotLately),
        (Features { priority: Some(2), ..task("someday") }, Theme::Priority, Reason::Important),
        (Features { minutes: Some(90), ..task("someday") }, Theme::Duration, Reason::Long(90)),
    ] {
        assert_eq!(grounded(&features, &[(theme, 0.1)], Record::default()), [expected]);
    }
}

#[test]
fn does_not_tell_what_is_not_so() {
    for features in [
        task("someday"),
        Features { due_in_days: Some(8), ..task("someday") },
        Features { age_days: Some(6.9), ..task("someday") },
    ] {
        assert_eq!(told(&features), ["It is a try, to learn what suits you."], "{features:?}");
        let all = FACTS.map(|theme| (theme, 0.1));
        assert_eq!(grounded(&features, &all, Record::default()), [Reason::Try], "{features:?}");
    }
}

#[test]
fn a_small_chance_is_called_a_try() {
    let told = reasons(&advice(), 0.019, &BTreeMap::from([(Theme::Kind, 0.1)]), Record::default());
    assert_eq!(told, [Reason::Fits(PartOfDay::Afternoon), Reason::Try]);
}

#[test]
fn a_record_is_told_when_it_speaks_for_the_choice() {
    let told = |by, done, of| {
        sentences(&grounded(&task("someday"), &[(Theme::Kind, by)], Record { done, of }))
    };
    assert_eq!(told(0.1, 2, 3), ["The afternoon: you did 2 of the last 3 like it."]);
    assert_eq!(told(0.1, 5, 10), ["The afternoon: you did 5 of the last 10 like it."]);
    let a_try = ["It is a try, to learn what suits you."];
    assert_eq!(told(0.1, 2, 2), a_try, "too few");
    assert_eq!(told(0.1, 4, 10), a_try, "it does not speak for it");
    assert_eq!(told(-0.1, 9, 10), a_try, "the policy thinks otherwise");
}

#[test]
fn what_was_learned_is_one_quiet_line() {
    let learned = Learned { part: PartOfDay::Morning, what: What::Short };
    assert_eq!(Reason::Learned(learned).sentence(), "Learned so far: mornings, short tasks.");
}
