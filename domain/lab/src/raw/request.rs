//! What is asked and answered. Unknown fields are ignored.

use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Request {
    /// Choose one.
    Decide(Decide),
    /// What it earned.
    React(React),
}

/// A decision that is asked for.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Decide {
    /// What is known of the moment; as many numbers each time.
    pub context: Vec<f64>,
    /// Among what.
    pub arms: Vec<String>,
}

/// What an arm earned.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct React {
    /// Which.
    pub arm: String,
    /// In which context.
    pub context: Vec<f64>,
    /// How much.
    pub reward: f64,
}

/// The answer to a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// The arm.
    pub chosen: String,
    /// The probability with which it was chosen.
    pub propensity: f64,
}
