//! Signatures for push services (RFC 8292). One is good for an origin, and for some hours.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::TimeDelta;
use kernel::Timestamp;
use secrecy::ExposeSecret;
use web_push::{SubscriptionInfo, VapidSignatureBuilder, WebPushError};

use super::{Contact, Key};

/// For how long a signature is good; 24 hours at the most (RFC 8292, section 2).
const GOOD_FOR: TimeDelta = TimeDelta::hours(12);

/// For how long it is used: clocks differ, and a message may wait.
const USED_FOR: TimeDelta = TimeDelta::hours(6);

/// More origins than there are services: some have a host a region.
const MOST: usize = 256;

/// Signs, and remembers what it has signed.
pub(super) struct Vapid {
    key: Key,
    contact: Contact,
    signed: Mutex<HashMap<String, Signed>>,
}

struct Signed {
    header: String,
    at: Timestamp,
}

impl Vapid {
    pub(super) fn new(key: Key, contact: Contact) -> Self {
        Self { key, contact, signed: Mutex::default() }
    }

    /// The header `Authorization` for `origin`, such as `https://push.example.org` or `http://127.0.0.1:8080`.
    pub(super) fn header(&self, origin: &str, now: Timestamp) -> Result<String, WebPushError> {
        if let Some(header) = self.remembered(origin, now) {
            return Ok(header);
        }
        let header = self.sign(origin, now)?;
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if signed.len() >= MOST {
            signed.clear();
        }
        signed.insert(origin.to_owned(), Signed { header: header.clone(), at: now });
        Ok(header)
    }

    fn remembered(&self, origin: &str, now: Timestamp) -> Option<String> {
        let signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        let Signed { header, at } = signed.get(origin)?;
        (*at <= now && now < *at + USED_FOR).then(|| header.clone())
    }

    fn sign(&self, origin: &str, now: Timestamp) -> Result<String, WebPushError> {
        // The crate wants a subscription for its host alone, which it leaves the port out of: the claim tells both.
        let nobody = SubscriptionInfo::new(origin, "", "");
        let key = self.key.secret().expose_secret();
        let mut builder = VapidSignatureBuilder::from_base64(key, &nobody)?;
        builder.add_claim("aud", origin);
        builder.add_claim("exp", (now + GOOD_FOR).timestamp());
        builder.add_claim("sub", self.contact.as_str());
        let signature = builder.build()?;
        Ok(format!("vapid t={},k={}", signature.auth_t, self.key.public()))
    }
}
