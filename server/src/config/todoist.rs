//! oO as a client of Todoist.

use integrations::TodoistConfig;

use super::reader::Reader;

/// Where Todoist is, and who oO is there; `None`: nobody.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<TodoistConfig> {
    let api_base = reader.service("TODOIST_API_URL", "https://api.todoist.com/api/v1");
    let authorize_url =
        reader.service("TODOIST_AUTHORIZE_URL", "https://app.todoist.com/oauth/authorize");
    let token_url =
        reader.service("TODOIST_TOKEN_URL", "https://api.todoist.com/oauth/access_token");
    let revoke_url = reader.service("TODOIST_REVOKE_URL", "https://api.todoist.com/api/v1/revoke");
    if !reader.all_or_none(&["TODOIST_CLIENT_ID"], "TODOIST_CLIENT_SECRET") {
        return None;
    }
    Some(TodoistConfig {
        api_base: api_base?,
        authorize_url: authorize_url?,
        token_url: token_url?,
        revoke_url: revoke_url?,
        client_id: reader.text("TODOIST_CLIENT_ID")?,
        client_secret: reader.client_secret("TODOIST_CLIENT_SECRET")?,
    })
}
