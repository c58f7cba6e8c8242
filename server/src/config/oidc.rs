//! The sign-in: one provider of `OpenID` Connect.

use auth::oidc::IssuerUrl;
use secrecy::SecretString;

use super::reader::Reader;

/// A provider of `OpenID` Connect.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// The issuer, letter by letter as the provider names itself.
    pub issuer: IssuerUrl,
    /// oO's client id there.
    pub client_id: String,
    /// oO's client secret there.
    pub client_secret: SecretString,
    /// What the button says: "Continue with …".
    pub label: String,
}

impl Oidc {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        const ISSUER: &str = "OO_OIDC_ISSUER";

        // The text is kept as it is: a URL would gain a slash that the provider's own name has not.
        let issuer =
            reader.service(ISSUER, "https://accounts.google.com").and_then(|_| reader.text(ISSUER));
        if !reader.all_or_none(&[ISSUER, "OO_OIDC_CLIENT_ID"], "OO_OIDC_CLIENT_SECRET") {
            return None;
        }
        Some(Self {
            issuer: IssuerUrl::new(issuer?).ok()?,
            client_id: reader.text("OO_OIDC_CLIENT_ID")?,
            client_secret: reader.client_secret("OO_OIDC_CLIENT_SECRET")?,
            label: reader.text("OO_OIDC_LABEL").unwrap_or_else(|| "your account".to_owned()),
        })
    }
}
