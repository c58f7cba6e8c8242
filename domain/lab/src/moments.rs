//! When to speak, judged by the log: what other choosers of moments would have earned.
//!
//! Beside each moment stands how probably oO was to speak, and how probably the shadows were
//! ([`notifier::timing::Shadow`]). What is estimated is the worth of an hour: of a decision, made as another would have,
//! *where the one that served had come to*. Somebody else would have spent the cap elsewhere, and come to other moments;
//! that is not in it.

mod told;

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use bandit::estimate::{Estimator, Interval};
use chrono::{NaiveDate, TimeDelta};
use kernel::Timestamp;
use notifier::{
    past::{Drawn, Lasted, lasted},
    timing::{Hour, Outcome, Row, Rows, Shadow, WINDOW},
};

use crate::{LabError, evaluate::CONFIDENCE};

/// What is told of each chooser.
const ESTIMATORS: [Estimator; 3] = [Estimator::Ipw, Estimator::Snipw, Estimator::Dr];

/// What one hour of the day earned counts as much as all others do, once it was seen so often.
const FOR: f64 = 10.0;

/// What all choosers would have earned.
#[derive(Debug)]
pub struct Moments {
    /// Of so many people.
    pub people: usize,
    /// On so many days of theirs.
    pub days: usize,
    /// So often it was drawn.
    pub drawn: usize,
    /// The one that served first.
    pub choosers: Vec<Chooser>,
}

/// What one would have.
#[derive(Debug)]
pub struct Chooser {
    /// Its name: `served`, `even` (at any moment alike, with as many pushes), or a shadow's.
    pub name: &'static str,
    /// So many moments tell of it.
    pub drawn: usize,
    /// So many pushes a day are expected of it.
    pub a_day: f64,
    /// What an hour is worth, by each estimator.
    pub worth: Vec<(Estimator, f64, Interval)>,
    /// The share of its pushes upon which something is done within the hour; none, where that cannot be told.
    pub answered: Option<(f64, Interval)>,
}

/// A moment, and what was thought of it before.
struct Judged {
    lasted: Lasted,
    /// Whose day it was.
    day: usize,
    expected: [f64; 2],
}

impl Moments {
    /// Judges what was drawn for each of `people`, in the order of time.
    ///
    /// # Errors
    /// When nothing was drawn yet, or the log holds what cannot be.
    pub fn of(people: Vec<Vec<Drawn>>) -> Result<Self, LabError> {
        let mut days = BTreeMap::new();
        let mut judged = Vec::new();
        let people: Vec<_> = people.into_iter().filter(|drawn| !drawn.is_empty()).collect();
        let count = people.len();
        for (person, drawn) in people.into_iter().enumerate() {
            for lasted in lasted(drawn) {
                let next = days.len();
                let day = (person, local_date(&lasted.drawn));
                let day = *days.entry(day).or_insert(next);
                judged.push(Judged { lasted, day, expected: [0.0; 2] });
            }
        }
        if judged.is_empty() {
            return Err(LabError::NothingDrawn);
        }
        judged.sort_by_key(|judged| judged.lasted.drawn.at);
        expect(&mut judged);

        let drawn = judged.len();
        let probability = |it: &Judged| it.lasted.drawn.choice.probability;
        let mean = judged.iter().map(probability).sum::<f64>() / float(drawn);
        let mut choosers = vec![
            Chooser::of("served", &judged, |it| Some(it.choice.probability))?,
            Chooser::of("even", &judged, |_| Some(mean))?,
        ];
        for shadow in Shadow::ALL.map(Shadow::as_str) {
            choosers.push(Chooser::of(shadow, &judged, |it| it.shadows.get(shadow).copied())?);
        }
        choosers.retain(|chooser| chooser.drawn > 0);
        Ok(Self { people: count, days: days.len(), drawn, choosers })
    }
}

/// The person's own day: of their noon, the date is the same in nearly all zones.
fn local_date(drawn: &Drawn) -> NaiveDate {
    let since_midnight = Duration::try_from_secs_f64(drawn.hour * 3600.0).unwrap_or_default();
    let midnight = drawn.at - since_midnight;
    (midnight + TimeDelta::hours(12)).date_naive()
}

