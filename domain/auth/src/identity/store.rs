//! The tables `auth.user` and `auth.identity`.

use kernel::{Timestamp, UserId};
use sqlx::PgPool;

use super::VerifiedIdentity;
use crate::AuthError;

pub(super) async fn find(
    db: &PgPool,
    identity: &VerifiedIdentity,
) -> Result<Option<UserId>, AuthError> {
    let user = sqlx::query_scalar!(
        "select user_id
         from auth.identity
         where issuer = $1
           and subject = $2",
        identity.issuer,
        identity.subject,
    )
    .fetch_optional(db)
    .await?;
    Ok(user.map(UserId))
}

/// Makes the person and the identity, or neither when the identity is taken: by someone who came
/// first, and whose commit this waits for.
pub(super) async fn insert(
    db: &PgPool,
    user: UserId,
    identity: &VerifiedIdentity,
    now: Timestamp,
) -> Result<Option<UserId>, AuthError> {
    let user = sqlx::query_scalar!(
        "with linked as (
             insert into auth.identity (user_id, issuer, subject, linked_at)
             values ($1, $2, $3, $4)
             on conflict on constraint identity_issuer_subject_key do nothing
             returning user_id, linked_at
         )
         insert into auth.user (user_id, created_at)
         select user_id, linked_at
         from linked
         returning user_id",
        user.uuid(),
        identity.issuer,
        identity.subject,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(user.map(UserId))
}
