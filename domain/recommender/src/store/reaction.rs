//! `recommender.reaction`: how tips were answered.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::{Timestamp, UserId, db::Tx, first_id_at, to_chrono, to_jiff};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::{Reaction, features::LastAnswer, reasons::Record};

/// A reaction to be written.
pub(crate) struct NewReaction<'a> {
    pub(crate) id: Uuid,
    pub(crate) tip: Uuid,
    pub(crate) key: Uuid,
    pub(crate) reaction: Reaction,
    pub(crate) candidate: &'a str,
    pub(crate) due: Option<Date>,
    pub(crate) reward: f64,
    pub(crate) rests_until: Option<Timestamp>,
    pub(crate) closes_task: bool,
    /// Whether the policies learned from it.
    pub(crate) is_learned: bool,
    pub(crate) at: Timestamp,
}

/// A reaction as it was written.
pub(crate) struct StoredReaction {
    pub(crate) id: Uuid,
    pub(crate) tip: Uuid,
    /// `None` when the row is not readable by this version.
    pub(crate) reaction: Option<Reaction>,
    pub(crate) candidate: String,
    pub(crate) closes_task: bool,
    pub(crate) at: Timestamp,
}

/// A row of the table, as far as it is read.
struct Row {
    reaction_id: Uuid,
    tip_id: Uuid,
    reaction: String,
    snooze: Option<String>,
    candidate: String,
    closes_task: bool,
    reacted_at: Timestamp,
}

impl From<Row> for StoredReaction {
    fn from(row: Row) -> Self {
        Self {
            id: row.reaction_id,
            tip: row.tip_id,
            reaction: Reaction::parse(&row.reaction, row.snooze.as_deref()),
            candidate: row.candidate,
            closes_task: row.closes_task,
            at: row.reacted_at,
        }
    }
}

/// For how long a candidate rests, by its last reaction.
#[derive(Clone, Debug)]
pub(crate) struct LastReaction {
    /// `None`: for good.
    pub(crate) rests_until: Option<Timestamp>,
    /// The date for which it was done.
    pub(crate) due: Option<Date>,
    /// How it was answered.
    pub(crate) answer: LastAnswer,
}

/// Writes `new`.
pub(crate) async fn insert_reaction(
    tx: &mut Tx<'_>,
    user: UserId,
    new: &NewReaction<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into recommender.reaction
             (user_id, reaction_id, tip_id, idempotency_key, reaction, snooze, candidate, due,
              reward, rests_until, closes_task, is_learned, reacted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        user.uuid(),
        new.id,
        new.tip,
        new.key,
        new.reaction.as_str(),
        new.reaction.snooze().map(crate::Snooze::as_str),
        new.candidate,
        new.due.and_then(to_chrono),
        new.reward,
        new.rests_until,
        new.closes_task,
        new.is_learned,
        new.at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The reaction that was sent under `key`.
pub(crate) async fn reaction_by_key(
    tx: &mut Tx<'_>,
    user: UserId,
    key: Uuid,
) -> Result<Option<StoredReaction>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        "select reaction_id, tip_id, reaction, snooze, candidate, closes_task, reacted_at
         from recommender.reaction
         where user_id = $1
           and idempotency_key = $2",
        user.uuid(),
        key,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(StoredReaction::from))
}

/// The newest reaction that stands.
pub(crate) async fn newest_reaction(
    tx: &mut Tx<'_>,
    user: UserId,
) -> Result<Option<StoredReaction>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        "select reaction_id, tip_id, reaction, snooze, candidate, closes_task, reacted_at
         from recommender.reaction
         where user_id = $1
           and undone_at is null
         order by reaction_id desc
         limit 1",
        user.uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(StoredReaction::from))
}

/// Notes that a reaction was taken back.
pub(crate) async fn mark_undone(
    tx: &mut Tx<'_>,
    user: UserId,
    reaction: Uuid,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update recommender.reaction
         set undone_at = $3
         where user_id = $1
           and reaction_id = $2",
        user.uuid(),
        reaction,
        at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The last reaction that stands, of each of `candidates` that had one.
pub(crate) async fn last_reactions(
    db: impl PgExecutor<'_>,
    user: UserId,
    candidates: &[String],
) -> Result<HashMap<String, LastReaction>, sqlx::Error> {
    let rows = sqlx::query!(
        "select distinct on (candidate) candidate, reaction, rests_until, due
         from recommender.reaction
         where user_id = $1
           and candidate = any($2)
           and undone_at is null
         order by candidate, reaction_id desc",
        user.uuid(),
        candidates,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let answer = match row.reaction.as_str() {
                "done" => LastAnswer::Done,
                "snooze" => LastAnswer::Snooze,
                _ => LastAnswer::Dismiss,
            };
            let due = row.due.and_then(to_jiff);
            (row.candidate, LastReaction { rests_until: row.rests_until, due, answer })
        })
        .collect())
}

/// How many tips of an arm a record goes back.
const RECORD: i64 = 10;

/// What `user` did with the last tips of `arm` that were answered, and learned from.
pub(crate) async fn record(
    tx: &mut Tx<'_>,
    user: UserId,
    arm: &str,
) -> Result<Record, sqlx::Error> {
    let row = sqlx::query!(
        r#"select count(*) filter (where reaction = 'done') as "done!", count(*) as "of!"
           from (
                select reaction.reaction
                from recommender.tip
                join recommender.reaction using (user_id, tip_id)
                where tip.user_id = $1
                  and tip.arm = $2
                  and tip.state = 'answered'
                  and reaction.undone_at is null
                  and reaction.is_learned
                order by tip.tip_id desc
                limit $3
           ) as last"#,
        user.uuid(),
        arm,
        RECORD,
    )
    .fetch_one(&mut **tx)
    .await?;
    let count = |count: i64| u32::try_from(count).unwrap_or_default();
    Ok(Record { done: count(row.done), of: count(row.of) })
}

/// What `user` answered since then and did not take back, the oldest first; what this version does not read is left out.
///
/// # Errors
/// When the database fails.
pub async fn reactions_since(
    db: impl PgExecutor<'_>,
    user: UserId,
    since: Timestamp,
) -> Result<Vec<(Timestamp, Reaction)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select reaction, snooze, reacted_at
         from recommender.reaction
         where user_id = $1
           and reaction_id >= $2
           and undone_at is null
         order by reaction_id",
        user.uuid(),
        first_id_at(since),
    )
    .fetch_all(db)
    .await?;
    let answer =
        |reaction: &str, snooze: Option<&str>, at| Some((at, Reaction::parse(reaction, snooze)?));
    let answers =
        rows.iter().filter_map(|row| answer(&row.reaction, row.snooze.as_deref(), row.reacted_at));
    Ok(answers.collect())
}
