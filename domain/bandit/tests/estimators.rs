//! The estimators are those of zr-obp (`golden/estimators.py`), and are what their papers prove.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bandit::estimate::{Estimator, Log, LogError, Logged, estimates};
use proptest::prelude::*;
use serde_json::Value;

/// A log that owns what it is made of.
#[derive(Clone, Debug)]
struct Data {
    actions: usize,
    action: Vec<usize>,
    reward: Vec<f64>,
    pscore: Vec<f64>,
    action_dist: Vec<f64>,
    q_hat: Vec<f64>,
}

impl Data {
    fn logged(&self) -> Logged<'_> {
        Logged {
            actions: self.actions,
            action: &self.action,
            reward: &self.reward,
            pscore: &self.pscore,
            action_dist: &self.action_dist,
            q_hat: &self.q_hat,
        }
    }

    fn log(&self) -> Log {
        Log::new(&self.logged()).unwrap()
    }

    /// Two rounds of three actions.
    fn small() -> Self {
        Self {
            actions: 3,
            action: vec![0, 2],
            reward: vec![1.0, 0.5],
            pscore: vec![0.5, 1.0],
            action_dist: vec![0.2, 0.3, 0.5, 0.0, 0.0, 1.0],
            q_hat: vec![0.5; 6],
        }
    }
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn size(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// Equal to 1e-9, relative.
fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

#[test]
fn estimates_are_those_of_zr_obp() {
    let golden: Value = serde_json::from_str(include_str!("estimators.json")).unwrap();
    let data = Data {
        actions: size(&golden["actions"]),
        action: golden["action"].as_array().unwrap().iter().map(size).collect(),
        reward: floats(&golden["reward"]),
        pscore: floats(&golden["pscore"]),
        action_dist: floats(&golden["action_dist"]),
        q_hat: floats(&golden["q_hat"]),
    };
    let (log, lambdas) = (data.log(), floats(&golden["lambdas"]));
    let expected = golden["estimates"].as_array().unwrap();
    let computed = estimates(&log, &lambdas);

    assert_eq!(computed.len(), expected.len());
    for (computed, expected) in computed.iter().zip(expected) {
        assert_eq!(computed.name, expected["name"].as_str().unwrap());
        assert_eq!(computed.lambda, expected["lambda"].as_f64());
        assert!(close(computed.value, expected["value"].as_f64().unwrap()), "{computed:?}");
        let estimator = match (computed.name, computed.lambda) {
            ("ipw", None) => Estimator::Ipw,
            ("snipw", None) => Estimator::Snipw,
            ("dm", None) => Estimator::Dm,
            ("dr", None) => Estimator::Dr,
            ("sndr", None) => Estimator::Sndr,
            ("switch_dr", Some(lambda)) => Estimator::SwitchDr(lambda),
            (_, lambda) => Estimator::DrOs(lambda.unwrap()),
        };
        let rounds = estimator.contributions(&log);
        assert!(rounds.iter().zip(floats(&expected["rounds"])).all(|(a, b)| close(*a, b)));
    }
}

#[test]
fn what_cannot_be_evaluated_is_refused() {
    let refused = |change: &dyn Fn(&mut Data)| {
        let mut data = Data::small();
        change(&mut data);
        Log::new(&data.logged()).unwrap_err()
    };
    let length = |field, expected, actual| LogError::Length { field, expected, actual };
    let not_finite = |field, round| LogError::NotFinite { field, round };

    assert_eq!(refused(&|data| data.action.clear()), LogError::Empty);
    assert_eq!(refused(&|data| data.reward.push(1.0)), length("reward", 2, 3));
    assert_eq!(refused(&|data| data.pscore.truncate(1)), length("pscore", 2, 1));
    assert_eq!(refused(&|data| data.action_dist.truncate(5)), length("action_dist", 6, 5));
    assert_eq!(refused(&|data| data.q_hat.push(0.0)), length("q_hat", 6, 7));
    assert_eq!(refused(&|data| data.actions = usize::MAX), length("action_dist", usize::MAX, 6));
    assert_eq!(
        refused(&|data| data.action[1] = 3),
        LogError::Action { round: 1, action: 3, actions: 3 }
    );
    for pscore in [0.0, -0.5, 1.000_001] {
        let error = refused(&|data| data.pscore[1] = pscore);
        assert_eq!(error, LogError::Pscore { round: 1, pscore });
    }
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(matches!(refused(&|data| data.pscore[0] = bad), LogError::Pscore { round: 0, .. }));
        assert_eq!(refused(&|data| data.reward[1] = bad), not_finite("reward", 1));
        assert_eq!(refused(&|data| data.action_dist[4] = bad), not_finite("action_dist", 1));
        // Also where the policy never goes.
        assert_eq!(refused(&|data| data.q_hat[3] = bad), not_finite("q_hat", 1));
    }
    assert_eq!(refused(&|data| data.action_dist[3] = -1e-9), LogError::Negative { round: 1 });
    assert_eq!(refused(&|data| data.action_dist[5] = 0.0), LogError::NoMass { round: 1 });
    assert_eq!(refused(&|data| data.pscore[0] = 1e-310), not_finite("importance weight", 0));
    assert_eq!(
        LogError::Pscore { round: 1, pscore: 2.0 }.to_string(),
        "pscore 2 of round 1 is not in (0, 1]"
    );
}

