//! The tables of the schema `notifier`. Every query is bound to one person, but for those that look who is due.

mod belief;
mod decision;
mod delivery;
mod personal;
mod subscription;
mod watch;

pub(crate) use belief::{belief, forget, learn};
pub(crate) use decision::{
    Known, NewDecision, Unsettled, come_of, decide, known, purge_decisions, pushes, recent,
    unsettled,
};
pub(crate) use delivery::{Due, Settled, claim_due, settle, spread};
pub use personal::PERSONAL;
pub(crate) use subscription::{
    NewSubscription, count, insert, list, purge_silent, reach, remove, remove_at, remove_elsewhere,
    touch,
};
pub(crate) use watch::{claim, is_here, look_again, unwatch, watch};
