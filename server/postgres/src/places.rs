//! Where distributions put `initdb` and `postgres`, which are seldom on `PATH`.

use std::cmp::Reverse;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders whose entries carry a version: (the folder, how an entry begins, what follows inside).
const VERSIONED: [(&str, &str, &str); 5] = [
    ("/usr/lib/postgresql", "", "bin"),         // Debian, Ubuntu
    ("/usr", "pgsql-", "bin"),                  // PGDG on Fedora and RHEL
    ("/opt/homebrew/opt", "postgresql", "bin"), // Homebrew on Apple silicon
    ("/usr/local/opt", "postgresql", "bin"),    // Homebrew on Intel
    ("/usr/libexec", "postgresql", ""),         // Alpine
];

/// The folders to look into, best first: the `chosen` one alone, where one was.
pub(crate) fn places(chosen: Option<&Path>) -> Vec<PathBuf> {
    if let Some(chosen) = chosen {
        return vec![chosen.to_owned()];
    }

    let mut places: Vec<PathBuf> =
        std::env::var_os("PATH").iter().flat_map(|path| std::env::split_paths(path)).collect();
    places.extend(told_by_pg_config());
    for (folder, prefix, inside) in VERSIONED {
        places.extend(newest_first(Path::new(folder), prefix).map(|found| found.join(inside)));
    }
    places.push(PathBuf::from("/Applications/Postgres.app/Contents/Versions/latest/bin"));
    places.push(PathBuf::from("/usr/local/pgsql/bin"));
    places.extend(our_own_tools());
    places
}

fn told_by_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(folder.trim())).filter(|folder| folder.is_absolute())
}

/// Where `scripts/setup.sh` puts what it had to fetch.
fn our_own_tools() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty());
    let cache = match cache {
        Some(cache) => PathBuf::from(cache),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".cache"),
    };
    Some(cache.join("oo-tools/postgres/bin"))
}

/// The entries of `folder` that begin with `prefix`, by the version in their name.
fn newest_first(folder: &Path, prefix: &str) -> impl Iterator<Item = PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name().and_then(OsStr::to_str)?.strip_prefix(prefix)?;
            let version = version.trim_start_matches(['@', '-']);
            // An entry without a version is a distribution's current one.
            let version = if version.is_empty() { u32::MAX } else { version.parse().ok()? };
            Some((version, path))
        })
        .collect();
    found.sort_by_key(|(version, _)| Reverse(*version));
    found.into_iter().map(|(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_versions_come_first() {
        let folder = std::env::temp_dir().join(format!("oo-places-{}", std::process::id()));
        for name in ["9", "15", "17", "readme"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }

        let found: Vec<_> = newest_first(&folder, "").collect();
        fs::remove_dir_all(&folder).unwrap();

        assert_eq!(found, [folder.join("17"), folder.join("15"), folder.join("9")]);
    }

    #[test]
    fn a_chosen_folder_is_the_only_one() {
        assert_eq!(places(Some(Path::new("/opt/pg"))), [PathBuf::from("/opt/pg")]);
    }
}
