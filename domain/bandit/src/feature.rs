//! What is known of a candidate, as a sparse vector of numbers.

/// Units a whole.
const UNITS: f64 = 256.0;

/// One coordinate of a sparse vector.
///
/// Values are multiples of 1/256 in [−128, 128): sums of their products are sums of integers, and the same in whatever
/// order they are taken. Late answers, batches and replays therefore end in the same posterior, to the bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Feature {
    /// The coordinate.
    pub index: u16,
    units: i16,
}

impl Feature {
    /// Rounds `value` to the nearest that can be held; what is not a number is zero.
    pub fn new(index: u16, value: f64) -> Self {
        Self { index, units: units(value) }
    }

    /// The value.
    pub fn value(self) -> f64 {
        f64::from(self.units) / UNITS
    }

    pub(crate) fn units(self) -> i16 {
        self.units
    }

    pub(crate) fn from_units(index: u16, units: i16) -> Self {
        Self { index, units }
    }
}

/// The multiple of 1/256 that is nearest.
#[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and reads NaN as zero")]
pub(crate) fn units(value: f64) -> i16 {
    (value * UNITS).round() as i16
}

/// Units as a number.
pub(crate) fn whole(units: i16) -> f64 {
    f64::from(units) / UNITS
}

/// A stable hash of a category: FNV-1a, finished as in splitmix64 so that its low bits are as good as its high ones.
///
/// Fowler, Noll, Vo: *The FNV non-cryptographic hash algorithm*, RFC 9923; Steele, Lea, Flood (2014).
pub(crate) fn hash(name: &str) -> u64 {
    let fnv = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (fnv ^ (fnv >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// One of `buckets` for a category that may never have been seen before (the hashing trick: Weinberger et al., ICML
/// 2009).
#[expect(clippy::cast_possible_truncation, reason = "less than a u16")]
pub fn bucket(name: &str, buckets: u16) -> u16 {
    (hash(name) % u64::from(buckets.max(1))) as u16
}
