//! The seam between the page and the house: one call for each thing that the page asks for, and the
//! house's answer in the page's own types.

use kernel::{SharedClock, SharedEntropy, TimeZone, UserId, log_failure};
use profile::SnoozeTimes;
use recommender::{Answer, Answered, Look, ReactError, Recommender, UndoError, features::Moment};
use sqlx::PgPool;

use crate::{
    types::{Failure, JustDone, Notice, Reaction, Scene, Snooze, Stage, Tip, TipKind, Trouble},
    voice::in_hours,
};

/// What the page reaches of the house. Cloning is cheap.
#[derive(Clone)]
pub struct House {
    /// The database, for the profile.
    pub db: PgPool,
    /// Whether there is anything to connect.
    pub can_connect: bool,
    /// The choice of the tip.
    pub recommender: Recommender,
    /// The clock.
    pub clock: SharedClock,
    /// The source of chance, for idempotency keys.
    pub entropy: SharedEntropy,
}

/// The signed-in person, put into the context of each request by the server.
#[derive(Clone)]
pub struct Person {
    /// Who.
    pub user: UserId,
    /// Where.
    pub house: House,
}

/// The state of the tip page.
pub async fn stage(person: Person) -> Result<Stage, Failure> {
    Ok(page(person).await?.0)
}

/// The state of the tip page, and the time zone that its tip was chosen for.
pub async fn page(person: Person) -> Result<(Stage, Option<String>), Failure> {
    let look = person.house.recommender.look(person.user).await.map_err(|error| failed(&error))?;
    let zone = match &look.scene {
        recommender::Scene::Tip(tip) => Some(tip.time_zone.clone()),
        _ => None,
    };
    Ok((person.staged(look).await?, zone))
}

/// Takes a reaction and shows the next tip.
pub async fn react(
    person: Person,
    tip_id: String,
    key: String,
    reaction: Reaction,
    snooze: Snooze,
) -> Result<Stage, Failure> {
    let (Ok(tip), Ok(key)) = (tip_id.parse(), key.parse()) else { return Err(Failure::Malformed) };
    let answer = Answer { tip, key, reaction: to_house(reaction, snooze) };
    let notice = match person.house.recommender.react(person.user, answer).await {
        Ok(look) => return person.staged(look).await,
        Err(ReactError::AnsweredElsewhere) => Notice::AnsweredElsewhere,
        Err(ReactError::Gone) => Notice::TipGone,
        Err(ReactError::KeyReused) => Notice::KeyReused,
        Err(ReactError::Unknown) => return Err(Failure::Unknown),
        Err(ReactError::Internal(error)) => return Err(failed(&error)),
    };
    Ok(Stage { notice: Some(notice), ..stage(person).await? })
}

/// Takes the last reaction back.
pub async fn undo(person: Person, tip_id: String) -> Result<Stage, Failure> {
    let tip = tip_id.parse().map_err(|_| Failure::Malformed)?;
    match person.house.recommender.undo(person.user, tip).await {
        Ok(look) => person.staged(look).await,
        Err(UndoError::TooLate) => {
            Ok(Stage { notice: Some(Notice::UndoTooLate), ..stage(person).await? })
        }
        Err(UndoError::Unknown) => Err(Failure::Unknown),
        Err(UndoError::Internal(error)) => Err(failed(&error)),
    }
}

/// Takes note of the browser's time zone.
pub async fn set_time_zone(person: Person, zone: String) -> Result<(), Failure> {
    let zone: TimeZone = zone.parse().map_err(|_| Failure::Malformed)?;
    let House { db, clock, .. } = person.house;
    profile::observe_time_zone(&db, person.user, &zone, clock.now())
        .await
        .map_err(|error| failed(&error))
}

impl Person {
    fn evening_is_today(&self, zone: &str, times: SnoozeTimes) -> bool {
        let zone = zone.parse().unwrap_or(TimeZone::UTC);
        recommender::Snooze::Evening.is_today(&Moment::new(self.house.clock.now(), zone), times)
    }

