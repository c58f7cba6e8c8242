//! How the library's requests are sent: through the house's client, and read before the library reads them.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use async_openai::{config::Config, error::OpenAIError, middleware::HttpRequestFactory};
use futures::{FutureExt, future::BoxFuture};
use kernel::http::{Answer, Http, HttpError};
use reqwest::{
    Response, StatusCode,
    header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use tower::Service;

use super::{ModelConfig, ModelError};

/// No answer that was asked for is this long, in bytes.
const MOST_BYTES: usize = 256 * 1024;

/// Where LiteLLM passes on what the provider behind it said.
const PROVIDER_RETRY_AFTER: &str = "llm_provider-retry-after";

/// Where LiteLLM tells which model it was.
const MODEL_NAME: &str = "x-litellm-model-name";

/// Where requests go, and under which key. The library's own configuration reads the environment.
#[derive(Clone, Debug)]
pub(super) struct Proxy {
    base: String,
    key: SecretString,
}

impl Proxy {
    pub(super) fn new(config: &ModelConfig) -> Self {
        let base = config.base_url.as_str().trim_end_matches('/').to_owned();
        Self { base, key: config.api_key.clone() }
    }
}

impl Config for Proxy {
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let bearer = format!("Bearer {}", self.key.expose_secret());
        if let Ok(mut bearer) = HeaderValue::from_str(&bearer) {
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        headers
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

/// The house's client, as the library wants one.
#[derive(Clone)]
pub(super) struct Guarded {
    pub(super) http: Http,
    pub(super) patience: Duration,
}

impl Service<HttpRequestFactory> for Guarded {
    type Response = Response;
    type Error = OpenAIError;
    type Future = BoxFuture<'static, Result<Response, OpenAIError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), OpenAIError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let Self { http, patience } = self.clone();
        async move {
            let request = request.build().await?;
            let answer = http.send_built(request, patience, MOST_BYTES).await;
            let body = answer.map_err(ModelError::from).and_then(|it| read(&it)).map_err(boxed)?;
            Ok(Response::from(http::Response::new(body.to_string())))
        }
        .boxed()
    }
}

/// The body of an answer, as the library can read it: it logs what it cannot, word by word. Which model it was is told in
/// a header; in the body, it is called by its alias.
fn read(answer: &Answer) -> Result<Value, ModelError> {
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            let seconds = [RETRY_AFTER.as_str(), PROVIDER_RETRY_AFTER]
                .iter()
                .find_map(|name| answer.headers.get(*name)?.to_str().ok()?.parse().ok());
            Err(ModelError::Throttled(seconds.map(Duration::from_secs)))
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => Err(ModelError::Timeout),
        status if !status.is_success() => Err(ModelError::Status(status.as_u16())),
        _ => {
            let mut body: Map<String, Value> =
                serde_json::from_slice(&answer.body).map_err(|_| ModelError::Malformed)?;
            if let Some(name) = answer.headers.get(MODEL_NAME).and_then(|it| it.to_str().ok()) {
                body.insert("model".to_owned(), name.into());
            }
            Ok(body.into())
        }
    }
}

fn boxed(error: ModelError) -> OpenAIError {
    OpenAIError::Boxed(Box::new(error))
}

impl From<HttpError> for ModelError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Timeout => Self::Timeout,
            HttpError::TooLarge { .. } => Self::TooLarge,
            HttpError::Unreachable
            | HttpError::Refused
            | HttpError::Astray
            | HttpError::Invalid => Self::Unreachable,
        }
    }
}
