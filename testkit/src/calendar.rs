//! A double of whoever serves a calendar by its secret address.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Request, StatusCode},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::serving::Server;

/// What is secret of its address.
pub const SECRET: &str = "private-c0ffee5ecret";

/// A calendar on a web server of its own, on loopback; it ends when dropped.
#[derive(Debug)]
pub struct CalendarDouble {
    server: Server,
    answers: Answers,
}

type Answers = Arc<Mutex<Answering>>;

#[derive(Debug)]
struct Answering {
    status: StatusCode,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    asked: u64,
}

impl CalendarDouble {
    /// With nothing in it.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start() -> io::Result<Self> {
        let answering = Answering {
            status: StatusCode::OK,
            headers: Vec::new(),
            body: calendar("").into_bytes(),
            asked: 0,
        };
        let answers = Arc::new(Mutex::new(answering));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&answers));
        let loopback = ([127, 0, 0, 1], 0).into();
        let server = Server::start(loopback, router, CancellationToken::new()).await?;
        Ok(Self { server, answers })
    }

    /// Its secret address.
    pub fn address(&self) -> String {
        format!("http://{}/ical/{SECRET}/basic.ics", self.server.addr())
    }

    /// Its host and port.
    pub fn host(&self) -> String {
        self.server.addr().to_string()
    }

    /// From now on, these are its meetings, each with its beginning and its end.
    pub fn meet(&self, meetings: &[(DateTime<Utc>, DateTime<Utc>)]) {
        let meetings: String = meetings.iter().map(|(from, until)| event(*from, *until)).collect();
        self.say(200, calendar(&meetings).as_bytes());
    }

    /// From now on, it answers with this.
    pub fn say(&self, status: u16, body: &[u8]) {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.with(|answering| {
            (answering.status, answering.body) = (status, body.to_vec());
            answering.headers.clear();
        });
    }

    /// From now on, with this header, too.
    pub fn head(&self, name: &'static str, value: &str) {
        self.with(|answering| answering.headers.push((name, value.to_owned())));
    }

    /// How often it was asked.
    pub fn asked(&self) -> u64 {
        self.with(|answering| answering.asked)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Answering) -> T) -> T {
        act(&mut self.answers.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A calendar with these lines in it.
pub fn calendar(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{lines}END:VCALENDAR\r\n")
}

fn event(from: DateTime<Utc>, until: DateTime<Utc>) -> String {
    let (from, until) = (from.format("%Y%m%dT%H%M%SZ"), until.format("%Y%m%dT%H%M%SZ"));
    format!(
        "BEGIN:VEVENT\r\nUID:{from}\r\nSUMMARY:Nobody's business\r\nDTSTART:{from}\r\n\
         DTEND:{until}\r\nEND:VEVENT\r\n"
    )
}

async fn answer(State(answers): State<Answers>, request: Request<Body>) -> Response {
    let mut answering = answers.lock().unwrap_or_else(PoisonError::into_inner);
    answering.asked += 1;
    if !request.uri().path().contains(SECRET) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut response = Response::builder().status(answering.status);
    for (name, value) in &answering.headers {
        response = response.header(*name, value);
    }
    let response = response.body(Body::from(answering.body.clone()));
    response.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
