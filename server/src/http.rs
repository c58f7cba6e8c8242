//! Serving HTTP: connections that neither wait nor hang, and a stop that cuts nobody off.

pub mod bearer;
pub mod client;
mod connection;
pub mod guard;
pub mod limit;
pub mod shed;
pub mod trace;

use std::{io, sync::Arc, time::Duration};

use axum::Router;
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Accepting pauses this long after an error such as "too many open files".
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How long is waited for others.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// A client that takes longer for its headers, or for its next request, is cut off.
    pub headers: Duration,
    /// An answer that takes longer, the body that is waited for included, is given up. So is what is left of a tip
    /// page that has begun.
    pub answer: Duration,
    /// Whoever waits longer for the tip page is sent what stands above the tip, and then the tip (see
    /// `routes::page`). A look that has nobody to ask is over long before.
    pub tip: Duration,
    /// A client that takes nothing of its answer for longer is cut off.
    pub taken: Duration,
    /// After the stop, or when connections are short, a client that has connected and not asked yet has this long to ask.
    pub first_request: Duration,
    /// A stop waits this long for requests that have begun.
    pub stop: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            tip: Duration::from_millis(50),
            taken: Duration::from_secs(20),
            first_request: Duration::from_millis(500),
            stop: Duration::from_secs(30),
        }
    }
}

/// Serves until `stop` is cancelled, and returns when the last request has its answer.
///
/// At most `max_connections` are open at the same time. Further ones wait in the kernel's queue: to close them would
/// show an error to people who would have been answered within moments. For as long as none is free, those that
/// have nothing to ask are closed, so that nobody can keep others out by being silent.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    max_connections: usize,
    patience: Patience,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(max_connections));
    let (crowd, _) = watch::channel(());
    let connect = |stream, place| {
        let end = connection::End { stop: stop.clone(), crowd: crowd.subscribe() };
        let served = connection::serve(stream, router.clone(), patience, end);
        connections.spawn(async move {
            served.await;
            drop::<Option<OwnedSemaphorePermit>>(place);
        });
    };
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places, &crowd) => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, place)) => connect(stream, place),
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    for stream in queued(listener) {
        connect(stream, None);
    }
    connections.close();
    if tokio::time::timeout(patience.stop, connections.wait()).await.is_err() {
        tracing::warn!(cut = connections.len(), "requests were cut off: they took too long");
    }
}

/// The next connection, when there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    crowd: &watch::Sender<()>,
) -> io::Result<(TcpStream, Option<OwnedSemaphorePermit>)> {
    if places.available_permits() == 0 {
        crowd.send_replace(());
    }
    // Nobody closes it.
    let place = Arc::clone(places).acquire_owned().await.ok();
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
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
