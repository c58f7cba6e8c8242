//! Versions of a prompt, compared by what was done.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bandit::estimate::Interval;
use jiff::{ToSpan, civil::date};
use lab::{
    LabError,
    compare::{By, Comparison, Estimate, Lack, Unit},
};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};
use recommender::Written;

/// How many worlds are simulated.
const WORLDS: u64 = 200;

/// People who are shown what two versions wrote: which one is drawn for each of their days.
struct World {
    persons: usize,
    days: i32,
    /// How much more often what the second version wrote is done.
    better: f64,
}

impl World {
    /// What they were shown and answered. There are good moments and bad ones. What the second
    /// version wrote is chosen in good ones four times as often as in bad ones; the first version's
    /// is not.
    fn lived(&self, seed: u64) -> Vec<Vec<Written>> {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let mut people = Vec::new();
        for _ in 0..self.persons {
            let eager = rng.random_range(-0.2..0.2);
            let mut written = Vec::new();
            for day in 0..self.days {
                let day = date(2026, 1, 5) + day.days();
                let is_second = rng.random::<bool>();
                for _ in 0..6 {
                    let is_good = rng.random::<bool>();
                    let propensity = match (is_second, is_good) {
                        (false, _) => 0.3,
                        (true, true) => 0.6,
                        (true, false) => 0.15,
                    };
                    let better = if is_second { self.better } else { 0.0 };
                    let rate = if is_good { 0.6 } else { 0.2 } + eager + better;
                    let is_done = rng.random::<f64>() < rate;
                    if rng.random::<f64>() < propensity {
                        let prompt_version = Some(if is_second { "v2" } else { "v1" }.to_owned());
                        written.push(Written {
                            day,
                            kind: "nudge".to_owned(),
                            prompt_version,
                            model: Some("small".to_owned()),
                            propensity,
                            done: Some(is_done),
                        });
                    }
                }
            }
            people.push(written);
        }
        people
    }
}

fn compared(people: &[Vec<Written>]) -> Comparison {
    Comparison::of(people, By::PromptVersion, Some("v1"), 0.05, 1).unwrap()
}

/// The difference of the second version, as it is told.
fn difference(compared: &Comparison) -> Estimate {
    compared.differences[0].estimate.clone().unwrap()
}

/// What would be told of the difference if all answers were independent, and the policy preferred
/// nothing.
fn naive(people: &[Vec<Written>]) -> Interval {
    let rate = |version: &str| {
        let of = people.iter().flatten().filter(|it| it.prompt_version.as_deref() == Some(version));
        let (done, all) = of.filter_map(|it| it.done).fold((0.0, 0.0), |(done, all), is_done| {
            (done + f64::from(u8::from(is_done)), all + 1.0)
        });
        let rate: f64 = done / all;
        (rate, rate * (1.0 - rate) / all)
    };
    let ((first, its), (second, others)) = (rate("v1"), rate("v2"));
    let margin = 1.96 * f64::sqrt(its + others);
    Interval { low: second - first - margin, high: second - first + margin }
}

#[test]
fn what_the_policy_prefers_is_no_difference() {
    let world = World { persons: 12, days: 20, better: 0.0 };
    let (mut covered, mut naively) = (0, 0);
    for seed in 0..WORLDS {
        let people = world.lived(seed);
        covered += u64::from(difference(&compared(&people)).interval.contains(0.0));
        naively += u64::from(naive(&people).contains(0.0));
    }
    assert!(10 * covered >= 9 * WORLDS, "{covered} of {WORLDS}");
    assert!(covered < WORLDS, "an interval that never misses is too wide");
    assert!(2 * naively < WORLDS, "{naively} of {WORLDS}");
}

#[test]
fn a_difference_is_found_with_enough_answers_and_not_with_few() {
    let world = World { persons: 12, days: 40, better: 0.2 };
    let found: Vec<Estimate> =
        (0..WORLDS).map(|seed| difference(&compared(&world.lived(seed)))).collect();
    assert!(found.iter().all(|it| it.of == Unit::Persons(12)));
    let at_least = 9 * found.len() / 10;
    let better = found.iter().filter(|it| it.interval.low > 0.0).count();
    assert!(better >= at_least, "{better} of {WORLDS}");
    let covered = found.iter().filter(|it| it.interval.contains(0.2)).count();
    assert!(covered >= at_least, "{covered} of {WORLDS}");

    let few = World { persons: 3, days: 4, better: 0.2 };
    let compared = compared(&few.lived(1));
    assert!(compared.differences[0].estimate.is_err());
    let table = compared.table();
    assert!(
        table.contains("v2              not enough data: v2: fewer than 30 answered"),
        "{table}"
    );
}

#[test]
fn a_house_of_few_is_told_by_the_day() {
    let world = World { persons: 3, days: 40, better: 0.0 };
    let told = (0..60).map(|seed| difference(&compared(&world.lived(seed))));
    let told: Vec<Estimate> = told.collect();
    assert!(told.iter().all(|it| matches!(it.of, Unit::Days(100..=120))), "{told:?}");
    let covered = told.iter().filter(|it| it.interval.contains(0.0)).count();
    assert!(covered >= 54, "{covered} of 60");
}

/// A tip of a version, on a day of January.
fn tip(version: &str, day: i8, propensity: f64, done: Option<bool>) -> Written {
    Written {
        day: date(2026, 1, day),
        kind: format!("kind of {version}"),
        prompt_version: Some(version.to_owned()),
        model: None,
        propensity,
        done,
    }
}

