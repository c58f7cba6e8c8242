//! The pages: each a plain route, rendered whole by its own view.

#![expect(missing_docs, reason = "the props that #[component] makes of the arguments")]

pub mod consents;
pub mod erase;
pub mod error;
pub mod letter;
pub mod settings;
pub mod signed_out;
pub mod stage;

use crate::{
    shell::Assets,
    types::{Came, Consent, Mishap, Saved, Settings, SignInOptions, Stage, Wish},
};
use hydration_context::SsrSharedContext;
use leptos::{nonce::Nonce, prelude::*};
use settings::tokens::NewToken;
use std::sync::Arc;

/// One page, with all that it shows.
#[derive(Clone, Debug)]
pub enum Page {
    /// `/`, signed out.
    SignedOut(SignInOptions),
    /// `/`, signed in.
    Stage {
        /// What the page shows.
        stage: Stage,
        /// Whether single keys act on this device.
        keys: bool,
        /// The time zone that is known; none when the browser's is not to be reported.
        zone: Option<String>,
        /// The number that the person has here: what is kept on a device while there is no network is theirs alone.
        person: String,
    },
    /// `/`, signed in, for as long as its stage is awaited: [`Page::render_in_two`] tells what is there already.
    Begun {
        /// Whether single keys act on this device.
        keys: bool,
    },
    /// `/consents`.
    Consents(Vec<Consent>),
    /// `/settings`.
    Settings {
        /// What is set.
        settings: Box<Settings>,
        /// What came of the last change.
        saved: Option<Saved>,
    },
    /// `/settings/erase`: before leaving for good. `again` after a word that was not the right one.
    Erase {
        /// Whether it was tried.
        again: bool,
    },
    /// After it.
    Erased,
    /// A token that was made just now.
    NewToken(NewToken),
    /// `/mail/…`: where a link in a letter leads.
    Letter {
        /// What it asks for.
        wish: Wish,
        /// What came of it; none, before somebody has said yes to it.
        came: Option<Came>,
    },
    /// Whatever went wrong.
    Error(Mishap),
}

impl Page {
    /// The page as HTML. `nonce` is the one in the response's content security policy.
    pub fn render(self, assets: &Assets, nonce: &str) -> String {
        let assets = assets.clone();
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let html = owner.with(|| {
            provide_context(Nonce::from_value(nonce));
            match self {
                Self::SignedOut(options) => {
                    view! { <signed_out::SignedOutPage assets options /> }.to_html()
                }
                Self::Stage { stage, keys, zone, person } => {
                    view! { <stage::StagePage assets stage keys zone person /> }.to_html()
                }
                Self::Begun { keys } => view! { <stage::BegunPage assets keys /> }.to_html(),
                Self::Consents(consents) => {
                    view! { <consents::ConsentsPage assets consents /> }.to_html()
                }
                Self::Settings { settings, saved } => {
                    view! { <settings::SettingsPage assets settings=*settings saved /> }.to_html()
                }
                Self::Erase { again } => view! { <erase::ErasePage assets again /> }.to_html(),
                Self::Erased => view! { <erase::ErasedPage assets /> }.to_html(),
                Self::NewToken(token) => {
                    view! { <settings::tokens::NewTokenPage assets token /> }.to_html()
                }
                Self::Letter { wish, came } => {
                    view! { <letter::LetterPage assets wish came /> }.to_html()
                }
                Self::Error(mishap) => view! { <error::ErrorPage assets mishap /> }.to_html(),
            }
        });
        owner.unset_with_forced_cleanup();
        html
    }

    /// The same in two pieces: all above `<main>`, which of the tip page is the same whatever its stage, but for the
    /// title; and the rest.
    pub fn render_in_two(self, assets: &Assets, nonce: &str) -> (String, String) {
        let mut above = self.render(assets, nonce);
        let rest = above.split_off(above.find("<main").unwrap_or(above.len()));
        (above, rest)
    }
}
