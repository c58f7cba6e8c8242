//! The estimators, as the Open Bandit Pipeline (zr-obp 0.5.7) defines them.

use super::{
    float,
    log::{Log, Round},
    mean,
};

/// How the value of a policy is estimated. With `w = π(a|x) / p` the importance weight, `q̂` the model's
/// reward and `d = Σ π(a|x) q̂(x, a) / Σ π(a|x)`; a hyperparameter that is negative or not a number counts
/// as zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Estimator {
    /// Inverse probability weighting, `w r` (Horvitz & Thompson 1952; Strehl et al. 2010): unbiased.
    Ipw,
    /// Self-normalised IPW, `w r / w̄` (Swaminathan & Joachims 2015). Not a number if no weight is positive.
    Snipw,
    /// The direct method, `d`: as good as the model (Beygelzimer & Langford 2009).
    Dm,
    /// Doubly robust, `d + w (r − q̂)` (Dudík, Langford & Li 2011): unbiased, whatever the model.
    Dr,
    /// Self-normalised DR, `d + w (r − q̂) / w̄` (Kallus & Uehara 2019). Not a number if no weight is
    /// positive.
    Sndr,
    /// DR where `w ≤ λ`, else the direct method (Wang, Agarwal & Dudík 2017).
    SwitchDr(f64),
    /// DR with optimistic shrinkage of the weights to `λ w / (w² + λ)` (Su et al. 2020): the direct method
    /// for zero, DR for infinity.
    DrOs(f64),
}

impl Estimator {
    /// The name by which the log of an experiment knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ipw => "ipw",
            Self::Snipw => "snipw",
            Self::Dm => "dm",
            Self::Dr => "dr",
            Self::Sndr => "sndr",
            Self::SwitchDr(_) => "switch_dr",
            Self::DrOs(_) => "dr_os",
        }
    }

    /// The hyperparameter, where there is one.
    pub fn lambda(self) -> Option<f64> {
        match self {
            Self::SwitchDr(lambda) | Self::DrOs(lambda) => Some(lambda),
            _ => None,
        }
    }

    /// The policy's value: the mean of what the rounds contribute.
    pub fn value(self, log: &Log) -> f64 {
        let norm = self.norm(log);
        let sum: f64 = log.rounds.iter().map(|round| self.contribution(round, norm)).sum();
        sum / float(log.rounds.len())
    }

    /// What each round contributes to the value.
    pub fn contributions(self, log: &Log) -> Vec<f64> {
        let norm = self.norm(log);
        log.rounds.iter().map(|round| self.contribution(round, norm)).collect()
    }

    /// Each round's influence on the value, zero on average: how far its contribution is from the value. A
    /// self-normalised value is a ratio, whose influence is that of its linearisation (the delta method;
    /// Owen 2013, 9.2).
    pub(super) fn influences(self, log: &Log) -> Vec<f64> {
        let norm = self.norm(log);
        let value = self.value(log);
        let base: Vec<f64> = log.rounds.iter().map(|round| self.base(round)).collect();
        let ratio = if self.normalises() { value - mean(&base) } else { 0.0 };
        let influence = |round| {
            let moved =
                if self.normalises() { ratio * (self.weight(round) / norm - 1.0) } else { 0.0 };
            self.contribution(round, norm) - value - moved
        };
        log.rounds.iter().map(influence).collect()
    }

    pub(super) fn normalises(self) -> bool {
        matches!(self, Self::Snipw | Self::Sndr)
    }

    /// The model's part of a contribution.
    pub(super) fn base(self, round: &Round) -> f64 {
        if matches!(self, Self::Ipw | Self::Snipw) { 0.0 } else { round.direct }
    }

    /// The log's part of a contribution, before it is normalised.
    pub(super) fn correction(self, round: &Round) -> f64 {
        let fitted = if matches!(self, Self::Ipw | Self::Snipw) { 0.0 } else { round.fitted };
        self.weight(round) * (round.reward - fitted)
    }

    pub(super) fn weight(self, Round { weight, .. }: &Round) -> f64 {
        match self {
            Self::Ipw | Self::Snipw | Self::Dr | Self::Sndr => *weight,
            Self::SwitchDr(lambda) if *weight <= lambda => *weight,
            // λ w / (w² + λ), in the form that neither end of λ takes beyond the numbers.
            Self::DrOs(lambda) if *weight > 0.0 => {
                weight / (weight * (weight / lambda.max(0.0)) + 1.0)
            }
            Self::Dm | Self::SwitchDr(_) | Self::DrOs(_) => 0.0,
        }
    }

    fn contribution(self, round: &Round, norm: f64) -> f64 {
        self.base(round) + self.correction(round) / norm
    }

    /// What the corrections are divided by: the mean weight, if the estimator normalises itself.
    fn norm(self, log: &Log) -> f64 {
        if !self.normalises() {
            return 1.0;
        }
        log.rounds.iter().map(|round| round.weight).sum::<f64>() / float(log.rounds.len())
    }
}
