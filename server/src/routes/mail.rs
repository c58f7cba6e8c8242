//! Letters: `/settings/mail`, where a person names a mailbox, and `/mail/…`, where the links in letters lead.

use app::{
    pages::Page,
    types::{Came, Letters, Mailbox, Saved, Wish},
};
use auth::attempts::{Limit, Who};
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::{Redirect, Response},
};
use chrono::TimeDelta;
use kernel::{UserId, log_failure};
use notifier::{Asked, Asks, Followed, MailboxError, Rhythm, Trial};
use profile::{Consent, Profile};
use recommender::Reaction;
use serde::Deserialize;

use super::{
    answer::show,
    error::Failed,
    settings::{back, came_of},
    sign_in,
    visitor::Visitor,
};
use crate::{AppState, http::client::Client};

/// How many letters a person can ask for: they may go to somebody else.
const ASKED_FOR: Limit = Limit { most: 5, within: TimeDelta::days(1) };

/// An address, written. It is somebody's, and not printed.
#[derive(Deserialize)]
pub(super) struct Written {
    address: String,
}

/// How often letters come.
#[derive(Deserialize)]
pub(super) struct Often {
    rhythm: String,
}

/// What the settings show of it.
pub(super) async fn of(
    state: &AppState,
    user: UserId,
    profile: &Profile,
) -> Result<Letters, Failed> {
    let mailbox = state.notifier.mailbox(user).await.map_err(Failed::internal)?;
    let none = if state.notifier.writes() { Letters::None } else { Letters::Impossible };
    Ok(mailbox.map_or(none, |mailbox| {
        Letters::To(Mailbox {
            address: mailbox.address,
            rhythm: mailbox.rhythm.as_str(),
            is_confirmed: mailbox.is_confirmed,
            is_allowed: profile.consents.allow(Consent::Notify),
        })
    }))
}

/// Names a mailbox, which is asked at once whether it is the person's.
pub(super) async fn name(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Extension(client): Extension<Client>,
    Form(Written { address }): Form<Written>,
) -> Result<Redirect, Failed> {
    count(&state, client, user).await?;
    Ok(back(match state.notifier.write_to(user, &address, Rhythm::Each).await {
        Ok(trial) => told(trial)?,
        Err(MailboxError::NotAnAddress) => Saved::NoAddress,
        Err(MailboxError::Off) => return Err(Failed::NOT_FOUND),
        Err(MailboxError::Internal(error)) => {
            log_failure(&error);
            Saved::Failed
        }
    }))
}

/// Writes there at once: the tip, or once more the question.
pub(super) async fn test(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Extension(client): Extension<Client>,
) -> Result<Redirect, Failed> {
    count(&state, client, user).await?;
    let trial = state.notifier.write_now(user).await.map_err(Failed::internal)?;
    Ok(back(told(trial)?))
}

/// Writes so often from now on.
pub(super) async fn often(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(Often { rhythm }): Form<Often>,
) -> Result<Redirect, Failed> {
    let Some(rhythm) = Rhythm::named(&rhythm) else { return Err(Failed::REFUSED) };
    let is_there = state.notifier.write_in(user, rhythm).await.map_err(Failed::internal)?;
    if is_there { Ok(back(Saved::Saved)) } else { Err(Failed::NOT_FOUND) }
}

/// Writes no more.
pub(super) async fn remove(State(state): State<AppState>, Visitor(user): Visitor) -> Redirect {
    came_of(state.notifier.stop_writing(user).await)
}

/// Where a link in a letter leads: to a question. Programs that look at links in letters do no harm by it.
pub(super) async fn ask(
    State(state): State<AppState>,
    Path(link): Path<String>,
) -> Result<Response, Failed> {
    let asked = asked(&state, &link).await?;
    Ok(show(&state, Page::Letter { wish: wish(asked), came: None }))
}

/// Somebody says yes to it; or a mail program, for whoever wants no more letters (RFC 8058). The link speaks for its
/// person: nobody has to be signed in, and no cookie is looked at.
pub(super) async fn follow(
    State(state): State<AppState>,
    Path(link): Path<String>,
) -> Result<Response, Failed> {
    let asked = asked(&state, &link).await?;
    let came = match state.notifier.follow(asked).await.map_err(Failed::internal)? {
        Followed::Done => Came::Done,
        Followed::AnsweredElsewhere => Came::Elsewhere,
        Followed::TooLate => Came::TooLate,
    };
    Ok(show(&state, Page::Letter { wish: wish(asked), came: Some(came) }))
}

async fn asked(state: &AppState, link: &str) -> Result<Asked, Failed> {
    let asked = state.notifier.asked(link).await.map_err(Failed::internal)?;
    asked.ok_or(Failed::NOT_FOUND)
}

fn wish(Asked { asks, .. }: Asked) -> Wish {
    match asks {
        Asks::Confirm { .. } => Wish::Letters,
        Asks::Stop { .. } => Wish::NoLetters,
        Asks::Answer { reaction: Reaction::Done, .. } => Wish::Done,
        Asks::Answer { reaction: Reaction::Snooze(_), .. } => Wish::Later,
        Asks::Answer { reaction: Reaction::Dismiss, .. } => Wish::NotThis,
    }
}

async fn count(state: &AppState, client: Client, user: UserId) -> Result<(), Failed> {
    sign_in::count(state, "letter", client, None).await?;
    Ok(state.attempts.count_to("letter", Who::Person(user), ASKED_FOR).await?)
}

fn told(trial: Trial) -> Result<Saved, Failed> {
    Ok(match trial {
        Trial::Sent => Saved::LetterSent,
        Trial::Unknown => return Err(Failed::NOT_FOUND),
        Trial::Gone => Saved::LetterGone,
        Trial::Later => Saved::LetterLater,
    })
}
