//! Speaking up at the right moments is learned, within the volume that a person allows.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a simulation")]
#![allow(clippy::cast_sign_loss, missing_docs, unreachable_pub, reason = "a simulation")]

#[path = "../benches/people/mod.rs"]
mod people;

use bandit::estimate::Estimator;
use notifier::{
    past::{Drawn, Lasted, lasted},
    timing::{Belief, Choice, Chooser, Hour, Moment, Outcome, Row, Rows, Shadow},
};
use people::{Family, Person, Three, moment};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

/// The decision points from `hour` until nine in the evening.
fn ahead(hour: f64) -> Vec<Moment> {
    let moments = (0..).map(|n| Moment::new(hour + f64::from(n) / 3.0, false));
    moments.take_while(|moment| moment.hour < 21.0).collect()
}

/// Some weeks of somebody who does what they are called for between six and seven, and nothing else.
fn evening_person(days: u32) -> Belief {
    let mut belief = Belief::default();
    let mut rng = ChaCha12Rng::seed_from_u64(7);
    for _ in 0..days {
        for moment in ahead(8.0) {
            let choice = Choice { speak: rng.random_bool(0.08), probability: 0.08 };
            let answers = choice.speak && (18.0..19.0).contains(&moment.hour);
            let outcome = if answers { Outcome::Done } else { Outcome::Nothing };
            belief.learn(&moment, choice, outcome.reward(choice.speak));
        }
    }
    belief
}

#[test]
fn whoever_answers_in_the_evening_is_called_in_the_evening() {
    let belief = evening_person(40);
    let probability = |hour| Chooser::Learned.probability(&belief, &ahead(hour)).unwrap();
    let (morning, evening) = (probability(10.0), probability(18.0));
    assert!(morning < 0.01 && evening > 0.4, "{morning} {evening}");
    // As before it was stored.
    let stored = serde_json::to_string(&belief).unwrap();
    assert!(stored.len() < 6_000, "{}", stored.len());
    let read = serde_json::from_str::<Belief>(&stored).unwrap().checked();
    assert_eq!(read, belief);
}

#[test]
fn what_is_no_belief_is_none() {
    let stored = serde_json::to_string(&evening_person(1)).unwrap();
    for hostile in [
        stored.replace("\"version\":1", "\"version\":2"),
        stored.replacen("\"rewards\":[", "\"rewards\":[1e30,", 1),
        stored.replacen("\"seen\":[0.0", "\"seen\":[-1.0", 1),
    ] {
        assert_ne!(hostile, stored);
        let read = serde_json::from_str::<Belief>(&hostile).unwrap().checked();
        assert_eq!(read, Belief::default());
    }
}

#[test]
fn where_oo_may_not_speak_nothing_is_chosen() {
    let belief = Belief::default();
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let now = Moment::new(12.0, false);
    for refused in [
        Moment { today: 3, ..now },
        Moment { most_a_day: 0, ..now },
        Moment { since_push: Some(0.9), ..now },
    ] {
        for chooser in [Chooser::Learned, Chooser::Random, Chooser::Fixed(vec![9.0])] {
            assert_eq!(chooser.choose(&belief, &[refused, now], &mut rng), None);
            assert_eq!(chooser.choose(&belief, &[], &mut rng), None);
        }
    }
    let again = Moment { since_push: Some(1.0), today: 1, ..now };
    assert!(Chooser::Learned.choose(&belief, &[again], &mut rng).is_some());
}

#[test]
fn fixed_hours_are_kept_as_soon_as_may_be() {
    let fixed = Chooser::Fixed(vec![9.0, 13.0]);
    let at = |hour, today| {
        let now = Moment { today, ..Moment::new(hour, false) };
        fixed.probability(&Belief::default(), &[now]).unwrap()
    };
    let told = [at(8.9, 0), at(9.1, 0), at(9.5, 1), at(13.0, 1), at(20.0, 2)];
    assert!(told.iter().zip([0.0, 1.0, 0.0, 1.0, 0.0]).all(|(it, due)| (it - due).abs() < 1e-9));
}

