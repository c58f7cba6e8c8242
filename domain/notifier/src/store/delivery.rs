//! `notifier.delivery`: what was sent where, and what is still to be sent.

use kernel::{Timestamp, UserId, db::Tx};
use sha2::{Digest, Sha256};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use crate::{Rhythm, channel::Target};

/// Something that is to be sent now.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) user: UserId,
    pub(crate) slot: Timestamp,
    pub(crate) target: Target,
    pub(crate) rhythm: Rhythm,
    /// The first, or a further one.
    pub(crate) attempt: u32,
    pub(crate) tip: Uuid,
    /// Until when it is nobody else's.
    pub(crate) claimed: Timestamp,
}

impl Due {
    /// The same, however often it is tried.
    pub(crate) fn id(&self) -> Uuid {
        let digest = Sha256::new()
            .chain_update(self.target.id)
            .chain_update(self.slot.timestamp().to_be_bytes())
            .finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// What came of trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// The service has it.
    Accepted,
    /// It does not want it.
    Refused,
    /// It is too late for it.
    Expired,
    /// To be tried again at this moment.
    Again(Timestamp),
}

/// Lets a decision be sent wherever `user` is spoken to so often.
pub(crate) async fn spread(
    tx: &mut Tx<'_>,
    user: UserId,
    slot: Timestamp,
    at: Timestamp,
    rhythm: Rhythm,
    channels: &[String],
) -> Result<u64, sqlx::Error> {
    let spread = sqlx::query!(
        "insert into notifier.delivery (user_id, slot, subscription_id, state, next_at)
         select user_id, $2, subscription_id, 'due', $3
         from notifier.subscription
         where user_id = $1
           and rhythm = $4
           and confirmed_at is not null
           and channel = any($5)",
        user.uuid(),
        slot,
        at,
        rhythm.as_str(),
        channels,
    )
    .execute(&mut **tx)
    .await?;
    Ok(spread.rows_affected())
}

/// Up to `most` of what is due by a channel. Nobody else sends it until `until`; should this process end, somebody does then.
pub(crate) async fn claim_due(
    db: &PgPool,
    channel: &str,
    now: Timestamp,
    until: Timestamp,
    most: i64,
) -> Result<Vec<Due>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with due as (
            select user_id, slot, subscription_id
            from notifier.delivery
            join notifier.subscription using (user_id, subscription_id)
            where state = 'due'
              and next_at <= $1
              and channel = $4
            order by next_at
            limit $3
            for update of delivery skip locked
         )
         update notifier.delivery
         set next_at = $2,
             attempts = attempts + 1
         from due
         join notifier.subscription using (user_id, subscription_id)
         join notifier.decision using (user_id, slot)
         where delivery.user_id = due.user_id
           and delivery.slot = due.slot
           and delivery.subscription_id = due.subscription_id
         returning delivery.user_id, delivery.slot, delivery.subscription_id, delivery.attempts,
                   subscription.endpoint, decision.rhythm as "rhythm!",
                   coalesce(subscription.reach, subscription.address) as "sealed!",
                   decision.tip_id as "tip_id!""#,
        now,
        until,
        most,
        channel,
    )
    .fetch_all(db)
    .await?;
    let due = rows.into_iter().map(|row| Due {
        user: UserId(row.user_id),
        slot: row.slot,
        target: Target { id: row.subscription_id, endpoint: row.endpoint, sealed: row.sealed },
        rhythm: Rhythm::named(&row.rhythm).unwrap_or(Rhythm::Each),
        attempt: u32::try_from(row.attempts).unwrap_or(1),
        tip: row.tip_id,
        claimed: until,
    });
    Ok(due.collect())
}

/// Writes down what came of it, unless it is somebody else's by now.
pub(crate) async fn settle(
    db: impl PgExecutor<'_>,
    due: &Due,
    settled: Settled,
) -> Result<(), sqlx::Error> {
    let (state, next_at) = match settled {
        Settled::Accepted => ("accepted", None),
        Settled::Refused => ("refused", None),
        Settled::Expired => ("expired", None),
        Settled::Again(at) => ("due", Some(at)),
    };
    sqlx::query!(
        "update notifier.delivery
         set state = $4,
             next_at = coalesce($5, next_at)
         where user_id = $1
           and slot = $2
           and subscription_id = $3
           and state = 'due'
           and delivery.next_at = $6",
        due.user.uuid(),
        due.slot,
        due.target.id,
        state,
        next_at,
        due.claimed,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives up what was to be sent before `before` and is not: its channel is no more.
pub(crate) async fn expire(db: impl PgExecutor<'_>, before: Timestamp) -> Result<u64, sqlx::Error> {
    let expired = sqlx::query!(
        "update notifier.delivery set state = 'expired' where state = 'due' and next_at < $1",
        before,
    )
    .execute(db)
    .await?;
    Ok(expired.rows_affected())
}
