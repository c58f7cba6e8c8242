//! A person in the place of a person: reacts to what is proposed.

use serde_json::{Value, json};

use super::hash::hash;

const REACTIONS: [&str; 3] = ["done", "snooze", "dismiss"];

/// A reaction to each of the candidates in `question`, which is JSON: the same profile reacts to the same words
/// in the same way, always.
pub(super) fn reactions(question: &str) -> String {
    let question: Value = serde_json::from_str(question).unwrap_or_default();
    let profile = name(&question["profile"]);
    let candidates = question["candidates"].as_array().into_iter().flatten();
    let reactions = candidates.filter_map(|candidate| {
        let (id, text) = (candidate["id"].as_str()?, candidate["text"].as_str()?);
        let index = usize::try_from(hash(&[&profile, text]) % 3).unwrap_or_default();
        Some(json!({ "id": id, "reaction": REACTIONS[index] }))
    });
    json!({ "reactions": reactions.collect::<Value>() }).to_string()
}

/// The profile is a name, has one, or is told apart by all that it says.
fn name(profile: &Value) -> String {
    let name = profile.as_str().or(profile["name"].as_str());
    name.map_or_else(|| profile.to_string(), Into::into)
}
