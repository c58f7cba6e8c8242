//! A double of Todoist: its unified API v1 and its OAuth, over HTTP on loopback.
//!
//! [`TodoistDouble::start`] serves it inside the process, the `todoist-double` binary on its own. What a
//! test wants to arrange or to know goes through [`Handle`], or through the same in JSON under
//! `/_double/…` (see [`control`]).
//!
//! Sources: Todoist's documentation of API v1 (developer.todoist.com) and the schemas of
//! `@doist/todoist-sdk` 17. What neither says is the double's own choice, and a client should bear both:
//! a single task that is done is still answered (`checked` true), a denied request returns without its
//! state, revoking any token ends the whole grant, and a repeating `due_string` may come with a
//! `due_date`. Tokens do not outlive the process; task ids are the same ones at every start.

mod account;
pub mod control;
mod demo;
mod due;
mod errors;
mod faults;
mod filter;
mod grants;
mod handle;
mod lists;
mod log;
mod oauth;
mod pages;
mod recurrence;
mod scopes;
mod task;
mod tasks;
mod token;
mod world;

use std::{io, net::SocketAddr, sync::Arc};

use axum::{Router, middleware};
use kernel::{Entropy, SharedClock};

pub use account::{AccountId, NewAccount};
pub use demo::demo_tasks;
pub use due::Due;
pub use faults::{Fault, FaultRule};
pub use grants::Tokens;
pub use handle::Handle;
pub use log::RequestCount;
pub use task::{Deadline, Duration as TaskDuration, DurationUnit, Edit, NewTask, Task};

use crate::serving::{Running, Server};
use world::Double;

/// The OAuth client that the double knows.
pub const CLIENT_ID: &str = "0123456789abcdef0123456789abcdef";

/// That client's secret; worth nothing outside the loopback interface.
pub const CLIENT_SECRET: &str = "fedcba9876543210fedcba9876543210";

/// A running double; it ends when dropped.
pub type TodoistDouble = Running<Handle>;

impl Running<Handle> {
    /// Serves a double with one empty account at `addr`, which must be a loopback address: the control
    /// routes ask for no token. Port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is another one or cannot be bound, or the operating system has no randomness to
    /// give.
    pub async fn start(addr: SocketAddr, clock: SharedClock) -> io::Result<Self> {
        let entropy = Entropy::from_os().map_err(io::Error::other)?;
        let double = Arc::new(Double::new(clock, entropy));
        let router = router(Arc::clone(&double));
        let server = Server::start(addr, router, double.shutdown.clone()).await?;
        Ok(Self::new(Handle::new(double), server))
    }
}

fn router(double: Arc<Double>) -> Router {
    Router::new()
        .merge(oauth::routes())
        .merge(token::routes())
        .merge(tasks::routes())
        .merge(lists::routes())
        .merge(control::routes())
        .fallback(errors::no_such_endpoint)
        .layer(middleware::from_fn_with_state(Arc::clone(&double), faults::answer::stand_between))
        .with_state(double)
}
