//! Errors in the form in which LiteLLM writes them.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// What LiteLLM adds to what a model's provider has told.
const NO_FALLBACK: &str =
    "\n\nLiteLLM: model group failed with the error above. No fallback was attempted.";

/// A call that failed.
#[derive(Clone, Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    kind: &'static str,
    param: Option<&'static str>,
    message: String,
}

impl ApiError {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, param: None, message: message.into() }
    }

    fn bad_request(param: Option<&'static str>, message: String) -> Self {
        let error = Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", message);
        Self { param, ..error }
    }

    /// There is no header with a key.
    pub(super) fn no_key() -> Self {
        let words = "Authentication Error, No api key passed in.";
        Self::new(StatusCode::UNAUTHORIZED, "auth_error", words)
    }

    /// The key is another one: LiteLLM would look it up in its database, and has none.
    pub(super) fn wrong_key() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "no_db_connection", "No connected db.")
    }

    /// The body is no JSON object.
    pub(super) fn no_json() -> Self {
        let words = "Invalid JSON payload: invalid literal: line 1 column 1 (char 0)";
        Self::bad_request(Some("request_body"), words.into())
    }

    /// Nothing stands behind the alias, or it is not for calls of this kind.
    pub(super) fn unknown_model(route: &str, alias: Option<&str>) -> Self {
        let alias = alias.unwrap_or("None");
        let message = format!(
            "{route}: Invalid model name passed in model={alias}. Call `/v1/models` to view available models for your key."
        );
        Self::bad_request(None, message)
    }

    /// A parameter is not there.
    pub(super) fn missing(route: &str, param: &'static str) -> Self {
        Self::bad_request(Some(param), format!("{route}: Missing required parameter: '{param}'."))
    }

    /// The provider takes LiteLLM's own key for a wrong one.
    pub(super) fn unauthorized() -> Self {
        Self::of_provider(StatusCode::UNAUTHORIZED, "authentication_error", "AuthenticationError")
    }

    /// The provider has been asked too often.
    pub(super) fn throttled() -> Self {
        Self::of_provider(StatusCode::TOO_MANY_REQUESTS, "throttling_error", "RateLimitError")
    }

    /// The provider has no time.
    pub(super) fn unavailable() -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::of_provider(status, "internal_server_error", "ServiceUnavailableError")
    }

    /// The provider did not answer in time.
    pub(super) fn timeout() -> Self {
        Self::of_provider(StatusCode::REQUEST_TIMEOUT, "invalid_request_error", "Timeout")
    }

    /// The provider cannot be reached.
    pub(super) fn unreachable() -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::of_provider(status, "internal_server_error", "APIConnectionError")
    }

    /// Its status, for whoever writes errors in another form.
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    fn of_provider(status: StatusCode, kind: &'static str, name: &str) -> Self {
        let message = format!("litellm.{name}: {name}: OllamaException - not now{NO_FALLBACK}");
        Self::new(status, kind, message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let error = json!({
            "message": self.message,
            "type": self.kind,
            "param": self.param,
            "code": self.status.as_str(),
        });
        (self.status, Json(json!({ "error": error }))).into_response()
    }
}

pub(super) async fn no_such_endpoint() -> (StatusCode, Json<Value>) {
    (StatusCode::NOT_FOUND, Json(json!({ "detail": "Not Found" })))
}
