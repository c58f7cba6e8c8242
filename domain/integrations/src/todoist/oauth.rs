//! Authorization code with PKCE (RFC 6749, RFC 7636), refresh and revocation (RFC 7009).

use std::{borrow::Cow, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::{FutureExt, future::BoxFuture};
use kernel::Timestamp;
use oauth2::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicErrorResponse, BasicErrorResponseType, BasicTokenResponse},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    Access, CallError, Client, Tokens,
    client::{SMALL_CAP, check},
};

type OAuth = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// Why there are no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrantError {
    /// The code or the refresh token is not, or no longer, good.
    Refused,
    /// oO's own credentials are not good.
    Client,
    /// Too many calls.
    Throttled(Duration),
    /// No answer, or one that says it cannot.
    Unavailable,
    /// An answer that is not to be understood.
    Garbled,
}

impl Client {
    /// The page on which a person allows it.
    pub(crate) fn authorize_url(
        &self,
        redirect: &Url,
        state: &str,
        access: Access,
        verifier: &SecretString,
    ) -> Url {
        // The library's own way panics when the verifier is too short or too long.
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret()));
        let state = CsrfToken::new(state.to_owned());
        let (url, _) = self
            .oauth()
            .authorize_url(|| state)
            .add_scope(Scope::new(access.scope().to_owned()))
            .set_redirect_uri(Cow::Owned(RedirectUrl::from_url(redirect.clone())))
            .add_extra_param("code_challenge", challenge)
            .add_extra_param("code_challenge_method", "S256")
            .url();
        url
    }

    /// Exchanges the code that came back. `asked` is what the tokens allow when Todoist does not say.
    pub(crate) async fn exchange(
        &self,
        code: &str,
        redirect: &Url,
        verifier: &SecretString,
        asked: Access,
        now: Timestamp,
    ) -> Result<Tokens, GrantError> {
        let answer = self
            .oauth()
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_redirect_uri(Cow::Owned(RedirectUrl::from_url(redirect.clone())))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()))
            .request_async(self)
            .await;
        Ok(read(&answer?, asked, now))
    }

    /// Exchanges a refresh token. Within a minute of its first use Todoist answers with the same access
    /// token and without a refresh token.
    pub(crate) async fn refresh(
        &self,
        refresh: &SecretString,
        scope: Access,
        now: Timestamp,
    ) -> Result<Tokens, GrantError> {
        let answer = self
            .oauth()
            .exchange_refresh_token(&RefreshToken::new(refresh.expose_secret().to_owned()))
            .request_async(self)
            .await;
        Ok(read(&answer?, scope, now))
    }

    /// Ends everything that this access token was granted with.
    pub(crate) async fn revoke(&self, token: &SecretString) -> Result<(), CallError> {
        self.revoke_as("access_token", token).await
    }

    /// Ends everything that this refresh token was granted with.
    pub(crate) async fn revoke_refresh(&self, token: &SecretString) -> Result<(), CallError> {
        self.revoke_as("refresh_token", token).await
    }

    async fn revoke_as(&self, kind: &str, token: &SecretString) -> Result<(), CallError> {
        let fields = [("token", token.expose_secret()), ("token_type_hint", kind)];
        let secret = self.config.client_secret.expose_secret();
        let request = self
            .http
            .client()
            .post(self.config.revoke_url.clone())
            .basic_auth(&self.config.client_id, Some(secret))
            .json(&std::collections::BTreeMap::from(fields));
        check(&self.http.send(request, SMALL_CAP).await?)
    }

    fn oauth(&self) -> OAuth {
        let secret = self.config.client_secret.expose_secret().to_owned();
        BasicClient::new(ClientId::new(self.config.client_id.clone()))
            .set_client_secret(ClientSecret::new(secret))
            .set_auth_type(oauth2::AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(self.config.authorize_url.clone()))
            .set_token_uri(TokenUrl::from_url(self.config.token_url.clone()))
    }
}

/// Lets the library send through the house's client.
impl<'c> AsyncHttpClient<'c> for Client {
    type Error = CallError;
    type Future = BoxFuture<'c, Result<HttpResponse, CallError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        async move {
            let (parts, body) = request.into_parts();
            let url = self.config.token_url.clone();
            let request =
                self.http.client().request(parts.method, url).headers(parts.headers).body(body);
            let answer = self.http.send(request, SMALL_CAP).await?;
            if let Err(error @ (CallError::Throttled(_) | CallError::Unavailable)) = check(&answer)
            {
                return Err(error);
            }
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        }
        .boxed()
    }
}

/// An empty access token is caught at its first use.
fn read(answer: &BasicTokenResponse, asked: Access, now: Timestamp) -> Tokens {
    // Todoist answers with spaces between scopes, and is documented to take commas.
    let scope = answer.scopes().map(|scopes| {
        let mut words = scopes.iter().flat_map(|scope| scope.split([',', ' ']));
        if words.any(|word| word == Access::ReadWrite.scope()) {
            Access::ReadWrite
        } else {
            Access::Read
        }
    });
    let lifetime = answer.expires_in().and_then(|lasts| chrono::TimeDelta::from_std(lasts).ok());
    Tokens {
        access: SecretString::from(answer.access_token().secret().as_str()),
        refresh: answer.refresh_token().map(|token| SecretString::from(token.secret().as_str())),
        expires_at: lifetime.and_then(|lifetime| now.checked_add_signed(lifetime)),
        scope: scope.unwrap_or(asked),
    }
}

/// What the library complains about quotes what it read: nothing of it is kept.
impl From<RequestTokenError<CallError, BasicErrorResponse>> for GrantError {
    fn from(error: RequestTokenError<CallError, BasicErrorResponse>) -> Self {
        match error {
            RequestTokenError::Request(CallError::Throttled(wait)) => Self::Throttled(wait),
            RequestTokenError::Request(CallError::Unavailable) => Self::Unavailable,
            RequestTokenError::ServerResponse(answer) => match answer.error() {
                BasicErrorResponseType::InvalidClient
                | BasicErrorResponseType::UnauthorizedClient
                | BasicErrorResponseType::UnsupportedGrantType
                | BasicErrorResponseType::InvalidRequest => Self::Client,
                BasicErrorResponseType::Extension(word)
                    if word == "incorrect_application_credentials" =>
                {
                    Self::Client
                }
                _ => Self::Refused,
            },
            RequestTokenError::Request(_)
            | RequestTokenError::Parse(..)
            | RequestTokenError::Other(_) => Self::Garbled,
        }
    }
}
