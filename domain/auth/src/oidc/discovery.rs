//! What a provider says of itself (OIDC Discovery 1.0), remembered for an hour.

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{SharedClock, Timestamp, http::Http};
use openidconnect::{
    AdditionalProviderMetadata, IssuerUrl, JwsSigningAlgorithm, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
        CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::client::Exchange;
use crate::AuthError;

/// How long the description is believed.
const FRESH_FOR: TimeDelta = TimeDelta::hours(1);

/// How long a provider that failed is left alone, so that those who waited do not each wait again.
const REST: TimeDelta = TimeDelta::seconds(5);

/// The provider's description and its keys.
pub(super) type Metadata = ProviderMetadata<
    ResponseIssuer,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// Whether the return carries `iss` (RFC 9207, section 3).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct ResponseIssuer {
    #[serde(default)]
    authorization_response_iss_parameter_supported: Option<bool>,
}

impl AdditionalProviderMetadata for ResponseIssuer {}

/// Asks a provider who it is, one question at a time.
pub(super) struct Discovery {
    issuer: IssuerUrl,
    http: Http,
    clock: SharedClock,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    metadata: Option<(Timestamp, Arc<Metadata>)>,
    failed_at: Option<Timestamp>,
}

impl Discovery {
    pub(super) fn new(issuer: IssuerUrl, http: Http, clock: SharedClock) -> Self {
        Self { issuer, http, clock, known: Mutex::default() }
    }

    /// The description, at most an hour old.
    pub(super) async fn metadata(&self) -> Result<Arc<Metadata>, AuthError> {
        self.newer_than(self.clock.now() - FRESH_FOR).await
    }

    /// Another description than `stale`, which did not have the key that was needed.
    pub(super) async fn refreshed(
        &self,
        stale: &Arc<Metadata>,
    ) -> Result<Arc<Metadata>, AuthError> {
        let mut known = self.known.lock().await;
        if known.metadata.as_ref().is_some_and(|(_, metadata)| Arc::ptr_eq(metadata, stale)) {
            known.metadata = None;
        }
        drop(known);
        self.metadata().await
    }

    async fn newer_than(&self, oldest: Timestamp) -> Result<Arc<Metadata>, AuthError> {
        let mut known = self.known.lock().await;
        match &known.metadata {
            Some((at, metadata)) if *at > oldest => return Ok(Arc::clone(metadata)),
            _ => {}
        }
        if known.failed_at.is_some_and(|at| self.clock.now() - at < REST) {
            return Err(AuthError::Unavailable("it failed a moment ago"));
        }

        let ask = Exchange(&self.http);
        match Metadata::discover_async(self.issuer.clone(), &ask).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                let now = self.clock.now();
                *known = Known { metadata: Some((now, Arc::clone(&metadata))), failed_at: None };
                Ok(metadata)
            }
            Err(error) => {
                known.failed_at = Some(self.clock.now());
                Err(error.into())
            }
        }
    }
}

/// Whether a return without `iss` is suspicious.
pub(super) fn promises_issuer(metadata: &Metadata) -> bool {
    let additional = metadata.additional_metadata();
    additional.authorization_response_iss_parameter_supported.unwrap_or_default()
}

/// The signatures that are believed: what the provider signs with, as far as only it can sign so. A MAC
/// with the client secret is not.
pub(super) fn signatures(metadata: &Metadata) -> Vec<CoreJwsSigningAlgorithm> {
    let offered = metadata.id_token_signing_alg_values_supported().iter();
    offered
        .filter(|it| !it.uses_shared_secret() && **it != CoreJwsSigningAlgorithm::None)
        .cloned()
        .collect()
}
