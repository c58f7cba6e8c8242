//! openidconnect over the house's HTTP client, and its errors in our words.

use std::pin::Pin;

use kernel::http::{Http, HttpError};
use openidconnect::{
    AsyncHttpClient, ClaimsVerificationError, DiscoveryError, HttpRequest, HttpResponse,
    RequestTokenError, StandardErrorResponse, core::CoreErrorResponseType, http::StatusCode,
};

use crate::{AuthError, Flaw};

/// No discovery document, key set or token answer comes near it.
const MAX_ANSWER: usize = 256 * 1024;

/// Why an exchange with a provider gave nothing to read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExchangeError {
    /// The connection, the time or the size.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// A redirect, which is not followed, a throttle, or a failure over there.
    #[error("the provider answered with status {0}")]
    Status(StatusCode),
}

/// The house's client, as openidconnect asks for one. Its futures are boxed: of a closure's the compiler
/// cannot tell that they are `Send` for every lifetime.
pub(super) struct Exchange<'h>(pub(super) &'h Http);

impl<'c> AsyncHttpClient<'c> for Exchange<'_> {
    type Error = ExchangeError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, ExchangeError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(exchange(self.0, request))
    }
}

/// One exchange. What openidconnect gets to see has succeeded or is an OAuth error.
async fn exchange(http: &Http, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
    let (parts, body) = request.into_parts();
    let request = http
        .client()
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body);
    let answer = http.send(request, MAX_ANSWER).await?;

    let readable = answer.status == StatusCode::OK
        || matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED);
    if !readable {
        return Err(ExchangeError::Status(answer.status));
    }
    let mut response = HttpResponse::new(answer.body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

impl From<ExchangeError> for AuthError {
    fn from(error: ExchangeError) -> Self {
        Self::Unavailable(match error {
            ExchangeError::Http(HttpError::Timeout) => "it did not answer in time",
            ExchangeError::Http(HttpError::TooLarge { .. }) => "its answer is too large",
            ExchangeError::Http(HttpError::Unreachable) => "it could not be reached",
            ExchangeError::Http(HttpError::Refused) => {
                "it names an address that is not public: is it one for OO_PRIVATE_HOSTS?"
            }
            ExchangeError::Http(HttpError::Invalid | HttpError::Astray) => "it could not be asked",
            ExchangeError::Status(status) if status.is_redirection() => "it sent us elsewhere",
            ExchangeError::Status(_) => "it answered with an error",
        })
    }
}

impl From<DiscoveryError<ExchangeError>> for AuthError {
    fn from(error: DiscoveryError<ExchangeError>) -> Self {
        match error {
            DiscoveryError::Request(error) => error.into(),
            DiscoveryError::Validation(_) => {
                Self::internal("the provider's own name for itself is not the configured issuer")
            }
            _ => Self::Unavailable("its description cannot be read"),
        }
    }
}

/// An answer of the token endpoint.
pub(super) type TokenError =
    RequestTokenError<ExchangeError, StandardErrorResponse<CoreErrorResponseType>>;

impl From<TokenError> for AuthError {
    fn from(error: TokenError) -> Self {
        match error {
            RequestTokenError::Request(error) => error.into(),
            RequestTokenError::ServerResponse(response) => match response.error() {
                CoreErrorResponseType::InvalidGrant => Self::Invalid(Flaw::Code),
                CoreErrorResponseType::InvalidClient
                | CoreErrorResponseType::UnauthorizedClient => {
                    Self::internal("the provider does not accept our client id and secret")
                }
                _ => Self::internal("the provider does not accept our token request"),
            },
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                Self::Invalid(Flaw::Token)
            }
        }
    }
}

impl From<ClaimsVerificationError> for AuthError {
    fn from(error: ClaimsVerificationError) -> Self {
        Self::Invalid(match error {
            ClaimsVerificationError::Expired(_) => Flaw::Expired,
            ClaimsVerificationError::InvalidAudience(_) => Flaw::Audience,
            ClaimsVerificationError::InvalidIssuer(_) => Flaw::Issuer,
            ClaimsVerificationError::InvalidNonce(_) => Flaw::Nonce,
            ClaimsVerificationError::SignatureVerification(_) => Flaw::Signature,
            _ => Flaw::Claim,
        })
    }
}
