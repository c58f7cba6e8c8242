//! Tokens, for scripts: the list, the form for a new one, and the page that shows it, once.

use super::access::HandleForm;
use crate::{
    shell::{Assets, Document, Header},
    types::{Permission, Token, TokenForm},
};
use leptos::prelude::*;
use secrecy::{ExposeSecret, SecretString};

/// A token that was made just now. Nobody can show it a second time.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What its person calls it.
    pub name: String,
    /// All of it.
    pub text: SecretString,
    /// An address that it opens, if it may see the tip.
    pub try_it: Option<String>,
}

/// The tokens that a person has, and the form for a new one.
#[component]
pub fn Tokens(tokens: Vec<Token>, form: TokenForm) -> impl IntoView {
    let rows = tokens.into_iter().map(|Token { id, name, may, used, ends }| {
        let about = format!("Revoke {name}");
        let may = may.into_iter().map(shortly).collect::<Vec<_>>().join(", ");
        view! {
            <li>
                <span>{name} <small>" may " {may} "; " {used} "; " {ends} "."</small></span>
                <HandleForm action="/settings/tokens/revoke" id label="Revoke" about />
            </li>
        }
    });
    let boxes = Permission::ALL.into_iter().map(|permission| {
        let is_first = permission == Permission::ReadTip;
        view! {
            <label>
                <input type="checkbox" name="scope" value=permission.code() checked=is_first />
                <span>{at_length(permission)} " " <small>{permission.code()}</small></span>
            </label>
        }
    });
    let lives = form.days.into_iter().map(|days| {
        let label = if days == 365 { "a year".to_owned() } else { format!("{days} days") };
        view! { <option value=days selected=days == form.usual>{label}</option> }
    });

    view! {
        <section class="setting" aria-labelledby="tokens-title">
            <div><h3 id="tokens-title">"Tokens"</h3>
            <p>"With one, a script speaks for you. It is shown once, and ends by itself."</p></div>
            <ul class="tokens">{rows.collect_view()}</ul>
            <details class="making">
                <summary class="button">"New token"</summary>
                <form method="post" action="/settings/tokens" autocomplete="off">
                    <label>
                        <span>"Name"</span>
                        <input name="name" required maxlength="64" placeholder="the kitchen display" />
                    </label>
                    <fieldset>
                        <legend>"It may"</legend>
                        {boxes.collect_view()}
                    </fieldset>
                    <label>
                        <span>"It ends after"</span>
                        <select name="days">{lives.collect_view()}</select>
                    </label>
                    <button>"Make it"</button>
                </form>
            </details>
        </section>
    }
    // The type of the page grows with every section, and the compiler follows it only so far.
    .into_any()
}

/// What a new token's page shows: the token, and how to begin with it.
#[component]
pub fn NewTokenPage(assets: Assets, token: NewToken) -> impl IntoView {
    let NewToken { name, text, try_it } = token;
    let text = text.expose_secret().to_owned();
    let try_it = try_it.map(|url| {
        let command = format!("curl -H 'Authorization: Bearer {text}' {url}");
        view! {
            <p>"Your tip, in a terminal:"</p>
            <p><code class="token quiet">{command}</code></p>
        }
    });

    view! {
        <Document assets title="oO · a new token">
            <Header way=("/settings", "settings") />
            <main class="settings">
                <h1>"A new token."</h1>
                <p class="saved">
                    "This is " <b>{name}</b> ". Copy it now: it is shown this once, and oO keeps only its fingerprint."
                </p>
                <p><code class="token" id="token">{text}</code></p>
                {try_it}
                <p class="ways"><a href="/settings">"I have it"</a></p>
            </main>
        </Document>
    }
}

/// What it may do, in a list.
fn shortly(permission: Permission) -> &'static str {
    match permission {
        Permission::ReadTip => "see the tip",
        Permission::AnswerTips => "answer tips",
        Permission::ReadMe => "see who you are",
    }
}

/// What it may do, beside a box to tick.
fn at_length(permission: Permission) -> &'static str {
    match permission {
        Permission::ReadTip => "See the tip that is open",
        Permission::AnswerTips => "Ask for a tip, and answer it",
        Permission::ReadMe => "See your time zone, and whether Todoist is connected",
    }
}
