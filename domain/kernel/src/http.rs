//! The one HTTP client under all remote services: time limits, no redirects, answers of bounded size.

use std::time::Duration;

use futures::TryStreamExt;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header::HeaderMap, redirect::Policy};

/// How long a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long an exchange may take from the first byte sent to the last one read.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);

/// A client that cannot be kept waiting, sent elsewhere or fed without end.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
}

/// What came back, wholly read.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status line's code.
    pub status: StatusCode,
    /// The headers, as sent.
    pub headers: HeaderMap,
    /// The body after decompression, not longer than the cap.
    pub body: Vec<u8>,
}

/// Why there is no answer. The text names neither address nor content.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// It took longer than the limit.
    #[error("the service did not answer in time")]
    Timeout,
    /// The body is longer than the cap.
    #[error("the answer is larger than {cap} bytes")]
    TooLarge {
        /// The cap, in bytes after decompression.
        cap: usize,
    },
    /// It could not be reached, or the connection broke.
    #[error("the service could not be reached")]
    Unreachable,
    /// The request could not be built, or TLS could not be set up.
    #[error("the request could not be made")]
    Invalid,
}

impl Http {
    /// A client with the house's limits.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, HttpError> {
        // Several crates bring a provider; without a choice rustls panics at the first use.
        let _ = rustls::crypto::ring::default_provider().install_default();
        #[expect(clippy::disallowed_methods, reason = "the one place where a client is made")]
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .redirect(Policy::none())
            .user_agent(concat!("oO/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| HttpError::Invalid)?;
        Ok(Self { client })
    }

    /// The client, to begin a request with. It is sent by [`Http::send`].
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sends `request` and reads at most `cap` bytes of the answer, whatever its status.
    ///
    /// # Errors
    /// See [`HttpError`]; a status of 4xx or 5xx is an answer, not an error.
    pub async fn send(&self, request: RequestBuilder, cap: usize) -> Result<Answer, HttpError> {
        let response = request.send().await.map_err(HttpError::from)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read(response, cap).await?;
        Ok(Answer { status, headers, body })
    }
}

async fn read(response: Response, cap: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.try_next().await.map_err(HttpError::from)? {
        if body.len() + chunk.len() > cap {
            return Err(HttpError::TooLarge { cap });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Timeout
        } else if error.is_builder() {
            Self::Invalid
        } else {
            Self::Unreachable
        }
    }
}
