//! Intervals hold the truth as often as they say, on simulated logs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bandit::estimate::{
    Estimator, Interval, Log, Logged, confidence_sequence, stabilising_weights, weighted,
};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

const CONFIDENCE: f64 = 0.95;

/// How often each action earns one, else nothing.
const EARNS: [f64; 2] = [0.3, 0.6];
const EQUAL: [f64; 2] = [0.5, 0.5];

/// A run of `rounds`, and each round's second moment of the importance weight. `propensity` says how likely
/// action 0 is, given the counts (earned, chosen) of the actions so far; `policy` is what is evaluated.
fn run(
    rounds: u32,
    earns: [f64; 2],
    policy: [f64; 2],
    propensity: impl Fn(u32, &[(f64, f64); 2]) -> f64,
    rng: &mut ChaCha12Rng,
) -> (Log, Vec<f64>) {
    let (mut action, mut reward, mut pscore) = (vec![], vec![], vec![]);
    let (mut action_dist, mut q_hat, mut second_moments) = (vec![], vec![], vec![]);
    let mut counts = [(0.0, 0.0); 2];
    for round in 1..=rounds {
        let first = propensity(round, &counts);
        let propensities = [first, 1.0 - first];
        let chosen = usize::from(rng.random::<f64>() >= first);
        let earned = f64::from(u8::from(rng.random::<f64>() < earns[chosen]));
        action.push(chosen);
        reward.push(earned);
        pscore.push(propensities[chosen]);
        action_dist.extend(policy);
        // From earlier rounds only.
        q_hat.extend(counts.map(|(earned, chosen)| (earned + 0.5) / (chosen + 1.0)));
        second_moments.push((0..2).map(|a| policy[a].powi(2) / propensities[a]).sum());
        counts[chosen].0 += earned;
        counts[chosen].1 += 1.0;
    }
    let logged = Logged {
        actions: 2,
        action: &action,
        reward: &reward,
        pscore: &pscore,
        action_dist: &action_dist,
        q_hat: &q_hat,
    };
    (Log::new(&logged).unwrap(), second_moments)
}

/// Half of the rounds for each action.
fn even(_: u32, _: &[(f64, f64); 2]) -> f64 {
    0.5
}

/// Mostly the action that earned most so far: action 0 becomes rare, but not below 0.05.
fn greedy(round: u32, counts: &[(f64, f64); 2]) -> f64 {
    let [first, second] = counts.map(|(earned, chosen)| (earned + 0.5) / (chosen + 1.0));
    let floor = (0.5 * f64::from(round).powf(-0.7)).max(0.05);
    if first > second { 1.0 - floor } else { floor }
}

fn value(policy: [f64; 2]) -> f64 {
    policy[0] * EARNS[0] + policy[1] * EARNS[1]
}

/// The share of `runs` in which an interval holds the truth, with the intervals' mean width.
fn coverage(
    runs: u32,
    truth: f64,
    mut interval: impl FnMut(&mut ChaCha12Rng) -> Interval,
) -> (f64, f64) {
    let mut rng = ChaCha12Rng::seed_from_u64(7);
    let (mut held, mut width) = (0, 0.0);
    for _ in 0..runs {
        let interval = interval(&mut rng);
        held += u32::from(interval.contains(truth));
        width += (interval.high - interval.low) / f64::from(runs);
    }
    (f64::from(held) / f64::from(runs), width)
}

/// Whether a share is the confidence, give or take three standard deviations of a binomial share and what a
/// limit may be off.
fn right(share: f64, runs: u32) -> bool {
    let deviation = (CONFIDENCE * (1.0 - CONFIDENCE) / f64::from(runs)).sqrt();
    (share - CONFIDENCE).abs() < 3.0 * deviation + 0.01
}

#[test]
fn students_interval_is_right_for_independent_rounds() {
    let policy = [0.8, 0.2];
    for estimator in [
        Estimator::Ipw,
        Estimator::Snipw,
        Estimator::Dr,
        Estimator::Sndr,
        Estimator::SwitchDr(10.0),
        Estimator::DrOs(1e9),
    ] {
        let (share, width) = coverage(500, value(policy), |rng| {
            estimator.interval(&run(100, EARNS, policy, even, rng).0, CONFIDENCE)
        });
        assert!(right(share, 500), "{estimator:?}: {share}, {width}");
    }
}

