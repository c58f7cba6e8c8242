//! What the page asks the server for: a function a file, each a plain form's target too.
//!
//! A form that arrives without scripts is sent back to `/`, with nothing in the address but the code
//! of a [`Notice`](crate::types::Notice). The island asks without `Accept: text/html` and gets the new
//! scene as a [`Drawing`].

#![expect(missing_docs, reason = "the fields of the structs that #[server] makes of the arguments")]

pub mod react;
pub mod set_time_zone;
pub mod stage;
pub mod undo;

pub use react::{React, react};
pub use set_time_zone::{SetTimeZone, set_time_zone};
pub use stage::{LoadStage, stage};
pub use undo::{Undo, undo};

use crate::types::Failure;

/// The inside of the tip page as HTML, drawn from a [`Stage`](crate::types::Stage).
pub type Drawing = String;
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let failure = match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Malformed,
            _ => Self::Internal,
        };
        // Leptos answers what it cannot read by itself, and with a 500.
        #[cfg(feature = "ssr")]
        let failure = fail(failure);
        failure
    }
}

#[cfg(feature = "ssr")]
pub use edge::land_on_the_page;
#[cfg(feature = "ssr")]
use edge::{answer, fail, person};

/// The edge: who is it, and how does the answer travel.
#[cfg(feature = "ssr")]
mod edge {
    use crate::{
        backend::Person,
        components::stage::StageView,
        headers, keys,
        server_fns::Drawing,
        types::{Failure, Notice, Stage},
    };
    use http::{HeaderValue, StatusCode, header::LOCATION, request::Parts};
    use leptos::prelude::*;
    use leptos_axum::ResponseOptions;

    /// Sends a plain form back to `/`, unless what comes of it has more to tell. The server calls this
    /// while it provides the context of a server function.
    pub fn land_on_the_page() {
        land("/");
    }

    /// The signed-in person.
    pub(super) fn person() -> Result<Person, Failure> {
        use_context::<Person>().ok_or_else(|| fail(Failure::SignedOut))
    }

    /// Draws the new state, and tells the notice to a page without scripts.
    pub(super) fn answer(result: Result<Stage, Failure>) -> Result<Drawing, Failure> {
        let stage = result.map_err(fail)?;
        if let Some(notice) = stage.notice {
            tell(notice);
        }

        let keys = use_context::<Parts>().is_none_or(|request| keys::are_on(&request.headers));
        Ok(view! { <StageView stage keys /> }.to_html())
    }

    pub(super) fn fail(failure: Failure) -> Failure {
        let status = match failure {
            Failure::SignedOut => StatusCode::UNAUTHORIZED,
            Failure::Malformed => StatusCode::BAD_REQUEST,
            Failure::Unknown => StatusCode::NOT_FOUND,
            Failure::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(status);
        }
        match failure {
            Failure::SignedOut => land("/"),
            Failure::Unknown => tell(Notice::TipGone),
            Failure::Malformed | Failure::Internal => tell(Notice::Failed),
        }
        failure
    }

    /// Back to the page, with a notice on it.
    fn tell(notice: Notice) {
        if let Some(code) = notice.code() {
            land(&format!("/?notice={code}"));
        }
    }

    /// 303, for those who asked for a page.
    fn land(path: &str) {
        let asks_for_a_page = use_context::<Parts>()
            .is_some_and(|request| headers::asks_for_a_page(&request.headers));
        let (Some(response), Ok(path)) =
            (use_context::<ResponseOptions>(), HeaderValue::from_str(path))
        else {
            return;
        };
        if asks_for_a_page {
            response.set_status(StatusCode::SEE_OTHER);
            response.insert_header(LOCATION, path);
        }
    }
}
