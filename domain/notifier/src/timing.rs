//! When to speak up is learned: the mathematics of it, without a clock, a database or a channel.
//!
//! At a *decision point* (every [`STEP`] of open time) the notifier asks a [`Chooser`] whether to speak. Saying nothing is
//! a choice with a value of its own: what the person does anyway. The [`Choice`] tells the probability with which it was
//! made, to be logged; an hour later the [`Belief`] learns what came of it, an [`Outcome`]. After S. Murphy's group's
//! *`HeartSteps`* (Liao et al. 2020) and *Oralytics* (Trella et al. 2023); `docs/adr/0021-when-to-speak.md` has the formulae.
//!
//! ```
//! use notifier::timing::{Belief, Chooser, Moment, Outcome};
//! use rand::{SeedableRng, rngs::ChaCha12Rng};
//!
//! let mut belief = Belief::default();
//! // The moment at hand, and those that are left today after it.
//! let ahead: Vec<Moment> = (0..30).map(|n| Moment::new(9.0 + f64::from(n) / 3.0, false)).collect();
//! let mut rng = ChaCha12Rng::seed_from_u64(1);
//! let choice = Chooser::Learned.choose(&belief, &ahead, &mut rng).unwrap();
//! // An hour later.
//! belief.learn(&ahead[0], choice, Outcome::Nothing.reward(choice.speak));
//! ```

mod belief;
mod choose;
mod evaluate;
mod features;
mod moment;
mod outcome;
mod pace;
mod prior;
mod rhythm;
mod shadow;

use std::time::Duration;

pub use belief::{Belief, VERSION};
pub use choose::{Choice, Chooser};
pub use evaluate::{Hour, Row, Rows};
pub use features::{COORDINATES, features, groups};
pub use moment::Moment;
pub use outcome::Outcome;
pub use prior::{NOISE, prior};
pub use shadow::{Shadow, Shadows};

/// From one decision point of a person to the next.
pub const STEP: Duration = Duration::from_mins(20);

/// So long after speaking up, what the person does counts as an answer; until then oO does not speak again.
pub const WINDOW: Duration = Duration::from_hours(1);
