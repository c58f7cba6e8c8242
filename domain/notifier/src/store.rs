//! The tables of the schema `notifier`. Every query is bound to one person, but for those that look who is due.

mod belief;
mod decision;
mod delivery;
mod mailbox;
mod personal;
mod subscription;
mod watch;

pub(crate) use belief::{belief, forget, learn};
pub(crate) use decision::{
    Known, NewDecision, Unsettled, come_of, decide, drawn, known, morning_before, people,
    purge_decisions, pushes, recent, unsettled,
};
pub(crate) use delivery::{Due, Settled, claim_due, expire, settle, spread};
pub(crate) use mailbox::{
    NewMailbox, confirm_mailbox, mailbox, name_mailbox, remove_mailbox, show_life, write_in,
};
pub use personal::PERSONAL;
pub(crate) use subscription::{
    NewSubscription, count, insert, is_reachable, list, purge, remove, remove_at, remove_elsewhere,
    remove_signed_in, target, touch,
};
pub(crate) use watch::{claim, is_here, look_again, unwatch, watch};
