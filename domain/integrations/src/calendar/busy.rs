//! When somebody is taken: intervals, and nothing of what happens in them.

use kernel::Timestamp;

/// The times that a calendar says are taken, until the end of tomorrow. It holds no word of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Busy {
    /// From, and until: in order, none touching the next one.
    intervals: Vec<(Timestamp, Timestamp)>,
}

impl Busy {
    /// What overlaps or touches becomes one; what takes no time is left out.
    pub(super) fn of(mut intervals: Vec<(Timestamp, Timestamp)>) -> Self {
        intervals.retain(|(from, until)| from < until);
        intervals.sort_unstable();
        let mut merged: Vec<(Timestamp, Timestamp)> = Vec::with_capacity(intervals.len());
        for (from, until) in intervals {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => merged.push((from, until)),
            }
        }
        merged.shrink_to_fit();
        Self { intervals: merged }
    }

    /// All of them, in order.
    pub fn intervals(&self) -> &[(Timestamp, Timestamp)] {
        &self.intervals
    }

    /// When that ends which is going on at `at`; `None` where nothing is.
    pub fn busy_until(&self, at: Timestamp) -> Option<Timestamp> {
        let (from, until) = self.first_after(at)?;
        (from <= at).then_some(until)
    }

    /// When the time that is free at `at` ends: at once, where it is not free; `None` where nothing more is known to
    /// come.
    pub fn free_until(&self, at: Timestamp) -> Option<Timestamp> {
        self.first_after(at).map(|(from, _)| from.max(at))
    }

    /// The first one that has not ended at `at`.
    fn first_after(&self, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let place = self.intervals.partition_point(|(_, until)| *until <= at);
        self.intervals.get(place).copied()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn busy(intervals: &[(i64, i64)]) -> Busy {
        Busy::of(intervals.iter().map(|(from, until)| (at(*from), at(*until))).collect())
    }

    #[test]
    fn what_overlaps_or_touches_is_one() {
        let busy = busy(&[(90, 120), (0, 30), (30, 60), (20, 40), (5, 10), (200, 200), (300, 290)]);
        assert_eq!(busy.intervals(), [(at(0), at(60)), (at(90), at(120))]);
    }

    #[test]
    fn it_tells_until_when() {
        let busy = busy(&[(10, 20), (20, 30), (60, 90)]);
        let told = |minute| (busy.busy_until(at(minute)), busy.free_until(at(minute)));
        assert_eq!(told(0), (None, Some(at(10))));
        assert_eq!(told(10), (Some(at(30)), Some(at(10))));
        assert_eq!(told(29), (Some(at(30)), Some(at(29))));
        assert_eq!(told(30), (None, Some(at(60))));
        assert_eq!(told(90), (None, None));
        assert_eq!(Busy::default().free_until(at(0)), None);
    }
}
