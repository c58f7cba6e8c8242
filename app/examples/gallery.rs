//! Every state of the page, from fixed data: `cargo run -p app --example gallery`, then open
//! <http://127.0.0.1:3900/>. With `scripts/build.sh` run before, the island wakes up too. Another address:
//! `OO_GALLERY_ADDR`.

#[path = "../tests/samples/mod.rs"]
mod samples;

use app::{
    components::stage::StageView,
    pages::Page,
    shell::Assets,
    types::{
        Connection, DoorTrouble, Hours, JustDone, Mishap, Notice, Reaction, Saved, Scene, Settings,
        SignInOptions, SnoozeTimes, Stage, Tip, TipKind, Trouble,
    },
};
use axum::{
    Json, Router,
    extract::Path,
    http::header::CONTENT_SECURITY_POLICY,
    response::{Html, IntoResponse},
    routing::{get, post},
};
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::*};
use samples::{consents, door, new_token};
use std::{
    io::Write,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};
use tower_http::services::ServeDir;

fn states() -> Vec<(&'static str, Page)> {
    let mut states = scenes();
    states.extend(settings());
    states
}

fn settings() -> Vec<(&'static str, Page)> {
    let settings = |todoist, time_zone_chosen, saved| Page::Settings {
        settings: Box::new(Settings {
            time_zone_chosen,
            history_days: time_zone_chosen.then_some(365),
            ..samples::settings(todoist)
        }),
        saved,
    };
    let hours = |hours: Hours, saved| Page::Settings {
        settings: Box::new(Settings {
            hours,
            snooze_times: SnoozeTimes {
                later_hours: 12,
                evening: "23:59".into(),
                morning: "00:00".into(),
            },
            ..samples::settings(Connection::Read)
        }),
        saved: Some(saved),
    };
    let never = Hours {
        quiet_from: "00:00".into(),
        quiet_until: "00:00".into(),
        days_off: [true; 7],
        most_a_day: 0,
    };
    let busy = Hours {
        quiet_from: "23:15".into(),
        quiet_until: "05:45".into(),
        days_off: [false, true, false, true, false, true, true],
        most_a_day: Hours::MOST_A_DAY,
    };

    vec![
        ("settings", settings(Connection::ReadWrite, true, None)),
        ("settings-none", settings(Connection::None, false, Some(Saved::UnknownZone))),
        ("settings-impossible", settings(Connection::Impossible, false, None)),
        ("settings-broken", settings(Connection::Broken, true, Some(Saved::Saved))),
        ("settings-never", hours(never, Saved::BadHours)),
        ("settings-hours", hours(busy, Saved::BadSnooze)),
    ]
}

fn scenes() -> Vec<(&'static str, Page)> {
    let quiet = |scene| page(scene, None, None);
    let told = |notice| page(todo("Water the basil.", "3 min"), None, Some(notice));
    let done = |reaction, undo_millis, until: &str| {
        let done = JustDone { tip_id: "0".into(), reaction, undo_millis, until: until.into() };
        page(todo("Water the basil.", "today · 3 min"), Some(done), None)
    };
    let dentist = "Call the dentist before lunch. It takes four minutes.";
    let way = |demo, labels: &[&str]| {
        let doors = labels.iter().map(|label| door("", label)).collect();
        Page::SignedOut(SignInOptions { demo, doors })
    };

    vec![
        ("signed-out", way(true, &["Google"])),
        ("signed-out-demo", way(true, &[])),
        ("signed-out-many", way(false, &["Google", "Apple", "the well", "Todoist"])),
        ("signed-out-bare", way(false, &[])),
        ("consents", Page::Consents(consents())),
        ("unasked", quiet(Scene::Unasked)),
        ("not-allowed", quiet(Scene::NotAllowed)),
        ("not-connected", quiet(Scene::NotConnected)),
        ("no-connector", quiet(Scene::NoConnector)),
        ("loading", quiet(Scene::Loading)),
        ("todo", quiet(todo(dentist, "due yesterday · 4 min"))),
        ("todo-no-keys", on_page(stage(todo(dentist, "")), false)),
        ("advice", quiet(advice("Stand up, and look at the farthest thing you can see."))),
        ("nothing", quiet(Scene::Nothing)),
        ("reconnect", quiet(Scene::Trouble(Trouble::Reconnect))),
        ("throttled", quiet(Scene::Trouble(Trouble::Throttled))),
        ("unavailable", quiet(Scene::Trouble(Trouble::Unavailable))),
        ("garbled", quiet(Scene::Trouble(Trouble::Garbled))),
        ("broken", quiet(Scene::Mishap(Mishap::Internal))),
        ("done", done(Reaction::Done, 10_000, "")),
        ("snoozed", done(Reaction::Snooze, 7_400, "tomorrow morning")),
        ("dismissed", done(Reaction::Dismiss, 10_000, "")),
        ("answered-elsewhere", told(Notice::AnsweredElsewhere)),
        ("stale", told(Notice::Stale(Trouble::Reconnect))),
        ("failed", told(Notice::Failed)),
        (
            "word",
            quiet(todo(
                "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft anrufen",
                "",
            )),
        ),
        ("unbroken", quiet(todo(&"https://example.com/".repeat(8), "today"))),
        ("cjk", quiet(todo("昼休みの前に歯医者に電話する。四分で終わります。", "昨日まで · 4分"))),
        ("rtl", quiet(todo("اتصل بطبيب الأسنان قبل الغداء. يستغرق الأمر أربع دقائق.", "أمس"))),
        ("emoji", quiet(todo("🪥 Call the dentist 👩🏽‍⚕️ before lunch", "due yesterday · 4 min"))),
        (
            "long",
            quiet(todo(
                "Read the draft of the agreement with the landlord once more, mark what is unclear about the heating costs, and write down the three questions that you would like to ask at the meeting on Thursday morning",
                "due today · 25 min · Home",
            )),
        ),
        ("erase", Page::Erase { again: false }),
        ("erase-again", Page::Erase { again: true }),
        ("erased", Page::Erased),
        (
            "settings-token",
            new_token("the kitchen display", Some("https://oo.example.org/api/v1/tip")),
        ),
        ("not-found", Page::Error(Mishap::NotFound)),
        ("internal", Page::Error(Mishap::Internal)),
        ("too-often", Page::Error(Mishap::TooOften)),
        ("sign-in-expired", Page::Error(Mishap::SignIn(DoorTrouble::Expired))),
        ("sign-in-closed", Page::Error(Mishap::SignIn(DoorTrouble::Closed))),
        ("connect-cancelled", Page::Error(Mishap::Connect(DoorTrouble::Cancelled))),
    ]
}

