//! The rounds of a logged bandit, and what all estimators need of each.

use std::{error::Error, fmt};

/// What was logged, and what is thought of it. Matrices are row-major, a row a round, a column an action.
#[derive(Clone, Copy, Debug)]
pub struct Logged<'a> {
    /// How many actions there are.
    pub actions: usize,
    /// The action that was chosen in each round, below `actions`.
    pub action: &'a [usize],
    /// What it earned.
    pub reward: &'a [f64],
    /// The probability with which it was chosen, in (0, 1].
    pub pscore: &'a [f64],
    /// The evaluated policy's probability of each action, rounds × actions; rows sum to one.
    pub action_dist: &'a [f64],
    /// The reward that a model expects of each action, rounds × actions; all zero without a model. For a
    /// log that was collected adaptively, fitted on earlier rounds only.
    pub q_hat: &'a [f64],
}

/// A log that can be evaluated: at least one round, everything finite, every weight defined.
#[derive(Clone, Debug)]
pub struct Log {
    pub(super) rounds: Vec<Round>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Round {
    pub(super) reward: f64,
    /// The importance weight `π(a|x) / p` of the chosen action.
    pub(super) weight: f64,
    /// The model's reward for the chosen action.
    pub(super) fitted: f64,
    /// The model's reward for the evaluated policy.
    pub(super) direct: f64,
}

/// Why a log cannot be evaluated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LogError {
    /// There is no round.
    Empty,
    /// A column or matrix does not have one value for each round, or each round and action.
    #[expect(missing_docs, reason = "the names say it")]
    Length { field: &'static str, expected: usize, actual: usize },
    /// The chosen action is none of the actions.
    #[expect(missing_docs, reason = "the names say it")]
    Action { round: usize, action: usize, actions: usize },
    /// The logged probability is not in (0, 1].
    #[expect(missing_docs, reason = "the names say it")]
    Pscore { round: usize, pscore: f64 },
    /// A value is infinite or not a number, or leads to one.
    #[expect(missing_docs, reason = "the names say it")]
    NotFinite { field: &'static str, round: usize },
    /// The evaluated policy has a negative probability.
    #[expect(missing_docs, reason = "the names say it")]
    Negative { round: usize },
    /// The evaluated policy chooses nothing at all.
    #[expect(missing_docs, reason = "the names say it")]
    NoMass { round: usize },
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => write!(f, "the log has no rounds"),
            Self::Length { field, expected, actual } => {
                write!(f, "{field} has {actual} values, not {expected}")
            }
            Self::Action { round, action, actions } => {
                write!(f, "action {action} of round {round} is not below {actions}")
            }
            Self::Pscore { round, pscore } => {
                write!(f, "pscore {pscore} of round {round} is not in (0, 1]")
            }
            Self::NotFinite { field, round } => write!(f, "{field} of round {round} is not finite"),
            Self::Negative { round } => write!(f, "action_dist of round {round} is negative"),
            Self::NoMass { round } => write!(f, "action_dist of round {round} sums to zero"),
        }
    }
}

impl Error for LogError {}

impl Log {
    /// The importance weight of what was chosen in each round, `π(a|x) / p`.
    pub fn weights(&self) -> Vec<f64> {
        self.rounds.iter().map(|round| round.weight).collect()
    }

    /// Reads the matrices once; refuses what cannot be evaluated.
    pub fn new(logged: &Logged<'_>) -> Result<Self, LogError> {
        let Logged { actions, action, reward, pscore, action_dist, q_hat } = *logged;
        let rounds = action.len();
        if rounds == 0 {
            return Err(LogError::Empty);
        }
        let cells = rounds.saturating_mul(actions);
        for (field, expected, actual) in [
            ("reward", rounds, reward.len()),
            ("pscore", rounds, pscore.len()),
            ("action_dist", cells, action_dist.len()),
            ("q_hat", cells, q_hat.len()),
        ] {
            if actual != expected {
                return Err(LogError::Length { field, expected, actual });
            }
        }

        let row = |round: usize| {
            let (action, reward, pscore) = (action[round], reward[round], pscore[round]);
            if action >= actions {
                return Err(LogError::Action { round, action, actions });
            }
            if !(pscore > 0.0 && pscore <= 1.0) {
                return Err(LogError::Pscore { round, pscore });
            }
            let row = round * actions..(round + 1) * actions;
            let (action_dist, q_hat) = (&action_dist[row.clone()], &q_hat[row]);
            let sums = Sums::of(action_dist, q_hat);
            let not_finite = |field| Err(LogError::NotFinite { field, round });
            if !reward.is_finite() {
                return not_finite("reward");
            }
            if !sums.mass.is_finite() {
                return not_finite("action_dist");
            }
            if sums.least < 0.0 {
                return Err(LogError::Negative { round });
            }
            if sums.mass <= 0.0 {
                return Err(LogError::NoMass { round });
            }
            // No infinity hides behind a probability of zero: their product is not a number.
            let direct = sums.product / sums.mass;
            if !direct.is_finite() {
                return not_finite("q_hat");
            }
            let weight = action_dist[action] / pscore;
            if !weight.is_finite() {
                return not_finite("importance weight");
            }
            Ok(Round { reward, weight, fitted: q_hat[action], direct })
        };
        Ok(Self { rounds: (0..rounds).map(row).collect::<Result<_, _>>()? })
    }
}

/// Sums over a row.
struct Sums {
    mass: f64,
    product: f64,
    least: f64,
}

impl Sums {
    /// In eight lanes that do not wait for each other.
    fn of(action_dist: &[f64], q_hat: &[f64]) -> Self {
        const LANES: usize = 8;
        let (mut mass, mut product, mut least) = ([0.0; LANES], [0.0; LANES], [0.0_f64; LANES]);
        let (chunks, rest) = action_dist.as_chunks::<LANES>();
        let (q_chunks, q_rest) = q_hat.as_chunks::<LANES>();
        for (probability, q) in chunks.iter().zip(q_chunks) {
            for lane in 0..LANES {
                mass[lane] += probability[lane];
                product[lane] += probability[lane] * q[lane];
                least[lane] =
                    if probability[lane] < least[lane] { probability[lane] } else { least[lane] };
            }
        }
        for (lane, (probability, q)) in rest.iter().zip(q_rest).enumerate() {
            mass[lane] += probability;
            product[lane] += probability * q;
            least[lane] = least[lane].min(*probability);
        }
        Self {
            mass: mass.iter().sum(),
            product: product.iter().sum(),
            least: least.iter().copied().fold(0.0, f64::min),
        }
    }
}
