//! Who oO is towards push services.

use std::str::FromStr;

use url::Url;

use super::{Key, Services};

/// More than any address, in bytes.
const MOST_BYTES: usize = 256;

/// What is needed to send.
#[derive(Clone, Debug)]
pub struct PushConfig {
    /// What oO signs with. Browsers have bound their subscriptions to it.
    pub key: Key,
    /// Whom a push service can turn to.
    pub contact: Contact,
    /// Who may be asked.
    pub services: Services,
}

/// An operator's address, for push services: `mailto:` or `https:` (RFC 8292, section 2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact(String);

/// Not such an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address such as mailto:ana@example.org or https://example.org/contact")]
pub struct NoContact;

impl Contact {
    /// As it is signed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Contact {
    type Err = NoContact;

    /// Apple answers with 403 to one that is sloppy: no blanks, and no brackets around it.
    fn from_str(text: &str) -> Result<Self, NoContact> {
        let url = Url::parse(text).map_err(|_| NoContact)?;
        let is_plain = text.len() <= MOST_BYTES && text.bytes().all(|byte| byte.is_ascii_graphic());
        let is_address = match url.scheme() {
            "mailto" => is_mail(url.path()) && url.query().is_none() && url.fragment().is_none(),
            "https" => url.has_host() && url.username().is_empty() && url.password().is_none(),
            _ => false,
        };
        if is_plain && is_address { Ok(Self(text.to_owned())) } else { Err(NoContact) }
    }
}

/// As far as a service would look: somebody, at a name with a dot in it.
fn is_mail(address: &str) -> bool {
    let Some((who, place)) = address.split_once('@') else { return false };
    let is_name = |part: &str| !part.is_empty() && !part.contains(['@', '<', '>', ',', ';']);
    is_name(who)
        && is_name(place)
        && place.split('.').count() > 1
        && !place.split('.').any(str::is_empty)
}
