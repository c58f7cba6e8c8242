//! What is to go wrong waits in a line, and comes as often as it was told to.

use std::time::Duration;

/// A fault, and which answers it is for.
pub trait Rule: Clone {
    /// How many answers are left to it; all when absent.
    fn times(&mut self) -> Option<&mut u32>;
}

/// The faults to come, oldest first.
#[derive(Debug)]
pub struct Faults<R> {
    rules: Vec<R>,
    /// How long every answer takes.
    pub(crate) latency: Duration,
}

impl<R> Default for Faults<R> {
    fn default() -> Self {
        Self { rules: Vec::new(), latency: Duration::ZERO }
    }
}

impl<R: Rule> Faults<R> {
    /// It comes after those that were asked for before.
    pub(crate) fn inject(&mut self, rule: R) {
        self.rules.push(rule);
    }

    /// The first rule that fits; it leaves once it has come as often as it was told to.
    pub(crate) fn take(&mut self, fits: impl Fn(&R) -> bool) -> Option<R> {
        let index = self.rules.iter().position(fits)?;
        let rule = self.rules[index].clone();
        if let Some(times) = self.rules[index].times() {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.rules.remove(index);
            }
        }
        Some(rule)
    }
}