/// One tip a day of each of two people, for some days: every second one is done.
fn steady(version: &str, days: i8) -> Vec<Vec<Written>> {
    let tips = (1..=days).map(|day| tip(version, day, 0.5, Some(day % 2 == 0)));
    vec![tips.clone().collect(), tips.collect()]
}

/// What is lacking in the only version.
fn lack(people: &[Vec<Written>]) -> Option<Lack> {
    let compared = Comparison::of(people, By::PromptVersion, None, 0.05, 1).unwrap();
    compared.versions[0].estimate.err()
}

#[test]
fn too_little_is_told_by_which_rule() {
    assert_eq!(lack(&steady("v1", 15)), None);
    assert_eq!(lack(&steady("v1", 14)), Some(Lack::Answers));

    // One that is hardly ever chosen outweighs the others.
    let mut people = steady("v1", 15);
    people[0][0].propensity = 0.005;
    assert_eq!(lack(&people), Some(Lack::Effective));

    let mut people = steady("v1", 20);
    people.iter_mut().flatten().for_each(|tip| tip.day = date(2026, 1, 1 + tip.day.day() % 4));
    assert_eq!(lack(&people), Some(Lack::Days));

    let mut people = steady("v1", 20);
    people.iter_mut().flatten().for_each(|tip| tip.done = Some(tip.day.day() > 2));
    assert_eq!(lack(&people), Some(Lack::Spread));
}

#[test]
fn answers_of_one_person_hang_together() {
    // Each of twelve does all or nothing: it is as if each had answered once.
    let person = |person: i32| (1..=20).map(move |day| tip("v1", day, 0.5, Some(person % 2 == 0)));
    let people: Vec<Vec<Written>> = (0..12).map(|it| person(it).collect()).collect();
    let compared = Comparison::of(&people, By::PromptVersion, None, 0.05, 1).unwrap();
    let Estimate { value, interval, of } = compared.versions[0].estimate.unwrap();
    assert_eq!((value, of), (0.5, Unit::Persons(12)));
    assert!(interval.low < 0.25 && interval.high > 0.75, "{interval:?}");
}

#[test]
fn versions_are_told_side_by_side() {
    let mut people = steady("v1", 20);
    people.push((1..=31).map(|day| tip("a new one", day, 0.25, Some(day % 4 == 0))).collect());
    people[2].push(tip("v3", 1, 0.5, None));
    people[2].push(tip("a new one", 2, 0.5, None));
    let compared = |by, baseline| Comparison::of(&people, by, baseline, 0.1, 1).unwrap();

    let told = compared(By::PromptVersion, None);
    assert_eq!(told.baseline, "v1", "it has the most answers");
    let counts: Vec<(&str, usize, usize, usize, Option<f64>)> = told
        .versions
        .iter()
        .map(|it| (it.name.as_str(), it.served, it.answered, it.persons, it.rate))
        .collect();
    let rate = Some(7.0 / 31.0);
    let expected =
        [("a new one", 32, 31, 1, rate), ("v1", 40, 40, 2, Some(0.5)), ("v3", 1, 0, 0, None)];
    assert_eq!(counts, expected);
    assert!((told.versions[1].effective - 40.0).abs() < 1e-9);

    let table = told.table();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("prompt version  served answered persons effective    done"));
    assert!(lines[0].contains("90 % interval"), "{table}");
    let new = "a new one           32       31       1      31.0   0.226  0.";
    assert!(lines[1].starts_with(new) && lines[1].ends_with("31 days of these persons"), "{table}");
    assert!(
        lines[3].ends_with("0       0       0.0       -  not enough data: fewer than 30 answered")
    );
    assert!(lines[5].starts_with("against v1"), "{table}");
    assert!(lines[6].starts_with("a new one       -0.274  -0.") && lines[6].contains(" to -0."));
    assert_eq!(lines[7], "v3              not enough data: v3: fewer than 30 answered");

    // What is told of a version does not depend on the others, and as much the other way around.
    let turned = compared(By::PromptVersion, Some("a new one"));
    assert_eq!(turned.versions[1].estimate, told.versions[1].estimate);
    let value = |told: &Comparison| told.differences[0].estimate.clone().unwrap().value;
    assert!((value(&turned) + value(&told)).abs() < 1e-12);

    let by = |by| compared(by, None).versions.into_iter().map(|it| it.name).collect::<Vec<_>>();
    assert_eq!(by(By::Kind), ["kind of a new one", "kind of v1", "kind of v3"]);
    assert_eq!(by(By::Model), ["unknown"]);
}

#[test]
fn the_same_seed_tells_the_same_and_more_confidence_is_wider() {
    let people = World { persons: 12, days: 20, better: 0.0 }.lived(3);
    let told = |alpha, seed| {
        difference(&Comparison::of(&people, By::PromptVersion, None, alpha, seed).unwrap()).interval
    };
    assert_eq!(told(0.05, 1), told(0.05, 1));
    assert_ne!(told(0.05, 1), told(0.05, 2));
    let (usual, sure) = (told(0.05, 1), told(0.01, 1));
    assert!(sure.low < usual.low && usual.high < sure.high);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let people = steady("v1", 20);
    let of = |people: &[Vec<Written>], baseline: Option<&str>, alpha| {
        Comparison::of(people, By::PromptVersion, baseline, alpha, 1).map(|_| ())
    };
    assert!(matches!(of(&[], None, 0.05), Err(LabError::NothingWritten)));
    for alpha in [0.0, 1.0, -0.1, f64::NAN] {
        assert!(matches!(of(&people, None, alpha), Err(LabError::Invalid(_))), "{alpha}");
    }
    let told = of(&people, Some("v7"), 0.05).unwrap_err().to_string();
    assert_eq!(told, "there is no prompt version \"v7\"; there are v1");
}
