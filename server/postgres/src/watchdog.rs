//! Takes an ephemeral Postgres away whose owner cannot do so: killed, or given up halfway.

use std::path::Path;
use std::process::Stdio;

use tokio::process::{Child, Command};

use crate::Error;
use crate::home::Home;

/// Waits at the end of a pipe that closes when its owner goes, then takes everything away. `$1` is the
/// home, `$2` the folder of the socket. Again and again, as an orphaned `initdb` may still be writing.
const SCRIPT: &str = r#"
read -r _
left=200
while [ "$left" -gt 0 ]; do
    pid=
    { read -r pid < "$1/cluster/postmaster.pid"; } 2>/dev/null
    if [ -z "$pid" ] || ! kill -QUIT "$pid" 2>/dev/null; then
        rm -rf -- "$1" "$2"
        [ -e "$1" ] || exit 0
    fi
    left=$((left - 1))
    sleep 0.05
done
rm -rf -- "$1" "$2"
"#;

/// A shell with a pipe in its hand. Dropped without [`Watchdog::dismiss`], it does its work: the pipe
/// closes either way.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shell: Child,
}

impl Watchdog {
    /// For an ephemeral home; any other is not for throwing away.
    pub(crate) fn post(home: &Home) -> Result<Option<Self>, Error> {
        if !home.ephemeral {
            return Ok(None);
        }

        let shell = Path::new("/bin/sh");
        let shell = Command::new(shell)
            .args(["-c", SCRIPT, "watchdog"])
            .args([&home.path, &home.socket_folder])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C is not for the one who cleans up after Ctrl-C.
            .process_group(0)
            .spawn()
            .map_err(Error::folder("run", shell))?;
        Ok(Some(Self { shell }))
    }

    /// All is taken away already.
    pub(crate) async fn dismiss(mut self) {
        // The only way to fail is to be gone.
        let _ = self.shell.kill().await;
    }
}