impl Chooser {
    /// One that would have spoken with `probability`, at the moments where that is known.
    fn of(
        name: &'static str,
        judged: &[Judged],
        probability: impl Fn(&Drawn) -> Option<f64>,
    ) -> Result<Self, LabError> {
        let (mut rows, mut days, mut sum) = (Vec::new(), Vec::new(), 0.0);
        let (mut pushes, mut days_of_pushes) = (Vec::new(), Vec::new());
        for Judged { lasted: Lasted { drawn, hour, pscore }, day, expected } in judged {
            let Some(shadow) = probability(drawn) else { continue };
            let (hour, pscore, expected) = (*hour, *pscore, *expected);
            let row = Row { hour, pscore, reward: drawn.reward(), shadow, expected };
            rows.push(row);
            days.push(*day);
            sum += shadow;
            if hour == Hour::Spoken && drawn.was_said {
                let reward = if drawn.outcome == Outcome::Done { 1.0 } else { 0.0 };
                pushes.push(Row { reward, expected: [0.0; 2], ..row });
                days_of_pushes.push(*day);
            }
        }
        if rows.is_empty() {
            let (a_day, worth) = (0.0, Vec::new());
            return Ok(Self { name, drawn: 0, a_day, worth, answered: None });
        }
        let drawn = rows.len();
        let log = log(rows)?;
        let worth = ESTIMATORS
            .map(|it| (it, it.value(&log), it.interval_of_groups(&log, &days, CONFIDENCE)));
        let answered = if pushes.is_empty() { None } else { Some(self::log(pushes)?) };
        let answered = answered.and_then(|log| {
            let share = Estimator::Snipw.value(&log);
            let interval = Estimator::Snipw.interval_of_groups(&log, &days_of_pushes, CONFIDENCE);
            share.is_finite().then_some((share, interval))
        });
        days.sort_unstable();
        days.dedup();
        let a_day = sum / float(days.len());
        Ok(Self { name, drawn, a_day, worth: worth.into(), answered })
    }
}

fn log(rows: Vec<Row>) -> Result<bandit::estimate::Log, LabError> {
    let rows: Rows = rows.into_iter().collect();
    rows.log().map_err(|error| LabError::Invalid(error.to_string()))
}

/// What silence and speaking are expected to earn at each moment, from those whose hour was over then.
fn expect(judged: &mut [Judged]) {
    let window = chrono::TimeDelta::from_std(WINDOW).unwrap_or(chrono::TimeDelta::hours(1));
    let mut earned = Earned::default();
    let mut waiting: VecDeque<(Timestamp, f64, Option<usize>, f64)> = VecDeque::new();
    for Judged { lasted: Lasted { drawn, hour, .. }, expected, .. } in judged {
        while let Some((at, hour, action, reward)) = waiting.pop_front() {
            if at + window > drawn.at {
                waiting.push_front((at, hour, action, reward));
                break;
            }
            if let Some(action) = action {
                earned.add(action, hour, reward);
            }
        }
        *expected = [0, 1].map(|action| earned.expect(action, drawn.hour));
        let action = match hour {
            Hour::Silent => Some(0),
            Hour::Spoken => Some(1),
            Hour::Cut => None,
        };
        waiting.push_back((drawn.at, drawn.hour, action, drawn.reward()));
    }
}

/// What was earned, and how often.
type Sum = (f64, f64);

/// Of silence and of speaking: in all, and by the hour of the day.
#[derive(Default)]
struct Earned([(Sum, [Sum; 24]); 2]);

impl Earned {
    fn add(&mut self, action: usize, hour: f64, reward: f64) {
        let (all, hours) = &mut self.0[action];
        for (sum, count) in [all, &mut hours[place(hour)]] {
            *sum += reward;
            *count += 1.0;
        }
    }

    fn expect(&self, action: usize, hour: f64) -> f64 {
        let ((sum, count), hours) = &self.0[action];
        let mean = sum / (count + 1.0);
        let (sum, count) = hours[place(hour)];
        (sum + FOR * mean) / (count + FOR)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hours of a day")]
fn place(hour: f64) -> usize {
    hour.clamp(0.0, 23.99) as usize
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 moments")]
fn float(count: usize) -> f64 {
    count as f64
}
