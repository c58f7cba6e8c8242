//! A candidate of the protocol as the features that serve.

use recommender::features::{Features, Moment, hashed};

use super::request::Possible;

/// The kind of everything that is on a list.
const TASK: &str = "todo";

impl Possible {
    /// What is known of it at `moment`, but for what the person has seen of it.
    pub(super) fn features(&self, moment: &Moment) -> Features {
        let due_in_hours = finite(self.due_in_hours);
        let mut features = Features {
            source: self.source.clone().unwrap_or_default(),
            kind: self.kind.clone().unwrap_or_default(),
            due_in_hours,
            priority: finite(self.priority).map(|priority| whole(priority, 1, 4)),
            age_days: finite(self.age_days),
            minutes: finite(self.duration_min).map(|minutes| whole(minutes, 0, 1_000_000)),
            length: finite(self.text_len).map_or(0, |length| whole(length, 0, u16::MAX)),
            labels: self.labels.iter().flatten().map(|label| hashed(label)).collect(),
            project: self.project.as_deref().map(hashed),
            prompt_version: self.prompt_version.clone(),
            model: self.model.clone(),
            ..Features::at(moment)
        };
        if features.kind == TASK || (features.kind.is_empty() && features.source == "todoist") {
            features.due_in_days = due_in_hours.map(|hours| days((features.hour + hours) / 24.0));
            features.kind = features.task_kind().to_owned();
        }
        features
    }
}

fn finite(number: Option<f64>) -> Option<f64> {
    number.filter(|number| number.is_finite())
}

/// The whole part of `number`, between two bounds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
fn whole<N: Ord + TryFrom<u64>>(number: f64, least: N, most: N) -> N {
    match N::try_from(number as u64) {
        Ok(whole) => whole.clamp(least, most),
        Err(_) => most,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast saturates")]
fn days(days: f64) -> i32 {
    days.floor() as i32
}
