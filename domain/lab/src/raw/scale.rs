//! Contexts on a common scale, whatever units they came in.

/// Beyond it, squares and their sums would overflow.
pub(super) const GREATEST: f64 = 1e100;

/// Mean and spread of each coordinate so far (Welford 1962, Technometrics 4).
#[derive(Clone, Debug, Default)]
pub(super) struct Scale {
    count: f64,
    mean: Vec<f64>,
    /// Sums of squared differences to the mean.
    squares: Vec<f64>,
    /// The mean of `|z|²`.
    length: f64,
}

impl Scale {
    /// How many coordinates a context has; `None` before the first.
    pub(super) fn dimensions(&self) -> Option<usize> {
        (self.count > 0.0).then_some(self.mean.len())
    }

    /// Takes in one context.
    pub(super) fn add(&mut self, context: &[f64]) {
        self.count += 1.0;
        self.mean.resize(context.len(), 0.0);
        self.squares.resize(context.len(), 0.0);
        for ((mean, squares), x) in self.mean.iter_mut().zip(&mut self.squares).zip(context) {
            let x = x.clamp(-GREATEST, GREATEST);
            let difference = x - *mean;
            *mean += difference / self.count;
            *squares += difference * (x - *mean);
        }
        let square: f64 = self.standard(context).map(|z| z * z).sum();
        self.length += (square - self.length) / self.count;
    }

    /// The context in units of the spread, outliers drawn in, and of a length of about one.
    pub(super) fn of(&self, context: &[f64]) -> Vec<f64> {
        let shrink = if self.length > 0.0 { 1.0 / self.length.sqrt() } else { 0.0 };
        self.standard(context).map(|z| z * shrink).collect()
    }

    fn standard<'a>(&'a self, context: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        let spreads = self.mean.iter().zip(&self.squares);
        context.iter().zip(spreads).map(|(x, (mean, squares))| {
            let deviation = (squares / self.count).sqrt();
            let z = (x.clamp(-GREATEST, GREATEST) - mean) / deviation;
            if deviation > 1e-12 && z.is_finite() { z.abs().ln_1p().copysign(z) } else { 0.0 }
        })
    }
}
