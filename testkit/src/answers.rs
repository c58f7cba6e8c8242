//! Answers in the place of the right ones, whoever it is that a double stands for.

use std::{convert::Infallible, io};

use axum::{
    body::{Body, Bytes},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use futures::{StreamExt, stream};

/// How much of a huge answer is sent at once.
const CHUNK: &[u8] = &[b'a'; 64 * 1024];

/// 200 with this, which says that it is JSON.
pub(crate) fn json(body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body.into()).into_response()
}

/// 200 with bytes that are no JSON, though they say so.
pub(crate) fn garbage() -> Response {
    json(&b"\x00\xff\xfe{]\x9d 0x0G \xc3\x28 \"results\": [[[ nonsense"[..])
}

/// A page for people.
pub(crate) fn page(status: StatusCode) -> Response {
    (status, Html("<!doctype html><title>Hold on</title><p>We will be back soon.")).into_response()
}

/// 200 with JSON between whose two parts stand about `bytes` times the letter a, streamed.
pub(crate) fn huge(before: impl Into<Bytes>, bytes: usize, after: impl Into<Bytes>) -> Response {
    let middle = stream::iter(std::iter::repeat_n(Bytes::from_static(CHUNK), bytes / CHUNK.len()));
    let whole = stream::iter([before.into()]).chain(middle).chain(stream::iter([after.into()]));
    json(Body::from_stream(whole.map(Ok::<_, Infallible>)))
}

/// The first half of the answer, and then the connection breaks.
pub(crate) async fn cut(whole: Response) -> Response {
    let (mut parts, body) = whole.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    // An answer without a body could not break off in its middle.
    parts.status = StatusCode::OK;
    parts.headers.remove(header::CONTENT_LENGTH);
    let half =
        if bytes.is_empty() { Bytes::from_static(b"{") } else { bytes.slice(..bytes.len() / 2) };
    let broken = stream::iter([Ok(half), Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
    Response::from_parts(parts, Body::from_stream(broken))
}
