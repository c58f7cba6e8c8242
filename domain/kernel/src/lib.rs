//! Ids, the clock, chance, the database handle, the guarded HTTP client and how a module declares what it keeps of
//! a person: the only code that every module shares.

mod chance;
mod clock;
pub mod db;
mod failure;
pub mod http;
mod id;
pub mod personal;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text;
mod zone;

pub use chance::{Entropy, SharedEntropy};
pub use clock::{Clock, ManualClock, SharedClock, SystemClock, Timestamp};
pub use failure::log_failure;
pub use id::{UserId, first_id_at};
pub use zone::{
    PartOfDay, TimeZone, UnknownPartOfDay, UnknownTimeZone, days_between, hours_between, to_chrono,
    to_jiff,
};
