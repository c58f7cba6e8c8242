//! One connection, from its first byte to its last.

use std::{convert::Infallible, pin::pin};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpStream, sync::watch, time::timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::{Patience, client::Peer};

/// The most that is kept of headers, or of a body that nobody has read yet.
const BUFFER: usize = 64 * 1024;

/// What ends a connection that has nothing to ask.
pub(super) struct End {
    /// The server stops.
    pub(super) stop: CancellationToken,
    /// Others wait for a place.
    pub(super) crowd: watch::Receiver<()>,
}

/// Serves `stream` until either side has had enough. Once the end has come, what was asked is answered, and
/// nothing more is.
pub(super) async fn serve(stream: TcpStream, router: Router, patience: Patience, mut end: End) {
    let Ok(peer) = stream.peer_addr() else { return };
    // Without it a page that is streamed waits 40 ms for a delayed acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    let asked = CancellationToken::new();
    let service = service_fn(|mut request: Request<Incoming>| {
        asked.cancel();
        request.extensions_mut().insert(Peer(peer.ip()));
        let answer = router.clone().oneshot(request.map(Body::new));
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience.taken));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.headers)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let mut connection = pin!(connection);

    // Browsers open connections that they may never use; but the request may also be on its way, and hyper
    // would close at once where none has come yet.
    let told_to_end = async {
        tokio::select! {
            () = end.stop.cancelled() => {}
            Ok(()) = end.crowd.changed() => {}
        }
        let _ = timeout(patience.first_request, asked.cancelled()).await;
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told_to_end => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
