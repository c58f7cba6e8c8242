//! How often somebody may ask: buckets of tokens, in the memory of this replica. They protect it from being busy
//! with one client alone; what must not be tried too often is counted in Postgres (`auth::attempts`).

use std::{
    collections::HashMap,
    mem,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Extension,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{SharedClock, UserId};

use super::client::Client;
use crate::{AppState, routes::Failed};

/// A bucket holds what comes in within this time, and is full again after it.
const FULL: Duration = Duration::from_secs(5);

/// Several people can be behind one address.
const PEOPLE_AT_AN_ADDRESS: u32 = 5;

/// Who shows a token that is none has it from somewhere: nobody guesses one. A script that does not stop is to cost
/// no more than a fraction of a person.
const STRANGERS_SHARE: u32 = 4;

/// How many buckets are remembered in each of the two halves: some 6 MB when somebody tries to fill them.
const MOST: usize = 1 << 16;

/// Whose bucket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// Whoever is there.
    Address(IpAddr),
    /// Whoever shows tokens there that are none.
    Stranger(IpAddr),
    /// Somebody who has signed in.
    Person(UserId),
}

/// The buckets.
pub struct Limits {
    /// Tokens a second for a person; 0: no limit.
    per_second: u32,
    clock: SharedClock,
    buckets: Mutex<Buckets>,
}

/// When each bucket will be full again, in microseconds (GCRA: the bucket is never filled, only read). A bucket
/// that has not been asked for a while is full, and is forgotten: the younger half becomes the older one, and the
/// older one goes.
#[derive(Default)]
struct Buckets {
    young: HashMap<Bucket, i64>,
    old: HashMap<Bucket, i64>,
    turned_at: i64,
}

impl Limits {
    /// `per_second` tokens for a person, and five times as many for an address; 0: no limit.
    pub fn new(per_second: u32, clock: SharedClock) -> Self {
        Self { per_second, clock, buckets: Mutex::default() }
    }

    /// Takes a token out of a bucket.
    ///
    /// # Errors
    /// When there is none: how long to wait for the next.
    pub fn take(&self, bucket: Bucket) -> Result<(), Duration> {
        self.look(bucket, true)
    }

    /// Tells whether there is a token in a bucket, and leaves it there.
    ///
    /// # Errors
    /// When there is none: how long to wait for the next.
    pub fn check(&self, bucket: Bucket) -> Result<(), Duration> {
        self.look(bucket, false)
    }

    fn look(&self, bucket: Bucket, takes: bool) -> Result<(), Duration> {
        let rate = match bucket {
            Bucket::Person(_) => self.per_second,
            Bucket::Address(_) => self.per_second.saturating_mul(PEOPLE_AT_AN_ADDRESS),
            Bucket::Stranger(_) => self.per_second.div_ceil(STRANGERS_SHARE),
        };
        if rate == 0 {
            return Ok(());
        }
        let now = self.clock.now().timestamp_micros();
        let (full, token) = (micros(FULL), 1_000_000 / i64::from(rate));

        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.turn(now, full);
        // Should the clock have gone back, nobody waits longer than for a whole bucket.
        let full_at = buckets.full_at(bucket).clamp(now, now + full) + token;
        if full_at > now + full {
            let wait = u64::try_from(full_at - now - full).unwrap_or_default();
            return Err(Duration::from_micros(wait));
        }
        if takes {
            buckets.young.insert(bucket, full_at);
        }
        Ok(())
    }
}

impl Buckets {
    fn turn(&mut self, now: i64, full: i64) {
        if self.young.len() >= MOST || (now - self.turned_at).abs() >= full {
            self.old = mem::take(&mut self.young);
            self.turned_at = now;
        }
    }

