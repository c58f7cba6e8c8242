//! The server: command line, configuration, routes, middleware, and the composition of the modules.
//!
//! [`cli`] reads what is asked for, [`config`] what is set; [`AppState`] is the house, put together from
//! its modules, and [`Application`] runs it from start to stop. [`http`] serves connections. A route is a
//! handler of a few lines in `routes`: who is it, one call into a module, map the error.

pub mod application;
pub mod cli;
pub mod config;
mod database;
mod demo;
pub mod http;
mod jobs;
mod master_keys;
pub mod routes;
mod state;
mod telemetry;

pub use application::Application;
pub use state::AppState;
