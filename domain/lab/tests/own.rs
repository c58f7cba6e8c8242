//! The own log: what other policies would have earned, and what is learned of people in general.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashMap, sync::Arc};

use bandit::{Arm, Candidate, Lesson, Prior, estimate::Estimator};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{TimeZone, Timestamp};
use lab::{
    LabError,
    evaluate::{By, Own, Slice},
    train::train,
};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};
use recommender::{
    Possible, Round,
    features::{Features, Moment},
    prior::{Table, shipped},
};
use serde_json::Value;

const KINDS: [&str; 4] = ["overdue", "due_today", "someday", "upcoming"];

/// How probably somebody does a task of this kind and priority.
type Taste = dyn Fn(usize, u8) -> f64;

fn beginning() -> Timestamp {
    DateTime::<Utc>::from_timestamp(1_790_000_000, 0).unwrap()
}

/// The answers of somebody to whom one of four tasks is shown at random.
fn life(rounds: usize, seed: u64, taste: &Taste) -> Vec<Round> {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let mut lessons: Vec<Arc<Lesson>> = Vec::new();
    let mut life = Vec::new();
    for hours in (0_i64..).step_by(3).take(rounds) {
        let moment = Moment::new(beginning() + TimeDelta::hours(hours), TimeZone::UTC);
        let priorities: Vec<u8> = KINDS.iter().map(|_| rng.random_range(1..=4)).collect();
        let possible = |(kind, priority): (&&str, &u8)| {
            let mut features = Features::at(&moment);
            "todoist".clone_into(&mut features.source);
            (*kind).clone_into(&mut features.kind);
            features.priority = Some(*priority);
            Possible {
                arm: features.arm(),
                kind: features.kind.clone(),
                prompt_version: (*priority == 4).then(|| "v2".to_owned()),
                features: features.vector(kind),
            }
        };
        let candidates: Vec<Possible> = KINDS.iter().zip(&priorities).map(possible).collect();
        let chosen = rng.random_range(0..KINDS.len());
        let is_done = rng.random::<f64>() < taste(chosen, priorities[chosen]);
        let reward = if is_done { 1.0 } else { 0.0 };
        let at = moment.at.timestamp_micros();
        let it = &candidates[chosen];
        let candidate = Candidate { arm: Arm::named(&it.arm), features: &it.features };
        let lesson = Arc::new(Lesson::new(at, &candidate, 0.25, reward));
        let known = lessons.clone();
        life.push(Round {
            at,
            prior: String::new(),
            lessons: known,
            candidates,
            chosen,
            propensity: 0.25,
            reward,
        });
        lessons.push(lesson);
    }
    life
}

/// One kind is done, the others hardly: another one for each person.
fn people() -> Vec<(String, Vec<Round>)> {
    let person = |seed: u64| {
        let liked = usize::try_from(seed).unwrap_or_default() % KINDS.len();
        let taste = move |kind, _| if kind == liked { 0.9 } else { 0.1 };
        (format!("person {seed}"), life(80, seed, &taste))
    };
    (0..4).map(person).collect()
}

fn slice<'a>(own: &'a Own, by: By, name: &str) -> &'a Slice {
    own.0.iter().find(|slice| slice.by == by && slice.name == name).unwrap()
}

/// The value of `policy` by `estimator`, and the ends of its interval.
fn value(slice: &Slice, policy: &str, estimator: Estimator) -> (f64, f64, f64) {
    let value = slice.values.iter().find(|value| value.policy == policy).unwrap();
    let found = value.estimates.iter().find(|(it, ..)| *it == estimator);
    let (_, value, interval) = found.unwrap();
    (*value, interval.low, interval.high)
}

fn judged(people: &[(String, Vec<Round>)]) -> Own {
    Own::of(people, &HashMap::new()).unwrap()
}

#[test]
fn who_learns_would_have_earned_more_than_what_served() {
    let people = people();
    let own = judged(&people);
    let all = slice(&own, By::All, "");
    assert_eq!(all.rounds, 320);
    assert!((all.served - 0.3).abs() < 0.06, "{}", all.served);

    // Evaluated on itself, the policy that served has what was earned.
    let (random, low, high) = value(all, "random", Estimator::Ipw);
    assert!((random - all.served).abs() < 1e-12, "{random}");
    assert!(low < 0.3 && 0.3 < high);
    for estimator in [Estimator::Ipw, Estimator::Snipw, Estimator::Dr, Estimator::Sndr] {
        let (_, low, _) = value(all, "personal", estimator);
        assert!(low > high, "{estimator:?}: {low} is not above {high}");
    }
    // Somebody whom it knows by then likes one of four: it would have shown little else.
    let (kind, ..) = value(slice(&own, By::Person, "person 2"), "personal", Estimator::Dr);
    assert!(kind > 0.6, "{kind}");
}

