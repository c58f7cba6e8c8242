//! How long the serving policy takes, at the median and at the 99th percentile, and what it allocates once it is warm.
//! The targets: `decide` 10 µs and `update` 5 µs at p99, without an allocation; `propensities` 200 µs.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and fails by panicking"
)]

mod common;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use bandit::{Feature, POLICIES, draw};
use common::{NOW, candidates, features, lessons, posterior, wide_lessons};
use rand::{SeedableRng, rngs::ChaCha12Rng};

const ROUNDS: usize = 20_000;

const WIDE_ROUNDS: usize = 2_000;

const ANEW_ROUNDS: usize = 200;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

struct Counting;

#[expect(unsafe_code, reason = "the trait is unsafe; both calls pass on what they were given")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Measures `act` for each of the `inputs`, of which the first tenth are for warming up.
fn measure<T>(name: &str, inputs: impl ExactSizeIterator<Item = T>, mut act: impl FnMut(T)) {
    let warm = inputs.len() / 10;
    let mut times = Vec::with_capacity(inputs.len());
    let mut allocations = 0;
    for (round, input) in inputs.enumerate() {
        let before = ALLOCATIONS.load(Relaxed);
        let start = Instant::now();
        act(input);
        let time = start.elapsed();
        if round >= warm {
            allocations += ALLOCATIONS.load(Relaxed) - before;
            times.push(time);
        }
    }
    times.sort_unstable();
    let at = |part: usize| times[times.len() * part / 1000].as_secs_f64() * 1e6;
    println!(
        "{name:<50} p50 {:7.2} µs   p99 {:7.2} µs   allocations {allocations}",
        at(500),
        at(990)
    );
}

fn main() {
    let all = lessons(256 + ROUNDS);
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let mut out = Vec::new();

    for count in [30, 200] {
        let features = features(count, 2);
        let candidates = candidates(&features);
        let mut person = posterior("personal", &all[..200]);
        measure(&format!("propensities, {count} candidates"), 0..ROUNDS, |_| {
            person.propensities(NOW, &candidates, &mut out);
        });
        measure(&format!("decide, {count} candidates"), 0..ROUNDS, |_| {
            person.propensities(NOW, &candidates, &mut out);
            black_box(draw(&out, &mut rng));
        });
    }

    // As many coordinates as a person has who uses labels and projects.
    let wide = wide_lessons(256 + WIDE_ROUNDS);
    let named: Vec<Vec<Feature>> = wide[..30].iter().map(|l| l.features.to_vec()).collect();
    let pool = candidates(&named);
    let mut person = posterior("personal", &wide[..256]);
    measure("decide, 30 candidates, hashed names", 0..WIDE_ROUNDS, |_| {
        person.propensities(NOW, &pool, &mut out);
        black_box(draw(&out, &mut rng));
    });
    measure("update, hashed names", wide[256..].iter(), |lesson| {
        person.learn(Arc::clone(lesson));
        person.propensities(NOW, &pool[..1], &mut out);
    });

    // What a shadow adds to a decision, where nothing is kept between two of them.
    for name in POLICIES {
        measure(&format!("from 256 lessons to a choice, {name}"), 0..ANEW_ROUNDS, |_| {
            let mut person = posterior(name, &wide[..256]);
            person.propensities(NOW, &pool, &mut out);
            black_box(draw(&out, &mut rng));
        });
    }

    // A choice among one: nothing but the solve.
    let one = features(1, 2);
    let one = candidates(&one);
    let mut person = posterior("personal", &all[..256]);
    measure("learn", all[256..].iter(), |lesson| person.learn(Arc::clone(lesson)));
    let mut person = posterior("personal", &all[..256]);
    measure("update", all[256..].iter(), |lesson| {
        person.learn(Arc::clone(lesson));
        person.propensities(NOW, &one, &mut out);
    });
}
