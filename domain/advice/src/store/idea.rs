//! `advice.idea`: what a model wrote, sealed.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use kernel::{PartOfDay, Timestamp, UserId, db::Tx};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;
use vault::{DataKey, Place, VaultError};

use crate::{Idea, IdeaKind, Origin, advisor::AdviceError, check::Fit, near::Sketch};

/// The newest so many are known again.
const REMEMBERED: i64 = 300;

/// Words as they are kept.
pub(crate) struct Sealed {
    pub(crate) words: Vec<u8>,
    pub(crate) minutes: Option<u16>,
    pub(crate) task: Option<String>,
}

/// Writes `idea`, its words sealed.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    user: UserId,
    key: &DataKey,
    idea: &Idea,
    fit: &Fit,
    expires_at: Timestamp,
) -> Result<(), AdviceError> {
    let row = idea.id.to_string();
    let words = key.seal(place(&row, "words"), &SecretString::from(fit.text.as_str()))?;
    let sketch = STANDARD_NO_PAD.encode(fit.sketch.to_bytes());
    let sketch = key.seal(place(&row, "sketch"), &SecretString::from(sketch))?;
    sqlx::query!(
        "insert into advice.idea
             (user_id, idea_id, kind, task, part, minutes, length, words, sketch,
              prompt_version, model, latency_ms, prompt_tokens, completion_tokens, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        user.uuid(),
        idea.id,
        idea.kind.as_str(),
        idea.task,
        idea.part.as_str(),
        idea.minutes.map(to_small),
        to_small(idea.length),
        words,
        sketch,
        idea.origin.prompt_version,
        idea.origin.model,
        idea.origin.latency_ms,
        idea.origin.prompt_tokens,
        idea.origin.completion_tokens,
        idea.made_at,
        expires_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The ideas of `user` whose words are kept until then, the newest first.
pub(crate) async fn ideas(
    db: impl PgExecutor<'_>,
    user: UserId,
    until: Timestamp,
) -> Result<Vec<Idea>, sqlx::Error> {
    let rows = sqlx::query!(
        "select idea_id, kind, task, part, minutes, length, prompt_version, model, latency_ms,
                prompt_tokens, completion_tokens, made_at, shown_at
         from advice.idea
         where user_id = $1
           and expires_at >= $2
           and words is not null
         order by idea_id desc",
        user.uuid(),
        until,
    )
    .fetch_all(db)
    .await?;
    let ideas = rows.into_iter().filter_map(|row| {
        Some(Idea {
            id: row.idea_id,
            kind: IdeaKind::named(&row.kind)?,
            task: row.task,
            minutes: row.minutes.and_then(|minutes| u16::try_from(minutes).ok()),
            length: u16::try_from(row.length).unwrap_or_default(),
            part: row.part.parse::<PartOfDay>().ok()?,
            made_at: row.made_at,
            was_shown: row.shown_at.is_some(),
            origin: Origin {
                prompt_version: row.prompt_version,
                model: row.model,
                latency_ms: row.latency_ms,
                prompt_tokens: row.prompt_tokens,
                completion_tokens: row.completion_tokens,
            },
        })
    });
    Ok(ideas.collect())
}

/// The sealed words of an idea; none when they are gone.
pub(crate) async fn words(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Uuid,
) -> Result<Option<Sealed>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select words as "words!", minutes, task
           from advice.idea
           where user_id = $1
             and idea_id = $2
             and words is not null"#,
        user.uuid(),
        id,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Sealed {
        words: row.words,
        minutes: row.minutes.and_then(|minutes| u16::try_from(minutes).ok()),
        task: row.task,
    }))
}

/// The newest idea of `user`.
pub(crate) async fn newest(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select idea_id from advice.idea where user_id = $1 order by idea_id desc limit 1",
        user.uuid(),
    )
    .fetch_optional(db)
    .await
}

/// The sealed sketches of what was shown to `user`, or may be: the newest ones.
pub(crate) async fn sketches(
    db: &PgPool,
    user: UserId,
) -> Result<Vec<(Uuid, Vec<u8>)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select idea_id, sketch
         from advice.idea
         where user_id = $1
         order by idea_id desc
         limit $2",
        user.uuid(),
        REMEMBERED,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.idea_id, row.sketch)).collect())
}

/// Takes note that an idea was shown; where that is remembered, it is known again after its words are gone.
///
/// # Errors
/// When the database fails.
pub async fn shown(
    tx: &mut Tx<'_>,
    user: UserId,
    id: Uuid,
    at: Timestamp,
    is_remembered: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update advice.idea
         set shown_at = $3,
             is_remembered = $4
         where user_id = $1
           and idea_id = $2",
        user.uuid(),
        id,
        at,
        is_remembered,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets all ideas of `user`, and that they wished for any.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx<'_>, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with wish as (
             delete from advice.wish where user_id = $1
         )
         delete from advice.idea where user_id = $1",
        user.uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets what was shown to `user`, but for what still can be.
///
/// # Errors
/// When the database fails.
pub async fn forget_shown(tx: &mut Tx<'_>, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with gone as (
             delete from advice.idea where user_id = $1 and words is null
         )
         update advice.idea set is_remembered = false where user_id = $1 and words is not null",
        user.uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes the words that have expired at `now`, and all that is remembered no more: what was shown before `before` or
/// never, what was spent until then, and who wished for ideas then.
pub(crate) async fn purge(
    db: &PgPool,
    now: Timestamp,
    before: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with spent as (
             delete from advice.spent where day < $2::timestamptz::date
         ), wish as (
             delete from advice.wish where wished_at < $2
         ), gone as (
             delete from advice.idea
             where expires_at <= $1
               and (not is_remembered or shown_at < $2)
         )
         update advice.idea
         set words = null
         where expires_at <= $1
           and is_remembered
           and shown_at >= $2
           and words is not null",
        now,
        before,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) fn open_words(key: &DataKey, id: Uuid, sealed: &[u8]) -> Result<String, VaultError> {
    let words = key.open(place(&id.to_string(), "words"), sealed)?;
    Ok(words.expose_secret().to_owned())
}

/// `None`, where it is no sketch of today.
pub(crate) fn open_sketch(
    key: &DataKey,
    id: Uuid,
    sealed: &[u8],
) -> Result<Option<Sketch>, VaultError> {
    let sketch = key.open(place(&id.to_string(), "sketch"), sealed)?;
    let bytes = STANDARD_NO_PAD.decode(sketch.expose_secret()).ok();
    Ok(bytes.and_then(|bytes| Sketch::from_bytes(&bytes)))
}

fn place<'a>(row: &'a str, field: &'a str) -> Place<'a> {
    Place { table: "advice.idea", row, field }
}

fn to_small(number: u16) -> i16 {
    i16::try_from(number).unwrap_or(i16::MAX)
}
