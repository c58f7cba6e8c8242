//! A bandit over raw vectors: contexts and arms that somebody else made, one JSON object a line.
//!
//! ```text
//! {"op":"decide","context":[0.3,12.0],"arms":["0","1"]}
//! {"chosen":"0","propensity":0.5}
//! {"op":"react","arm":"0","context":[0.3,12.0],"reward":1.0}
//! ```
//!
//! Arms share nothing. A reaction may be late, missing, or about an arm that was never chosen.

mod best;
mod counts;
mod gram;
mod kernel;
mod linear;
mod request;
mod scale;

use std::io::{self, BufRead, Write};

use bandit::{draw, raise_to};
use rand::{SeedableRng, rngs::ChaCha12Rng};

use crate::{LabError, lines::converse, unknown};
use best::{Score, best};
pub use request::{Chosen, Decide, React, Request};
use scale::{GREATEST, Scale};

/// The least probability of an arm, where nothing else is said.
pub const FLOOR: f64 = bandit::FLOOR;

/// The policies, the one that is the default first. `personal`, the default of the engine, is `kernel` here.
pub const POLICIES: &[&str] =
    &["kernel", "linear_thompson", "lin_ucb", "thompson", "epsilon_greedy", "random"];

/// So many arms are known at a time.
const ARMS: usize = 1_024;

/// So many coordinates has a context at most.
const COORDINATES: usize = 4_096;

/// What is believed of the arms.
trait Model {
    /// Probabilities of `arms` in `context`, before the floor; they sum to one.
    fn propensities(&mut self, context: &[f64], arms: &[String]) -> Vec<f64>;

    /// Learns that `arm` earned `reward` in `context`, neither of them beyond [`GREATEST`].
    fn learn(&mut self, context: &[f64], arm: &str, reward: f64);
}

/// A policy, and all that it has learned.
pub struct Raw {
    model: Box<dyn Model>,
    floor: f64,
    scale: Scale,
    rng: ChaCha12Rng,
}

impl Raw {
    /// The policy `name`, which has learned nothing.
    ///
    /// # Errors
    /// When there is no such policy, or `floor` is not in [0, 0.5].
    pub fn new(name: &str, floor: f64, seed: u64) -> Result<Self, LabError> {
        if !(0.0..=0.5).contains(&floor) {
            return Err(LabError::Invalid(format!("the floor {floor} is not in [0, 0.5]")));
        }
        let model: Box<dyn Model> = match name {
            "kernel" | "personal" => Box::new(kernel::Kernel::new()),
            "linear_thompson" => Box::new(linear::Linear::thompson()),
            "lin_ucb" => Box::new(linear::Linear::lin_ucb()),
            "thompson" => Box::new(counts::Counts::thompson()),
            "epsilon_greedy" => Box::new(counts::Counts::epsilon_greedy()),
            "random" => Box::new(counts::Counts::random()),
            _ => return Err(unknown("policy for raw vectors", name, POLICIES)),
        };
        let rng = ChaCha12Rng::seed_from_u64(seed);
        Ok(Self { model, floor, scale: Scale::default(), rng })
    }

    /// Chooses.
    ///
    /// # Errors
    /// When there is nothing to choose, or the context does not look like those before it.
    pub fn decide(&mut self, ask: &Decide) -> Result<Chosen, String> {
        self.check(&ask.context)?;
        if ask.arms.is_empty() {
            return Err("there are no arms".to_owned());
        }
        self.scale.add(&ask.context);
        let context = self.scale.of(&ask.context);
        let mut propensities = self.model.propensities(&context, &ask.arms);
        raise_to(&mut propensities, self.floor);
        let choice = draw(&propensities, &mut self.rng).ok_or("no arm has a chance")?;
        let chosen = ask.arms[choice.index].clone();
        Ok(Chosen { chosen, propensity: choice.propensity })
    }

    /// Learns.
    ///
    /// # Errors
    /// When the context does not look like those before it.
    pub fn react(&mut self, react: &React) -> Result<(), String> {
        self.check(&react.context)?;
        if self.scale.dimensions().is_none() {
            self.scale.add(&react.context);
        }
        let context = self.scale.of(&react.context);
        self.model.learn(&context, &react.arm, react.reward.clamp(-GREATEST, GREATEST));
        Ok(())
    }

    fn check(&self, context: &[f64]) -> Result<(), String> {
        if context.len() > COORDINATES {
            return Err(format!("a context has at most {COORDINATES} numbers"));
        }
        match self.scale.dimensions() {
            Some(expected) if expected != context.len() => Err(format!(
                "the context has {} numbers, those before it had {expected}",
                context.len()
            )),
            _ => Ok(()),
        }
    }
}

/// Answers line by line, until the input ends.
///
/// # Errors
/// When the input or the output breaks. A malformed line is answered by `{"error":"…"}`.
pub fn run(raw: &mut Raw, input: impl BufRead, output: impl Write) -> io::Result<()> {
    converse(input, output, |line| match serde_json::from_str(line) {
        Ok(Request::Decide(ask)) => {
            let chosen = raw.decide(&ask)?;
            serde_json::to_string(&chosen).map(Some).map_err(|error| error.to_string())
        }
        Ok(Request::React(react)) => raw.react(&react).map(|()| None),
        Err(error) => Err(error.to_string()),
    })
}

/// All on the best one; ties share.
fn greedy(values: &[f64]) -> Vec<f64> {
    let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let ties = values.iter().filter(|value| **value >= best).map(|_| 1.0).sum::<f64>();
    values.iter().map(|value| if *value >= best { 1.0 / ties } else { 0.0 }).collect()
}
