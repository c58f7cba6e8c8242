//! A decision among 200 candidates by two policies: the target is 100 µs.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use bandit::{Beta, Candidate, Context, Posterior, policy};
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{SeedableRng, rngs::ChaCha12Rng};

fn choose(criterion: &mut Criterion) {
    let kinds =
        ["overdue", "due_today", "urgent", "due_soon", "quick", "recurring", "stale", "someday"];
    let advice = ["breathe", "move", "rest", "focus", "tidy", "connect", "plan", "reflect"];
    let arms: Vec<String> = (kinds.iter().map(|kind| format!("todoist/{kind}/morning")))
        .chain(advice.iter().map(|kind| format!("library/{kind}/morning")))
        .collect();
    let mut posterior = Posterior::default();
    for (arm, count) in arms.iter().zip(1_u8..) {
        let counts = Beta { successes: f64::from(count), failures: f64::from(20 - count) };
        posterior.set(arm, counts);
    }
    let candidates: Vec<Candidate<'_>> = (0..200_u8)
        .map(|i| Candidate { arm: &arms[usize::from(i) % arms.len()], merit: f64::from(i % 7) })
        .collect();
    let policies = ["thompson", "epsilon_greedy"].map(|name| policy(name).unwrap());
    let context = Context { at: 1.8e9 };
    let mut rng = ChaCha12Rng::seed_from_u64(1);

    criterion.bench_function("two policies, 200 candidates, 16 arms", |bencher| {
        bencher.iter(|| {
            policies.each_ref().map(|p| p.choose(&context, &candidates, &posterior, &mut rng))
        });
    });
}

criterion_group!(benches, choose);
criterion_main!(benches);