    fn full_at(&self, bucket: Bucket) -> i64 {
        self.young.get(&bucket).or_else(|| self.old.get(&bucket)).copied().unwrap_or(i64::MIN)
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// Refuses who asks too often, by their address. A person's bucket is looked at where it is found out who they
/// are.
pub async fn addresses(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    request: Request,
    next: Next,
) -> Response {
    match state.limits.take(Bucket::Address(client.network())) {
        Ok(()) => next.run(request).await,
        Err(wait) => Failed::too_often(wait).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, sync::Arc};

    use chrono::TimeDelta;
    use kernel::{ManualClock, Timestamp};

    use super::*;

    const HOME: Bucket = Bucket::Address(IpAddr::V4(Ipv4Addr::LOCALHOST));

    fn limits(per_second: u32) -> (Limits, Arc<ManualClock>) {
        let clock = ManualClock::at(Timestamp::from_timestamp(1_800_000_000, 0).unwrap());
        (Limits::new(per_second, clock.clone()), clock)
    }

    fn person(number: u128) -> Bucket {
        Bucket::Person(UserId(uuid::Uuid::from_u128(number)))
    }

    /// How many tokens come out at once, and how long to wait for the next.
    fn drain(limits: &Limits, bucket: Bucket) -> (usize, Duration) {
        let mut taken = 0;
        loop {
            match limits.take(bucket) {
                Ok(()) => taken += 1,
                Err(wait) => return (taken, wait),
            }
        }
    }

    #[test]
    fn a_bucket_holds_five_seconds() {
        let (limits, clock) = limits(20);
        assert_eq!(drain(&limits, person(1)), (100, Duration::from_millis(50)));
        assert_eq!(drain(&limits, person(2)).0, 100, "everybody has one of their own");
        assert_eq!(drain(&limits, HOME), (500, Duration::from_millis(10)));
        let stranger = Bucket::Stranger(Ipv4Addr::LOCALHOST.into());
        assert!((0..100).all(|_| limits.check(stranger).is_ok()), "who looks takes none");
        assert_eq!(drain(&limits, stranger), (25, Duration::from_millis(200)));
        assert_eq!(limits.check(stranger), Err(Duration::from_millis(200)));

        clock.advance(TimeDelta::milliseconds(49));
        assert_eq!(drain(&limits, person(1)), (0, Duration::from_millis(1)));
        clock.advance(TimeDelta::milliseconds(1));
        assert_eq!(drain(&limits, person(1)).0, 1);
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(drain(&limits, person(1)).0, 20);
        clock.advance(TimeDelta::hours(1));
        assert_eq!(drain(&limits, person(1)).0, 100, "it never holds more");
    }

    #[test]
    fn nought_is_no_limit() {
        let (limits, _) = limits(0);
        assert!((0..10_000).all(|_| limits.take(HOME).is_ok() && limits.take(person(1)).is_ok()));
    }

    #[test]
    fn a_clock_that_goes_back_locks_nobody_out() {
        let (limits, clock) = limits(20);
        drain(&limits, person(1));
        clock.advance(TimeDelta::days(-1));
        assert_eq!(drain(&limits, person(1)).1, Duration::from_millis(50));
        clock.advance(TimeDelta::seconds(5));
        assert_eq!(drain(&limits, person(1)).0, 100);
    }

    #[test]
    fn who_asks_steadily_is_not_forgotten() {
        let (limits, clock) = limits(20);
        drain(&limits, person(1));
        for _ in 0..100 {
            clock.advance(TimeDelta::milliseconds(500));
            assert_eq!(drain(&limits, person(1)).0, 10);
        }
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let (limits, clock) = limits(20);
        for number in 0..200_000 {
            assert!(limits.take(person(number)).is_ok());
        }
        let held = || {
            let buckets = limits.buckets.lock().unwrap();
            buckets.young.len() + buckets.old.len()
        };
        assert!((MOST..=2 * MOST).contains(&held()), "{}", held());
        for _ in 0..2 {
            clock.advance(TimeDelta::seconds(5));
            assert!(limits.take(HOME).is_ok());
        }
        assert_eq!(held(), 2, "what is full again is forgotten, but for the one who asks");
    }
}
