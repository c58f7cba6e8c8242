//! A double of a push service, and of the browsers behind it, over HTTP on loopback.
//!
//! [`PushDouble::start`] serves it inside the process, the `push-double` binary on its own. What a test wants to
//! arrange or to know goes through [`Handle`], or through the same in JSON under `/_double/…` (see [`control`]).
//!
//! A browser that subscribes has keys of its own. What is posted to its endpoint, `/push/{id}`, is looked at as a
//! service does (RFC 8030, RFC 8292), opened as the browser does (RFC 8291), and kept. The code for that shares
//! nothing with what oO seals and signs with but the curve's own crate.
//!
//! A service of today is strict, and so is the double: no TTL is a 400, no signature a 401, a wrong one a 403, more
//! than 4,096 bytes a 413. What the browser cannot open is taken all the same, as the service could not know.

pub mod control;
mod errors;
mod faults;
mod handle;
mod message;
mod open;
mod receive;
mod signature;
mod subscriber;
mod world;

use std::{io, net::SocketAddr, sync::Arc};

use axum::{Router, middleware};
use kernel::{Entropy, SharedClock};

pub use faults::{Fault, FaultRule};
pub use handle::Handle;
pub use message::{Message, Signed};
pub use open::{Unopened, open};
pub use subscriber::{Keys, Subscribed};
pub use world::Seen;

use crate::serving::{Running, Server};
use world::Double;

/// A running double; it ends when dropped.
pub type PushDouble = Running<Handle>;

impl Running<Handle> {
    /// Serves a double at `addr`, which must be a loopback address: the control routes ask for nothing.
    /// Port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is another one or cannot be bound, or the operating system has no randomness to give.
    pub async fn start(addr: SocketAddr, clock: SharedClock) -> io::Result<Self> {
        let entropy = Entropy::from_os().map_err(io::Error::other)?;
        let double = Arc::new(Double::new(clock, entropy));
        let server =
            Server::start(addr, router(Arc::clone(&double)), double.shutdown.clone()).await?;
        double.is_at(format!("http://{}", server.addr()));
        Ok(Self::new(Handle::new(double), server))
    }
}

fn router(double: Arc<Double>) -> Router {
    Router::new()
        .merge(receive::routes())
        .merge(control::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(&double), faults::answer::stand_between))
        .with_state(double)
}
