use super::*;

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
    }
}

fn advice() -> Features {
    Features { source: "library".to_owned(), priority: None, minutes: Some(60), ..task("breathe") }
}

/// What is told of a choice that was likely, by a policy that knows nothing of the person.
fn told(features: &Features) -> Vec<String> {
    sentences(&reasons(features, 0.5, 0.6, Record::default()))
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
    let told = reasons(&features, 0.5, 0.8, Record { done: 5, of: 6 });
    let record = Reason::Record { done: 5, of: 6, part: PartOfDay::Afternoon };
    let expected =
        [Reason::Overdue(2), Reason::Urgent, Reason::Minutes(10), Reason::Recurring, record];
    assert_eq!(told, expected);
}

#[test]
fn does_not_tell_what_did_not_carry_the_choice() {
    for features in [
        task("someday"),
        Features { due_in_days: Some(8), ..task("someday") },
        Features { minutes: Some(31), ..task("someday") },
        Features { age_days: Some(40.0), ..task("someday") },
        Features { priority: Some(3), ..task("someday") },
    ] {
        assert_eq!(told(&features), ["It is a try, to learn what suits you."], "{features:?}");
    }
}

#[test]
fn a_small_chance_is_called_a_try() {
    let told = reasons(&advice(), 0.019, 0.5, Record::default());
    assert_eq!(told, [Reason::Fits(PartOfDay::Afternoon), Reason::Try]);
}

#[test]
fn a_record_is_told_when_it_speaks_for_the_choice() {
    let told = |belief, done, of| {
        sentences(&reasons(&advice(), 0.5, belief, Record { done, of })).split_off(1)
    };
    assert_eq!(told(0.5, 2, 3), ["The afternoon: you did 2 of the last 3 like it."]);
    assert_eq!(told(0.8, 5, 10), ["The afternoon: you did 5 of the last 10 like it."]);
    assert!(told(0.8, 2, 2).is_empty(), "too few");
    assert!(told(0.8, 4, 10).is_empty(), "it does not speak for it");
    assert!(told(0.4, 9, 10).is_empty(), "the policy thinks otherwise");
}
