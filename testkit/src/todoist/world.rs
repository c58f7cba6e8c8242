//! Everything that the double knows, behind one lock.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use kernel::{SharedClock, SharedEntropy, TimeZone, Timestamp};
use tokio_util::sync::CancellationToken;

use super::{
    account::{Account, AccountId, NewAccount},
    errors::ApiError,
    faults::FaultRule,
    grants::Grants,
    log::{RequestCount, RequestLog},
    scopes::Scopes,
};
use crate::{control::Controlled, faults::Faults, serving};

/// The alphabet of Todoist's ids.
const ID_ALPHABET: &[u8; 32] = b"23456789CFGHJMPQRVWXcfghjmpqrvwx";

/// Spreads consecutive numbers over the whole range: odd, so that no two collide.
const ID_SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// What every handler shares.
pub struct Double {
    pub(super) clock: SharedClock,
    pub(super) entropy: SharedEntropy,
    pub(super) shutdown: CancellationToken,
    world: Mutex<World>,
}

/// The state proper.
#[derive(Default)]
pub(super) struct World {
    pub(super) accounts: Vec<Account>,
    pub(super) grants: Grants,
    pub(super) faults: Faults<FaultRule>,
    pub(super) log: RequestLog,
    pub(super) redirect_uri: Option<String>,
    ids: Ids,
}

/// Gives out ids: the same ones in the same order at every start, so that what was learned about the
/// demo's tasks outlives a restart.
#[derive(Debug, Default)]
pub(super) struct Ids {
    last: u64,
}

impl Double {
    pub(super) fn new(clock: SharedClock, entropy: SharedEntropy) -> Self {
        let mut world = World::default();
        let new = NewAccount { api_token: Some(hex(&entropy.bytes::<20>())), ..Default::default() };
        world.create_account(new, clock.now());
        Self { clock, entropy, shutdown: CancellationToken::new(), world: Mutex::new(world) }
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// 40 hexadecimal digits, as long as Todoist's tokens.
    pub(super) fn secret(&self) -> String {
        hex(&self.entropy.bytes::<20>())
    }

    /// Waits, but not beyond the end of the double.
    pub(super) async fn pause(&self, time: Duration) {
        serving::pause(time, &self.shutdown).await;
    }
}

impl Controlled for Double {
    type Rule = FaultRule;
    type Request = RequestCount;

    fn faults<T>(&self, act: impl FnOnce(&mut Faults<FaultRule>) -> T) -> T {
        act(&mut self.world().faults)
    }

    fn requests(&self) -> (u64, Vec<RequestCount>) {
        let requests = self.world().log.all();
        (requests.iter().map(|request| request.count).sum(), requests)
    }

    fn forget_requests(&self) {
        self.world().log.forget();
    }
}

impl std::fmt::Debug for Double {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Double").finish_non_exhaustive()
    }
}

impl World {
    pub(super) fn create_account(&mut self, new: NewAccount, now: Timestamp) -> AccountId {
        let number = 40_000_001 + self.accounts.len();
        let account = Account::new(number, new, now, &mut self.ids);
        let id = account.id.clone();
        self.accounts.push(account);
        id
    }

    pub(super) fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == *id)
    }

    /// The account and the source of new ids, which live side by side.
    pub(super) fn account_mut(&mut self, id: &AccountId) -> Option<(&mut Account, &mut Ids)> {
        let account = self.accounts.iter_mut().find(|account| account.id == *id)?;
        Some((account, &mut self.ids))
    }
}

impl Ids {
    /// An ever growing number, and an opaque id of 16 letters and digits made from it.
    pub(super) fn next(&mut self) -> (u64, String) {
        self.last += 1;
        let mut bits = self.last.wrapping_mul(ID_SPREAD);
        let mut id = String::with_capacity(16);
        id.push_str("6Xd");
        for _ in 0..13 {
            id.push(char::from(ID_ALPHABET[usize::try_from(bits & 31).unwrap_or_default()]));
            bits >>= 5;
        }
        (self.last, id)
    }
}

/// Who calls the API, and what they may do.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) account: AccountId,
    scopes: Scopes,
}

impl Caller {
    /// Any of these scopes suffices.
    pub(super) fn may(&self, any_of: &[&str]) -> Result<(), ApiError> {
        if any_of.iter().any(|scope| self.scopes.has(scope)) {
            Ok(())
        } else {
            Err(ApiError::Forbidden)
        }
    }

    pub(super) fn may_read(&self) -> Result<(), ApiError> {
        self.may(&["data:read", "data:read_write"])
    }

    pub(super) fn may_write(&self) -> Result<(), ApiError> {
        self.may(&["data:read_write"])
    }
}

impl FromRequestParts<std::sync::Arc<Double>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        double: &std::sync::Arc<Double>,
    ) -> Result<Self, ApiError> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or(ApiError::Unauthorized)?;

        let world = double.world();
        if let Some(account) = world.accounts.iter().find(|account| account.api_token == token) {
            return Ok(Self { account: account.id.clone(), scopes: Scopes::everything() });
        }
        let (account, scopes) =
            world.grants.check(token, double.clock.now()).ok_or(ApiError::Unauthorized)?;
        Ok(Self { account: account.clone(), scopes: scopes.clone() })
    }
}

/// The offset of `zone` from UTC at `now`, in minutes.
pub(super) fn offset_minutes(zone: &TimeZone, now: Timestamp) -> i32 {
    let span = zone.local(now).since(TimeZone::UTC.local(now));
    let minutes = span.and_then(|span| {
        span.total((jiff::Unit::Minute, jiff::SpanRelativeTo::days_are_24_hours()))
    });
    #[expect(clippy::cast_possible_truncation, reason = "at most a day")]
    minutes.map_or(0, |minutes| minutes.round() as i32)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
