//! Letters: who carries them, and whom they are from.

use lettre::message::Mailbox;
use notifier::mail::Server;

use super::reader::Reader;

const SERVER: &str = "OO_MAIL_URL";
const FROM: &str = "OO_MAIL_FROM";

/// What is needed to write.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who takes letters.
    pub server: Server,
    /// Whom they are from.
    pub from: Mailbox,
}

impl Mail {
    /// `None`: nobody gets letters.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let expected = "an address such as oo@example.org, or oO <oo@example.org>";
        let from = reader.parse(FROM, expected);
        if !reader.all_or_none(&[FROM], SERVER) {
            return None;
        }
        match Server::parse(&reader.secret(SERVER)?) {
            Ok(server) => Some(Self { server, from: from? }),
            Err(error) => {
                reader.mistake(SERVER, &error.to_string());
                None
            }
        }
    }
}
