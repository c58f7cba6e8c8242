//! The provider: begin, finish.

use std::{fmt, sync::Arc};

use kernel::{SharedClock, UserId, http::Http};
use openidconnect::{
    AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId,
    ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, SignatureVerificationError,
    TokenResponse,
    core::{CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenClaims, CoreResponseType},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::{
    AppleKey,
    client::Exchange,
    discovery::{Discovery, Metadata, promises_issuer, signatures},
};
use crate::{
    AuthError, Flaw, Refusal,
    flow::{Flow, FlowCookie, Flows, ReturnPath},
    identity::VerifiedIdentity,
};

/// How oO is registered at a provider.
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// Its name in addresses, such as `google`: letters, digits and `-`.
    pub key: String,
    /// Letter by letter as the provider names itself: a slash at the end counts.
    pub issuer: IssuerUrl,
    /// Our name there.
    pub client_id: String,
    /// Our password there.
    pub credential: Credential,
    /// What the button says: "Continue with …".
    pub label: String,
    /// What to ask for beside `openid`: an address tells people their identities apart, and an allow-list
    /// needs one.
    pub scopes: Vec<String>,
    /// Where the provider sends people back to: letter by letter as registered there.
    pub redirect_url: Url,
}

/// How oO proves who it is at a provider.
#[derive(Clone, Debug)]
pub enum Credential {
    /// By a client secret.
    Secret(SecretString),
    /// By a key. Its owner, Apple, answers with a form that is posted (OAuth 2.0 Form Post Response Mode).
    Apple(AppleKey),
}

/// The way to the provider.
pub struct Begin {
    /// The provider's page, to redirect to. It carries the state: keep it out of logs.
    pub url: Url,
    /// To be set in the browser.
    pub cookie: FlowCookie,
}

/// The parameters of the return. Not printable: they are secrets until used up.
#[derive(Default, Deserialize)]
pub struct Callback {
    /// What was sent.
    pub state: Option<String>,
    /// When the person agreed.
    pub code: Option<String>,
    /// When not.
    pub error: Option<String>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
}

/// A sign-in that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Who it is.
    pub identity: VerifiedIdentity,
    /// Who began it, when it is to be one more way in for them.
    pub linking: Option<UserId>,
    /// Where they wanted to go.
    pub return_path: ReturnPath,
}

/// An OIDC provider.
pub struct Provider {
    config: OidcConfig,
    http: Http,
    flows: Flows,
    clock: SharedClock,
    discovery: Discovery,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// Asks the provider nothing yet.
    pub fn new(config: OidcConfig, http: Http, flows: Flows, clock: SharedClock) -> Self {
        let discovery = Discovery::new(config.issuer.clone(), http.clone(), clock.clone());
        Self { config, http, flows, clock, discovery }
    }

    /// What the button says.
    pub fn label(&self) -> &str {
        &self.config.label
    }

    /// Its name in addresses.
    pub fn key(&self) -> &str {
        &self.config.key
    }

    /// Who vouches.
    pub fn issuer(&self) -> &str {
        self.config.issuer.as_str()
    }

    /// What its flows are for: one that was begun with another provider is none of its own.
    fn purpose(&self) -> String {
        format!("sign-in:{}", self.config.key)
    }

    /// Begins a sign-in that ends at `return_path`; for `linking`, it is one more way in for them. `browser` is
    /// the flow cookie that the browser already has, if any.
    pub async fn begin(
        &self,
        return_path: ReturnPath,
        linking: Option<UserId>,
        browser: Option<&str>,
    ) -> Result<Begin, AuthError> {
        let metadata = self.discovery.metadata().await?;
        let begun = self.flows.begin(&self.purpose(), linking, return_path, browser).await?;

        let state = CsrfToken::new(begun.state.expose_secret().to_owned());
        let nonce = Nonce::new(begun.nonce.expose_secret().to_owned());
        let verifier = PkceCodeVerifier::new(begun.pkce_verifier.expose_secret().to_owned());
        let code_flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let client = self.client(&metadata);
        let mut request = client
            .authorize_url(code_flow, || state, || nonce)
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if matches!(self.config.credential, Credential::Apple(_)) {
            request = request.add_extra_param("response_mode", "form_post");
        }
        let (url, ..) = request.url();
        Ok(Begin { url, cookie: begun.cookie })
    }

