//! `advice.wish`, `advice.spent` and `advice.outcome`: for whom a model is asked, what it costs, and what came of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{
    Timestamp, UserId,
    db::{self, Tx},
};
use sqlx::PgPool;

use crate::Budget;

/// So many people are seen to at once.
const MOST: i64 = 200;

/// What is claimed for a question.
pub(crate) struct Claim {
    /// The day of the person's own.
    pub(crate) day: NaiveDate,
    pub(crate) now: Timestamp,
    /// Nobody else asks for them before this.
    pub(crate) until: Timestamp,
    /// The most that it may cost.
    pub(crate) tokens: u32,
}

/// What came of a [`Claim`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claimed {
    Yes,
    /// Somebody else asks for this person.
    Busy,
    /// It would cost more than there is left of the day's budget.
    Spent,
}

/// Claims the question for this server, and takes its cost from the budget: both, or nothing.
pub(crate) async fn claim(
    db: &PgPool,
    user: UserId,
    claim: &Claim,
    budget: Budget,
) -> Result<Claimed, sqlx::Error> {
    if budget.calls == 0 || claim.tokens > budget.tokens {
        return Ok(Claimed::Spent);
    }
    let mut tx = db::begin(db).await?;
    let free = sqlx::query!(
        "insert into advice.wish (user_id, wished_at, busy_until)
         values ($1, $2, $3)
         on conflict (user_id) do update set busy_until = excluded.busy_until
         where wish.busy_until is null or wish.busy_until <= $2",
        user.uuid(),
        claim.now,
        claim.until,
    )
    .execute(&mut *tx)
    .await?;
    if free.rows_affected() == 0 {
        return Ok(Claimed::Busy);
    }
    let left = sqlx::query!(
        "insert into advice.spent (user_id, day, calls, tokens)
         values ($1, $2, 1, $3)
         on conflict (user_id, day) do update
         set calls = spent.calls + 1,
             tokens = spent.tokens + excluded.tokens
         where spent.calls < $4
           and spent.tokens + excluded.tokens <= $5",
        user.uuid(),
        claim.day,
        i64::from(claim.tokens),
        i32::try_from(budget.calls).unwrap_or(i32::MAX),
        i64::from(budget.tokens),
    )
    .execute(&mut *tx)
    .await?;
    if left.rows_affected() == 0 {
        return Ok(Claimed::Spent);
    }
    tx.commit().await?;
    Ok(Claimed::Yes)
}

/// What a question cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) calls: u32,
    pub(crate) tokens: u32,
}

/// Puts what a question cost in the place of what was claimed. Where `until` is told, others may ask from then on: if the
/// claim is still this one.
pub(crate) async fn settle(
    db: &PgPool,
    user: UserId,
    claim: &Claim,
    cost: Cost,
    until: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with free as (
             update advice.wish
             set busy_until = coalesce($5, busy_until)
             where user_id = $1
               and busy_until = $6
         )
         update advice.spent
         set calls = calls + $3,
             tokens = tokens + $4
         where user_id = $1
           and day = $2",
        user.uuid(),
        claim.day,
        i32::try_from(cost.calls).unwrap_or(i32::MAX) - 1,
        i64::from(cost.tokens) - i64::from(claim.tokens),
        until,
        claim.until,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends the [`Claim`] that lasted until then.
pub(crate) async fn free(
    tx: &mut Tx<'_>,
    user: UserId,
    claimed: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update advice.wish set busy_until = null where user_id = $1 and busy_until = $2",
        user.uuid(),
        claimed,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Lets nobody ask for `user` before then.
pub(crate) async fn pause(db: &PgPool, user: UserId, until: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update advice.wish
         set busy_until = greatest(busy_until, $2)
         where user_id = $1",
        user.uuid(),
        until,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether somebody asks for `user` at `now`, or nobody is to.
pub(crate) async fn is_claimed(
    db: &PgPool,
    user: UserId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let busy_until =
        sqlx::query_scalar!("select busy_until from advice.wish where user_id = $1", user.uuid())
            .fetch_optional(db)
            .await?;
    Ok(busy_until.flatten().is_some_and(|until| until > now))
}

/// Takes note that `user` wished for ideas.
pub(crate) async fn wish(tx: &mut Tx<'_>, user: UserId, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into advice.wish (user_id, wished_at)
         values ($1, $2)
         on conflict (user_id) do update set wished_at = excluded.wished_at",
        user.uuid(),
        at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Who wished for ideas at `since` or later, and is asked for by nobody: each time others, where they are many.
pub(crate) async fn wishing(
    db: &PgPool,
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<UserId>, sqlx::Error> {
    let people = sqlx::query_scalar!(
        "select user_id
         from advice.wish
         where wished_at >= $1
           and (busy_until is null or busy_until <= $2)
         order by hashtextextended(user_id::text, extract(epoch from $2::timestamptz)::bigint)
         limit $3",
        since,
        now,
        MOST,
    )
    .fetch_all(db)
    .await?;
    Ok(people.into_iter().map(UserId).collect())
}

/// Counts what came of questions.
pub(crate) async fn count(
    db: &PgPool,
    day: NaiveDate,
    prompt_version: &str,
    outcomes: &[&str],
) -> Result<(), sqlx::Error> {
    let mut counts = BTreeMap::<&str, i64>::new();
    for outcome in outcomes {
        *counts.entry(outcome).or_default() += 1;
    }
    let (outcomes, counts): (Vec<String>, Vec<i64>) =
        counts.into_iter().map(|(outcome, count)| (outcome.to_owned(), count)).unzip();
    sqlx::query!(
        "insert into advice.outcome (day, prompt_version, outcome, count)
         select $1, $2, it.outcome, it.count
         from unnest($3::text[], $4::int8[]) as it (outcome, count)
         on conflict (day, prompt_version, outcome) do update
         set count = outcome.count + excluded.count",
        day,
        prompt_version,
        &outcomes,
        &counts,
    )
    .execute(db)
    .await?;
    Ok(())
}
