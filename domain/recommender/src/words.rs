//! A tip in words.

use integrations::{Due, Task, TaskList};
use kernel::{TimeZone, Timestamp, UserId, days_between};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Error, Recommender, features::Moment, pool, store::OpenTip, turn::Turn};

/// Beside an idea, a longer title is cut, in characters.
const SHORT: usize = 48;

/// One tip, in words. The words of a task live here and in the page, nowhere else.
#[derive(Clone, PartialEq)]
pub struct Tip {
    /// Its identifier.
    pub id: Uuid,
    /// Task or advice.
    pub kind: TipKind,
    /// The sentence.
    pub text: String,
    /// The quiet line below it; may be empty.
    pub context: String,
    /// Why this one, in sentences.
    pub reasons: Vec<String>,
    /// The IANA time zone that it was chosen for.
    pub time_zone: String,
}

/// Where a tip comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TipKind {
    /// A task of the person's own.
    Todo,
    /// The shipped library, or a language model.
    Advice,
}

impl std::fmt::Debug for Tip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tip")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Recommender {
    /// In words, unless its task is not in the list, or what a language model wrote is gone, or has to go: beside signs of a
    /// crisis.
    pub(crate) async fn words(
        &self,
        turn: &mut Turn,
        tip: &OpenTip,
        tasks: &TaskList,
    ) -> Result<Option<Tip>, Error> {
        if pool::idea_id(&tip.candidate).is_some() && self.is_crisis(tasks) {
            return Ok(None);
        }
        self.words_of_new(turn, tip, tasks).await
    }

    /// The same of a tip that was just decided over these tasks: beside signs of a crisis, it is no idea.
    pub(crate) async fn words_of_new(
        &self,
        turn: &mut Turn,
        tip: &OpenTip,
        tasks: &TaskList,
    ) -> Result<Option<Tip>, Error> {
        let user = turn.user;
        if let Some(told) = self.written(&mut turn.tx, user, tip, Some(tasks)).await? {
            return Ok(Some(told));
        }
        Ok(self.advice(tip).or_else(|| listed(tip, tasks, turn.moment.at)))
    }

    /// In words, if a language model wrote it and they are still there. Beside the tasks that are at hand, it may have to go:
    /// when its own is gone, or one has signs of a crisis.
    pub(crate) async fn idea(
        &self,
        db: &mut PgConnection,
        user: UserId,
        tip: &OpenTip,
        tasks: Option<&TaskList>,
    ) -> Result<Option<Tip>, Error> {
        let is_idea = pool::idea_id(&tip.candidate).is_some();
        if !is_idea || tasks.is_some_and(|tasks| self.is_crisis(tasks)) {
            return Ok(None);
        }
        self.written(db, user, tip, tasks).await
    }

    async fn written(
        &self,
        db: &mut PgConnection,
        user: UserId,
        tip: &OpenTip,
        tasks: Option<&TaskList>,
    ) -> Result<Option<Tip>, Error> {
        let Some(id) = pool::idea_id(&tip.candidate) else { return Ok(None) };
        let Some(idea) = self.0.advisor.words(db, user, id).await? else { return Ok(None) };
        let task = idea.task.as_deref().and_then(|task| tasks?.get(task));
        let is_gone = idea.task.is_some() && task.is_none();
        if is_gone && tasks.is_some_and(TaskList::is_complete) {
            return Ok(None);
        }
        let about = task.map(|task| format!("for “{}”", short(&task.content)));
        Ok(Some(Tip {
            id: tip.id,
            kind: TipKind::Advice,
            text: idea.text,
            context: quietly([about, idea.minutes.map(u32::from).map(minutes)]),
            reasons: sentences(tip),
            time_zone: tip.time_zone.clone(),
        }))
    }

    /// In words, if it is a piece of advice that ships.
    pub(crate) fn advice(&self, tip: &OpenTip) -> Option<Tip> {
        let advice = self.0.library.get(pool::advice_id(&tip.candidate)?)?;
        Some(Tip {
            id: tip.id,
            kind: TipKind::Advice,
            text: advice.text.clone(),
            context: minutes(u32::from(advice.minutes)),
            reasons: sentences(tip),
            time_zone: tip.time_zone.clone(),
        })
    }
}

/// In words, if its task is in the list.
pub(crate) fn listed(tip: &OpenTip, tasks: &TaskList, now: Timestamp) -> Option<Tip> {
    Some(task_tip(tip, tasks.get(pool::task_id(&tip.candidate)?)?, now))
}

/// A task in words.
pub(crate) fn task_tip(tip: &OpenTip, task: &Task, now: Timestamp) -> Tip {
    let moment = Moment::new(now, tip.time_zone.parse().unwrap_or(TimeZone::UTC));
    let due = task.due.map(|due| due_words(due, &moment));
    let takes = task.duration_minutes.map(minutes);
    Tip {
        id: tip.id,
        kind: TipKind::Todo,
        text: task.content.clone(),
        context: quietly([due, takes]),
        reasons: sentences(tip),
        time_zone: tip.time_zone.clone(),
    }
}

/// The quiet line.
fn quietly(parts: [Option<String>; 2]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A title that fits into the quiet line.
fn short(title: &str) -> String {
    if title.chars().nth(SHORT).is_none() {
        return title.to_owned();
    }
    let cut: String = title.chars().take(SHORT - 1).collect();
    format!("{}…", cut.trim_end())
}

fn sentences(tip: &OpenTip) -> Vec<String> {
    tip.reasons.iter().map(crate::Reason::sentence).collect()
}

fn due_words(due: Due, moment: &Moment) -> String {
    let date = due.date(&moment.zone);
    let days = days_between(moment.today(), date);
    match (days, due.time(&moment.zone)) {
        (0, Some(time)) => format!("due at {}", time.strftime("%-H:%M")),
        (0, None) => "due today".to_owned(),
        (1, _) => "due tomorrow".to_owned(),
        (-1, _) => "due yesterday".to_owned(),
        (2..=6, _) => format!("due on {}", date.strftime("%A")),
        (..=-2, _) => format!("due {} days ago", -days),
        _ => format!("due {}", date.strftime("%-d %B")),
    }
}

fn minutes(minutes: u32) -> String {
    match minutes {
        0 | 1 => "a minute".to_owned(),
        2..60 => format!("{minutes} min"),
        _ if minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        _ => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}
