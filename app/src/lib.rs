//! What a person sees: components, islands, server functions.
//!
//! A page is drawn whole on the server and works as it stands, by links and forms alone ([`pages`]).
//! One island, [`islands::stage::StageIsland`], then wakes up around the tip: it sends the same forms
//! without leaving the page, and listens to the keys. There is no client-side router, and what is
//! drawn is never downloaded as code.

#[cfg(feature = "ssr")]
pub mod backend;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod headers;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod keys;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod types;
#[cfg(feature = "ssr")]
pub mod voice;
