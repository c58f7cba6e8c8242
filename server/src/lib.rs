//! The server: command line, configuration, routes, middleware, and the composition of the modules.
//!
//! [`cli`] reads what is asked for, [`config`] what is set; [`application`] puts the house together and
//! [`http`] serves it. A route is a handler of a few lines in [`routes`]: who is it, one call into a
//! module, map the error.

pub mod application;
pub mod cli;
pub mod config;
mod demo;
pub mod http;
mod routes;
mod state;
mod telemetry;

pub use state::AppState;
