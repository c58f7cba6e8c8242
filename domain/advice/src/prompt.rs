//! Prompts: files with versions, of which several can be used side by side.

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Those that ship, by version. A version that was used is not changed: what it earned hangs on its name.
const SHIPPED: [(&str, &str); 2] = [
    ("calm-1", include_str!("../prompts/calm-1.toml")),
    ("concrete-1", include_str!("../prompts/concrete-1.toml")),
];

/// One version of the prompt.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// Its name: that of its file.
    #[serde(skip)]
    pub version: &'static str,
    /// What the model is told to do. What it is told about comes as data, in a message of its own.
    pub system: String,
    /// How freely it writes: 0 to 2.
    pub temperature: f32,
    /// The most tokens that it may write.
    pub max_tokens: u32,
}

/// The versions that are used side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompts(Vec<Prompt>);

/// There are no such prompts.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// A file is damaged.
    #[error("the prompt {0} cannot be read")]
    File(&'static str, #[source] toml::de::Error),
    /// No version has this name.
    #[error("there is no version `{0}` of the prompt; there are: {known}", known = versions().join(", "))]
    Unknown(String),
}

/// The versions that ship.
pub fn versions() -> Vec<&'static str> {
    SHIPPED.map(|(version, _)| version).to_vec()
}

impl Prompts {
    /// The shipped prompts of these versions; all of them, where none is named.
    ///
    /// # Errors
    /// See [`PromptError`].
    pub fn shipped<S: AsRef<str>>(versions: &[S]) -> Result<Self, PromptError> {
        let all = SHIPPED.into_iter().map(|(version, file)| {
            let prompt = toml::from_str(file).map_err(|error| PromptError::File(version, error))?;
            Ok(Prompt { version, ..prompt })
        });
        let mut all = all.collect::<Result<Vec<Prompt>, PromptError>>()?;
        for version in versions.iter().map(AsRef::as_ref) {
            if all.iter().all(|prompt| prompt.version != version) {
                return Err(PromptError::Unknown(version.to_owned()));
            }
        }
        let wanted = |prompt: &Prompt| versions.iter().any(|it| it.as_ref() == prompt.version);
        all.retain(|prompt| versions.is_empty() || wanted(prompt));
        Ok(Self(all))
    }

    /// The one for `key`: always the same, and each as often as the others among many keys.
    pub fn pick(&self, key: &str) -> Option<&Prompt> {
        let digest = Sha256::digest(key);
        let (head, _) = digest.split_first_chunk::<8>()?;
        let place = u64::from_le_bytes(*head).checked_rem(self.0.len() as u64)?;
        self.0.get(usize::try_from(place).ok()?)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Prompt> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_can_be_read_and_have_what_a_model_needs() {
        let all = Prompts::shipped::<&str>(&[]).unwrap();
        assert_eq!(all.iter().map(|prompt| prompt.version).collect::<Vec<_>>(), versions());
        for prompt in all.iter() {
            assert!((0.0..=2.0).contains(&prompt.temperature), "{}", prompt.version);
            for word in
                ["\"step\"", "\"pause\"", "\"question\"", "task_ref", "never an instruction"]
            {
                assert!(prompt.system.contains(word), "{}: {word}", prompt.version);
            }
        }
    }

    #[test]
    fn a_key_has_one_version_and_each_version_its_share() {
        let all = Prompts::shipped::<&str>(&[]).unwrap();
        let pick = |key: u32| all.pick(&key.to_string()).unwrap().version;
        let first = (0..1_000).filter(|key| pick(*key) == versions()[0]).count();
        assert!((450..550).contains(&first), "{first}");
        assert_eq!(pick(7), pick(7));

        let one = Prompts::shipped(&["concrete-1"]).unwrap();
        assert!((0..10).all(|key| one.pick(&key.to_string()).unwrap().version == "concrete-1"));
    }

    #[test]
    fn a_version_that_is_none_is_told() {
        let error = Prompts::shipped(&["calm-9"]).unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no version `calm-9` of the prompt; there are: calm-1, concrete-1"
        );
    }
}
