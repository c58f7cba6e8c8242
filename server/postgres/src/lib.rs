//! A Postgres of one's own: found, initialised, run as a child, stopped.
//!
//! Nobody has to set up a database to try oO. Where no `DATABASE_URL` is given, the server calls
//! [`Postgres::start`], which finds the binaries of an installed Postgres, makes a cluster in a folder
//! once, and runs it for as long as the server lives. There is no TCP port and no password: the one way in
//! is a Unix socket in a folder that only its owner may enter.
//!
//! ```text
//! .data/postgres/         0700, owned by the account that runs Postgres
//!   cluster/              Postgres's own data folder
//!   postgres.log          what it has to say; moved to postgres.log.1 when it grows
//!   .s.PGSQL.5432         the socket (in /tmp/oo-<hash>/ when this path would be too long)
//!   start.lock            held while somebody starts or stops the cluster
//!   users.lock            shared by all who use it: the last one to go switches off the light
//! ```
//!
//! Three things are promised:
//! - **It is there or it says why.** Each [`Error`] names the folder, the version or the package, and what
//!   to do.
//! - **A killed predecessor is no obstacle.** Postgres outlives a parent that was killed; the next start
//!   adopts it. What died with it (a stale pid, a socket, an interrupted `initdb`) is cleaned up.
//! - **It goes after us.** It runs in a process group of its own, so that Ctrl-C in a terminal reaches the
//!   server alone, which stops Postgres when its own connections are closed.

mod account;
mod binaries;
mod cluster;
mod error;
mod home;
mod launch;
mod lock;
mod log;
mod options;
mod places;
mod postmaster;
mod private;
mod running;
mod settings;
mod watchdog;
mod wire;

pub use error::Error;
pub use running::Postgres;
pub use settings::Settings;

/// The superuser of the cluster, and the only role in it.
pub const SUPERUSER: &str = "oo";
