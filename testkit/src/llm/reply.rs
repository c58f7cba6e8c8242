//! What a model says, well or not.

use serde_json::{Value, json};

use super::{
    faults::Fault,
    hostile,
    tips::{self, Candidate},
};

/// Where the text of a huge answer goes.
pub(super) const GAP: &str = "@here@";

/// What a small model writes that was asked for JSON.
const PROSE: &str = "Sure! Here are some tips for you:\n\n```json\n{\"candidates\": [{kind: step, \"text\": \"Open the first\n```\nLet me know if you would like more.";

const REFUSAL: &str = "I'm sorry, but I can't help with that.";

/// The one choice of an answer, or none.
pub(super) struct Reply {
    pub(super) content: Option<String>,
    pub(super) refusal: Option<&'static str>,
    pub(super) finish_reason: &'static str,
    pub(super) is_there: bool,
}

impl Reply {
    pub(super) fn whole(content: impl Into<String>) -> Self {
        Self { content: Some(content.into()), refusal: None, finish_reason: "stop", is_there: true }
    }

    pub(super) fn choices(&self) -> Value {
        if !self.is_there {
            return json!([]);
        }
        let mut message = json!({ "content": self.content, "role": "assistant" });
        if let Some(refusal) = self.refusal {
            message["refusal"] = json!(refusal);
        }
        json!([{ "finish_reason": self.finish_reason, "index": 0, "message": message }])
    }
}

/// What is said in the place of what would be `right`.
pub(super) fn gone_wrong(fault: Fault, system: &str, right: impl FnOnce() -> String) -> Reply {
    match fault {
        Fault::Malformed => Reply::whole(PROSE),
        Fault::Empty => Reply::whole(""),
        Fault::NoChoices => Reply { content: None, is_there: false, ..Reply::whole("") },
        Fault::Refuse => Reply { content: None, refusal: Some(REFUSAL), ..Reply::whole("") },
        Fault::Length => {
            let right = right();
            let half = right.chars().take(right.chars().count() / 2).collect::<String>();
            Reply { finish_reason: "length", ..Reply::whole(half) }
        }
        Fault::Long { bytes } => Reply::whole(long("a".repeat(bytes))),
        Fault::Huge { .. } => Reply::whole(long(GAP.into())),
        Fault::Hostile => Reply::whole(tips::content(&hostile::candidates(system))),
        _ => Reply::whole(right()),
    }
}

fn long(text: String) -> String {
    tips::content(&[Candidate { kind: "pause", text, task_ref: None, minutes: 1 }])
}
