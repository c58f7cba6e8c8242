//! Ids, the clock, chance, the database handle and the guarded HTTP client: the only code that every
//! module shares.

mod chance;
mod clock;
pub mod db;
mod failure;
pub mod http;
mod id;
mod zone;

pub use chance::{Entropy, SharedEntropy};
pub use clock::{Clock, ManualClock, SharedClock, SystemClock, Timestamp};
pub use failure::log_failure;
pub use id::UserId;
pub use zone::{PartOfDay, TimeZone, UnknownPartOfDay, UnknownTimeZone};
