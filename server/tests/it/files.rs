//! The built page, as scripts/build.sh leaves it.

use std::fs;

use reqwest::StatusCode;
use server::config::Mode;
use sqlx::PgPool;

use crate::{
    house::{House, name},
    serving::{answer, ask},
};

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn files_are_compressed_and_kept(db: PgPool) {
    let site = std::env::temp_dir().join(format!("{}-site", name(&db)));
    fs::create_dir_all(site.join("pkg")).unwrap();
    fs::write(site.join("pkg/oo.1a2b.js"), "the whole script").unwrap();
    fs::write(site.join("pkg/oo.1a2b.js.br"), "less").unwrap();
    fs::write(site.join("favicon.svg"), "<svg/>").unwrap();
    fs::write(site.join("sw.js"), "self").unwrap();
    let root = site.to_string_lossy().into_owned();
    let house = House::start(Mode::Serve, &db, &[("LEPTOS_SITE_ROOT", &root)]).await;
    let mut browser = house.browser();

    let get = async |encoding: &str| {
        let request = format!(
            "GET /pkg/oo.1a2b.js HTTP/1.1\r\nhost: oo\r\naccept-encoding: {encoding}\r\n\
             connection: close\r\n\r\n"
        );
        answer(ask(house.addr(), &request).await).await
    };
    let reply = get("gzip, br").await;
    for header in [
        "content-encoding: br",
        "content-type: text/javascript",
        "cache-control: public, max-age=31536000, immutable",
        "vary: accept-encoding",
    ] {
        assert!(reply.contains(header), "{header} in {reply}");
    }
    assert!(reply.ends_with("\r\n\r\nless"), "{reply}");
    assert!(get("identity").await.ends_with("\r\n\r\nthe whole script"));

    let reply = browser.get("/favicon.svg").await;
    assert_eq!(reply.header("cache-control"), "public, max-age=3600");
    let reply = browser.get("/sw.js").await;
    assert_eq!(reply.header("cache-control"), "no-cache");
    assert_eq!(reply.header("content-type"), "text/javascript");
    assert!(reply.header("content-security-policy").contains("connect-src 'self'"));
    let reply = browser.get("/pkg/oo.ffff.js").await;
    assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::NOT_FOUND, "no-store"));
    for path in ["/pkg/../../etc/passwd", "/pkg/%2e%2e/%2e%2e/etc/passwd", "/pkg/", "/pkg"] {
        let reply = browser.get(path).await;
        assert!(reply.status.is_client_error() || reply.status.is_redirection(), "{path}");
    }

    house.stop().await;
    fs::remove_dir_all(site).unwrap();
}
