//! The document around every page.

use crate::components::{help::Help, mark::Mark};
use leptos::{config::LeptosOptions, hydration::AutoReload, nonce::use_nonce, prelude::*};
use std::sync::Arc;

/// The addresses of what a page loads, found out once at start.
///
/// Leptos' own components read `hash.txt` from the disk at every request.
#[derive(Clone, Debug)]
pub struct Assets {
    css: Arc<str>,
    page: Arc<str>,
    js: Arc<str>,
    wasm: Arc<str>,
    options: LeptosOptions,
    watching: bool,
}

impl Assets {
    /// Where a page hears of a new build under `cargo leptos watch`, as the sources of a content security
    /// policy; empty elsewhere.
    pub fn reload_sources(&self) -> String {
        let port = self.options.reload_port;
        if self.watching {
            format!(" ws://localhost:{port} ws://127.0.0.1:{port}")
        } else {
            String::new()
        }
    }

    /// Reads `hash.txt` beside the binary when the files carry hashes in their names.
    pub fn of(options: &LeptosOptions) -> Self {
        let hashes = options
            .hash_files
            .then(|| {
                let beside =
                    std::env::current_exe().ok()?.parent()?.join(options.hash_file.as_ref());
                std::fs::read_to_string(beside).ok()
            })
            .flatten()
            .unwrap_or_default();
        Self::named(options, &hashes)
    }

    /// The same from the text of a `hash.txt`: lines such as `css: 1a2b`, in the way of
    /// cargo-leptos.
    pub fn named(options: &LeptosOptions, hashes: &str) -> Self {
        let address = |kind: &str| -> Arc<str> {
            let hash = hashes
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(known, _)| known.trim() == kind)
                .map(|(_, hash)| hash.trim());
            let middle = match hash {
                Some(hash) => format!(".{hash}"),
                None if kind == "wasm" && option_env!("LEPTOS_OUTPUT_NAME").is_none() => {
                    "_bg".into()
                }
                None => String::new(),
            };
            format!("/{}/{}{middle}.{kind}", options.site_pkg_dir, options.output_name).into()
        };
        Self {
            css: address("css"),
            page: address("page.js"),
            js: address("js"),
            wasm: address("wasm"),
            options: options.clone(),
            watching: std::env::var_os("LEPTOS_WATCH").is_some(),
        }
    }
}

/// The document. `awake` says whether an island on it is to be woken up.
#[component]
pub(crate) fn Document(
    assets: Assets,
    title: &'static str,
    #[prop(optional)] awake: bool,
    children: Children,
) -> impl IntoView {
    let Assets { css, page, js, wasm, options, watching } = assets;
    // Whatever went wrong is told without scripts, and without a nonce.
    let scripted = use_nonce().is_some_and(|nonce| !nonce.to_string().is_empty());
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="dark" />
                <meta name="theme-color" content="#000000" />
                <title>{title}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icons/apple-touch.png" />
                <meta name="apple-mobile-web-app-status-bar-style" content="black" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href=css.to_string() />
                {scripted.then(|| view! { <script type="module" nonce=use_nonce() src=page.to_string()></script> })}
                {awake.then(|| view! { <WakeUp js wasm /> })}
                {watching.then(|| view! { <AutoReload options /> })}
            </head>
            <body>{children()}</body>
        </html>
    }
}

/// Loads the WASM module and wakes the islands up.
#[component]
fn WakeUp(js: Arc<str>, wasm: Arc<str>) -> impl IntoView {
    let script = format!(
        r#"import wake,* as page from"{js}";await wake({{module_or_path:"{wasm}"}});page.hydrate();for(const e of document.querySelectorAll("leptos-island"))page[e.dataset.component](e)"#
    );
    view! {
        <link rel="modulepreload" href=js.to_string() />
        <link rel="preload" href=wasm.to_string() r#as="fetch" r#type="application/wasm" crossorigin="" />
        <script type="module" nonce=use_nonce()>{script}</script>
    }
}

/// The line at the top: the mark leads home, and one quiet word leads elsewhere.
#[component]
pub(crate) fn Header(
    /// Where the quiet word leads, and the word.
    #[prop(optional)]
    way: Option<(&'static str, &'static str)>,
    /// Whether single keys act on this page.
    #[prop(optional)]
    keys: bool,
) -> impl IntoView {
    view! {
        <header>
            <a class="home" href="/" aria-label="oO, home">
                <Mark />
            </a>
            {way.map(|(href, word)| view! {
                <nav aria-label="oO">
                    {keys.then(|| view! { <Help /> })} <a href=href>{word}</a>
                </nav>
            })}
        </header>
    }
}
