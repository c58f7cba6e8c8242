//! What wakes up in the browser.

mod browser;
pub mod stage;
