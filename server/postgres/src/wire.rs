//! As much of Postgres's protocol (version 3.0) as it takes to ask "are you there?" and to make a
//! database. Not every distribution of the server comes with `psql` and `pg_isready`.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::SUPERUSER;

const PROTOCOL_VERSION: i32 = 196_608;

/// No answer that we ask for is anywhere near.
const MESSAGE_LIMIT: usize = 1024 * 1024;

const CONNECT_BOUND: Duration = Duration::from_secs(2);

/// "Cannot connect now": it is starting up, recovering, or shutting down.
const CANNOT_CONNECT_NOW: &str = "57P03";

/// What came instead of the answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nobody there, or cut in the middle.
    Io(io::Error),
    /// The server's own words.
    Server { code: String, message: String },
}

impl Failure {
    /// The server is alive, on its way up or down.
    pub(crate) fn not_now(&self) -> bool {
        matches!(self, Self::Server { code, .. } if code == CANNOT_CONNECT_NOW)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Server { code, message } => write!(f, "{message} ({code})"),
        }
    }
}

/// A connection as superuser.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: UnixStream,
}

impl Connection {
    pub(crate) async fn open(socket: &Path) -> Result<Self, Failure> {
        let opening = async {
            let mut connection = Self { stream: UnixStream::connect(socket).await? };
            let parameters = format!("user\0{SUPERUSER}\0database\0postgres\0\0");
            let mut hello = PROTOCOL_VERSION.to_be_bytes().to_vec();
            hello.extend(parameters.into_bytes());
            connection.send(None, &hello).await?;
            connection.until_ready().await?;
            Ok(connection)
        };
        timeout(CONNECT_BOUND, opening)
            .await
            .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
    }

    /// Runs statements whose rows nobody wants to see.
    pub(crate) async fn execute(&mut self, sql: &str) -> Result<(), Failure> {
        let mut body = sql.as_bytes().to_vec();
        body.push(0);
        self.send(Some(b'Q'), &body).await?;
        self.until_ready().await
    }

    async fn send(&mut self, kind: Option<u8>, body: &[u8]) -> io::Result<()> {
        let length = i32::try_from(body.len() + 4).map_err(io::Error::other)?;
        let mut message: Vec<u8> = kind.into_iter().collect();
        message.extend(length.to_be_bytes());
        message.extend(body);
        self.stream.write_all(&message).await
    }

    /// Reads until the server waits for us; the first error on the way is the answer.
    async fn until_ready(&mut self) -> Result<(), Failure> {
        let mut failure = None;
        loop {
            let (kind, body) = match self.message().await {
                Ok(message) => message,
                // A refused connection is closed after the reason was told.
                Err(error) => return Err(failure.unwrap_or(Failure::Io(error))),
            };
            match kind {
                b'Z' => return failure.map_or(Ok(()), Err),
                b'E' if failure.is_none() => failure = Some(parse_error(&body)),
                b'R' if body != [0; 4] => {
                    return Err(io::Error::other("it asks for a password").into());
                }
                _ => {}
            }
        }
    }

    async fn message(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let kind = self.stream.read_u8().await?;
        let length = usize::try_from(self.stream.read_i32().await?).map_err(io::Error::other)?;
        if !(4..MESSAGE_LIMIT).contains(&length) {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        let mut body = vec![0; length - 4];
        self.stream.read_exact(&mut body).await?;
        Ok((kind, body))
    }
}

/// Fields of an error: a letter for its kind, then text, each ended by a zero byte.
fn parse_error(body: &[u8]) -> Failure {
    let field = |kind: u8| {
        body.split(|byte| *byte == 0)
            .find_map(|field| field.strip_prefix(&[kind]))
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .unwrap_or_default()
    };
    Failure::Server { code: field(b'C'), message: field(b'M') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_a_code_and_a_message() {
        let failure =
            parse_error(b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0");

        assert!(failure.not_now());
        assert_eq!(failure.to_string(), "the database system is starting up (57P03)");
    }
}
