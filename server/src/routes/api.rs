//! The HTTP API, for scripts and for clients that are no browser: a file a noun. [`document`] describes it, from the
//! types and comments here; [`caller`] finds out who asks, and [`problem`] tells what went wrong.

mod caller;
pub(super) mod document;
pub(super) mod feedback;
pub(super) mod me;
mod problem;
pub(super) mod tip;

pub(super) use problem::told;

/// What all of its addresses begin with.
const V1: &str = "/api/v1/";

/// Whether `path` is one of the API's.
pub(crate) fn is_api(path: &str) -> bool {
    path.starts_with(V1)
}
