//! A double of a mail server (RFC 5321), on loopback: it takes letters, and keeps them to be read; or does not.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

/// A letter that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Whom the envelope is from.
    pub from: String,
    /// Whom it is to.
    pub to: Vec<String>,
    /// Its headers and its body, as they came.
    pub raw: String,
}

/// A mail server; it ends when dropped.
#[derive(Debug)]
pub struct MailDouble {
    addr: SocketAddr,
    world: Arc<Mutex<World>>,
    /// Hangs up on everybody.
    hang_up: CancellationToken,
    _serving: AbortOnDropHandle<()>,
}

#[derive(Debug, Default)]
struct World {
    letters: Vec<Letter>,
    /// What is answered to whoever names a recipient, in place of a yes.
    refusal: Option<String>,
    /// Whether whoever connects waits for ever.
    is_silent: bool,
}

impl MailDouble {
    /// Takes everything.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let addr = listener.local_addr()?;
        let world = Arc::<Mutex<World>>::default();
        let hang_up = CancellationToken::new();
        let serving = tokio::spawn(serve(listener, Arc::clone(&world), hang_up.clone()));
        Ok(Self { addr, world, hang_up, _serving: AbortOnDropHandle::new(serving) })
    }

    /// What oO has to know of it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    /// What it has taken, the oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.with(|world| world.letters.clone())
    }

    /// From now on, nobody gets letters here, with this answer, such as `550 5.1.1 nobody here`.
    pub fn refuse(&self, answer: &str) {
        self.with(|world| world.refusal = Some(answer.to_owned()));
    }

    /// From now on, it says nothing at all to whoever connects.
    pub fn fall_silent(&self) {
        self.with(|world| world.is_silent = true);
    }

    /// All goes well again.
    pub fn heal(&self) {
        self.with(|world| (world.refusal, world.is_silent) = (None, false));
    }

    fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for MailDouble {
    fn drop(&mut self) {
        self.hang_up.cancel();
    }
}

async fn serve(listener: TcpListener, world: Arc<Mutex<World>>, hang_up: CancellationToken) {
    while let Ok((stream, _)) = listener.accept().await {
        let talk = talk(stream, Arc::clone(&world));
        let hang_up = hang_up.clone();
        tokio::spawn(async move { hang_up.run_until_cancelled(talk).await });
    }
}

/// One session, from the greeting to the end.
async fn talk(stream: TcpStream, world: Arc<Mutex<World>>) -> io::Result<()> {
    let look = || world.lock().unwrap_or_else(PoisonError::into_inner);
    let (read, mut write) = stream.into_split();
    if look().is_silent {
        return std::future::pending().await;
    }
    let mut lines = BufReader::new(read).lines();
    let mut letter = Letter { from: String::new(), to: Vec::new(), raw: String::new() };
    write.write_all(b"220 double\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.get(..4).unwrap_or(&line).to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-double\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES".to_owned(),
            "MAIL" => {
                letter = Letter { from: address(&line), to: Vec::new(), raw: String::new() };
                "250 2.1.0 ok".to_owned()
            }
            "RCPT" => {
                letter.to.push(address(&line));
                look().refusal.clone().unwrap_or_else(|| "250 2.1.5 ok".to_owned())
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    // A dot at the beginning is doubled on its way (section 4.5.2).
                    letter.raw += line.strip_prefix('.').unwrap_or(&line);
                    letter.raw += "\r\n";
                }
                look().letters.push(letter.clone());
                "250 2.0.0 taken".to_owned()
            }
            "RSET" | "NOOP" => "250 2.0.0 ok".to_owned(),
            "QUIT" => {
                write.write_all(b"221 2.0.0 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 5.5.1 what?".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// What stands between angle brackets.
fn address(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
