//! Who carries letters.

use std::fmt;

use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

/// What is needed to write.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// Who takes letters.
    pub server: Server,
    /// Whom they are from.
    pub from: Mailbox,
    /// Where oO is, for links.
    pub base_url: Url,
}

/// A mail server and what to sign in there with: `smtps://name:password@mail.example.org`.
#[derive(Clone)]
pub struct Server(SecretString);

/// Not such an address. It is not repeated: there may be a password in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoServer {
    /// Something else.
    #[error(
        "it is not an address such as smtps://name:password@mail.example.org or \
         smtp://name:password@mail.example.org:587?tls=required"
    )]
    Malformed,
    /// A password would be sent for others to read.
    #[error("a password goes by TLS alone: smtps://, or smtp:// with ?tls=required at its end")]
    Plain,
}

impl Server {
    /// Reads an address: `smtps` for TLS from the first byte on (port 465), `smtp` with `?tls=required` for STARTTLS
    /// (port 587, or the one that is named), without it for a server that stands beside oO.
    ///
    /// # Errors
    /// See [`NoServer`].
    pub fn parse(text: &SecretString) -> Result<Self, NoServer> {
        let url = Url::parse(text.expose_secret()).map_err(|_| NoServer::Malformed)?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value);
        let is_safe = match (url.scheme(), tls.as_deref()) {
            ("smtps", None) | ("smtp", Some("required")) => true,
            ("smtp", None | Some("opportunistic")) => false,
            _ => return Err(NoServer::Malformed),
        };
        let is_plain = matches!(url.path(), "" | "/") && url.fragment().is_none();
        if !url.has_host() || !is_plain {
            return Err(NoServer::Malformed);
        }
        if url.password().is_some() && !is_safe && !is_here(&url) {
            return Err(NoServer::Plain);
        }
        Ok(Self(text.clone()))
    }

    /// As [`Server::parse`] reads it.
    pub(super) fn url(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Whether a URL names this machine.
fn is_here(url: &Url) -> bool {
    match url.host() {
        // Of a scheme that is not the web's, an address is parsed as a name.
        Some(Host::Domain(name)) => {
            name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
        }
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(), NoServer> {
        Server::parse(&SecretString::from(text)).map(|_| ())
    }

    #[test]
    fn a_password_is_sent_by_tls_alone() {
        for safe in [
            "smtps://oo:secret@mail.example.org",
            "smtps://oo:secret@mail.example.org:465",
            "smtp://oo:secret@mail.example.org:587?tls=required",
            "smtp://oo:secret@127.0.0.1:2525",
            "smtp://oo:secret@localhost:2525",
            "smtp://oo:secret@[::1]:2525",
            "smtp://mail:25",
        ] {
            assert_eq!(parsed(safe), Ok(()), "{safe}");
        }
        for plain in [
            "smtp://oo:secret@mail.example.org",
            "smtp://oo:secret@mail.example.org?tls=opportunistic",
            "smtp://oo:secret@127.0.0.1.example.org",
        ] {
            assert_eq!(parsed(plain), Err(NoServer::Plain), "{plain}");
        }
    }

    #[test]
    fn what_is_no_mail_server_is_refused() {
        for other in [
            "",
            "mail.example.org",
            "https://mail.example.org",
            "smtp:mail.example.org",
            "smtps://mail.example.org/path",
            "smtps://mail.example.org?tls=none",
            "smtp://mail.example.org?tls=perhaps",
        ] {
            assert_eq!(parsed(other), Err(NoServer::Malformed), "{other}");
        }
    }
}
