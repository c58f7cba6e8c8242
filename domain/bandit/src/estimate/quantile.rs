//! Quantiles.

use super::float;

/// The `p`-quantile of the standard normal distribution, to 1.2e-9 relative.
///
/// P. J. Acklam (2003): *An algorithm for computing the inverse normal cumulative distribution function*.
pub(super) fn normal(p: f64) -> f64 {
    const LOWER_TAIL: f64 = 0.024_25;
    if p > 0.5 {
        return -normal(1.0 - p);
    }
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p < LOWER_TAIL {
        let q = (-2.0 * p.ln()).sqrt();
        let numerator = [
            -7.784_894_002_430_293e-3,
            -0.322_396_458_041_136_5,
            -2.400_758_277_161_838,
            -2.549_732_539_343_734,
            4.374_664_141_464_968,
            2.938_163_982_698_783,
        ];
        let denominator = [
            7.784_695_709_041_462e-3,
            0.322_467_129_070_039_8,
            2.445_134_137_142_996,
            3.754_408_661_907_416,
            1.0,
        ];
        return polynomial(&numerator, q) / polynomial(&denominator, q);
    }
    let q = p - 0.5;
    let numerator = [
        -39.696_830_286_653_76,
        220.946_098_424_520_5,
        -275.928_510_446_968_7,
        138.357_751_867_269,
        -30.664_798_066_147_16,
        2.506_628_277_459_239,
    ];
    let denominator = [
        -54.476_098_798_224_06,
        161.585_836_858_040_9,
        -155.698_979_859_886_6,
        66.801_311_887_719_72,
        -13.280_681_552_885_72,
        1.0,
    ];
    q * polynomial(&numerator, q * q) / polynomial(&denominator, q * q)
}

/// The `p`-quantile of Student's distribution, `p` above one half: exact for one and two degrees of
/// freedom, else by an expansion around the normal quantile (Abramowitz & Stegun 1964, 26.7.5).
pub(super) fn student(p: f64, degrees: usize) -> f64 {
    if degrees == 1 {
        return (std::f64::consts::PI * (p - 0.5)).tan();
    }
    if degrees == 2 {
        return (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt();
    }
    let x = normal(p);
    let terms = [
        polynomial(&[79.0, 776.0, 1482.0, -1920.0, -945.0], x * x) / 92_160.0,
        polynomial(&[3.0, 19.0, 17.0, -15.0], x * x) / 384.0,
        polynomial(&[5.0, 16.0, 3.0], x * x) / 96.0,
        polynomial(&[1.0, 1.0], x * x) / 4.0,
        1.0,
    ];
    x * polynomial(&terms, 1.0 / float(degrees))
}

/// The `p`-quantile of values in ascending order, linear between neighbours. `None` of nothing.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a position in the values"
)]
pub(super) fn empirical(values: &[f64], p: f64) -> Option<f64> {
    let position = p.clamp(0.0, 1.0) * float(values.len().checked_sub(1)?);
    let below = values.get(position.floor() as usize)?;
    let above = values.get(position.ceil() as usize)?;
    Some(below + (above - below) * position.fract())
}

/// By Horner's rule, the greatest power first.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::{empirical, normal, student};

    /// From `SciPy` 1.17: `norm.ppf`, `t.ppf`.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (p, expected) in [
            (0.001, -3.090_232_306_167_813),
            (0.3, -0.524_400_512_708_041),
            (0.975, 1.959_963_984_540_054),
        ] {
            assert!((normal(p) - expected).abs() < 1e-8, "{p}: {}", normal(p));
        }
        for (p, degrees, expected, tolerance) in [
            (0.975, 1, 12.706_204_736_432_095, 1e-9),
            (0.975, 2, 4.302_652_729_911_275, 1e-9),
            (0.975, 3, 3.182_446_305_284_263, 0.02),
            (0.975, 9, 2.262_157_162_740_992, 1e-4),
            (0.995, 9, 3.249_835_541_592_126, 1e-3),
            (0.975, 199, 1.971_956_544_249_395, 1e-7),
        ] {
            let quantile = student(p, degrees);
            assert!((quantile - expected).abs() < tolerance, "{p}, {degrees}: {quantile}");
        }
        assert_eq!(empirical(&[0.0, 1.0, 4.0], 0.75), Some(2.5));
        assert_eq!(empirical(&[], 0.5), None);
    }
}