/// Days as they are lived: a push takes its hour, and counts.
fn pushes(chooser: &Chooser, belief: &Belief, cap: u8, rng: &mut ChaCha12Rng) -> u8 {
    let mut last: Option<f64> = None;
    let mut today = 0;
    let all = ahead(8.0);
    for place in 0..all.len() {
        let later = all[place..].iter().map(|moment| Moment {
            today,
            most_a_day: cap,
            since_push: last.map(|last| moment.hour - last),
            ..*moment
        });
        let choice = chooser.choose(belief, &later.collect::<Vec<_>>(), rng);
        if choice.is_some_and(|choice| choice.speak) {
            assert!(last.is_none_or(|last| all[place].hour - last > 0.999));
            last = Some(all[place].hour);
            today += 1;
        }
    }
    today
}

#[test]
fn what_is_spent_is_within_the_cap_and_spread_over_the_day() {
    let mut rng = ChaCha12Rng::seed_from_u64(3);
    let beliefs = [Belief::default(), evening_person(30)];
    for (belief, cap) in beliefs.iter().flat_map(|belief| [1, 3, 6].map(|cap| (belief, cap))) {
        let random = (0..200).map(|_| pushes(&Chooser::Random, belief, cap, &mut rng));
        let random: Vec<u8> = random.collect();
        assert!(random.iter().all(|pushes| *pushes <= cap));
        // At random, the cap is spent.
        let mean = random.iter().map(|it| f64::from(*it)).sum::<f64>() / 200.0;
        assert!(mean > 0.85 * f64::from(cap), "{cap}: {mean}");
        let learned = (0..12).map(|_| pushes(&Chooser::Learned, belief, cap, &mut rng));
        let learned: Vec<u8> = learned.collect();
        assert!(learned.iter().all(|pushes| *pushes <= cap));
        // What was learned plans for two thirds of it.
        let mean = learned.iter().map(|it| f64::from(*it)).sum::<f64>() / 12.0;
        assert!(mean < 0.67 * f64::from(cap) + 0.7, "{cap}: {mean}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    /// Whatever was learned, and whatever the moments say, a probability is one that can be divided by.
    #[test]
    fn fuzz_probability(
        numbers in prop::collection::vec((0.0..24.0, any::<f64>(), any::<f64>(), any::<f64>(), any::<bool>()), 1..12),
        today in 0_u8..3,
        most in 0_u8..12,
    ) {
        let moment = |&(hour, since, dose, left, is_weekend): &(f64, f64, f64, f64, bool)| Moment {
            since_reaction: Some(since), dose, left, answered: dose, today, most_a_day: most,
            ..Moment::new(hour, is_weekend)
        };
        let ahead: Vec<Moment> = numbers.iter().map(moment).collect();
        let mut belief = Belief::default();
        for moment in &ahead {
            let Some(probability) = Chooser::Learned.probability(&belief, &ahead) else { continue };
            prop_assert!(probability > 0.0 && probability <= 0.8 + 1e-9, "{probability}");
            belief.learn(moment, Choice { speak: true, probability }, -0.3);
            belief.learn(moment, Choice { speak: false, probability }, 1.0);
            prop_assert_eq!(belief.clone().checked(), belief.clone());
        }
    }
}

/// Rows of somebody's log, as it would judge who speaks with `shadow`.
fn rows(log: &[Drawn], shadow: impl Fn(&Drawn) -> f64) -> Rows {
    let row = |Lasted { drawn, hour, pscore }: Lasted| Row {
        hour,
        pscore,
        reward: drawn.reward(),
        shadow: shadow(&drawn),
        expected: [0.0; 2],
    };
    lasted(log.to_vec()).into_iter().map(row).collect()
}

#[test]
fn what_a_shadow_would_have_earned_is_found_in_the_log() {
    let mut rng = ChaCha12Rng::seed_from_u64(11);
    // A day apart, so that no hour is cut short.
    let mut drawn = |day: i64| {
        let probability = rng.random_range(0.05..0.6);
        let speak = rng.random_bool(probability);
        let done = rng.random_bool(if speak { 0.3 } else { 0.1 });
        let outcome = if done { Outcome::Done } else { Outcome::Nothing };
        Drawn { choice: Choice { speak, probability }, outcome, ..moment(24.0 * day as f64) }
    };
    let log: Vec<Drawn> = (0..40_000).map(&mut drawn).collect();
    let log = rows(&log, |_| 0.5).log().unwrap();
    // Half of the time 0.3 · 1 − 0.7 · 0.05, half of the time 0.1.
    let truth = 0.1825;
    for estimator in [Estimator::Ipw, Estimator::Snipw] {
        let interval = estimator.interval(&log, 0.999);
        assert!(interval.contains(truth), "{interval:?}");
        assert!(interval.high - interval.low < 0.05, "{interval:?}");
    }
    let impossible = Choice { speak: true, probability: 0.0 };
    assert!(rows(&[Drawn { choice: impossible, ..moment(0.0) }], |_| 0.5).log().is_err());
}

#[test]
fn silence_that_was_cut_short_is_neither_silence_nor_speech() {
    let at = |hours: f64, speak: bool| Drawn {
        choice: Choice { speak, probability: 0.25 },
        ..moment(hours)
    };
    let third = 1.0 / 3.0;
    let log =
        [at(0.0, false), at(third, false), at(3.0, false), at(3.0 + third, true), at(5.0, false)];
    let lasted = lasted(log.to_vec());
    let hours: Vec<Hour> = lasted.iter().map(|it| it.hour).collect();
    assert_eq!(hours, [Hour::Silent, Hour::Silent, Hour::Cut, Hour::Spoken, Hour::Silent]);
    let pscores = lasted.iter().map(|it| it.pscore);
    let expected = [0.5625, 0.75, 0.75, 0.25, 0.75];
    assert!(pscores.zip(expected).all(|(it, expected)| (it - expected).abs() < 1e-12));
}

/// What one chooser earns is told from the log of another: people who do not tire live by what they have taught, and the
/// log says what random moments would be worth; and then they live by random moments.
#[test]
fn from_the_log_of_one_chooser_it_is_told_what_another_earns() {
    let people: Vec<Person> =
        (0..12).map(|seed| Person::born(Family::Narrow, 900 + seed)).collect();
    let lives = |chooser: &Chooser| -> Vec<Vec<Drawn>> {
        people.iter().map(|person| person.logged(30, chooser, 3)).collect()
    };
    let judged = |lives: &[Vec<Drawn>], by: fn(&Drawn) -> f64| {
        lives.iter().map(|life| rows(life, by)).reduce(Rows::and).unwrap().log().unwrap()
    };
    let served = |it: &Drawn| it.choice.probability;
    let taught = lives(&Chooser::Learned);
    let foreseen = judged(&taught, |it| it.shadows[Shadow::Random.as_str()]);
    let truth = judged(&lives(&Chooser::Random), served);
    for estimator in [Estimator::Ipw, Estimator::Snipw] {
        let (foreseen, truth) = (estimator.interval(&foreseen, 0.95), estimator.value(&truth));
        assert!(foreseen.contains(truth), "{estimator:?}: {foreseen:?}, {truth}");
        assert!(foreseen.high - foreseen.low < 0.1, "{estimator:?}: {foreseen:?}");
    }
}

/// A small part of `benches/timing.rs`, with a margin, and with too few days to see a hundredth of what is done: people who answer in narrow hours, half of them of a family that
/// nothing was tuned on.
#[test]
fn simulated_people_are_called_less_and_answer_more() {
    let lives = [Family::Narrow, Family::Parents]
        .into_iter()
        .flat_map(|family| (0..3).map(move |seed| Three::of(family, 40 + seed, 30, 3)));
    let all = lives.reduce(Three::and).unwrap();
    let told = (all.gain(), all.saved(), all.lost());
    assert!(all.gain() > 1.2 && all.saved() > 0.3 && all.lost() < 0.2, "{told:?}");
}
