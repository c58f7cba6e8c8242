//! The browser's time zone.

use crate::types::Failure;
use leptos::prelude::*;

/// Takes note of the browser's IANA time zone.
#[server(endpoint = "set_time_zone")]
pub async fn set_time_zone(zone: String) -> Result<(), Failure> {
    let person = super::person()?;
    crate::backend::set_time_zone(person, zone).await.map_err(super::fail)
}
