//! oO as a client of Todoist.

use secrecy::SecretString;
use url::Url;

use super::reader::Reader;

/// Where Todoist is, and who oO is there.
#[derive(Clone, Debug)]
pub struct Todoist {
    /// The API's base.
    pub api_url: Url,
    /// The page on which people allow the access.
    pub authorize_url: Url,
    /// Where codes become tokens.
    pub token_url: Url,
    /// Where tokens end.
    pub revoke_url: Url,
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: SecretString,
}

impl Todoist {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let api_url = reader.service("TODOIST_API_URL", "https://api.todoist.com/api/v1");
        let authorize_url =
            reader.service("TODOIST_AUTHORIZE_URL", "https://app.todoist.com/oauth/authorize");
        let token_url =
            reader.service("TODOIST_TOKEN_URL", "https://api.todoist.com/oauth/access_token");
        let revoke_url =
            reader.service("TODOIST_REVOKE_URL", "https://api.todoist.com/api/v1/revoke");
        if !reader.all_or_none(&["TODOIST_CLIENT_ID", "TODOIST_CLIENT_SECRET"]) {
            return None;
        }
        Some(Self {
            api_url: api_url?,
            authorize_url: authorize_url?,
            token_url: token_url?,
            revoke_url: revoke_url?,
            client_id: reader.text("TODOIST_CLIENT_ID")?,
            client_secret: reader.secret("TODOIST_CLIENT_SECRET")?,
        })
    }
}