/// Rows longer than the lanes in which they are summed are checked to their last value.
#[test]
fn a_row_is_read_to_its_end() {
    let actions = 19;
    for at in 0..actions {
        let mut data = Data {
            actions,
            action: vec![0],
            reward: vec![1.0],
            pscore: vec![0.5],
            action_dist: vec![0.0; actions],
            q_hat: vec![0.0; actions],
        };
        data.action_dist[at] = 1.0;
        data.q_hat[at] = 0.75;
        assert!(close(Estimator::Dm.value(&data.log()), 0.75));
        data.action_dist[at] = -1.0;
        data.action_dist[(at + 1) % actions] = 3.0;
        assert_eq!(Log::new(&data.logged()).unwrap_err(), LogError::Negative { round: 0 });
    }
}

#[test]
fn a_policy_that_the_log_never_met_has_no_self_normalised_value() {
    let mut data = Data::small();
    data.action = vec![0, 0];
    data.action_dist = vec![0.0, 0.5, 0.5, 0.0, 0.5, 0.5];
    let log = data.log();
    assert!(Estimator::Snipw.value(&log).is_nan() && Estimator::Sndr.value(&log).is_nan());
    assert!(close(Estimator::Dr.value(&log), 0.5));
    assert!(Estimator::Ipw.value(&log).abs() < 1e-15);
}

/// A distribution over `actions` actions, none below 0.02 / `actions`.
fn distribution(actions: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.02..1.0_f64, actions).prop_map(|weights| {
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / sum).collect()
    })
}

fn data() -> impl Strategy<Value = Data> {
    (1..12_usize, 1..20_usize).prop_flat_map(|(rounds, actions)| {
        let column = |range: std::ops::Range<f64>, count| prop::collection::vec(range, count);
        (
            prop::collection::vec(0..actions, rounds),
            column(-1.0..1.0, rounds),
            column(0.01..1.0, rounds),
            prop::collection::vec(distribution(actions), rounds),
            column(-1.0..1.0, rounds * actions),
        )
            .prop_map(move |(action, reward, pscore, rows, q_hat)| Data {
                actions,
                action,
                reward,
                pscore,
                action_dist: rows.concat(),
                q_hat,
            })
    })
}

