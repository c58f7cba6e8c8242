#![doc = include_str!("../README.md")]

pub mod estimate;
mod feature;
mod floor;
mod lesson;
mod lessons;
mod linear;
mod normal;
mod policies;
mod policy;

pub use feature::{Feature, bucket};
pub use floor::{FLOOR, raise_to};
pub use lesson::{Arm, Candidate, Lesson, Unreadable, from_bytes, to_bytes};
pub use lessons::REMEMBERED;
pub use linear::{Expected, Group, Linear, Prior, Sums};
pub use policy::{Choice, POLICIES, Policy, Posterior, Weight, draw, policy};
