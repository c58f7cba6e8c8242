//! The secret address of a calendar: whoever has it can read it.

use std::{borrow::Cow, fmt};

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::ics::is_email;

/// No calendar's address is longer, in bytes.
const LONGEST: usize = 2_048;

/// An address that could be a calendar's. It prints its host alone.
#[derive(Clone)]
pub(crate) struct Address(Url);

impl Address {
    /// Reads what a person has pasted. `webcal:` is what programs for calendars listen to; it stands for `https:`.
    /// Plain `http:` passes here: whether oO goes there is the client's to say.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        // `Url` does not change a scheme that it does not know into one that it knows.
        let (scheme, rest) = text.split_once("://")?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" | "webcal" | "webcals" => "https",
            "http" => "http",
            _ => return None,
        };
        let mut url = Url::parse(&format!("{scheme}://{rest}")).ok()?;
        url.set_fragment(None);
        let plain = url.username().is_empty() && url.password().is_none();
        (plain && url.host_str().is_some_and(|host| !host.is_empty())).then_some(Self(url))
    }

    /// An address that was kept.
    pub(crate) fn opened(secret: &SecretString) -> Option<Self> {
        Self::read(secret.expose_secret())
    }

    /// All of it, to be sealed.
    pub(crate) fn secret(&self) -> SecretString {
        SecretString::from(self.0.as_str())
    }

    /// What may be shown of it.
    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whose calendar is there, where it says so: Google's addresses name the owner's own for e-mail.
    pub(super) fn owner(&self) -> Option<String> {
        let mut parts = self.0.path_segments()?.map(|part| percent_decode_str(part).decode_utf8());
        parts.find_map(|part| part.ok().filter(|part| is_email(part)).map(Cow::into_owned))
    }

    /// All of it, to be asked.
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.host()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_is_read() {
        let read = |text: &str| Address::read(text).map(|address| address.url().to_string());
        let secret = "https://calendar.example/ical/ana%40example.org/private-c0ffee/basic.ics";
        assert_eq!(read(&format!("  {secret}\n")).unwrap(), secret);
        let webcal = "WebCal://p1.example:8443/published/2/AbC?x=1#top";
        assert_eq!(read(webcal).unwrap(), "https://p1.example:8443/published/2/AbC?x=1");
        assert_eq!(read("http://nas.lan/a.ics").unwrap(), "http://nas.lan/a.ics");
        for text in [
            "",
            "calendar.example/basic.ics",
            "ftp://example.org/a.ics",
            "file:///etc/passwd",
            "https://",
            "https://ana:secret@example.org/a.ics",
            "javascript:alert(1)",
            "data://text/calendar,",
            &format!("https://example.org/{}", "a".repeat(LONGEST)),
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn it_may_tell_whose_it_is() {
        let owner = |path: &str| {
            Address::read(&format!("https://calendar.example/{path}")).unwrap().owner()
        };
        let told = owner("calendar/ical/ana.b%2Boo%40example.org/private-c0ffee/basic.ics");
        assert_eq!(told.unwrap(), "ana.b+oo@example.org");
        assert_eq!(owner("ical/ana@example.org/basic.ics").unwrap(), "ana@example.org");
        for path in
            ["a/b.ics", "a@b/c", "@example.org", "ana%40", "%ff%40example.org", "a@b@c.d", "?a@b.c"]
        {
            assert_eq!(owner(path), None, "{path}");
        }
    }

    #[test]
    fn it_prints_its_host_alone() {
        let address = Address::read("https://calendar.example/private-c0ffee/basic.ics").unwrap();
        assert_eq!(format!("{address:?}"), r#"Address("calendar.example")"#);
    }
}
