//! `notifier.delivery`: what was sent where, and what is still to be sent.

use kernel::{Timestamp, UserId, db::Tx};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// Something that is to be sent now.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) user: UserId,
    pub(crate) slot: Timestamp,
    pub(crate) subscription: Uuid,
    /// SHA-256 of the address.
    pub(crate) endpoint: Vec<u8>,
    /// What the browser is reached by, sealed.
    pub(crate) reach: Vec<u8>,
    /// The first, or a further one.
    pub(crate) attempt: u32,
    pub(crate) tip: Uuid,
    /// Until when it is nobody else's.
    pub(crate) claimed: Timestamp,
}

/// What came of trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// The push service has it.
    Accepted,
    /// It does not want it.
    Refused,
    /// It is too late for it.
    Expired,
    /// To be tried again at this moment.
    Again(Timestamp),
}

/// Lets a decision be sent to every browser of `user`.
pub(crate) async fn spread(
    tx: &mut Tx<'_>,
    user: UserId,
    slot: Timestamp,
    at: Timestamp,
) -> Result<u64, sqlx::Error> {
    let spread = sqlx::query!(
        "insert into notifier.delivery (user_id, slot, subscription_id, state, next_at)
         select user_id, $2, subscription_id, 'due', $3
         from notifier.subscription
         where user_id = $1",
        user.uuid(),
        slot,
        at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(spread.rows_affected())
}

/// Up to `most` of what is due. Nobody else sends it until `until`; should this process end, somebody does then.
pub(crate) async fn claim_due(
    db: &PgPool,
    now: Timestamp,
    until: Timestamp,
    most: i64,
) -> Result<Vec<Due>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with due as (
            select user_id, slot, subscription_id
            from notifier.delivery
            where state = 'due'
              and next_at <= $1
            order by next_at
            limit $3
            for update skip locked
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
                   subscription.endpoint, subscription.reach, decision.tip_id as "tip_id!""#,
        now,
        until,
        most,
    )
    .fetch_all(db)
    .await?;
    let due = rows.into_iter().map(|row| Due {
        user: UserId(row.user_id),
        slot: row.slot,
        subscription: row.subscription_id,
        endpoint: row.endpoint,
        reach: row.reach,
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
        due.subscription,
        state,
        next_at,
        due.claimed,
    )
    .execute(db)
    .await?;
    Ok(())
}
