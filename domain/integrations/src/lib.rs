//! What a person has connected to oO, and what can be read and done there.
//!
//! [`Integrations`] is the front door: it connects a Todoist account through OAuth, keeps its tokens
//! sealed by the [`vault`], fetches tasks when they are asked for and keeps them in memory only, and
//! closes tasks through [`jobs`] that are enqueued in the caller's transaction. Beside it, it reads from a calendar when
//! somebody is [`Busy`]. `docs/connectors.md` tells how another connector is added.
//!
//! No word of a task or a meeting, no token and no address ever reaches the database unsealed, a log, or the text of
//! an error.

mod calendar;
mod connect;
mod connector;
mod error;
mod fetch;
mod front;
mod grant;
pub mod jobs;
mod leave;
mod lists;
mod personal;
mod store;
mod task;
mod title;
mod todoist;
mod urgency;
mod write;

pub use calendar::{Busy, CalendarError, CalendarLink};
pub use connect::{Account, Callback, ISSUER, Redeemed};
pub use error::{ConnectError, InternalError, TaskError};
pub use front::{Connection, Freshness, Integrations};
pub use personal::PERSONAL;
pub use task::{Due, Task, TaskList, When};
pub use todoist::{Access, TodoistConfig, Tokens};
pub use urgency::CANDIDATES;