    /// Takes the return from the provider; `cookie` is the browser's flow cookie. Whatever comes of it,
    /// the flow is used up.
    pub async fn finish(
        &self,
        callback: Callback,
        cookie: Option<&str>,
    ) -> Result<SignIn, AuthError> {
        let (Some(state), Some(cookie)) = (&callback.state, cookie) else {
            return Err(AuthError::Invalid(Flaw::Flow));
        };
        let flow = self.flows.finish(&[&self.purpose()], state, cookie).await?;
        let flow = flow.ok_or(AuthError::Invalid(Flaw::Flow))?;

        let metadata = self.discovery.metadata().await?;
        check_issuer(&metadata, callback.iss.as_deref())?;
        if let Some(error) = callback.error {
            return Err(AuthError::Denied(Refusal::of(&error)));
        }
        let code = callback.code.ok_or(AuthError::Invalid(Flaw::Code))?;

        let token = self.redeem(&metadata, code, &flow).await?;
        let identity = self.verify(&metadata, &token, &flow).await?;
        Ok(SignIn { identity, linking: flow.user, return_path: flow.return_path })
    }

    /// Exchanges the code for an ID token (OIDC Core 1.0, section 3.1.3). The access token
    /// is dropped: nothing more is wanted.
    async fn redeem(
        &self,
        metadata: &Metadata,
        code: String,
        flow: &Flow,
    ) -> Result<CoreIdToken, AuthError> {
        let client = self.client(metadata);
        let verifier = PkceCodeVerifier::new(flow.pkce_verifier.expose_secret().to_owned());
        let ask = Exchange(&self.http);
        let response = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(AuthError::internal)?
            .set_pkce_verifier(verifier)
            .request_async(&ask)
            .await?;
        response.id_token().cloned().ok_or(AuthError::Invalid(Flaw::Token))
    }

    /// Checks signature, issuer, audience, expiry and nonce (section 3.1.3.7). A key that is not known
    /// may be new: then the provider is asked once more.
    async fn verify(
        &self,
        metadata: &Arc<Metadata>,
        token: &CoreIdToken,
        flow: &Flow,
    ) -> Result<VerifiedIdentity, AuthError> {
        match self.claims(metadata, token, flow) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let metadata = self.discovery.refreshed(metadata).await?;
                self.claims(&metadata, token, flow)
            }
            done => done,
        }
        .map_err(AuthError::from)
        .and_then(|claims| self.identity(&claims))
    }

    /// An address counts only when the issuer has verified it. Apple says so in a string.
    fn identity(&self, claims: &CoreIdTokenClaims) -> Result<VerifiedIdentity, AuthError> {
        let identity = VerifiedIdentity::new(&self.config.issuer, claims.subject())?;
        Ok(match claims.email() {
            Some(email) if claims.email_verified() == Some(true) => identity.with_email(email),
            Some(email) => identity.hinted(email),
            None => identity,
        })
    }

    /// The claims, when all of them hold.
    fn claims(
        &self,
        metadata: &Metadata,
        token: &CoreIdToken,
        flow: &Flow,
    ) -> Result<CoreIdTokenClaims, ClaimsVerificationError> {
        let client = self.client(metadata);
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(signatures(metadata))
            .set_time_fn(|| self.clock.now());
        let nonce = Nonce::new(flow.nonce.expose_secret().to_owned());
        token.claims(&verifier, &nonce).cloned()
    }

    fn client(&self, metadata: &Metadata) -> Client {
        let OidcConfig { client_id, issuer, .. } = &self.config;
        let secret = match &self.config.credential {
            Credential::Secret(secret) => secret.clone(),
            Credential::Apple(key) => key.client_secret(client_id, issuer, self.clock.now()),
        };
        let secret = ClientSecret::new(secret.expose_secret().to_owned());
        CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(client_id.clone()),
            Some(secret),
        )
        .set_redirect_uri(RedirectUrl::from_url(self.config.redirect_url.clone()))
        .set_auth_type(auth_type(metadata))
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("config", &self.config).finish_non_exhaustive()
    }
}

impl fmt::Debug for Begin {
    /// Without the query, which carries state and nonce.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begin").field("path", &self.url.path()).finish_non_exhaustive()
    }
}

/// Against mix-up: a return that names its issuer must name the one that was asked, and one that
/// promised to must (RFC 9207, section 2.4).
fn check_issuer(metadata: &Metadata, iss: Option<&str>) -> Result<(), AuthError> {
    let as_promised = match iss {
        Some(iss) => iss == metadata.issuer().as_str(),
        None => !promises_issuer(metadata),
    };
    as_promised.then_some(()).ok_or(AuthError::Invalid(Flaw::Issuer))
}

/// `client_secret_basic`, as is the default (Discovery 1.0, section 3), unless only `…_post` is there.
fn auth_type(metadata: &Metadata) -> AuthType {
    let offered = metadata.token_endpoint_auth_methods_supported();
    let offers = |method| offered.is_some_and(|methods| methods.contains(&method));
    let only_post = offers(CoreClientAuthMethod::ClientSecretPost)
        && !offers(CoreClientAuthMethod::ClientSecretBasic);
    if only_post { AuthType::RequestBody } else { AuthType::BasicAuth }
}
