//! What is computed at once is what is computed alone.

use fearless_simd::{Level, dispatch};

use super::{
    super::cholesky::{factorise, triangle},
    *,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    /// Each lane is as it is alone, to the bit.
    #[test]
    fn lanes_do_not_touch(count in 1..40_usize, seed: u64) {
        let (lessons, prior) = (lessons(count, seed), prior());
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let mut evidence = Evidence::<Lanes>::default();
        let mut selections = [const { Vec::new() }; Lanes::COUNT];
        for lesson in &lessons {
            let times = Lanes([0.0; Lanes::COUNT].map(|_| f64::from(u8::from(rng.random_bool(0.3)))));
            evidence.add(lesson, times);
            for (selection, _) in selections.iter_mut().zip(times.0).filter(|(_, times)| *times > 0.0) {
                selection.push(Arc::clone(lesson));
            }
        }
        let mut regressions = Regressions::default();
        let logarithms = regressions.weigh(&prior, &evidence, NOISE);
        for (lane, selection) in selections.iter().enumerate() {
            let (mut gaussian, mut alone) = (Gaussian::default(), Gaussian::default());
            regressions.solve(&evidence, lane, &mut gaussian);
            let own = Evidence::of(selection);
            alone.solve(&prior, &own, NOISE);
            let logarithm = Regressions::default().weigh(&prior, &own, NOISE);
            prop_assert_eq!(logarithms.0[lane].to_bits(), logarithm.to_bits());
            prop_assert_eq!(gaussian.weights(&prior).collect::<Vec<_>>(), alone.weights(&prior).collect::<Vec<_>>());
        }
    }
}

/// A processor that computes fewer numbers at once computes the same ones.
#[test]
fn every_processor_agrees() {
    let mut rng = ChaCha12Rng::seed_from_u64(2);
    for n in 0..20 {
        let mut matrix = vec![Lanes::default(); triangle(n + 1)];
        for (row, column) in (0..=n).flat_map(|row| (0..=row).map(move |column| (row, column))) {
            let least = if row == column { 21.0 } else { 0.0 };
            let lanes = [least; Lanes::COUNT].map(|least| least + rng.random_range(-1.0..1.0));
            matrix[triangle(row) + column] = Lanes(lanes);
        }
        let mut other = matrix.clone();
        let here = dispatch!(Level::new(), simd => factorise(simd, &mut matrix, n));
        let there = dispatch!(Level::baseline(), simd => factorise(simd, &mut other, n));
        assert_eq!((here, matrix), (there, other));
    }
}
