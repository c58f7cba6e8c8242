//! All estimators with three hyperparameters on 10,000 rounds of 80 actions: the target is 5 ms.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use bandit::estimate::{Log, Logged, estimates};
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

const ROUNDS: usize = 10_000;
const ACTIONS: usize = 80;

fn estimate(criterion: &mut Criterion) {
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let mut uniform = |count: usize| -> Vec<f64> { (0..count).map(|_| rng.random()).collect() };
    let mut action_dist = uniform(ROUNDS * ACTIONS);
    for row in action_dist.chunks_exact_mut(ACTIONS) {
        let sum: f64 = row.iter().sum();
        for probability in row {
            *probability /= sum;
        }
    }
    let q_hat = uniform(ROUNDS * ACTIONS);
    let reward = uniform(ROUNDS);
    let pscore: Vec<f64> = uniform(ROUNDS).iter().map(|p| 0.005 + 0.04 * p).collect();
    let action: Vec<usize> = (0..ROUNDS).map(|_| rng.random_range(0..ACTIONS)).collect();
    let logged = Logged {
        actions: ACTIONS,
        action: &action,
        reward: &reward,
        pscore: &pscore,
        action_dist: &action_dist,
        q_hat: &q_hat,
    };
    let lambdas = [1.0, 10.0, 100.0];

    criterion.bench_function("log and all estimates, 10,000 rounds of 80 actions", |bencher| {
        bencher.iter(|| estimates(&Log::new(&logged).unwrap(), &lambdas));
    });
    let log = Log::new(&logged).unwrap();
    criterion.bench_function("all estimates of a log, 10,000 rounds", |bencher| {
        bencher.iter(|| estimates(&log, &lambdas));
    });
}

criterion_group!(benches, estimate);
criterion_main!(benches);
