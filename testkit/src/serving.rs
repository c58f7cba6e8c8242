//! Serving on loopback, until it is told to stop.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, serve::ListenerExt};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// How long [`Server::stop`] waits for requests in flight.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

/// What serves a double; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    addr: SocketAddr,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves `router` at `addr`, which must be a loopback address: the control routes ask for nothing.
    /// Port 0 takes a free one. `shutdown` is cancelled when it is to end.
    ///
    /// # Errors
    /// When the address is another one or cannot be bound.
    pub(crate) async fn start(
        addr: SocketAddr,
        router: Router,
        shutdown: CancellationToken,
    ) -> io::Result<Self> {
        if !addr.ip().is_loopback() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a loopback address"));
        }
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        // Without it a kept-alive connection waits for the delayed ACK.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));

        let stopped = shutdown.clone().cancelled_owned();
        let task = tokio::spawn(async move {
            // It only ends by the signal: `axum::serve` retries failed accepts by itself.
            drop(axum::serve(listener, router).with_graceful_shutdown(stopped).await);
        });
        Ok(Self { addr, shutdown, task })
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Without a slash at the end.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Lets requests in flight end, for a second at most.
    pub(crate) async fn stop(mut self) {
        self.shutdown.cancel();
        if tokio::time::timeout(STOP_TIMEOUT, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// Waits, but not beyond `shutdown`.
pub(crate) async fn pause(time: Duration, shutdown: &CancellationToken) {
    if time.is_zero() {
        return;
    }
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = shutdown.cancelled() => {}
    }
}
