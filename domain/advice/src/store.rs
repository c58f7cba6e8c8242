//! The tables of the schema `advice`. What names a person is bound to them; what is counted names nobody.

mod idea;
mod personal;
mod spent;

pub use idea::{forget, forget_shown, shown};
pub(crate) use idea::{ideas, insert, newest, open_sketch, open_words, purge, sketches, words};
pub use personal::PERSONAL;
pub(crate) use spent::{
    Claim, Claimed, Cost, claim, count, free, is_claimed, pause, settle, wish, wishing,
};
