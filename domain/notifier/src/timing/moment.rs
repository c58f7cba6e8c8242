//! What is known of a decision point.

use serde::{Deserialize, Serialize};

/// A decision point in numbers: all that choosing and learning see, and what is logged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The hour by the person's clock, in [0, 24).
    pub hour: f64,
    /// Whether it is a Saturday or a Sunday.
    pub is_weekend: bool,
    /// Hours since the person last reacted to a tip; none: never, or long ago.
    pub since_reaction: Option<f64>,
    /// Hours since oO last spoke up; none: never, or long ago.
    pub since_push: Option<f64>,
    /// How often it did today.
    pub today: u8,
    /// How often it may.
    pub most_a_day: u8,
    /// How much it has spoken of late, in days at the cap: each push fades with a half-life of a day.
    pub dose: f64,
    /// The share of the recent pushes that were answered within their hour, one half where there were none.
    pub answered: f64,
    /// Minutes until the open span ends.
    pub left: f64,
}

impl Moment {
    /// A moment of somebody to whom oO has not spoken yet, three times a day at most.
    pub fn new(hour: f64, is_weekend: bool) -> Self {
        Self {
            hour,
            is_weekend,
            since_reaction: None,
            since_push: None,
            today: 0,
            most_a_day: 3,
            dose: 0.0,
            answered: 0.5,
            left: 24.0 * 60.0,
        }
    }

    /// Whether oO may speak: the cap is not reached, and the last push has had its hour.
    pub fn is_free(&self) -> bool {
        let window = super::WINDOW.as_secs_f64() / 3_600.0;
        self.today < self.most_a_day && self.since_push.is_none_or(|hours| hours >= window - 1e-6)
    }
}
