mod lanes;

use std::sync::Arc;

use proptest::prelude::*;
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

use super::*;
use crate::{Arm, Candidate, Feature, Lesson, Weight};

const NOISE: f64 = 0.16;
const COORDINATES: u16 = 7;

/// Lessons with a few of the coordinates each.
fn lessons(count: usize, seed: u64) -> Vec<Arc<Lesson>> {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let lessons = (0..count).zip(0..).map(|(_, at)| {
        let mut features: Vec<Feature> = (0..COORDINATES)
            .map(|index| Feature::new(index, rng.random_range(-1.0..1.0)))
            .collect();
        features.retain(|_| rng.random_bool(0.6));
        let candidate = Candidate { arm: Arm(0), features: &features };
        Arc::new(Lesson::new(at, &candidate, 0.5, rng.random::<f64>().round()))
    });
    lessons.collect()
}

fn prior() -> Prior {
    let weights = (0..COORDINATES).map(|i| (0.1 * f64::from(i % 3), 0.1 + 0.1 * f64::from(i)));
    Prior::new(weights.collect(), Vec::new())
}

/// All coordinates of a lesson or a candidate.
fn dense(features: &[Feature]) -> Vec<f64> {
    let mut x = vec![0.0; COORDINATES.into()];
    for feature in features {
        x[usize::from(feature.index)] += feature.value();
    }
    x
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The inverse of a positive definite matrix, by Gauss and Jordan, and the logarithm of its determinant.
fn inverse(mut a: Vec<Vec<f64>>) -> (Vec<Vec<f64>>, f64) {
    let n = a.len();
    let mut determinant = 0.0;
    for (i, row) in a.iter_mut().enumerate() {
        row.extend((0..n).map(|j| f64::from(u8::from(i == j))));
    }
    for i in 0..n {
        let pivot = a[i][i];
        determinant += pivot.ln();
        a[i].iter_mut().for_each(|x| *x /= pivot);
        for j in (0..n).filter(|j| *j != i) {
            let by = a[j][i];
            let own = a[i].clone();
            a[j].iter_mut().zip(own).for_each(|(x, own)| *x -= by * own);
        }
    }
    (a.into_iter().map(|row| row[n..].to_vec()).collect(), determinant)
}

/// Means and covariances where each lesson pulls with `weight` times `x xᵀ`, and all together with `pull`.
fn naive(prior: &Prior, weighted: &[(f64, Vec<f64>)], pull: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = usize::from(COORDINATES);
    let priors: Vec<(f64, f64)> = (0..COORDINATES).map(|i| prior.weight(i)).collect();
    let mut precision = vec![vec![0.0; n]; n];
    let mut target = pull.to_vec();
    for i in 0..n {
        let (mean, deviation) = priors[i];
        precision[i][i] += 1.0 / (deviation * deviation);
        target[i] += mean / (deviation * deviation);
        for (weight, x) in weighted {
            (0..n).for_each(|j| precision[i][j] += weight * x[i] * x[j]);
        }
    }
    let (covariance, _) = inverse(precision);
    (covariance.iter().map(|row| product(row, &target)).collect(), covariance)
}

fn linear(prior: &Prior, lessons: &[Arc<Lesson>]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let weighted: Vec<(f64, Vec<f64>)> =
        lessons.iter().map(|lesson| (lesson.weight() / NOISE, dense(&lesson.features))).collect();
    let mut pull = vec![0.0; COORDINATES.into()];
    for (lesson, (weight, x)) in lessons.iter().zip(&weighted) {
        pull.iter_mut().zip(x).for_each(|(pull, x)| *pull += weight * lesson.reward() * x);
    }
    naive(prior, &weighted, &pull)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * (1.0 + b.abs())
}

#[test]
fn what_was_added_is_taken_back_to_the_bit() {
    let all = lessons(40, 1);
    let (first, rest) = all.split_at(25);
    let before = Evidence::of(first);
    let mut evidence = before.clone();
    for lesson in rest {
        evidence.add(lesson, 1.0);
    }
    assert_ne!(evidence, before);
    for lesson in rest {
        evidence.add(lesson, -1.0);
    }
    // In 25 lessons, each coordinate has been touched.
    assert_eq!(evidence.indices(), before.indices());
    for row in 0..before.indices().len() {
        assert_eq!(evidence.products(row), before.products(row));
        assert_eq!(evidence.reward(row).to_bits(), before.reward(row).to_bits());
    }
    assert_eq!(evidence.square().to_bits(), before.square().to_bits());
    assert_eq!(evidence.weight().to_bits(), 25_f64.to_bits());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn the_order_does_not_matter(count in 1..30_usize, seed: u64) {
        let mut lessons = lessons(count, seed);
        let forwards = Evidence::of(&lessons);
        lessons.reverse();
        let backwards = Evidence::of(&lessons);
        prop_assert_eq!(forwards.indices(), backwards.indices());
        for row in 0..forwards.indices().len() {
            prop_assert_eq!(forwards.products(row), backwards.products(row));
            prop_assert_eq!(forwards.reward(row).to_bits(), backwards.reward(row).to_bits());
        }
    }

    #[test]
    fn a_dense_solve_agrees(count in 0..60_usize, seed: u64) {
        let (lessons, prior) = (lessons(count, seed), prior());
        let mut gaussian = Gaussian::default();
        // What was solved before leaves no trace.
        gaussian.solve(&Prior::flat(1.0), &Evidence::of(&self::lessons(9, 3)), 1.0);
        let evidence = Evidence::of(&lessons);
        gaussian.solve(&prior, &evidence, NOISE);
        let (means, covariance) = linear(&prior, &lessons);
        for Weight { index, mean, deviation } in gaussian.weights(&prior) {
            let i = usize::from(index);
            prop_assert!(close(mean, means[i]), "{mean} is not {}", means[i]);
            prop_assert!(close(deviation * deviation, covariance[i][i]));
            prop_assert!(gaussian.means(&prior, std::iter::once(index)).all(|own| close(own, mean)));
        }

        // The rewards are normal: σ² I + X S Xᵀ.
        let rows: Vec<Vec<f64>> = lessons.iter().map(|lesson| dense(&lesson.features)).collect();
        let scaled = |x: &[f64]| -> Vec<f64> {
            (0..COORDINATES).zip(x).map(|(i, x)| x * prior.weight(i).1.powi(2)).collect()
        };
        let marginal: Vec<Vec<f64>> = rows.iter().enumerate().map(|(i, a)| {
            let row = rows.iter().enumerate().map(|(j, b)| product(&scaled(a), b) + if i == j { NOISE } else { 0.0 });
            row.collect()
        }).collect();
        let own: Vec<f64> = (0..COORDINATES).map(|i| prior.weight(i).0).collect();
        let residuals: Vec<f64> =
            lessons.iter().zip(&rows).map(|(lesson, x)| lesson.reward() - product(x, &own)).collect();
        let (inverse, determinant) = inverse(marginal);
        let square: f64 = inverse.iter().zip(&residuals).map(|(row, r)| r * product(row, &residuals)).sum();
        let expected = -0.5 * (f64::from(u32::try_from(count).unwrap()) * std::f64::consts::TAU.ln() + determinant + square);
        let computed = Regressions::default().weigh(&prior, &evidence, NOISE);
        prop_assert!((computed - expected).abs() < 1e-6, "{computed} is not {expected}");
    }

    #[test]
    fn predictions_are_those_of_the_dense_solve(count in 0..20_usize, many in 1..20_usize, seed: u64) {
        let (lessons, prior) = (lessons(count, seed), prior());
        let mut gaussian = Gaussian::default();
        gaussian.solve(&prior, &Evidence::of(&lessons), NOISE);
        let (means, covariance) = linear(&prior, &lessons);
        let asked = self::lessons(many, seed ^ 1);
        let candidates: Vec<Candidate<'_>> =
            asked.iter().map(|lesson| Candidate { arm: Arm(0), features: &lesson.features }).collect();
        let rows: Vec<Vec<f64>> = asked.iter().map(|lesson| dense(&lesson.features)).collect();
        let variance = |x: &[f64]| -> f64 { covariance.iter().zip(x).map(|(row, own)| own * product(row, x)).sum() };

        let mut prediction = Prediction::default();
        prediction.of(&mut gaussian, &prior, &candidates);
        for (score, x) in prediction.scores().iter().zip(&rows) {
            prop_assert!(close(score.mean, product(x, &means)));
            prop_assert!(close(score.deviation * score.deviation, variance(x)));
        }
        let share = 1.0 / f64::from(u32::try_from(many).unwrap());
        let centre: Vec<f64> =
            (0..usize::from(COORDINATES)).map(|i| share * rows.iter().map(|x| x[i]).sum::<f64>()).collect();
        let mut differences = Vec::new();
        prediction.differences(|place, mean, variance| differences.push((place, mean, variance)));
        for (row, (place, mean, difference)) in differences.into_iter().enumerate() {
            let x: Vec<f64> = rows[row].iter().zip(&centre).map(|(x, centre)| x - centre).collect();
            prop_assert_eq!(row, place);
            prop_assert!(close(mean, product(&x, &means)) && close(difference, variance(&x)));
        }
    }

    /// At the mode, nothing pulls; and the curvature is that of the mode.
    #[test]
    fn laplace_finds_the_mode(count in 0..60_usize, seed: u64, wide in 0.5..20.0_f64) {
        let lessons = lessons(count, seed);
        let weights = (0..COORDINATES).map(|i| (f64::from(i) - 3.0, wide)).collect();
        let prior = Prior::new(weights, Vec::new());
        let weighted = lessons.iter().map(|lesson| (&**lesson, 0.5));
        let gaussian = Gaussian::laplace(&prior, weighted);
        let mode: Vec<f64> = gaussian.means(&prior, 0..COORDINATES).collect();

        let mut pull: Vec<f64> =
            (0..COORDINATES).zip(&mode).map(|(i, mode)| (prior.weight(i).0 - mode) / (wide * wide)).collect();
        let mut curved = Vec::new();
        for lesson in &lessons {
            let x = dense(&lesson.features);
            let p = 1.0 / (1.0 + (-product(&x, &mode)).exp());
            pull.iter_mut().zip(&x).for_each(|(pull, x)| *pull += 0.5 * (lesson.reward() - p) * x);
            curved.push((0.5 * p * (1.0 - p), x));
        }
        prop_assert!(pull.iter().all(|pull| pull.abs() < 1e-6), "{pull:?}");
        let (_, covariance) = naive(&prior, &curved, &pull);
        for Weight { index, deviation, .. } in gaussian.weights(&prior) {
            let i = usize::from(index);
            prop_assert!((deviation - covariance[i][i].sqrt()).abs() < 1e-6 * deviation);
        }
    }
}

#[test]
fn a_probability_becomes_log_odds() {
    let prior = Prior::new(vec![(0.8, 0.1), (-0.05, 0.02)], Vec::new()).log_odds();
    assert!(close(prior.weight(0).0, 4_f64.ln()) && close(prior.weight(0).1, 0.4));
    assert!(close(prior.weight(1).0, -0.2) && close(prior.weight(1).1, 0.08));
    assert!(close(Prior::flat(0.3).log_odds().weight(0).0, 0.0));
}

/// Everybody likes each coordinate as the others do, or hardly.
#[test]
fn how_alike_people_are_is_learned() {
    let alike = |shared: f64, own: f64| {
        let mut rng = ChaCha12Rng::seed_from_u64(3);
        let mut person = || -> Evidence {
            let weights: Vec<f64> = (0..6)
                .map(|i| if i < 3 { shared } else { -shared } + own * rng.random_range(-1.0..1.0))
                .collect();
            let mut lesson = |at: i64| {
                let index = rng.random_range(0..6);
                let candidate = Candidate { arm: Arm(0), features: &[Feature::new(index, 1.0)] };
                let reward = 0.5 + weights[usize::from(index)] + rng.random_range(-0.1..0.1);
                Arc::new(Lesson::new(at, &candidate, 0.5, reward))
            };
            Evidence::of(&(0..60).map(&mut lesson).collect::<Vec<_>>())
        };
        let people: Vec<Evidence> = (0..20).map(|_| person()).collect();
        let groups = vec![Group { indices: 0..6, is_known: false }];
        Prior::new(vec![(0.5, 0.2); 6], groups).among(&people, 0.01)
    };
    for (prior, shared, own) in [(alike(0.2, 0.05), 0.2, 0.05), (alike(0.0, 0.4), 0.0, 0.4)] {
        let (mean, deviation) = prior.weight(1);
        let uniform = own / 3.0_f64.sqrt();
        assert!((mean - 0.5 - shared).abs() < 0.1 + 0.2 * own, "{mean}");
        assert!((deviation - uniform).abs() < 0.4 * uniform, "{deviation} is not {uniform}");
    }
}
