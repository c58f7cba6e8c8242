//! What the API is, told to programs: OpenAPI 3.1, made of the handlers and their types.

use std::sync::LazyLock;

use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use kernel::log_failure;
use serde_json::json;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        self, Content, Header, ObjectBuilder, Ref, RefOr, ResponseBuilder, Type,
        link::LinkBuilder,
        path::Operation,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{
    feedback, me,
    problem::{MEDIA_TYPE, Told},
    tip,
};
use crate::routes::Failed;

/// Where it is served. The kinds of problems are names within it.
pub(crate) const PATH: &str = "/api/openapi.json";

/// It changes with a release.
const FOR_FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A problem that several operations may answer: its status, its name in the document, what it means, and the header
/// that tells more.
type Common = (&'static str, &'static str, &'static str, Option<&'static str>);

/// Any of them.
const ANYWHERE: [Common; 5] = [
    ("401", "Unauthorized", "`no-token`, `invalid-token`.", Some("WWW-Authenticate")),
    ("403", "Forbidden", "`insufficient-scope`; or a session was used from another site.", None),
    ("429", "TooManyRequests", "Asked too often.", Some("Retry-After")),
    ("500", "InternalError", "It is oO's fault.", None),
    ("503", "Unavailable", "`unreadable`; or there is too much to do.", Some("Retry-After")),
];

/// Those that read a body.
const WITH_BODY: [Common; 3] = [
    ("400", "BadRequest", "`malformed`: the body is not as it is described.", None),
    ("413", "ContentTooLarge", "The body has more than 64 KiB.", None),
    ("415", "UnsupportedMediaType", "`media-type`: the body is not said to be JSON.", None),
];

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "oO",
        description = "One tip at a time: the right thing to do, or a piece of advice, at the right moment.\n\n\
                       A token is made in the settings, where it can be revoked too. Each operation needs the scope \
                       that stands beside it. Our own pages may use a session in place of a token; other sites may not.\n\n\
                       What goes wrong is told as a problem (RFC 9457). Its `type` names, after the `#`, which one of \
                       those that stand beside the status it is; it is `about:blank` for the others.",
    ),
    paths(tip::open, tip::recommend, feedback::feedback, me::me),
    components(schemas(Told<'_>)),
    modifiers(&Door, &Problems, &Next),
)]
struct Document;

/// How to come in.
struct Door;

/// What may go wrong anywhere.
struct Problems;

/// What can be done with a tip.
struct Next;

impl Modify for Door {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let token = Http::builder()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A personal token, which begins with `oo_`."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
}

impl Modify for Problems {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        for (_, name, description, header) in ANYWHERE.into_iter().chain(WITH_BODY) {
            let problem = Content::new(Some(Ref::from_schema_name(Told::name())));
            let mut response =
                ResponseBuilder::new().description(description).content(MEDIA_TYPE, problem);
            if let Some(header) = header {
                let text = ObjectBuilder::new().schema_type(Type::String);
                response = response.header(header, Header::new(text));
            }
            components.responses.insert(name.to_owned(), RefOr::T(response.build()));
        }
        for path in document.paths.paths.values_mut() {
            for operation in [&mut path.get, &mut path.post].into_iter().flatten() {
                may_answer(operation, &ANYWHERE);
                if operation.request_body.is_some() {
                    may_answer(operation, &WITH_BODY);
                }
            }
        }
    }
}

impl Modify for Next {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let answer = LinkBuilder::new()
            .operation_id("feedback")
            .request_body(Some(json!({ "tip_id": "$response.body#/tip/id" })))
            .description("A tip is answered by its id.")
            .build();
        for path in ["/api/v1/tip", "/api/v1/recommend", "/api/v1/feedback"] {
            let item = document.paths.paths.get_mut(path);
            let operation = item.and_then(|item| item.get.as_mut().or(item.post.as_mut()));
            let shown =
                operation.and_then(|operation| operation.responses.responses.get_mut("200"));
            if let Some(RefOr::T(shown)) = shown {
                shown.links.insert("answer".to_owned(), RefOr::T(answer.clone()));
            }
        }
    }
}

fn may_answer(operation: &mut Operation, problems: &[Common]) {
    for (status, name, ..) in problems {
        let told = RefOr::Ref(Ref::from_response_name(*name));
        operation.responses.responses.insert((*status).to_owned(), told);
    }
}

/// `GET /api/openapi.json`.
pub(crate) async fn show() -> Response {
    static TEXT: LazyLock<Option<String>> = LazyLock::new(|| {
        Document::openapi().to_json().inspect_err(|error| log_failure(error)).ok()
    });
    let Some(text) = TEXT.as_deref() else { return Failed::INTERNAL.into_response() };
    ([(CONTENT_TYPE, JSON), (CACHE_CONTROL, FOR_FIVE_MINUTES)], text).into_response()
}
