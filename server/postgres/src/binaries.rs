//! The programs of an installed Postgres, and which version they are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::account::Account;

/// A folder with `initdb` and `postgres` that our account can run.
#[derive(Clone, Debug)]
pub(crate) struct Binaries {
    pub(crate) bin: PathBuf,
    /// The major version as `PG_VERSION` has it, for example `17`.
    pub(crate) major: String,
}

impl Binaries {
    /// The first of `places` that runs; of several versions the one that made the data, if it is there.
    pub(crate) async fn find(
        places: &[PathBuf],
        account: Account,
        made_by: Option<&str>,
    ) -> Result<Self, Error> {
        let mut seen = Vec::new();
        let mut first = None;
        let mut broken = None;

        for place in places {
            let Some(bin) = holds_postgres(place) else { continue };
            if seen.contains(&bin) {
                continue;
            }
            seen.push(bin.clone());

            match major_version(&bin, account).await {
                Ok(major) if made_by.is_none_or(|made_by| made_by == major) => {
                    return Ok(Self { bin, major });
                }
                Ok(major) => first = first.or(Some(Self { bin, major })),
                Err(reason) => {
                    let error = Error::BrokenBinaries { path: bin, uid: account.uid, reason };
                    broken = broken.or(Some(error));
                }
            }
        }

        first.ok_or_else(|| broken.unwrap_or_else(|| not_found(places)))
    }

    pub(crate) fn initdb(&self) -> PathBuf {
        self.bin.join("initdb")
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.bin.join("postgres")
    }
}

fn not_found(places: &[PathBuf]) -> Error {
    let searched: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
    Error::NoBinaries { searched: searched.join(", ") }
}

/// The folder that the programs really stand in: they look for their libraries beside themselves, and what
/// is on `PATH` are often links.
fn holds_postgres(place: &Path) -> Option<PathBuf> {
    let postgres = fs::canonicalize(place.join("postgres")).ok()?;
    let bin = postgres.parent()?;
    bin.join("initdb").is_file().then(|| bin.to_owned())
}

async fn major_version(bin: &Path, account: Account) -> Result<String, String> {
    let mut command = account.command(&bin.join("postgres"), Path::new("/"));
    let output = command.arg("--version").output().await.map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }

    let answer = String::from_utf8_lossy(&output.stdout);
    parse_major(&answer).ok_or_else(|| format!("it says it is {:?}", answer.trim()))
}

/// `postgres (Postgres) 15.14 (Debian …)`, `postgres (Postgres) 18beta1`.
fn parse_major(answer: &str) -> Option<String> {
    let version = answer.split_once("(PostgreSQL) ")?.1;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(parse_major("postgres (PostgreSQL) 15.14 (Debian 15.14-0)").unwrap(), "15");
        assert_eq!(parse_major("postgres (PostgreSQL) 18beta1").unwrap(), "18");
        assert_eq!(parse_major("psql 15"), None);
    }

    #[tokio::test]
    async fn without_binaries_the_message_says_what_to_install() {
        let account = Account::for_folder(Path::new("/")).unwrap();
        let places = [PathBuf::from("/nowhere"), PathBuf::from("/neither")];

        let message = Binaries::find(&places, account, None).await.unwrap_err().to_string();

        for word in ["/nowhere, /neither", "apt-get", "dnf", "brew", "OO_POSTGRES_BIN"] {
            assert!(message.contains(word), "{word} is missing in {message}");
        }
    }
}
