//! What fits before the next meeting: a rule that stands before the policies, and is no feature of theirs.
//!
//! That an hour's work is a poor tip ten minutes before a meeting need not be learned. What does not fit is left out of the
//! pool; so the decision and its propensities are about what remains, and the snapshot of it holds nothing of the calendar.

use chrono::TimeDelta;
use integrations::Busy;
use kernel::Timestamp;

use crate::pool::Candidate;

/// What is further away than this is no reason for haste.
const AHEAD: TimeDelta = TimeDelta::hours(4);

/// What takes at most so many minutes fits anywhere.
const SHORT: u32 = 5;

/// How many whole minutes are free at `now` until the next meeting: none during one. `None` where nothing is known, or
/// there are more than four hours.
pub(crate) fn minutes(busy: Option<&Busy>, now: Timestamp) -> Option<u32> {
    let free = busy?.free_until(now)? - now;
    (free <= AHEAD).then(|| u32::try_from(free.num_minutes()).ok()).flatten()
}

/// Leaves those out of `pool` that are known to take longer than the `free` minutes, if any others remain. Tells whether it
/// did.
pub(crate) fn keep_what_fits(pool: &mut Vec<Candidate>, free: Option<u32>) -> bool {
    let Some(free) = free else { return false };
    let fits = |candidate: &Candidate| {
        candidate.features.minutes.is_none_or(|minutes| minutes <= free.max(SHORT))
    };
    let fitting = pool.iter().filter(|candidate| fits(candidate)).count();
    if fitting == 0 || fitting == pool.len() {
        return false;
    }
    pool.retain(fits);
    true
}

#[cfg(test)]
mod tests {
    use kernel::TimeZone;

    use super::*;
    use crate::features::{Features, Moment};

    fn pool(minutes: &[Option<u32>]) -> Vec<Candidate> {
        let moment = Moment::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
        let of = |(place, minutes): (usize, &Option<u32>)| Candidate {
            key: place.to_string(),
            features: Features { minutes: *minutes, ..Features::at(&moment) },
            origin: None,
        };
        minutes.iter().enumerate().map(of).collect()
    }

    fn kept(of: &[Option<u32>], free: Option<u32>) -> Option<Vec<Option<u32>>> {
        let mut pool = pool(of);
        let is_less = keep_what_fits(&mut pool, free);
        is_less.then(|| pool.iter().map(|candidate| candidate.features.minutes).collect())
    }

    #[test]
    fn what_takes_longer_is_left_out() {
        let all = [Some(60), None, Some(10), Some(11), Some(5)];
        assert_eq!(kept(&all, Some(10)), Some(vec![None, Some(10), Some(5)]));
        assert_eq!(kept(&all, Some(0)), Some(vec![None, Some(5)]));
        assert_eq!(kept(&all, Some(60)), None);
        assert_eq!(kept(&all, None), None);
    }

    #[test]
    fn something_is_always_left() {
        assert_eq!(kept(&[Some(60), Some(30)], Some(10)), None);
        assert_eq!(kept(&[], Some(10)), None);
    }
}
