//! The table `auth.session`, as tower-sessions wants it.

use std::fmt;

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{SharedClock, SharedEntropy, Timestamp, UserId};
use sqlx::PgPool;
use tower_sessions::{
    Session, SessionStore,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store::{Error, Result},
};
use uuid::Uuid;

use super::{Device, KEY, SignedIn};
use crate::secret::hash;

/// How stale `last_seen_at` may become. Until then a page only reads.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(5);

/// How many ids are tried for a new session. One is enough, unless chance is broken.
const ATTEMPTS: usize = 3;

/// How long a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Without being used, to within five minutes.
    pub idle: TimeDelta,
    /// In any case.
    pub absolute: TimeDelta,
}

impl Default for Lifetime {
    /// Thirty days unused, ninety in any case.
    fn default() -> Self {
        Self { idle: TimeDelta::days(30), absolute: TimeDelta::days(90) }
    }
}

/// Keeps sessions in Postgres, under the SHA-256 hash of their id. Nothing is cached: what is deleted
/// is gone on every replica.
#[derive(Clone)]
pub struct Store {
    db: PgPool,
    clock: SharedClock,
    entropy: SharedEntropy,
    lifetime: Lifetime,
}

impl Store {
    /// Over the tables of `db`.
    pub fn new(db: PgPool, clock: SharedClock, entropy: SharedEntropy, lifetime: Lifetime) -> Self {
        Self { db, clock, entropy, lifetime }
    }

    /// How long its sessions live.
    pub fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    /// Deletes the rows that [`load`](SessionStore::load) no longer sees, and tells how many.
    pub async fn purge_expired(&self) -> sqlx::Result<u64> {
        let now = self.clock.now();
        let purged = sqlx::query!(
            "delete from auth.session
             where expires_at <= $1
                or last_seen_at <= $2",
            now,
            now - self.lifetime.idle,
        )
        .execute(&self.db)
        .await?;
        Ok(purged.rows_affected())
    }

    /// Where `user` is signed in, the latest use first. `current` is the session that asks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn devices(&self, user: UserId, current: &Session) -> sqlx::Result<Vec<Device>> {
        let now = self.clock.now();
        sqlx::query_as!(
            Device,
            r#"select session_id as id, device as name, signed_in_at, last_seen_at,
                      session_hash = $2 as "is_current!"
               from auth.session
               where user_id = $1
                 and expires_at > $3
                 and last_seen_at > $4
               order by last_seen_at desc, session_id"#,
            user.uuid(),
            current.id().map(hash_of).unwrap_or_default(),
            now,
            now - self.lifetime.idle,
        )
        .fetch_all(&self.db)
        .await
    }

    /// The number of the session that asks, as in [`Device::id`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn current(&self, user: UserId, current: &Session) -> sqlx::Result<Option<Uuid>> {
        sqlx::query_scalar!(
            "select session_id
             from auth.session
             where user_id = $1
               and session_hash = $2",
            user.uuid(),
            current.id().map(hash_of).unwrap_or_default(),
        )
        .fetch_optional(&self.db)
        .await
    }

    /// Signs `user` out on one device, on every replica at once; false when it is none of theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(&self, user: UserId, device: Uuid) -> sqlx::Result<bool> {
        let ended = sqlx::query!(
            "delete from auth.session
             where user_id = $1
               and session_id = $2",
            user.uuid(),
            device,
        )
        .execute(&self.db)
        .await?;
        Ok(ended.rows_affected() == 1)
    }

    /// Signs `user` out everywhere, on every replica at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_all(&self, user: UserId) -> sqlx::Result<()> {
        sqlx::query!("delete from auth.session where user_id = $1", user.uuid())
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Whether a session was made: not when the id is taken.
    async fn insert(&self, id: Id, who: &SignedIn) -> Result<bool> {
        let now = self.clock.now();
        let inserted = sqlx::query!(
            "insert into auth.session (user_id, session_hash, session_id, device,
                                       signed_in_at, last_seen_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict on constraint session_hash_key do nothing",
            who.user.uuid(),
            hash_of(id),
            self.entropy.id(now),
            who.device,
            who.at,
            now,
            now + self.lifetime.absolute,
        )
        .execute(&self.db)
        .await
        .map_err(backend)?;
        Ok(inserted.rows_affected() == 1)
    }

    /// Of many requests that find the last use stale, one writes.
    async fn touch(&self, id: Id, now: Timestamp) -> Result<()> {
        sqlx::query!(
            "update auth.session
             set last_seen_at = $2
             where session_hash = $1
               and last_seen_at <= $3",
            hash_of(id),
            now,
            now - TOUCH_EVERY,
        )
        .execute(&self.db)
        .await
        .map_err(backend)?;
        Ok(())
    }
}

#[async_trait]
impl SessionStore for Store {
    /// Gives the record an id of our own chance.
    async fn create(&self, record: &mut Record) -> Result<()> {
        let who = signed_in(record)?;
        for _ in 0..ATTEMPTS {
            record.id = Id(i128::from_le_bytes(self.entropy.bytes()));
            if self.insert(record.id, &who).await? {
                return Ok(());
            }
        }
        Err(Error::Backend("no free session id was found".into()))
    }

    /// Changes nothing: a record holds what it was made with. Above all it brings no deleted session
    /// back to life.
    async fn save(&self, record: &Record) -> Result<()> {
        let who = signed_in(record)?;
        match self.load(&record.id).await? {
            Some(stored) if signed_in(&stored)? != who => {
                Err(Error::Encode("another sign-in needs another session id".into()))
            }
            _ => Ok(()),
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = self.clock.now();
        let Some(row) = sqlx::query!(
            "select user_id, device, signed_in_at, last_seen_at, expires_at
             from auth.session
             where session_hash = $1
               and expires_at > $2
               and last_seen_at > $3",
            hash_of(*id),
            now,
            now - self.lifetime.idle,
        )
        .fetch_optional(&self.db)
        .await
        .map_err(backend)?
        else {
            return Ok(None);
        };

        if now - row.last_seen_at >= TOUCH_EVERY {
            self.touch(*id, now).await?;
        }

        let who = SignedIn { user: UserId(row.user_id), at: row.signed_in_at, device: row.device };
        let who = serde_json::to_value(who).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data: [(KEY.to_owned(), who)].into(), expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sqlx::query!("delete from auth.session where session_hash = $1", hash_of(*id))
            .execute(&self.db)
            .await
            .map_err(backend)?;
        Ok(())
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

fn hash_of(id: Id) -> Vec<u8> {
    hash(id.0.to_le_bytes())
}

/// Who it is of; an error for a record that holds less, or more.
fn signed_in(record: &Record) -> Result<SignedIn> {
    let value = match record.data.get(KEY) {
        Some(value) if record.data.len() == 1 => value.clone(),
        _ => return Err(Error::Encode("a session holds a sign-in and nothing else".into())),
    };
    serde_json::from_value(value).map_err(|error| Error::Encode(error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}
