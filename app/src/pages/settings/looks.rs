//! Where oO looks.

use crate::types::Connection;
use leptos::prelude::*;

/// The connection to Todoist, and what can be done about it.
#[component]
pub fn Todoist(connection: Connection) -> impl IntoView {
    let about = match connection {
        Connection::Impossible => "Not set up here yet; the file .env.example explains how.",
        Connection::None => "Not connected.",
        Connection::Read => "Connected; Todoist lets oO read your tasks.",
        Connection::ReadWrite => "Connected; Todoist lets oO read your tasks and close them.",
        Connection::Broken => "Todoist no longer lets oO in. Connect again to go on.",
    };
    let (write, read) = match connection {
        Connection::Impossible => (None, None),
        Connection::None => (Some("Connect"), Some("Connect, read only")),
        Connection::Broken => (Some("Connect again"), None),
        Connection::Read => (Some("Let oO close tasks"), None),
        Connection::ReadWrite => (None, Some("Make it read only")),
    };

    let is_there = !matches!(connection, Connection::Impossible | Connection::None);

    view! {
        <section class="setting" aria-labelledby="todoist-title">
            <div><h3 id="todoist-title">"Todoist"</h3>
            <p>{about}</p></div>
            <div class="choices">
                {write.map(|label| view! { <a class="button" href="/connect/todoist?access=write">{label}</a> })}
                {read.map(|label| view! { <a class="button" href="/connect/todoist?access=read">{label}</a> })}
                {is_there.then(|| view! {
                    <form method="post" action="/settings/todoist/disconnect"><button>"Disconnect"</button></form>
                })}
            </div>
        </section>
    }
    .into_any()
}
