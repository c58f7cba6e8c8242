//! Where oO listens, what it is called from outside, and where its files are.

use std::{net::SocketAddr, path::PathBuf};

use url::Url;

use super::{
    Mode,
    reader::{Reader, is_loopback, is_safe},
};

const EXAMPLE: &str = "https://oo.example.org";

/// Addresses and files.
#[derive(Clone, Debug)]
pub struct Http {
    /// The address to listen on.
    pub addr: SocketAddr,
    /// The URL that people open; `None`: the address that is listened on.
    pub base_url: Option<Url>,
    /// The folder of the built page.
    pub site_root: PathBuf,
}

impl Http {
    /// `addr` goes before the variable.
    pub(super) fn read(reader: &mut Reader<'_>, mode: Mode, addr: Option<SocketAddr>) -> Self {
        let default = SocketAddr::from(([127, 0, 0, 1], 3000));
        let variable = reader.parse("LEPTOS_SITE_ADDR", "an address such as 127.0.0.1:3000");
        let addr = addr.or(variable).unwrap_or(default);
        let base_url = reader.url("OO_BASE_URL", EXAMPLE);
        if let Some(url) = &base_url {
            check_url(reader, mode, url);
        }
        check_addr(reader, mode, addr, base_url.is_some());
        let site_root = reader.path("LEPTOS_SITE_ROOT").unwrap_or_else(site_beside_binary);
        Self { addr, base_url, site_root }
    }
}

fn check_url(reader: &mut Reader<'_>, mode: Mode, url: &Url) {
    let mut mistake = |what: &str| reader.mistake("OO_BASE_URL", what);
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        mistake(
            "oO lives at the root of its host: no path and no query, such as https://oo.example.org",
        );
    }
    if mode == Mode::Demo && !is_loopback(url) {
        mistake("the demo has no public address; unset it, or start `oo serve`");
    } else if !is_safe(url) {
        mistake("it has to begin with https://, since cookies are sent over TLS only");
    }
}

fn check_addr(reader: &mut Reader<'_>, mode: Mode, addr: SocketAddr, has_url: bool) {
    if addr.ip().is_loopback() {
        return;
    }
    if mode == Mode::Demo {
        let what = "the demo listens on this machine alone, such as on 127.0.0.1:3000 (--addr too)";
        reader.mistake("LEPTOS_SITE_ADDR", what);
    } else if !has_url && reader.text("OO_BASE_URL").is_none() {
        let what = format!("it is needed when oO listens beyond this machine, such as {EXAMPLE}");
        reader.mistake("OO_BASE_URL", &what);
    }
}

/// `site`, beside the binary, as scripts/build.sh leaves it.
fn site_beside_binary() -> PathBuf {
    let beside =
        std::env::current_exe().ok().and_then(|binary| Some(binary.parent()?.join("site")));
    beside.filter(|site| site.is_dir()).unwrap_or_else(|| "target/site".into())
}
