//! Connections: slow ones are cut, those that have asked are not.

use std::{sync::Arc, time::Duration};

use axum::{Router, routing::get};
use server::http::{self, Patience};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

/// Longer than any test.
const LONG: Duration = Duration::from_mins(10);

const PATIENT: Patience = Patience {
    headers: LONG,
    answer: LONG,
    tip: LONG,
    taken: LONG,
    first_request: LONG,
    stop: LONG,
};

/// More than any test opens.
const PLENTY: usize = 100;

/// A server whose one answer waits until it is let go.
struct Slow {
    addr: std::net::SocketAddr,
    begun: Arc<Notify>,
    go: Arc<Notify>,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

async fn slow(patience: Patience) -> Slow {
    with_connections(PLENTY, patience).await
}

async fn with_connections(connections: usize, patience: Patience) -> Slow {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let answer = {
        let (begun, go) = (begun.clone(), go.clone());
        async move || {
            begun.notify_one();
            go.notified().await;
            "here it is"
        }
    };
    let router = Router::new().route("/slow", get(answer)).route("/", get(async || "at once"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(http::serve(listener, router, connections, patience, stop.clone()));
    Slow { addr, begun, go, stop, serving }
}

/// Sends a request, letter by letter as it is given.
pub(crate) async fn ask(addr: std::net::SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// What comes until the other side closes the connection.
pub(crate) async fn answer(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_stop_waits_for_what_was_asked() {
    let Slow { addr, begun, go, stop, serving } = slow(PATIENT).await;
    let stream = ask(addr, "GET /slow HTTP/1.1\r\nhost: oo\r\n\r\n").await;
    begun.notified().await;

    stop.cancel();
    while TcpStream::connect(addr).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!serving.is_finished());
    go.notify_one();

    let answer = answer(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("here it is"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    serving.await.unwrap();
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let patience = Patience { stop: Duration::from_millis(50), ..PATIENT };
    let Slow { addr, begun, stop, serving, .. } = slow(patience).await;
    let _stream = ask(addr, "GET /slow HTTP/1.1\r\nhost: oo\r\n\r\n").await;
    begun.notified().await;

    stop.cancel();
    serving.await.unwrap();
}

#[tokio::test]
async fn a_stop_does_not_wait_for_those_who_have_nothing_to_ask() {
    let patience = Patience { first_request: Duration::from_millis(50), ..PATIENT };
    let Slow { addr, stop, serving, .. } = slow(patience).await;
    // One has never asked; the other has its answer, and stays connected.
    let silent = TcpStream::connect(addr).await.unwrap();
    let mut idle = ask(addr, "GET / HTTP/1.1\r\nhost: oo\r\n\r\n").await;
    assert!(idle.read(&mut [0; 1024]).await.unwrap() > 0);

    stop.cancel();
    serving.await.unwrap();
    assert_eq!(answer(silent).await, "");
}

#[tokio::test]
async fn who_has_connected_before_the_stop_is_answered() {
    let Slow { addr, stop, serving, .. } = slow(PATIENT).await;
    // The server has had no chance to run since: there is one thread, and nothing was awaited for long.
    let stream = ask(addr, "GET / HTTP/1.1\r\nhost: oo\r\n\r\n").await;
    stop.cancel();

    let answer = answer(stream).await;
    assert!(answer.ends_with("at once"), "{answer}");
    serving.await.unwrap();
}

#[tokio::test]
async fn slow_headers_are_cut() {
    let patience = Patience { headers: Duration::from_millis(50), ..PATIENT };
    let Slow { addr, stop, serving, .. } = slow(patience).await;
    let stream = ask(addr, "GET / HTTP/1.1\r\nhost: o").await;

    assert!(!answer(stream).await.contains("200 OK"));
    stop.cancel();
    serving.await.unwrap();
}

#[tokio::test]
async fn who_takes_nothing_of_an_answer_is_cut() {
    let much = || async { vec![0_u8; 64 * 1024 * 1024] };
    let router = Router::new().route("/", get(much));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let patience = Patience { taken: Duration::from_millis(50), ..PATIENT };
    let serving = tokio::spawn(http::serve(listener, router, PLENTY, patience, stop.clone()));

    let mut stream = ask(addr, "GET / HTTP/1.1\r\nhost: oo\r\n\r\n").await;
    stream.read_exact(&mut [0; 15]).await.unwrap();
    // The stop would wait for it.
    stop.cancel();
    serving.await.unwrap();
}

#[tokio::test]
async fn one_connection_too_many_waits_for_its_turn() {
    let Slow { addr, begun, go, stop, serving } = with_connections(1, PATIENT).await;
    let first = ask(addr, "GET /slow HTTP/1.1\r\nhost: oo\r\n\r\n").await;
    begun.notified().await;
    let second = ask(addr, "GET /slow HTTP/1.1\r\nhost: oo\r\n\r\n").await;
    let at_once = tokio::time::timeout(Duration::from_millis(50), begun.notified()).await;
    assert!(at_once.is_err(), "there was one place");

    go.notify_one();
    assert!(answer(first).await.ends_with("here it is"), "and it is left for others");
    begun.notified().await;
    go.notify_one();
    assert!(answer(second).await.ends_with("here it is"));
    stop.cancel();
    serving.await.unwrap();
}

#[tokio::test]
async fn nobody_keeps_others_out_by_being_silent() {
    let patience = Patience { first_request: Duration::from_millis(50), ..PATIENT };
    let Slow { addr, stop, serving, .. } = with_connections(2, patience).await;
    let mut idle = ask(addr, "GET / HTTP/1.1\r\nhost: oo\r\n\r\n").await;
    assert!(idle.read(&mut [0; 1024]).await.unwrap() > 0);
    let silent = TcpStream::connect(addr).await.unwrap();

    let asks = ask(addr, "GET / HTTP/1.1\r\nhost: oo\r\nconnection: close\r\n\r\n").await;
    assert!(answer(asks).await.ends_with("at once"));
    for kept_open in [idle, silent] {
        assert_eq!(answer(kept_open).await, "");
    }
    stop.cancel();
    serving.await.unwrap();
}
