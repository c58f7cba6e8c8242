//! Serving on loopback, until it is told to stop.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, serve::ListenerExt};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// How long [`Running::stop`] waits for requests in flight.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

/// What serves a double; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    addr: SocketAddr,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

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

    async fn stop(mut self) {
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

/// A running double, and the `H` by which it is arranged; it ends when dropped.
#[derive(Debug)]
pub struct Running<H> {
    handle: H,
    server: Server,
}

impl<H> Running<H> {
    pub(crate) fn new(handle: H, server: Server) -> Self {
        Self { handle, server }
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    /// The origin that stands for whoever it doubles, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.server.addr())
    }

    /// Arranges what it answers, and tells what it was asked.
    pub fn handle(&self) -> &H {
        &self.handle
    }

    /// Lets requests in flight end, for a second at most.
    pub async fn stop(self) {
        self.server.stop().await;
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