proptest! {
    /// The mean over all actions that could have been logged, each as often as its propensity, is exactly
    /// what the policy earns, whatever the model.
    #[test]
    fn ipw_and_dr_are_unbiased(
        (logging, policy, reward, q_hat) in (1..20_usize).prop_flat_map(|actions| (
            distribution(actions),
            distribution(actions),
            prop::collection::vec(-1.0..1.0_f64, actions),
            prop::collection::vec(-1.0..1.0_f64, actions),
        )),
    ) {
        let earned: f64 = policy.iter().zip(&reward).map(|(p, r)| p * r).sum();
        for estimator in [Estimator::Ipw, Estimator::Dr] {
            let expected: f64 = (0..logging.len()).map(|action| {
                let data = Data {
                    actions: logging.len(),
                    action: vec![action],
                    reward: vec![reward[action]],
                    pscore: vec![logging[action]],
                    action_dist: policy.clone(),
                    q_hat: q_hat.clone(),
                };
                logging[action] * estimator.value(&data.log())
            }).sum();
            prop_assert!((expected - earned).abs() < 1e-9, "{estimator:?}: {expected}, {earned}");
        }
    }

    #[test]
    fn self_normalised_values_shift_and_scale_with_the_rewards(
        data in data(), shift in -10.0..10.0_f64, scale in 0.1..10.0_f64,
    ) {
        let mut moved = data.clone();
        for value in moved.reward.iter_mut().chain(&mut moved.q_hat) {
            *value = *value * scale + shift;
        }
        for estimator in [Estimator::Snipw, Estimator::Sndr, Estimator::Dm] {
            let expected = estimator.value(&data.log()) * scale + shift;
            prop_assert!((estimator.value(&moved.log()) - expected).abs() < 1e-8);
        }
    }

    #[test]
    fn hyperparameters_lead_from_the_direct_method_to_dr(data in data()) {
        let log = data.log();
        let (dm, dr) = (Estimator::Dm.value(&log), Estimator::Dr.value(&log));
        for lambda in [0.0, -1.0, f64::NAN] {
            prop_assert!(close(Estimator::SwitchDr(lambda).value(&log), dm));
            prop_assert!(close(Estimator::DrOs(lambda).value(&log), dm));
        }
        prop_assert!(close(Estimator::SwitchDr(f64::INFINITY).value(&log), dr));
        prop_assert!(close(Estimator::DrOs(f64::INFINITY).value(&log), dr));
        prop_assert!((Estimator::DrOs(1e12).value(&log) - dr).abs() < 1e-6);
    }

    #[test]
    fn the_order_of_rounds_and_of_actions_does_not_matter(data in data()) {
        let mut turned = data.clone();
        for column in [&mut turned.reward, &mut turned.pscore] {
            column.reverse();
        }
        turned.action = data.action.iter().rev().map(|action| data.actions - 1 - action).collect();
        turned.action_dist.reverse();
        turned.q_hat.reverse();
        for (a, b) in estimates(&data.log(), &[0.5, 5.0]).iter().zip(estimates(&turned.log(), &[0.5, 5.0])) {
            prop_assert!((a.value - b.value).abs() < 1e-9 * (1.0 + a.value.abs()), "{a:?} {b:?}");
        }
    }

    /// A model that knows each reward leaves nothing to correct; a policy that is the logging one earns what
    /// was earned.
    #[test]
    fn a_true_model_or_the_same_policy_needs_no_correction(data in data()) {
        let mut known = data.clone();
        for round in 0..data.action.len() {
            known.q_hat[round * data.actions + data.action[round]] = data.reward[round];
        }
        let log = known.log();
        for estimate in estimates(&log, &[0.5, 5.0]).into_iter().filter(|e| !e.name.ends_with("ipw")) {
            prop_assert!((estimate.value - Estimator::Dm.value(&log)).abs() < 1e-9);
        }

        let mut same = data.clone();
        for round in 0..data.action.len() {
            same.pscore[round] = data.action_dist[round * data.actions + data.action[round]];
        }
        let earned = data.reward.iter().sum::<f64>() / f64::from(u32::try_from(data.reward.len()).unwrap());
        for estimator in [Estimator::Ipw, Estimator::Snipw] {
            prop_assert!((estimator.value(&same.log()) - earned).abs() < 1e-9);
        }
    }
}
