//! A posterior follows from the lessons alone; and lessons are kept to the bit.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;

use bandit::{Arm, Candidate, Feature, Lesson, POLICIES, Policy, from_bytes, to_bytes};
use common::{NOW, bits, named};
use proptest::prelude::*;

/// Candidates of four arms and twenty coordinates, in ascending order.
fn pool() -> Vec<(Arm, Vec<Feature>)> {
    let all = (0..24_u16).map(|i| {
        let features =
            [(0, 1.0), (1 + i % 7, f64::from(i) / 24.0), (8 + i % 5, 1.0), (13 + i % 3, -0.5)];
        (Arm(u64::from(i % 4)), features.map(|(i, x)| Feature::new(i, x)).to_vec())
    });
    all.collect()
}

/// What a lesson is made of: which candidate, its propensity, reward and weight.
type Taught = (usize, f64, f64, f64);

fn taught() -> impl Strategy<Value = Taught> {
    (0..24_usize, 0.01..1.0_f64, 0.0..=1.0_f64, 0.0..=1.0_f64)
}

fn lesson(n: usize, (which, propensity, reward, weight): &Taught) -> Arc<Lesson> {
    let pool = pool();
    let (arm, features) = &pool[*which];
    let at = NOW - i64::try_from(n).unwrap() * common::HOUR;
    let candidate = Candidate { arm: *arm, features };
    Arc::new(Lesson::new(at, &candidate, *propensity, *reward).weighing(*weight))
}

/// The bits of the propensities after `lessons`, and what is owed to the features; asked now and then before.
fn state(policy: &dyn Policy, lessons: &[Arc<Lesson>], every: usize) -> (Vec<u64>, Vec<u64>) {
    let pool = pool();
    let candidates: Vec<Candidate<'_>> =
        pool.iter().map(|(arm, features)| Candidate { arm: *arm, features }).collect();
    let mut posterior = policy.posterior();
    let mut out = Vec::new();
    for batch in lessons.chunks(every) {
        for lesson in batch {
            posterior.learn(Arc::clone(lesson));
        }
        posterior.propensities(NOW, &candidates, &mut out);
    }
    let owed = posterior.contributions(&candidates[5]);
    (bits(&out), owed.iter().map(|(_, owed)| owed.to_bits()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 6 } else { 48 }))]
    /// Shuffled, in batches, told twice, and corrected; more of them than are remembered.
    #[test]
    fn the_order_of_lessons_does_not_matter(
        (lessons, shuffled) in prop::collection::vec(taught(), 1..330).prop_flat_map(|lessons| {
            let order: Vec<usize> = (0..lessons.len()).collect();
            (Just(lessons), Just(order).prop_shuffle())
        }),
        wrong in prop::collection::vec((any::<prop::sample::Index>(), taught()), 0..40),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        every in 20..400_usize,
    ) {
        let right: Vec<Arc<Lesson>> =
            lessons.iter().enumerate().map(|(n, taught)| lesson(n, taught)).collect();
        // The wrong ones come somewhere before the right ones of the same time, the repeated ones after.
        let mut told: Vec<Arc<Lesson>> = shuffled.iter().map(|n| Arc::clone(&right[*n])).collect();
        for (which, taught) in &wrong {
            let n = which.index(right.len());
            let place = told.iter().position(|lesson| lesson.at == right[n].at).unwrap();
            told.insert(place / 2, lesson(n, taught));
        }
        for which in &again {
            told.push(Arc::clone(which.get(&right)));
        }
        for name in POLICIES {
            let policy = named(name);
            let straight = state(&*policy, &right, usize::MAX);
            prop_assert_eq!(&straight, &state(&*policy, &told, every), "{}", name);
            let oldest_first: Vec<_> = right.iter().rev().cloned().collect();
            prop_assert_eq!(&straight, &state(&*policy, &oldest_first, every), "{}", name);
        }
    }

    #[test]
    fn lessons_are_kept_to_the_bit(
        lessons in prop::collection::vec(taught(), 0..20),
        cut in any::<prop::sample::Index>(),
        version in 2..=255_u8,
    ) {
        let lessons: Vec<Arc<Lesson>> =
            lessons.iter().enumerate().map(|(n, taught)| lesson(n, taught)).collect();
        let mut bytes = to_bytes(lessons.iter().map(AsRef::as_ref));
        let read: Vec<Arc<Lesson>> = from_bytes(&bytes).unwrap().into_iter().map(Arc::new).collect();
        prop_assert_eq!(&read, &lessons);
        prop_assert_eq!(&to_bytes(read.iter().map(AsRef::as_ref)), &bytes);

        prop_assert!(from_bytes(&bytes[..cut.index(bytes.len())]).is_err());
        bytes.push(0);
        prop_assert!(from_bytes(&bytes).is_err());
        bytes.pop();
        bytes[0] = version;
        prop_assert!(from_bytes(&bytes).is_err());
    }

    #[test]
    fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..200), known: bool) {
        if let (true, Some(version)) = (known, bytes.first_mut()) {
            *version = 1;
        }
        if let Ok(lessons) = from_bytes(&bytes) {
            prop_assert_eq!(to_bytes(&lessons), bytes);
        }
    }

    #[test]
    fn a_byte_that_is_not_as_it_was_teaches_no_nonsense(
        lessons in prop::collection::vec(taught(), 1..5),
        place in any::<prop::sample::Index>(),
        byte: u8,
    ) {
        let lessons: Vec<Arc<Lesson>> =
            lessons.iter().enumerate().map(|(n, taught)| lesson(n, taught)).collect();
        let mut bytes = to_bytes(lessons.iter().map(AsRef::as_ref));
        *place.get_mut(&mut bytes) = byte;
        for lesson in from_bytes(&bytes).unwrap_or_default() {
            prop_assert!((0.0..=1.0).contains(&lesson.reward()));
            prop_assert!((0.0..=1.0).contains(&lesson.weight()));
        }
    }
}

#[test]
fn the_window_keeps_the_newest() {
    let forgotten: Taught = (0, 0.5, 1.0, 1.0);
    let kept: Vec<Arc<Lesson>> = (0..256).map(|n| lesson(n, &(n % 24, 0.5, 0.0, 1.0))).collect();
    let mut all: Vec<Arc<Lesson>> = (256..300).map(|n| lesson(n, &forgotten)).collect();
    all.extend(kept.iter().cloned());
    for name in POLICIES {
        let policy = named(name);
        assert_eq!(state(&*policy, &kept, 300), state(&*policy, &all, 100), "{name}");
    }
}