#[test]
fn an_interval_of_groups_is_right_where_rounds_depend_on_each_other() {
    let policy = [0.8, 0.2];
    // Each round is seen five times, which tells no more than once.
    let five_times = |rng: &mut ChaCha12Rng| {
        let (mut action, mut reward) = (vec![], vec![]);
        for _ in 0..80 {
            let chosen = rng.random_range(0..2);
            action.extend([chosen; 5]);
            reward.extend([f64::from(u8::from(rng.random::<f64>() < EARNS[chosen])); 5]);
        }
        let logged = Logged {
            actions: 2,
            action: &action,
            reward: &reward,
            pscore: &[0.5; 400],
            action_dist: &policy.repeat(400),
            q_hat: &[0.4; 800],
        };
        Log::new(&logged).unwrap()
    };
    let groups: Vec<usize> = (0..400).map(|round| round / 5).collect();
    for estimator in [Estimator::Ipw, Estimator::Snipw, Estimator::Dr] {
        let (share, _) = coverage(500, value(policy), |rng| {
            estimator.interval_of_groups(&five_times(rng), &groups, CONFIDENCE)
        });
        assert!(right(share, 500), "{estimator:?}: {share}");
        let (share, _) =
            coverage(500, value(policy), |rng| estimator.interval(&five_times(rng), CONFIDENCE));
        assert!(share < 0.8, "{estimator:?}: as if each of the five were news, {share}");
    }
    let mut rng = ChaCha12Rng::seed_from_u64(5);
    let log = five_times(&mut rng);
    let alone: Vec<usize> = (0..400).collect();
    let (by_one, plain) = (
        Estimator::Snipw.interval_of_groups(&log, &alone, CONFIDENCE),
        Estimator::Snipw.interval(&log, CONFIDENCE),
    );
    assert!((by_one.low - plain.low).abs() < 1e-12 && (by_one.high - plain.high).abs() < 1e-12);
    let one = Estimator::Ipw.interval_of_groups(&log, &[0; 400], CONFIDENCE);
    assert_eq!(one, Interval::EVERYTHING);
}

/// Rewards that all lie far from zero: normalising takes away what they have in common, and both
/// intervals know.
#[test]
fn the_delta_method_sees_what_normalising_gains() {
    let mut rng = ChaCha12Rng::seed_from_u64(3);
    let action: Vec<usize> = (0..200).map(|_| rng.random_range(0..2)).collect();
    let reward: Vec<f64> = action.iter().map(|_| 10.0 + rng.random::<f64>()).collect();
    let (pscore, action_dist, q_hat) = (vec![0.5; 200], [0.9, 0.1].repeat(200), vec![0.0; 400]);
    let logged = Logged {
        actions: 2,
        action: &action,
        reward: &reward,
        pscore: &pscore,
        action_dist: &action_dist,
        q_hat: &q_hat,
    };
    let log = Log::new(&logged).unwrap();
    let width = |interval: Interval| interval.high - interval.low;
    assert!(width(Estimator::Ipw.interval(&log, CONFIDENCE)) > 1.0);
    // With a model of nothing, the self-normalised two are the same.
    for estimator in [Estimator::Snipw, Estimator::Sndr] {
        let student = width(estimator.interval(&log, CONFIDENCE));
        assert!((0.05..0.2).contains(&student), "{student}");
        let bootstrap = width(estimator.bootstrap(&log, CONFIDENCE, 10_000, &mut rng));
        assert!((0.97..1.02).contains(&(bootstrap / student)), "{bootstrap}, {student}");
    }
}

#[test]
fn the_bootstrap_is_right_for_independent_rounds_and_near_students() {
    let policy = [0.8, 0.2];
    for estimator in [Estimator::Ipw, Estimator::Snipw, Estimator::Sndr] {
        let mut widths = 0.0;
        let (share, width) = coverage(200, value(policy), |rng| {
            let (log, _) = run(100, EARNS, policy, even, rng);
            let student = estimator.interval(&log, CONFIDENCE);
            widths += (student.high - student.low) / 200.0;
            estimator.bootstrap(&log, CONFIDENCE, 200, rng)
        });
        assert!(right(share, 200), "{estimator:?}: {share}");
        assert!((0.9..1.05).contains(&(width / widths)), "{estimator:?}: {width}, {widths}");
    }
}

