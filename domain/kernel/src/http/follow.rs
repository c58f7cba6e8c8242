//! Redirects, where they are wanted.

use reqwest::{
    Method, Request, RequestBuilder,
    header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap, LOCATION},
};
use url::Url;

use super::{Answer, Http, HttpError, address::Rule};

impl Http {
    /// Sends `request`, and goes on to where the answer says, `hops` times at most and within the time of one
    /// request. Only what reads (GET, HEAD) is sent on. A hop to another origin takes no header along but
    /// `Accept` and `Accept-Language`, and leads to a public address over https: that the operator has named
    /// a host does not let others send oO there.
    ///
    /// # Errors
    /// See [`HttpError`]; [`HttpError::Astray`] after too many hops.
    pub async fn follow(
        &self,
        request: RequestBuilder,
        cap: usize,
        hops: usize,
    ) -> Result<Answer, HttpError> {
        let request = request.build()?;
        let rule = self.hosts.rule(request.url())?;
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if !reads || request.body().is_some() {
            return Err(HttpError::Invalid);
        }
        let followed = self.hop_on(request, rule, cap, hops);
        tokio::time::timeout(self.patience.total, followed).await.unwrap_or(Err(HttpError::Timeout))
    }

    async fn hop_on(
        &self,
        mut request: Request,
        mut rule: Rule,
        cap: usize,
        hops: usize,
    ) -> Result<Answer, HttpError> {
        for _ in 0..=hops {
            let (method, from) = (request.method().clone(), request.url().clone());
            let headers = request.headers().clone();
            let answer = self.exchange(request, rule, cap).await?;
            let Some(to) = target(&from, &answer)? else { return Ok(answer) };

            request = Request::new(method, to);
            if request.url().origin() == from.origin() {
                *request.headers_mut() = headers;
            } else {
                rule = elsewhere(request.url())?;
                *request.headers_mut() = harmless(&headers);
            }
        }
        Err(HttpError::Astray)
    }
}

/// Where the answer sends to, if it does.
fn target(from: &Url, answer: &Answer) -> Result<Option<Url>, HttpError> {
    if !matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = answer.headers.get(LOCATION).and_then(|location| location.to_str().ok());
    let Some(location) = location else { return Ok(None) };
    let to = from.join(location).map_err(|_| HttpError::Refused)?;
    let bare = to.username().is_empty() && to.password().is_none();
    if bare { Ok(Some(to)) } else { Err(HttpError::Refused) }
}

/// The rule of a hop to another origin.
fn elsewhere(to: &Url) -> Result<Rule, HttpError> {
    if to.scheme() == "https" { Ok(Rule::Public) } else { Err(HttpError::Refused) }
}

/// What any origin may read.
pub(super) fn harmless(headers: &HeaderMap) -> HeaderMap {
    [ACCEPT, ACCEPT_LANGUAGE]
        .into_iter()
        .filter_map(|name| headers.get(&name).cloned().map(|value| (name, value)))
        .collect()
}
