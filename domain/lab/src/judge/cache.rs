//! What was answered, on disk: a file for each question, so that none is paid for twice.

use std::{
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
};

use advice::model::{Completion, Question};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    LabError,
    artefact::{Artefact, write},
};

/// So many bytes of a question's hash make a name.
const NAME: usize = 16;

/// A folder of answers.
#[derive(Clone, Debug)]
pub(super) struct Cache {
    folder: PathBuf,
}

/// A file: what is read of it, and around that what tells a person what it is.
#[derive(Serialize, Deserialize)]
struct File {
    prompt_version: String,
    model: String,
    asked: Value,
    content: String,
}

impl Cache {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// What was answered to `question`, where it was. A file that cannot be read is none.
    pub(super) async fn get(
        &self,
        version: &str,
        question: &Question<'_>,
    ) -> Result<Option<String>, LabError> {
        let path = self.folder.join(name(version, question));
        match tokio::fs::read(&path).await {
            Ok(bytes) => {
                Ok(serde_json::from_slice(&bytes).ok().map(|File { content, .. }| content))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path, error)),
        }
    }

    /// Keeps what was answered to `question`, in one step.
    pub(super) async fn put(
        &self,
        version: &str,
        question: &Question<'_>,
        answer: Completion,
    ) -> Result<(), LabError> {
        let Completion { content, model, .. } = answer;
        let (prompt_version, asked) = (version.to_owned(), question.data.clone());
        let bytes = serde_json::to_vec_pretty(&File { prompt_version, model, asked, content });
        let artefact =
            Artefact { name: name(version, question), bytes: bytes.map_err(io::Error::other)? };
        write(&self.folder, artefact).await.map(|_| ())
    }
}

/// Follows from all that is asked: whoever is asked otherwise is asked anew.
fn name(version: &str, question: &Question<'_>) -> String {
    let Question { alias, system, data, schema, temperature, max_tokens } = question;
    let whole = json!([alias.name(), version, system, data, schema, temperature, max_tokens]);
    let mut name = format!("{}-", alias.name());
    for byte in Sha256::digest(whole.to_string()).iter().take(NAME) {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name + ".json"
}

fn failed(path: &Path, error: io::Error) -> LabError {
    LabError::File { file: path.display().to_string(), error }
}
