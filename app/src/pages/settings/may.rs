//! What oO may do.

use super::switch::Switch;
use crate::{
    types::{Connection, Consent},
    voice,
};
use leptos::prelude::*;

/// All that oO may do or not.
#[component]
pub fn Consents(consents: Vec<Consent>, todoist: Connection) -> impl IntoView {
    let switch = |Consent { name, given, since }| {
        let (title, about) = voice::consent(&name);
        let since = match (given, name.as_str()) {
            (true, "write_tasks") if todoist == Connection::Read => {
                "You allow it, but your connection to Todoist is read only.".to_owned()
            }
            _ if since.is_empty() => "Not asked yet.".to_owned(),
            (true, _) => format!("Allowed since {since}."),
            (false, _) => format!("Not allowed since {since}."),
        };
        view! { <Switch title about action="/settings/consents" on=given consent=name since /> }
    };
    consents.into_iter().map(switch).collect_view().into_any()
}
