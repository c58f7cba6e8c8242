//! Decisions and updates of all policies, with sixteen numbers a candidate and 200 lessons.

#![expect(clippy::expect_used, reason = "a bench fails by panicking")]

mod common;

use std::sync::Arc;

use bandit::{Lesson, POLICIES, draw};
use common::{HOUR, NOW, candidates, features, lessons, posterior};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rand::{SeedableRng, rngs::ChaCha12Rng};

fn choose(criterion: &mut Criterion) {
    let lessons = lessons(256);
    let [few, many, one] = [30, 200, 1].map(|count| features(count, 2));
    let [few, many, one] = [&few, &many, &one].map(|features| candidates(features));
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let mut out = Vec::new();

    for name in POLICIES {
        let mut group = criterion.benchmark_group(*name);
        let mut person = posterior(name, &lessons[..200]);
        group.bench_function("decide, 30 candidates", |bencher| {
            bencher.iter(|| {
                person.propensities(NOW, &few, &mut out);
                draw(&out, &mut rng)
            });
        });
        group.bench_function("propensities, 30 candidates", |bencher| {
            bencher.iter(|| person.propensities(NOW, &few, &mut out));
        });
        group.bench_function("propensities, 200 candidates", |bencher| {
            bencher.iter(|| person.propensities(NOW, &many, &mut out));
        });
        // A choice among one: nothing but the solve.
        let mut newer = lessons.iter().cycle().zip(1..).map(|(lesson, hour)| {
            let mut lesson = Lesson::clone(lesson);
            lesson.at = NOW + (1_000_000 + hour) * HOUR;
            Arc::new(lesson)
        });
        group.bench_function("update", |bencher| {
            bencher.iter_batched(
                || newer.next().expect("an endless cycle"),
                |lesson| {
                    person.learn(lesson);
                    person.propensities(NOW, &one, &mut out);
                },
                BatchSize::SmallInput,
            );
        });
    }
}

criterion_group!(benches, choose);
criterion_main!(benches);
