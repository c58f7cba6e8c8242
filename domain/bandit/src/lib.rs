#![doc = include_str!("../README.md")]

pub mod estimate;

mod arms;
mod epsilon_greedy;
mod policy;
mod posterior;
mod prior;
mod random;
mod thompson;

pub use policy::{Candidate, Choice, Context, POLICIES, Policy, policy};
pub use posterior::{Beta, Posterior};
pub use prior::Prior;
