//! The document around every page.

use crate::components::{help::Help, mark::Mark};
use leptos::{
    config::LeptosOptions, either::Either, hydration::AutoReload, nonce::use_nonce, prelude::*,
};
use std::sync::Arc;

/// What oO is, for whoever looks it up; the manifest says the same.
const DESCRIPTION: &str = "One tip on a black page: the right thing, at the right moment.";

/// The addresses of what a page loads, found out once at start.
///
/// Leptos' own components read `hash.txt` from the disk at every request.
#[derive(Clone, Debug)]
pub struct Assets {
    room: Option<Arc<str>>,
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

    /// Reads what stands beside the binary: `hash.txt`, when the files carry hashes in their names, and `room.css`.
    pub fn of(options: &LeptosOptions) -> Self {
        let beside = |name: &str| {
            let folder = std::env::current_exe().ok()?.parent()?.to_owned();
            std::fs::read_to_string(folder.join(name)).ok()
        };
        let hashes = options.hash_files.then(|| beside(options.hash_file.as_ref())).flatten();
        let assets = Self::named(options, &hashes.unwrap_or_default());
        match beside("room.css") {
            Some(css) => assets.with_room(&css),
            None => assets,
        }
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
            room: None,
            css: address("css"),
            page: address("page.js"),
            js: address("js"),
            wasm: address("wasm"),
            options: options.clone(),
            watching: std::env::var_os("LEPTOS_WATCH").is_some(),
        }
    }

    /// With the style of the first room, for the pages that bring it along. It is put there as it is: our own build
    /// has made it.
    #[must_use]
    pub fn with_room(self, css: &str) -> Self {
        Self { room: Some(css.into()), ..self }
    }
}

/// The document.
#[component]
pub(crate) fn Document(
    assets: Assets,
    title: &'static str,
    /// Whether it is the first that somebody sees, and is painted as soon as it is there: its style comes with it.
    #[prop(optional)]
    first: bool,
    /// Whether an island on it is to be woken up.
    #[prop(optional)]
    awake: bool,
    children: Children,
) -> impl IntoView {
    let Assets { room, css, page, js, wasm, options, watching } = assets;
    // Whatever went wrong is told without scripts, and without a nonce.
    let trusted = use_nonce().is_some_and(|nonce| !nonce.to_string().is_empty());
    let room = room.filter(|_| first && trusted);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="dark" />
                <meta name="theme-color" content="#000000" />
                <title>{title}</title>
                <meta name="description" content=DESCRIPTION />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icons/apple-touch.png" />
                <meta name="apple-mobile-web-app-status-bar-style" content="black" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {match room {
                    Some(css) => Either::Left(view! { <style nonce=use_nonce() inner_html=css></style> }),
                    None => Either::Right(view! { <link rel="stylesheet" href=css.to_string() /> }),
                }}
                {if awake {
                    Either::Left(view! { <WakeUp page js wasm /> })
                } else {
                    Either::Right(trusted.then(|| view! {
                        <script type="module" nonce=use_nonce() src=page.to_string()></script>
                    }))
                }}
                {watching.then(|| view! { <AutoReload options /> })}
            </head>
            <body>{children()}</body>
        </html>
    }
}

/// Loads the scripts and wakes the islands up, once the page is painted: until then, the network and the processor
/// are for that. A page that nobody looks at is not painted, and wakes up at once.
#[component]
fn WakeUp(page: Arc<str>, js: Arc<str>, wasm: Arc<str>) -> impl IntoView {
    let script = format!(
        r#"{{const drawn=new Promise(then=>addEventListener("DOMContentLoaded",then)),wake=async()=>{{const wasm=fetch("{wasm}"),js=import("{js}");await drawn;await import("{page}");const page=await js;await page.default({{module_or_path:wasm}});page.hydrate();for(const e of document.querySelectorAll("leptos-island"))page[e.dataset.component](e)}};document.hidden?wake():requestAnimationFrame(()=>setTimeout(wake))}}"#
    );
    view! { <script nonce=use_nonce()>{script}</script> }
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
