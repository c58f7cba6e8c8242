//! What is remembered: decisions that were answered.

use crate::feature::{Feature, hash, units, whole};

/// The first byte of what is stored.
const VERSION: u8 = 1;

/// Rewards and weights, in units: from nothing to one.
const PARTS: std::ops::RangeInclusive<i16> = 0..=256;

/// An arm, by the hash of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arm(pub u64);

impl Arm {
    /// The arm of this name.
    pub fn named(name: &str) -> Self {
        Self(hash(name))
    }
}

/// One candidate of a decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate<'a> {
    /// The arm that it is an instance of: all that the policies without features see.
    pub arm: Arm,
    /// What is known of it, in the order of the indices, each index once.
    pub features: &'a [Feature],
}

/// One answered decision: what was chosen, and what it earned.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// When it was decided, in microseconds since 1970. Lessons are told apart, and put in order, by it.
    pub at: i64,
    /// The arm of the chosen candidate.
    pub arm: Arm,
    /// Its features.
    pub features: Box<[Feature]>,
    /// The probability with which it was chosen.
    pub propensity: f64,
    reward: i16,
    weight: i16,
}

impl Lesson {
    /// A lesson that counts once. The `reward` is clamped to [0, 1]; what is not a number is zero.
    pub fn new(at: i64, candidate: &Candidate<'_>, propensity: f64, reward: f64) -> Self {
        let mut features = candidate.features.to_vec();
        if !is_in_order(&features) {
            features.sort_by_key(|feature| feature.index);
            features.dedup_by_key(|feature| feature.index);
        }
        Self {
            at,
            arm: candidate.arm,
            features: features.into(),
            propensity,
            reward: units(reward.clamp(0.0, 1.0)),
            weight: units(1.0),
        }
    }

    /// The same, counting `weight` times, in [0, 1]: what was hardly an answer teaches little.
    #[must_use]
    pub fn weighing(mut self, weight: f64) -> Self {
        self.weight = units(weight.clamp(0.0, 1.0));
        self
    }

    /// What it earned, in [0, 1].
    pub fn reward(&self) -> f64 {
        whole(self.reward)
    }

    /// How much it counts, in [0, 1].
    pub fn weight(&self) -> f64 {
        whole(self.weight)
    }

    pub(crate) fn reward_units(&self) -> i16 {
        self.reward
    }

    pub(crate) fn weight_units(&self) -> i16 {
        self.weight
    }
}

/// Bytes that are not a memory of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the bytes are not a memory of a known version")
    }
}

impl std::error::Error for Unreadable {}

/// Lessons as bytes: a version and how many, then lesson by lesson in little-endian numbers.
pub fn to_bytes<'a>(lessons: impl IntoIterator<Item = &'a Lesson>) -> Vec<u8> {
    let mut bytes = vec![VERSION, 0, 0, 0, 0];
    let mut count: u32 = 0;
    for lesson in lessons {
        count += 1;
        bytes.extend(lesson.at.to_le_bytes());
        bytes.extend(lesson.arm.0.to_le_bytes());
        bytes.extend(lesson.propensity.to_le_bytes());
        bytes.extend(lesson.reward.to_le_bytes());
        bytes.extend(lesson.weight.to_le_bytes());
        let length = u16::try_from(lesson.features.len()).unwrap_or(u16::MAX);
        bytes.extend(length.to_le_bytes());
        for feature in lesson.features.iter().take(usize::from(length)) {
            bytes.extend(feature.index.to_le_bytes());
            bytes.extend(feature.units().to_le_bytes());
        }
    }
    bytes[1..5].copy_from_slice(&count.to_le_bytes());
    bytes
}

/// The lessons that [`to_bytes`] wrote, to the bit.
///
/// # Errors
/// When the bytes are of another version, or cut, or say what no lesson does.
pub fn from_bytes(bytes: &[u8]) -> Result<Vec<Lesson>, Unreadable> {
    let (version, mut rest) = bytes.split_first().ok_or(Unreadable)?;
    if *version != VERSION {
        return Err(Unreadable);
    }
    let count = u32::from_le_bytes(take(&mut rest)?);
    // Not with the capacity that hostile bytes ask for.
    let mut lessons = Vec::new();
    for _ in 0..count {
        let (at, arm) =
            (i64::from_le_bytes(take(&mut rest)?), u64::from_le_bytes(take(&mut rest)?));
        let propensity = f64::from_le_bytes(take(&mut rest)?);
        let reward = i16::from_le_bytes(take(&mut rest)?);
        let weight = i16::from_le_bytes(take(&mut rest)?);
        if !PARTS.contains(&reward) || !PARTS.contains(&weight) {
            return Err(Unreadable);
        }
        let length = u16::from_le_bytes(take(&mut rest)?);
        let feature = |_| {
            let index = u16::from_le_bytes(take(&mut rest)?);
            Ok(Feature::from_units(index, i16::from_le_bytes(take(&mut rest)?)))
        };
        let features = (0..length).map(feature).collect::<Result<Box<[_]>, Unreadable>>()?;
        if !is_in_order(&features) {
            return Err(Unreadable);
        }
        lessons.push(Lesson { at, arm: Arm(arm), features, propensity, reward, weight });
    }
    if rest.is_empty() { Ok(lessons) } else { Err(Unreadable) }
}

fn is_in_order(features: &[Feature]) -> bool {
    features.is_sorted_by(|a, b| a.index < b.index)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Unreadable> {
    let (head, tail) = bytes.split_first_chunk().ok_or(Unreadable)?;
    *bytes = tail;
    Ok(*head)
}
