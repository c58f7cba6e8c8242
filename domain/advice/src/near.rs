//! Whether two texts say nearly the same.
//!
//! A [`Sketch`] throws the character trigrams of a text into 64 bins and keeps the least of each, in a byte: the share of
//! bins that are equal estimates the Jaccard similarity of the two sets (one permutation hashing: Li, Owen & Zhang, NIPS
//! 2012). The text cannot be had back from it, but it could be guessed at, so it is kept sealed.

/// Bins, and bytes of a sketch.
const BINS: u8 = 64;

/// A bin that nothing fell into.
const EMPTY: u8 = u8::MAX;

/// Two texts this similar say nearly the same.
const NEAR: f32 = 0.5;

/// Two vectors of an embedder with this cosine do, too.
const NEAR_COSINE: f32 = 0.92;

/// What is remembered of a text, to know what says nearly the same.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sketch {
    bins: [u8; BINS as usize],
    /// Of length one, in 127ths; empty without an embedder.
    vector: Vec<i8>,
}

impl Sketch {
    pub(crate) fn of(text: &str) -> Self {
        let mut bins = [EMPTY; BINS as usize];
        let mut gram = [' '; 3];
        let letters = text.chars().filter(|char| char.is_alphanumeric() || *char == ' ');
        for letter in letters.flat_map(char::to_lowercase).chain([' ']) {
            if letter == ' ' && gram[2] == ' ' {
                continue;
            }
            gram = [gram[1], gram[2], letter];
            let hash = gram.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, char| {
                (hash ^ u64::from(*char)).wrapping_mul(0x0100_0000_01b3)
            });
            let [least, .., bin] = mixed(hash).to_le_bytes();
            let bin = &mut bins[usize::from(bin % BINS)];
            *bin = (*bin).min(least.min(EMPTY - 1));
        }
        Self { bins, vector: Vec::new() }
    }

    /// Adds what an embedder says of the text.
    pub(crate) fn set_vector(&mut self, vector: &[f32]) {
        let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
        #[expect(clippy::cast_possible_truncation, reason = "between -127 and 127")]
        let scaled = vector.iter().map(|number| (127.0 * number / length).round() as i8);
        self.vector = scaled.collect();
    }

    pub(crate) fn is_near(&self, other: &Self) -> bool {
        self.resemblance(other) >= NEAR || self.cosine(other) >= NEAR_COSINE
    }

    /// The estimated Jaccard similarity: of the bins that are not empty on both sides, the share that is equal.
    fn resemblance(&self, other: &Self) -> f32 {
        let pairs = || self.bins.iter().zip(&other.bins);
        let equal: u8 = pairs().map(|(a, b)| u8::from(a == b)).sum();
        let both_empty: u8 = pairs().map(|(a, b)| u8::from(*a == EMPTY && *b == EMPTY)).sum();
        f32::from(equal - both_empty) / f32::from((BINS - both_empty).max(1))
    }

    /// The cosine of the two vectors; 0 without, or when they come from embedders of different length.
    fn cosine(&self, other: &Self) -> f32 {
        if self.vector.is_empty() || self.vector.len() != other.vector.len() {
            return 0.0;
        }
        let pairs = self.vector.iter().zip(&other.vector);
        let product: i32 = pairs.map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let product = product as f32;
        product / (127.0 * 127.0)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let vector = self.vector.iter().map(|number| number.to_le_bytes()[0]);
        self.bins.into_iter().chain(vector).collect()
    }

    /// `None`, where it is none.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (bins, vector) = bytes.split_first_chunk()?;
        let vector = vector.iter().map(|byte| i8::from_le_bytes([*byte])).collect();
        Some(Self { bins: *bins, vector })
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea & Flood, OOPSLA 2014).
fn mixed(hash: u64) -> u64 {
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_in_a_few_other_words_is_near() {
        for (one, other) in [
            (
                "Open the letter and read the first line.",
                "Open the letter and read its first line.",
            ),
            ("Stand up and look out of the window.", "Stand up, and look out of the window!"),
            ("Write one sentence of the report.", "Write one sentence of the report, then stop."),
        ] {
            assert!(Sketch::of(one).is_near(&Sketch::of(other)), "{one} / {other}");
        }
    }

    #[test]
    fn another_thing_is_not() {
        let texts = [
            "Open the letter and read the first line.",
            "Stand up and look out of the window.",
            "What would make tomorrow morning easier?",
            "Write one sentence of the report.",
            "Write down the name of the first person to call.",
            "Put the tax papers on the table.",
            "",
        ];
        for (i, one) in texts.iter().enumerate() {
            for other in &texts[i + 1..] {
                assert!(!Sketch::of(one).is_near(&Sketch::of(other)), "{one} / {other}");
            }
        }
    }

    #[test]
    fn resemblance_is_what_it_estimates() {
        let words: Vec<String> = (0..400).map(|word| format!("{word:03x}{word:03x} ")).collect();
        for (common, jaccard) in [(0, 0.0), (100, 1.0 / 3.0), (200, 1.0)] {
            let one: String = words[..200].concat();
            let other: String = words[200 - common..400 - common].concat();
            let found = Sketch::of(&one).resemblance(&Sketch::of(&other));
            assert!((found - jaccard).abs() < 0.2, "{found} for {jaccard}");
        }
    }

    #[test]
    fn an_embedder_knows_what_letters_do_not_tell() {
        let (mut one, mut other) = (Sketch::of("Take a rest."), Sketch::of("Pause briefly now!"));
        assert!(!one.is_near(&other));
        one.set_vector(&[3.0, 4.0]);
        assert!(!one.is_near(&other), "one of them has none");
        other.set_vector(&[3.1, 3.9]);
        assert!(one.is_near(&other));
        other.set_vector(&[4.0, -3.0]);
        assert!(!one.is_near(&other));
    }

    #[test]
    fn it_is_read_back() {
        let mut sketch = Sketch::of("Open the letter.");
        sketch.set_vector(&[1.0, -2.0, 0.5]);
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Some(sketch));
        assert_eq!(Sketch::from_bytes(&[0; 63]), None);
    }
}