/// Of two equal actions a learner prefers now the one, now the other. Weights that follow the propensities
/// keep the coverage, and make the interval narrower than equal weights do.
#[test]
fn weighted_intervals_are_right_for_a_policy_that_learned() {
    const RUNS: u32 = 400;
    let policy = [1.0, 0.0];
    let mut widths = [0.0; 2];
    for (stabilise, width) in [false, true].into_iter().zip(&mut widths) {
        let share;
        (share, *width) = coverage(RUNS, EQUAL[0], |rng| {
            let (log, second_moments) = run(500, EQUAL, policy, greedy, rng);
            let scores = Estimator::Dr.contributions(&log);
            let equal = vec![1.0; scores.len()];
            let weights = if stabilise { stabilising_weights(&second_moments, 5) } else { equal };
            weighted(&scores, &weights, CONFIDENCE).unwrap().interval
        });
        assert!(right(share, RUNS), "stabilised: {stabilise}: {share}, {width}");
    }
    assert!(widths[1] < 0.92 * widths[0], "{widths:?}");
}

#[test]
fn weights_follow_the_second_moments_of_the_rounds_before() {
    let weights = stabilising_weights(&[4.0, 16.0, 0.5, 100.0], 1);
    assert_eq!(weights, [0.0, 0.5, 0.25, 1.0]);
    let weights = stabilising_weights(&[4.0, 14.0, 100.0, 100.0], 2);
    assert_eq!(weights[..3], [0.0, 0.5, 1.0 / 3.0]);
    assert!((weights[3] - 57.0_f64.sqrt().recip()).abs() < 1e-15);

    let found = weighted(&[1.0, 5.0, 3.0], &[0.0, 1.0, 3.0], CONFIDENCE).unwrap();
    assert!((found.value - 3.5).abs() < 1e-15);
    let margin = 1.959_963_984_540_054 * (1.5_f64.powi(2) + 1.5_f64.powi(2)).sqrt() / 4.0;
    assert!((found.interval.low - (3.5 - margin)).abs() < 1e-8);
    assert!((found.interval.high - (3.5 + margin)).abs() < 1e-8);
    assert_eq!(weighted(&[1.0], &[1.0, 1.0], CONFIDENCE), None);
    assert_eq!(weighted(&[1.0, 1.0], &[0.0, 0.0], CONFIDENCE), None);
}

/// At a confidence that is missed often, so that a bet that is too good shows.
#[test]
fn a_confidence_sequence_holds_at_every_round_at_once() {
    const RUNS: u32 = 300;
    for policy in [[1.0, 0.0], [0.0, 1.0]] {
        let (share, width) = coverage(RUNS, value(policy), |rng| {
            let (log, _) = run(200, EARNS, policy, greedy, rng);
            let sequence = confidence_sequence(&log, 0.5).unwrap();
            // Each is within the one before: the last holds the truth if all do.
            assert!(sequence.is_sorted_by(|a, b| a.low <= b.low && a.high >= b.high));
            sequence[199]
        });
        let deviation = (0.25 / f64::from(RUNS)).sqrt();
        assert!(share > 0.5 - 3.0 * deviation && share < 0.95, "{policy:?}: {share}, {width}");
        assert!(width < [0.6, 0.16][usize::from(policy[1] > 0.5)], "{policy:?}: {share}, {width}");
    }
}

#[test]
fn too_little_says_nothing() {
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let (log, _) = run(1, EARNS, [0.5, 0.5], even, &mut rng);
    assert_eq!(Estimator::Ipw.interval(&log, CONFIDENCE), Interval::EVERYTHING);
    let none = Estimator::Ipw.bootstrap(&log, CONFIDENCE, 0, &mut rng);
    assert_eq!(none, Interval::EVERYTHING);
    let sequence = confidence_sequence(&log, CONFIDENCE).unwrap();
    assert_eq!(sequence, [Interval { low: 0.0, high: 1.0 }]);
    let lone = weighted(&[1.0, 2.0], &[0.0, 1.0], CONFIDENCE).unwrap();
    assert_eq!(lone.interval, Interval::EVERYTHING);

    let logged = Logged {
        actions: 1,
        action: &[0],
        reward: &[1.5],
        pscore: &[1.0],
        action_dist: &[1.0],
        q_hat: &[0.0],
    };
    assert_eq!(confidence_sequence(&Log::new(&logged).unwrap(), CONFIDENCE), None);
}
