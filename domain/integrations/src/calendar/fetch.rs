//! Asking for a calendar, and reading it.

use chrono::Days;
use kernel::{
    TimeZone, Timestamp,
    http::{Answer, HttpError},
};

use super::{
    Busy, CalendarError, Calendars,
    address::Address,
    ics::{self, Unreadable, Window},
};
use crate::error::InternalError;

/// What a calendar may weigh, in bytes. None is unpacked: no compression is asked for, and an answer that is compressed all
/// the same is none.
const MOST: usize = 1024 * 1024;

/// How often an address may lead on to another one.
const HOPS: usize = 2;

impl Calendars {
    /// When the calendar at `address` is busy, from now until the end of tomorrow in `zone`.
    pub(super) async fn ask(
        &self,
        address: &Address,
        zone: &TimeZone,
    ) -> Result<Busy, CalendarError> {
        let _turn = self.parts.fetches.acquire().await.map_err(|_| InternalError::Lost)?;
        let http = &self.parts.http;
        let request = http.client().get(address.url().clone()).header("accept", "text/calendar");
        let body = body(http.follow(request, MOST, HOPS).await?)?;

        let window = window(self.parts.clock.now(), zone);
        let zone = jiff::tz::TimeZone::get(zone.name()).unwrap_or(jiff::tz::TimeZone::UTC);
        let owner = address.owner();
        // It may take the processor for some hundredths of a second.
        let read = move || ics::read(&body, owner.as_deref(), &zone, window);
        let read = tokio::task::spawn_blocking(read);
        Ok(read.await.map_err(|_| InternalError::Lost)??)
    }
}

fn body(answer: Answer) -> Result<Vec<u8>, CalendarError> {
    match answer.status.as_u16() {
        200 => {}
        401 | 403 | 404 | 410 => return Err(CalendarError::NotThere),
        ..=399 => return Err(CalendarError::NotACalendar),
        _ => return Err(CalendarError::Unreachable),
    }
    if answer.headers.get("content-encoding").is_some_and(|encoding| encoding != "identity") {
        return Err(CalendarError::NotACalendar);
    }
    Ok(answer.body)
}

/// Until the end of tomorrow.
fn window(now: Timestamp, zone: &TimeZone) -> Window {
    let today = zone.local(now).date();
    let day_after = today.tomorrow().and_then(jiff::civil::Date::tomorrow).ok();
    let until = day_after.and_then(|date| zone.midnight(date));
    let until = until.or_else(|| now.checked_add_days(Days::new(1))).unwrap_or(now);
    Window { from: now, until }
}

impl From<HttpError> for CalendarError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Refused => Self::NotAllowed,
            HttpError::TooLarge { .. } => Self::TooLarge,
            HttpError::Invalid => Self::NotAnAddress,
            HttpError::Timeout | HttpError::Unreachable | HttpError::Astray => Self::Unreachable,
        }
    }
}

impl From<Unreadable> for CalendarError {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::NotACalendar => Self::NotACalendar,
            Unreadable::TooMuch => Self::TooLarge,
        }
    }
}