#[test]
fn rounds_are_told_by_person_kind_and_prompt() {
    let people = people();
    let own = judged(&people);
    let count = |by: By| own.0.iter().filter(|slice| slice.by == by).map(|it| it.rounds).sum();
    let (all, person, kind, prompt): (usize, usize, usize, usize) =
        (count(By::All), count(By::Person), count(By::Kind), count(By::PromptVersion));
    assert_eq!((all, person, kind), (320, 320, 320));
    assert!(prompt > 50 && prompt < 110, "a quarter has the priority that a prompt made: {prompt}");

    // Who knows the person shows a kind to those who like it: it earns more there.
    for kind in KINDS {
        let slice = slice(&own, By::Kind, kind);
        let (personal, ..) = value(slice, "personal", Estimator::Snipw);
        assert!(personal > slice.served + 0.1, "{kind}: {personal} and {}", slice.served);
    }

    let json: Value = serde_json::from_str(&own.json()).unwrap();
    let slices = json["slices"].as_array().unwrap();
    assert_eq!(slices.len(), 1 + 4 + 4 + 1);
    let estimators = |slice: &Value| slice["policies"][0]["estimates"].as_array().unwrap().len();
    assert_eq!((estimators(&slices[0]), estimators(&slices[9])), (7, 1));
    let table = own.table();
    assert!(table.contains("person person 3: 80 answered"), "{table}");
    assert!(table.contains("prompt version v2: "), "{table}");
}

/// The shipped prior, with another mean of what a priority is worth.
fn with_priority(mean: f64) -> Prior {
    let mut table = Table::of(&shipped());
    for row in table.groups.iter_mut().filter(|row| row.group == "priority") {
        row.mean = mean;
    }
    table.prior().unwrap()
}

fn mean(group: &str, prior: &Prior) -> f64 {
    Table::of(prior).groups.iter().find(|row| row.group == group).unwrap().mean
}

/// People who do what is urgent.
fn urgent(people: u64, rounds: usize) -> Vec<Vec<Round>> {
    let taste = |_, priority| if priority == 4 { 0.9 } else { 0.1 };
    (0..people).map(|seed| life(rounds, 100 + seed, &taste)).collect()
}

#[test]
fn what_is_better_than_a_wrong_prior_is_surely_so() {
    let people = urgent(6, 40);
    let trained = train(&people, "personal", &with_priority(-0.4)).unwrap();
    assert_eq!(trained.answers, 240);
    let gain = trained.gain.unwrap();
    assert!(gain.interval.low > 0.0, "{gain:?}");
    let (before, after) = (mean("urgent", &shipped()), mean("urgent", &trained.prior));
    assert!(after > before + 0.05, "they do what is urgent: {before} became {after}");

    // What was fitted already has nothing to gain: it does not pass for better, however often it is tried.
    let again = train(&people, "personal", &trained.prior).unwrap();
    assert!(again.gain.unwrap().interval.low <= 0.0, "{:?}", again.gain);
    assert_eq!(again.prior, trained.prior, "it begins with what knows nobody");
}

#[test]
fn a_decision_is_judged_with_the_prior_that_served_it() {
    let mut people = people();
    let prior = Arc::new(with_priority(0.9));
    let priors = HashMap::from([("known".to_owned(), Arc::clone(&prior))]);
    let before = judged(&people);
    let value_of = |own: &Own| value(slice(own, By::All, ""), "personal", Estimator::Dr).0;
    let same = Own::of(&people, &priors).unwrap();
    assert!((value_of(&before) - value_of(&same)).abs() < 1e-12, "nothing was decided with it");
    for round in people.iter_mut().flat_map(|(_, rounds)| rounds) {
        round.prior = "known".to_owned();
    }
    let other = Own::of(&people, &priors).unwrap();
    assert!((value_of(&before) - value_of(&other)).abs() > 1e-3);
}

#[test]
fn few_answers_change_little_and_prove_nothing() {
    let people = urgent(1, 6);
    let trained = train(&people, "personal", &shipped()).unwrap();
    let (before, after) = (mean("urgent", &shipped()), mean("urgent", &trained.prior));
    assert!((before - after).abs() < 0.05, "{before} became {after}");
    assert_eq!(trained.gain, None);

    assert!(matches!(train(&[], "personal", &shipped()), Err(LabError::Nothing)));
    assert!(matches!(train(&[Vec::new()], "personal", &shipped()), Err(LabError::Nothing)));
    assert!(matches!(Own::of(&[], &HashMap::new()), Err(LabError::Nothing)));
}

#[test]
fn a_table_says_what_a_prior_is_and_refuses_what_is_none() {
    let table = Table::of(&shipped());
    assert_eq!(table.prior().unwrap(), shipped());
    assert_eq!(Table::of(&table.prior().unwrap()).fingerprint(), table.fingerprint());
    assert_ne!(Table::of(&with_priority(0.5)).fingerprint(), table.fingerprint());
    let json = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<Table>(&json).unwrap(), table);

    let mut other = table.clone();
    other.features_version += 1;
    assert!(other.prior().is_err());
    for (mean, deviation) in [(f64::NAN, 0.1), (3.0, 0.1), (0.0, -0.1), (0.0, f64::INFINITY)] {
        let mut other = table.clone();
        (other.groups[3].mean, other.groups[3].deviation) = (mean, deviation);
        assert!(other.prior().is_err(), "{mean} {deviation}");
    }
    let mut other = table;
    other.groups[0].group = "the weather".to_owned();
    assert!(other.prior().is_err());
}
