//! The Todoist double, over HTTP.

#![expect(clippy::unwrap_used, reason = "what helps a test may fail as it does")]

mod api;
mod demo;
mod faults;
mod oauth;

use std::{net::SocketAddr, sync::Arc};

use kernel::{
    ManualClock,
    http::{Answer, Http, HttpError},
};
use serde_json::Value;
use testkit::todoist::{CLIENT_ID, CLIENT_SECRET, TodoistDouble};

/// Saturday, 21 November 2026, at noon in UTC.
const NOON: &str = "2026-11-21T12:00:00Z";

/// How much of an answer is read.
const CAP: usize = 1 << 20;

/// A double at noon, its clock, and a client with the first account's personal token.
async fn start() -> (TodoistDouble, Arc<ManualClock>, Client) {
    let clock = ManualClock::at(NOON.parse().unwrap());
    let addr = SocketAddr::from(([127, 0, 0, 1], 0));
    let double = TodoistDouble::start(addr, clock.clone()).await.unwrap();
    let token = double.handle().api_token(&double.handle().account()).unwrap();
    let http = Http::new([&double.base_url().parse().unwrap()].into_iter().collect()).unwrap();
    let client = Client { http, base_url: double.base_url(), token };
    (double, clock, client)
}

struct Client {
    http: Http,
    base_url: String,
    token: String,
}

impl Client {
    fn with_token(&self, token: &str) -> Self {
        Self { http: self.http.clone(), base_url: self.base_url.clone(), token: token.into() }
    }

    async fn raw(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, HttpError> {
        let url = format!("{}{path}", self.base_url);
        let request = self.http.client().request(method.parse().unwrap(), url);
        let request = request.bearer_auth(&self.token);
        let request = if let Some(body) = body { request.json(body) } else { request };
        self.http.send(request, CAP).await
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        told(&self.raw("GET", path, None).await.unwrap())
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        told(&self.raw("POST", path, Some(body)).await.unwrap())
    }

    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.http.client().post(format!("{}{path}", self.base_url)).form(fields);
        self.http.send(request, CAP).await.unwrap()
    }

    async fn refresh(&self, token: &str) -> (u16, Value) {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
        ];
        told(&self.form("/oauth/access_token", &fields).await)
    }
}

/// The status and the body, `null` when it is no JSON.
fn told(answer: &Answer) -> (u16, Value) {
    (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or_default())
}
