//! Export and erasure, over every module's personal data.
//!
//! Each module declares what it keeps of a person (`kernel::personal`); [`CATALOGUE`] is all of it, and everything
//! here follows from it. [`Privacy::export`] tells it as one JSON document, in the form that [`schema`] describes.
//! [`Privacy::erase`] deletes it at once and for good, which a [`Ledger`] remembers, so that [`Privacy::keep_gone`]
//! erases again whoever comes back from a backup. [`Privacy::forget_old`] deletes what is older than a person wants it
//! to be.

mod catalogue;
mod erase;
mod export;
mod ledger;
mod retention;
mod schema;
mod store;

use std::{fmt, sync::Arc};

use auth::AuthError;
use futures::{Stream, TryStreamExt, stream};
use integrations::Integrations;
use kernel::{SharedClock, UserId};
use sqlx::PgPool;
use tokio::sync::Semaphore;
use vault::Vault;

pub use catalogue::{CATALOGUE, Undeclared, tables, undeclared};
pub use erase::EraseError;
pub use export::ExportError;
pub use ledger::{Erasure, Ledger};
pub use retention::RetentionError;
pub use schema::{NAME, VERSION, schema};

/// How many exports are written at once: each holds a connection to the database, as long as its reader takes.
const EXPORTS: usize = 2;

/// How many people are looked up at once.
const PAGE: i64 = 1_000;

/// The front door. Cloning is cheap.
#[derive(Clone)]
pub struct Privacy(Arc<Parts>);

struct Parts {
    db: PgPool,
    integrations: Integrations,
    vault: Arc<Vault>,
    clock: SharedClock,
    ledger: Ledger,
    exports: Arc<Semaphore>,
}

impl Privacy {
    /// Over everything in `db`, and this ledger.
    pub fn new(
        db: PgPool,
        integrations: Integrations,
        vault: Arc<Vault>,
        clock: SharedClock,
        ledger: Ledger,
    ) -> Self {
        let exports = Arc::new(Semaphore::new(EXPORTS));
        Self(Arc::new(Parts { db, integrations, vault, clock, ledger, exports }))
    }
}

impl Parts {
    /// Everybody who is here, in pages: nothing is held while one of them is looked after.
    fn people(&self) -> impl Stream<Item = Result<UserId, AuthError>> {
        let page = async |after| {
            let page = auth::identity::people(&self.db, after, PAGE).await?;
            let last = page.last().copied();
            let page = stream::iter(page.into_iter().map(Ok));
            Ok::<_, AuthError>(last.map(|last| (page, Some(last))))
        };
        stream::try_unfold(None, page).try_flatten()
    }
}

impl fmt::Debug for Privacy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Privacy").finish_non_exhaustive()
    }
}
