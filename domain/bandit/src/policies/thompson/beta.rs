//! Counts of rewards.

/// The counts of a Beta distribution: rewards earned, and rewards missed. Both may be fractional.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::policies) struct Beta {
    /// The sum of rewards.
    pub(in crate::policies) successes: f64,
    /// The sum of what was missing to a reward of one.
    pub(in crate::policies) failures: f64,
}

impl Beta {
    /// Nothing is known: the uniform distribution.
    pub(in crate::policies) const ONE: Self = Self { successes: 1.0, failures: 1.0 };

    /// The mean reward, for counts that are positive.
    pub(in crate::policies) fn mean(self) -> f64 {
        self.successes / (self.successes + self.failures)
    }

    /// The standard deviation, for counts that are positive.
    pub(in crate::policies) fn deviation(self) -> f64 {
        let (mean, n) = (self.mean(), self.successes + self.failures);
        (mean * (1.0 - mean) / (n + 1.0)).sqrt()
    }
}

impl std::ops::Add for Beta {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            successes: self.successes + other.successes,
            failures: self.failures + other.failures,
        }
    }
}
