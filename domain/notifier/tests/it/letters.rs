//! How what is said reaches a mailbox.

use chrono::TimeDelta;
use notifier::{MailboxError, Rhythm, Trial, Verdict};
use profile::{Consent, Hours};
use recommender::Reaction;
use sqlx::PgPool;

use crate::house::{ADDRESS, House, OFTEN, at};

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_mailbox_is_asked_first_and_told_nothing_before_it_has_answered(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let tip = house.tip(ana).await;
    assert_eq!(house.notifier.write_to(ana, ADDRESS, Rhythm::Each).await.unwrap(), Trial::Sent);
    let [asked] = &house.letters()[..] else { panic!("one letter is expected") };
    assert_eq!(asked.to, [ADDRESS]);
    assert_eq!(asked.subject, "Shall oO write to you?");
    assert!(!asked.plain.contains(&tip.text) && !asked.html.contains(&tip.text));
    assert!(asked.header("List-Unsubscribe").is_some(), "whoever it was not says so");

    for _ in 0..30 {
        house.notifier.tick().await.unwrap();
        house.notifier.deliver_letters().await.unwrap();
        house.clock.advance(TimeDelta::minutes(20));
    }
    assert_eq!(house.verdicts(ana).await, [], "there is nowhere to speak");
    assert_eq!(house.letters().len(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_letter_says_the_tip_and_how_it_is_answered_and_ended(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.mailbox(ana, Rhythm::Each).await;
    house.until_it_speaks(ana).await;
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 0, "there is no browser");
    assert_eq!(house.notifier.deliver_letters().await.unwrap(), 1);
    assert_eq!(house.notifier.deliver_letters().await.unwrap(), 0, "it is told once");

    let tip = house.tip(ana).await;
    let letter = house.letters().pop().unwrap();
    assert_eq!(
        (letter.subject.as_str(), &letter.to[..]),
        (tip.text.as_str(), &[ADDRESS.to_owned()][..])
    );
    assert!(letter.plain.contains(&tip.text) && letter.html.contains(&tip.text));
    let stop = format!("<https://oo.example.org/mail/{}>", letter.link("No more letters"));
    assert_eq!(letter.header("List-Unsubscribe"), Some(stop));
    let one_click = "List-Unsubscribe=One-Click".to_owned();
    assert_eq!(letter.header("List-Unsubscribe-Post"), Some(one_click));
    assert_eq!(letter.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(letter.header("From").as_deref(), Some("oO <oo@example.org>"));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_morning_has_one_letter_and_what_was_done(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    for _ in 0..2 {
        let tip = house.tip(ana).await;
        house.react(ana, tip.id, Reaction::Done).await;
    }
    house.mailbox(ana, Rhythm::Morning).await;
    // Everything that Ana hears in two days, and at which hours.
    let mut hours = Vec::new();
    for _ in 0..(2 * 24 * 3) {
        house.notifier.tick().await.unwrap();
        if house.notifier.deliver_letters().await.unwrap() > 0 {
            hours.push(house.now().to_string());
            let tip = house.tip(ana).await;
            house.react(ana, tip.id, Reaction::Dismiss).await;
        }
        house.clock.advance(TimeDelta::minutes(20));
    }
    let mornings =
        ["2026-11-23 10:00:00 UTC", "2026-11-24 08:00:00 UTC", "2026-11-25 08:00:00 UTC"];
    assert_eq!(hours, mornings);
    let letters = house.letters();
    assert!(letters[1].plain.starts_with("2 done since yesterday."), "{}", letters[1].plain);
    assert!(!letters[2].plain.contains("since yesterday"), "{}", letters[2].plain);
    assert!(house.verdicts(ana).await.contains(&Verdict::AwaitsMorning));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_morning_is_quiet_where_the_person_is(db: PgPool) {
    let house = House::new(db).await;
    let quiet = Hours { quiet_until: jiff::civil::time(11, 0, 0, 0), ..OFTEN };
    let ana = house.person(quiet).await;
    house.mailbox(ana, Rhythm::Morning).await;
    house.clock.set(at("2026-11-24T05:00:00Z"));
    let mut spoke_at = None;
    for _ in 0..24 {
        if house.notifier.tick().await.unwrap().spoke > 0 {
            spoke_at = Some(house.now());
        }
        house.clock.advance(TimeDelta::minutes(20));
    }
    assert_eq!(spoke_at, Some(at("2026-11-24T11:00:00Z")));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_browser_and_a_mailbox_hear_of_a_tip_together(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let phone = house.device(ana).await;
    house.mailbox(ana, Rhythm::Each).await;
    house.until_it_speaks(ana).await;
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 1);
    assert_eq!(house.notifier.deliver_letters().await.unwrap(), 1);
    let tip = house.tip(ana).await;
    assert_eq!(house.received(&phone)[0]["notification"]["title"], tip.text);
    assert_eq!(house.letters().pop().unwrap().subject, tip.text);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_mail_server_that_says_nothing_delays_no_push(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let phone = house.device(ana).await;
    house.mailbox(ana, Rhythm::Each).await;
    house.until_it_speaks(ana).await;
    house.mail.fall_silent();
    tokio::select! {
        biased;
        letters = house.notifier.deliver_letters() => panic!("nobody answers: {letters:?}"),
        pushes = house.notifier.deliver_pushes() => assert_eq!(pushes.unwrap(), 1),
    }
    assert_eq!(house.received(&phone).len(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_a_mail_server_does_not_take_now_it_is_asked_again(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.mailbox(ana, Rhythm::Each).await;
    house.mail.refuse("451 4.7.1 greylisted, try again");
    house.until_it_speaks(ana).await;
    assert_eq!(house.notifier.deliver_letters().await.unwrap(), 0);
    house.mail.heal();
    assert_eq!(house.notifier.deliver_letters().await.unwrap(), 0, "not at once");
    house.clock.advance(TimeDelta::minutes(2));
    assert_eq!(house.notifier.deliver_letters().await.unwrap(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_mailbox_that_is_not_there_is_given_up_and_one_that_is_refused_is_not(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.mailbox(ana, Rhythm::Each).await;
    house.mail.refuse("550 5.7.1 we do not know oO");
    assert_eq!(house.notifier.write_now(ana).await.unwrap(), Trial::Later);
    assert!(house.notifier.mailbox(ana).await.unwrap().is_some());
    house.mail.refuse("550 5.1.1 <ana@example.org> is not here");
    house.until_it_speaks(ana).await;
    assert_eq!(house.notifier.deliver_letters().await.unwrap(), 0);
    assert_eq!(house.notifier.mailbox(ana).await.unwrap(), None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn whoever_withdraws_their_consent_gets_no_more_letters(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.mailbox(ana, Rhythm::Each).await;
    house.until_it_speaks(ana).await;
    house.recommender.consent(ana, &[(Consent::Notify, false)]).await.unwrap();
    assert_eq!(house.notifier.deliver_letters().await.unwrap(), 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_no_address_is_not_written_to(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let long = format!("{}@example.org", "a".repeat(250));
    for other in [
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana@example.org, bob@example.org",
        "ana@example.org\r\nBcc: bob@example.org",
        "Ana <ana@example.org>",
        &long,
    ] {
        let result = house.notifier.write_to(ana, other, Rhythm::Each).await;
        assert!(matches!(result, Err(MailboxError::NotAnAddress)), "{other}: {result:?}");
    }
    assert_eq!(house.letters().len(), 0);
    assert_eq!(house.notifier.mailbox(ana).await.unwrap(), None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_address_stands_nowhere_in_the_clear(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.mailbox(ana, Rhythm::Each).await;
    let told: String = sqlx::query_scalar(
        "select coalesce(string_agg(s::text, ' '), '') || coalesce(string_agg(encode(address, 'escape'), ' '), '')
         from notifier.subscription s",
    )
    .fetch_one(&house.db)
    .await
    .unwrap();
    assert!(!told.contains("ana@") && !told.contains("example.org"), "{told}");
    let mailbox = house.notifier.mailbox(ana).await.unwrap().unwrap();
    assert_eq!((mailbox.address.as_str(), mailbox.is_confirmed), (ADDRESS, true));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_mailbox_that_nobody_confirms_or_opens_is_forgotten(db: PgPool) {
    let house = House::new(db).await;
    let (ana, bob) = (house.person(OFTEN).await, house.person(OFTEN).await);
    house.mailbox(ana, Rhythm::Each).await;
    house.notifier.write_to(bob, "bob@example.org", Rhythm::Each).await.unwrap();
    house.clock.advance(TimeDelta::days(8));
    house.notifier.forget_old().await.unwrap();
    assert_eq!(house.notifier.mailbox(bob).await.unwrap(), None);
    assert!(house.notifier.mailbox(ana).await.unwrap().is_some());

    // Ana opens oO, and answers nothing.
    house.notifier.is_here(ana).await.unwrap();
    house.clock.advance(TimeDelta::days(55));
    house.notifier.forget_old().await.unwrap();
    assert!(house.notifier.mailbox(ana).await.unwrap().is_some());
    house.clock.advance(TimeDelta::days(6));
    house.notifier.forget_old().await.unwrap();
    assert_eq!(house.notifier.mailbox(ana).await.unwrap(), None);
}
