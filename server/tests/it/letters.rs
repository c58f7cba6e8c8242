//! Letters: a mailbox is named in the settings, and answers by the links that come there.

use reqwest::{Method, StatusCode};
use server::config::Mode;
use sqlx::PgPool;
use testkit::mail::MailDouble;

use crate::house::{Browser, House};

const FORM: &str = r#"action="/settings/mail""#;

async fn house(db: &PgPool, mail: &MailDouble) -> House {
    let variables = [("OO_MAIL_URL", &*mail.url()), ("OO_MAIL_FROM", "oO <oo@example.org>")];
    House::start(Mode::Demo, db, &variables).await
}

/// Where a link in the last letter leads. Letters of this kind are sent as they are read: in lines that are cut with `=`.
fn link(mail: &MailDouble, label: &str) -> String {
    let raw = mail.letters().pop().unwrap().raw.replace("=\r\n", "");
    let after = raw.split(&format!("{label}: ")).nth(1).unwrap();
    let url = after.split_whitespace().next().unwrap();
    format!("/mail/{}", url.rsplit('/').next().unwrap())
}

/// Posts a form of the settings, and tells what they say then.
async fn save(browser: &mut Browser, path: &str, form: &[(&str, &str)]) -> String {
    let reply = browser.post(path, form).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text);
    let to = reply.header("location").to_owned();
    browser.get(&to).await.text
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_mailbox_is_named_confirmed_tried_out_and_ended(db: PgPool) {
    let mail = MailDouble::start().await.unwrap();
    let house = house(&db, &mail).await;
    let mut ana = house.visitor().await;
    assert!(ana.get("/settings").await.text.contains(FORM));

    let page = save(&mut ana, "/settings/mail", &[("address", "nobody")]).await;
    assert!(page.contains("no address to write to") && page.contains(FORM));
    let page = save(&mut ana, "/settings/mail", &[("address", " ana@example.org ")]).await;
    assert!(page.contains("A letter is on its way.") && page.contains("asked at ana@example.org"));

    // On another device, signed in nowhere.
    let mut phone = house.browser();
    let confirm = link(&mail, "It was me");
    let asks = phone.get(&confirm).await;
    assert_eq!(asks.status, StatusCode::OK);
    assert!(asks.text.contains("Shall oO write to you here?"));
    assert!(ana.get("/settings").await.text.contains("asked at"), "to look changes nothing");
    let done = phone.post(&confirm, &[]).await;
    assert!(done.text.contains("oO writes to you here."), "{}", done.text);

    // The demo's person has not been asked whether oO may speak up.
    assert!(ana.get("/settings").await.text.contains("oO does not write to ana@example.org"));
    save(&mut ana, "/settings/consents", &[("consent", "notify"), ("on", "true")]).await;
    let page = save(&mut ana, "/settings/mail/often", &[("rhythm", "morning")]).await;
    assert!(page.contains("oO writes to ana@example.org."));
    assert!(page.contains(r#"value="morning" aria-pressed="true""#), "{page}");
    let reply = ana.post("/settings/mail/often", &[("rhythm", "hourly")]).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);

    assert!(ana.get("/").await.text.contains("tip_id"));
    save(&mut ana, "/settings/mail/test", &[]).await;
    let done = link(&mail, "Done");
    assert!(phone.get(&done).await.text.contains("Done with it?"));
    assert!(phone.post(&done, &[]).await.text.contains("Done."));
    assert!(phone.post(&link(&mail, "Not this"), &[]).await.text.contains("answered already"));

    // As a mail program does it (RFC 8058): without a cookie, a site, or anybody who looks on.
    let stop = link(&mail, "No more letters");
    let program = house.browser();
    let one_click = program.request(Method::POST, &stop).form(&[("List-Unsubscribe", "One-Click")]);
    assert_eq!(program.ask(one_click).await.status, StatusCode::OK);
    assert!(ana.get("/settings").await.text.contains(FORM));
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_no_link_leads_nowhere(db: PgPool) {
    let mail = MailDouble::start().await.unwrap();
    let house = house(&db, &mail).await;
    let mut ana = house.visitor().await;
    save(&mut ana, "/settings/mail", &[("address", "ana@example.org")]).await;
    let link = link(&mail, "It was me");
    let mut nobody = house.browser();
    let long = "A".repeat(3000);
    for other in [
        "/mail/x",
        "/mail/%00",
        "/mail/..%2fsettings",
        &format!("/mail/{long}"),
        &link[..link.len() - 1],
    ] {
        assert_eq!(nobody.get(other).await.status, StatusCode::NOT_FOUND, "{other}");
        assert_eq!(nobody.post(other, &[]).await.status, StatusCode::NOT_FOUND, "{other}");
    }
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nobody_fills_somebody_elses_mailbox(db: PgPool) {
    let mail = MailDouble::start().await.unwrap();
    let house = house(&db, &mail).await;
    let mut ana = house.visitor().await;
    for number in 0..8 {
        let address = format!("victim-{number}@example.org");
        let reply = ana.post("/settings/mail", &[("address", &address)]).await;
        let expected =
            if number < 5 { StatusCode::SEE_OTHER } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(reply.status, expected, "{number}");
    }
    assert_eq!(mail.letters().len(), 5);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn where_no_letters_are_written_nothing_is_offered(db: PgPool) {
    let house = House::demo(&db).await;
    let mut ana = house.visitor().await;
    assert!(!ana.get("/settings").await.text.contains("Letters"));
    let reply = ana.post("/settings/mail", &[("address", "ana@example.org")]).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_mail_server_that_takes_nothing_is_told(db: PgPool) {
    let mail = MailDouble::start().await.unwrap();
    let house = house(&db, &mail).await;
    let mut ana = house.visitor().await;
    mail.refuse("451 4.3.0 not now");
    let page = save(&mut ana, "/settings/mail", &[("address", "ana@example.org")]).await;
    assert!(page.contains("takes nothing at the moment") && page.contains("ana@example.org"));
    mail.refuse("550 5.1.1 nobody of that name");
    let page = save(&mut ana, "/settings/mail/test", &[]).await;
    assert!(page.contains("Nobody has that address") && page.contains(FORM));
    house.stop().await;
}