    async fn staged(&self, look: Look) -> Result<Stage, Failure> {
        // Nothing but a tip can be snoozed.
        let times = match look.scene {
            recommender::Scene::Tip(_) => profile::snooze_times(&self.house.db, self.user)
                .await
                .map_err(|error| failed(&error))?,
            _ => SnoozeTimes::default(),
        };
        let scene = match look.scene {
            recommender::Scene::Unasked => Scene::Unasked,
            recommender::Scene::NotAllowed => Scene::NotAllowed,
            recommender::Scene::NotConnected if !self.house.can_connect => Scene::NoConnector,
            recommender::Scene::NotConnected => Scene::NotConnected,
            recommender::Scene::Loading => Scene::Loading,
            recommender::Scene::Nothing => Scene::Nothing,
            recommender::Scene::Trouble(trouble) => Scene::Trouble(trouble.into()),
            recommender::Scene::Tip(tip) => Scene::Tip(Tip {
                id: tip.id.to_string(),
                key: self.house.entropy.id(self.house.clock.now()).to_string(),
                kind: match tip.kind {
                    recommender::TipKind::Todo => TipKind::Todo,
                    recommender::TipKind::Advice => TipKind::Advice,
                },
                text: tip.text,
                context: tip.context,
                reasons: tip.reasons,
                evening_is_today: self.evening_is_today(&tip.time_zone, times),
                later_hours: times.later_hours(),
            }),
        };
        Ok(Stage {
            scene,
            just_done: look.answered.as_ref().map(just_done),
            notice: look.trouble.map(|trouble| Notice::Stale(trouble.into())),
        })
    }
}

fn just_done(answered: &Answered) -> JustDone {
    let (reaction, until) = match answered.reaction {
        recommender::Reaction::Done => (Reaction::Done, String::new()),
        recommender::Reaction::Dismiss => (Reaction::Dismiss, String::new()),
        recommender::Reaction::Snooze(snooze) => {
            (Reaction::Snooze, until(snooze, answered.rests_for.map(|rest| rest.num_hours())))
        }
    };
    JustDone {
        tip_id: answered.tip.to_string(),
        reaction,
        undo_millis: u32::try_from(answered.undo_for.num_milliseconds()).unwrap_or_default(),
        until,
    }
}

/// When it comes back, in words; `hours` after the answer.
fn until(snooze: recommender::Snooze, hours: Option<i64>) -> String {
    match snooze {
        recommender::Snooze::Later => {
            let hours = hours.and_then(|hours| u8::try_from(hours).ok());
            hours.map_or_else(|| "later".to_owned(), in_hours)
        }
        recommender::Snooze::Evening => "in the evening".to_owned(),
        recommender::Snooze::Tomorrow => "tomorrow morning".to_owned(),
        recommender::Snooze::NextWeek => "on Monday morning".to_owned(),
    }
}

fn to_house(reaction: Reaction, snooze: Snooze) -> recommender::Reaction {
    match reaction {
        Reaction::Done => recommender::Reaction::Done,
        Reaction::Dismiss => recommender::Reaction::Dismiss,
        Reaction::Snooze => recommender::Reaction::Snooze(match snooze {
            Snooze::Later => recommender::Snooze::Later,
            Snooze::Evening => recommender::Snooze::Evening,
            Snooze::Tomorrow => recommender::Snooze::Tomorrow,
            Snooze::NextWeek => recommender::Snooze::NextWeek,
        }),
    }
}

impl From<recommender::Trouble> for Trouble {
    fn from(trouble: recommender::Trouble) -> Self {
        match trouble {
            recommender::Trouble::Reconnect => Self::Reconnect,
            recommender::Trouble::Throttled => Self::Throttled,
            recommender::Trouble::Unavailable => Self::Unavailable,
            recommender::Trouble::Garbled => Self::Garbled,
        }
    }
}

/// A failure is logged here, once; its cause does not leave the server.
fn failed(error: &dyn std::error::Error) -> Failure {
    log_failure(error);
    Failure::Internal
}