fn page(scene: Scene, just_done: Option<JustDone>, notice: Option<Notice>) -> Page {
    on_page(Stage { scene, just_done, notice }, true)
}

fn on_page(stage: Stage, keys: bool) -> Page {
    Page::Stage { stage, keys, zone: None, person: "1".into() }
}

fn stage(scene: Scene) -> Stage {
    Stage { scene, just_done: None, notice: None }
}

fn todo(text: &str, context: &str) -> Scene {
    Scene::Tip(Tip {
        id: "1".into(),
        key: "1".into(),
        kind: TipKind::Todo,
        text: text.into(),
        context: context.into(),
        reasons: vec![
            "It was due yesterday.".into(),
            "It takes about four minutes.".into(),
            "You often finish short tasks in the morning.".into(),
        ],
        evening_is_today: true,
        later_hours: 3,
    })
}

fn advice(text: &str) -> Scene {
    match todo(text, "one minute") {
        Scene::Tip(tip) => Scene::Tip(Tip { kind: TipKind::Advice, ..tip }),
        other => other,
    }
}

fn show(assets: &Assets, name: &str) -> impl IntoResponse + use<> {
    let page = states().into_iter().find(|(known, _)| *known == name).map(|(_, page)| page);
    let nonce = Nonce::new();
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'"
    );
    let html = page.unwrap_or(Page::Error(Mishap::NotFound)).render(assets, &nonce);
    ([(CONTENT_SECURITY_POLICY, policy)], Html(html))
}

/// Answers any form of the island: the next scene, with the answer to take back.
async fn answer(Path(name): Path<String>) -> Json<String> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    const NEXT: [(&str, &str); 3] = [
        ("Water the basil.", "today · 3 min"),
        ("Send Ana the photographs from Sunday.", "for two weeks"),
        ("Book the train to Porto.", "tomorrow · 10 min"),
    ];

    let count = COUNT.fetch_add(1, Relaxed);
    let (text, context) = NEXT[count % NEXT.len()];
    let scene = match todo(text, context) {
        Scene::Tip(tip) => Scene::Tip(Tip { id: count.to_string(), ..tip }),
        other => other,
    };
    let just_done = (name == "react").then(|| JustDone {
        tip_id: count.to_string(),
        reaction: Reaction::Done,
        undo_millis: 10_000,
        until: String::new(),
    });
    let stage = Stage { scene, just_done, notice: None };
    Json(view! { <StageView stage keys=true /> }.to_html())
}

async fn list() -> Html<String> {
    let mut html = String::from("<!DOCTYPE html><title>Gallery</title><ul>");
    for (name, _) in states() {
        html += &["<li><a href=/gallery/", name, ">", name, "</a>"].concat();
    }
    Html(html)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let site = std::env::var("OO_GALLERY_SITE").unwrap_or_else(|_| "target/dist/site".into());
    let options = LeptosOptions::builder().output_name("oo").build();
    let hashes = std::fs::read_to_string(format!("{site}/../hash.txt")).unwrap_or_default();
    let mut assets = Assets::named(&options, &hashes);
    if let Ok(room) = std::fs::read_to_string(format!("{site}/../room.css")) {
        assets = assets.with_room(&room);
    }

    let gallery = move |Path(name): Path<String>| async move { show(&assets, &name) };
    let router = Router::new()
        .route("/", get(list))
        .route("/gallery/{name}", get(gallery))
        .route("/api/{name}", post(answer))
        .fallback_service(ServeDir::new(site));

    let addr = std::env::var("OO_GALLERY_ADDR").unwrap_or_else(|_| "127.0.0.1:3900".into());
    let listener = tokio::net::TcpListener::bind(addr).await?;
    writeln!(std::io::stdout(), "The gallery is at http://{}/", listener.local_addr()?)?;
    axum::serve(listener, router).await
}
