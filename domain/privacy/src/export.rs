//! All that is known of a person, as one JSON document that is written while it is read.

use std::time::Duration;

use futures::{Stream, TryStreamExt, stream};
use kernel::{
    UserId,
    db::{self, Tx},
    personal::{Table, Told},
};
use secrecy::ExposeSecret;
use serde::{Serialize, Serializer as _};
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use vault::{DataKey, Place, VaultError};

use crate::{NAME, Parts, Privacy, VERSION, store, tables};

/// How much is written at once, in bytes, about.
const CHUNK: usize = 64 * 1024;

/// How many chunks wait for the reader.
const AHEAD: usize = 2;

/// What is said of what does not open, since its key is lost.
const UNREADABLE: &str = "(it does not open any more)";

/// How long an export may take: who reads more slowly would hold up the database.
const LONGEST: Duration = Duration::from_mins(10);

/// Why there is no export, or why it breaks off.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// This person is exporting already, or too many others are.
    #[error("there are too many exports at once")]
    Busy,
    /// The reader took longer than ten minutes.
    #[error("the export took too long")]
    TooSlow,
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// What was read cannot be written. None in practice.
    #[error("a row cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// Nobody reads it any more, or its writer is gone.
    #[error("the export was lost")]
    Lost,
}

/// What the writer hands to the reader.
enum Part {
    Chunk(Vec<u8>),
    Failed(ExportError),
    /// Without it, what was read is not all.
    End,
}

impl Privacy {
    /// All that is known of `user` at this moment, in chunks: a JSON document in the form of [`crate::schema`]. It is
    /// never in memory as a whole. An error ends the stream in the middle of the document.
    ///
    /// # Errors
    /// [`ExportError::Busy`], or when the database fails.
    pub async fn export(
        &self,
        user: UserId,
    ) -> Result<impl Stream<Item = Result<Vec<u8>, ExportError>> + Send + use<>, ExportError> {
        let parts = self.0.clone();
        let place = parts.exports.clone().try_acquire_owned().map_err(|_| ExportError::Busy)?;
        let mut tx = db::begin(&parts.db).await?;
        store::look_only(&mut tx).await?;
        if !store::take_turn(&mut tx, user).await? {
            return Err(ExportError::Busy);
        }

        let (writer, reader) = mpsc::channel(AHEAD);
        tokio::spawn(async move { write(&parts, tx, user, place, writer).await });
        Ok(stream::unfold(Some(reader), |reader| async move {
            let mut reader = reader?;
            match reader.recv().await {
                Some(Part::Chunk(chunk)) => Some((Ok(chunk), Some(reader))),
                Some(Part::Failed(error)) => Some((Err(error), None)),
                Some(Part::End) => None,
                None => Some((Err(ExportError::Lost), None)),
            }
        }))
    }
}

async fn write(
    parts: &Parts,
    tx: Tx<'static>,
    user: UserId,
    place: OwnedSemaphorePermit,
    reader: mpsc::Sender<Part>,
) {
    let mut document = Document { reader: reader.clone(), written: Vec::with_capacity(CHUNK) };
    let written = tokio::time::timeout(LONGEST, document.write(parts, tx, user)).await;
    drop(place);
    let end = match written {
        Ok(Ok(())) => Part::End,
        Ok(Err(error)) => Part::Failed(error),
        Err(_elapsed) => Part::Failed(ExportError::TooSlow),
    };
    // Whoever has gone away does not wait for it.
    let _ = reader.send(end).await;
}

/// The document, and whoever reads it.
struct Document {
    reader: mpsc::Sender<Part>,
    written: Vec<u8>,
}

impl Document {
    async fn write(
        &mut self,
        parts: &Parts,
        mut tx: Tx<'static>,
        user: UserId,
    ) -> Result<(), ExportError> {
        self.text("{\"schema\":");
        self.value(&json!({ "name": NAME, "version": VERSION }))?;
        self.text(",\n\"exported_at\":");
        self.value(&parts.clock.now())?;
        self.text(",\n\"person\":");
        self.value(&user)?;
        self.text(",\n\"kept_back\":");
        self.value(&kept_back())?;
        let key = match parts.vault.key(&mut *tx, user).await {
            Ok(key) => Some(key),
            // Nothing is sealed for them.
            Err(VaultError::NoDataKey) => None,
            Err(error) => {
                kernel::log_failure(&error);
                None
            }
        };
        self.text(",\n\"sections\":{");
        for (index, table) in tables().rev().enumerate() {
            self.text(if index == 0 { "\n" } else { ",\n" });
            self.section(&mut tx, table, user, key.as_ref()).await?;
        }
        self.text("\n}}\n");
        self.flush().await
    }

    async fn section(
        &mut self,
        tx: &mut Tx<'static>,
        table: &'static Table,
        user: UserId,
        key: Option<&DataKey>,
    ) -> Result<(), ExportError> {
        let open = |row: &str, field: &str, sealed: &[u8]| {
            let place = Place { table: table.name, row, field };
            let opened = key.and_then(|key| key.open(place, sealed).ok());
            opened.map_or_else(|| json!(UNREADABLE), |opened| json!(opened.expose_secret()))
        };
        self.value(&table.title)?;
        self.text(":{\"about\":");
        self.value(&table.about)?;
        self.text(",\"rows\":[");
        let mut rows = std::pin::pin!(store::rows(tx, table, user));
        let mut between = "\n";
        while let Some((as_is, bytes)) = rows.try_next().await? {
            self.text(between);
            self.row(&table.row(&as_is, &bytes, open))?;
            between = ",\n";
            if self.written.len() >= CHUNK {
                self.flush().await?;
            }
        }
        self.text("]}");
        Ok(())
    }

    fn text(&mut self, text: &str) {
        self.written.extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, value: &impl Serialize) -> Result<(), ExportError> {
        Ok(serde_json::to_writer(&mut self.written, value)?)
    }

    /// In the order of the columns.
    fn row(&mut self, row: &[(&'static str, Value)]) -> Result<(), ExportError> {
        let mut json = serde_json::Serializer::new(&mut self.written);
        Ok(json.collect_map(row.iter().map(|(name, value)| (name, value)))?)
    }

    async fn flush(&mut self) -> Result<(), ExportError> {
        let chunk = std::mem::replace(&mut self.written, Vec::with_capacity(CHUNK));
        self.reader.send(Part::Chunk(chunk)).await.map_err(|_| ExportError::Lost)
    }
}

/// What is not told, and why.
fn kept_back() -> Vec<Value> {
    let of = |table: &'static Table| {
        table.columns.iter().filter_map(|column| match column.told {
            Told::KeptBack(why) => {
                Some(json!({ "what": format!("{}.{}", table.title, column.name), "why": why }))
            }
            Told::AsIs | Told::Decoded(_) | Told::Sealed { .. } => None,
        })
    };
    tables().rev().flat_map(of).collect()
}
