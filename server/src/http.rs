//! Serving HTTP: connections that neither wait nor hang, and a stop that cuts nobody off.

mod connection;
pub mod guard;
pub mod trace;

use std::time::Duration;

use axum::Router;
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Accepting pauses this long after an error such as "too many open files".
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How long is waited for others.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// A client that takes longer for its headers, or for its next request, is cut off.
    pub headers: Duration,
    /// After the stop, a client that has connected and not asked yet has this long to ask.
    pub first_request: Duration,
    /// A stop waits this long for requests that have begun.
    pub stop: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(10),
            first_request: Duration::from_millis(500),
            stop: Duration::from_secs(30),
        }
    }
}

/// Serves until `stop` is cancelled, and returns when the last request has its answer.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
    let connect = |stream| {
        connections.spawn(connection::serve(stream, router.clone(), patience, stop.clone()));
    };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, _)) => connect(stream),
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    for stream in queued(listener) {
        connect(stream);
    }
    connections.close();
    if tokio::time::timeout(patience.stop, connections.wait()).await.is_err() {
        tracing::warn!(cut = connections.len(), "requests were cut off: they took too long");
    }
}

/// Closes the listener. Those in its queue are connected already, as far as they know. The kernel is asked
/// itself: the runtime may not have heard of them.
fn queued(listener: TcpListener) -> Vec<TcpStream> {
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    let accepted = std::iter::from_fn(|| listener.accept().ok());
    accepted
        .filter_map(|(stream, _)| {
            stream.set_nonblocking(true).ok()?;
            TcpStream::from_std(stream).ok()
        })
        .collect()
}

/// Is cancelled at SIGTERM or SIGINT, or when the terminal is closed.
#[must_use]
pub fn stopped_by_signals() -> CancellationToken {
    let stop = CancellationToken::new();
    tokio::spawn({
        let stop = stop.clone();
        async move {
            told_to_stop().await;
            stop.cancel();
        }
    });
    stop
}

async fn told_to_stop() {
    let wait = async |kind: SignalKind| match signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::interrupt()) => {}
        () = wait(SignalKind::hangup()) => {}
    }
}
