//! What holds for every page, whatever it shows.

mod samples;

use app::{
    pages::Page,
    shell::Assets,
    types::{
        Came, Connection, DoorTrouble, Hours, JustDone, Mishap, Notice, Reaction, Saved, Scene,
        Settings, SignInOptions, SnoozeTimes, Stage, Tip, TipKind, Trouble, Wish,
    },
};
use leptos::config::LeptosOptions;
use samples::{consents, door, new_token, settings};

const HASHES: &str = "js: abc\nwasm: def\ncss: 123\n";

fn assets() -> Assets {
    let options = LeptosOptions::builder().output_name("oo").build();
    Assets::named(&options, HASHES)
}

fn html(page: Page) -> String {
    page.render(&assets(), "the-nonce")
}

fn stage(scene: Scene) -> Page {
    let just_done = JustDone {
        tip_id: "0".into(),
        reaction: Reaction::Snooze,
        undo_millis: 6_400,
        until: "tomorrow morning".into(),
    };
    let notice = Some(Notice::Stale(Trouble::Reconnect));
    let stage = Stage { scene, just_done: Some(just_done), notice };
    Page::Stage { stage, keys: true, zone: Some("Europe/Lisbon".into()), person: "1".into() }
}

fn tip(text: &str) -> Scene {
    Scene::Tip(Tip {
        id: "the-tip".into(),
        key: "the-key".into(),
        kind: TipKind::Todo,
        text: text.into(),
        context: "today".into(),
        reasons: vec!["It is due today.".into()],
        evening_is_today: false,
        later_hours: 1,
    })
}

#[test]
fn every_page_has_one_heading_and_nothing_that_its_policy_forbids() {
    let pages = [
        Page::SignedOut(SignInOptions { demo: true, doors: vec![door("google", "Google")] }),
        stage(tip("Water the basil.")),
        stage(Scene::Unasked),
        stage(Scene::NotAllowed),
        stage(Scene::NotConnected),
        stage(Scene::NoConnector),
        stage(Scene::Loading),
        stage(Scene::Nothing),
        stage(Scene::Trouble(Trouble::Unavailable)),
        stage(Scene::Mishap(Mishap::Internal)),
        Page::Consents(consents()),
        Page::Settings { settings: settings(Connection::ReadWrite).into(), saved: None },
        Page::Erase { again: true },
        Page::Erased,
        new_token("<i>", Some("https://oo.example.org/api/v1/tip")),
        Page::Letter { wish: Wish::Letters, came: None },
        Page::Letter { wish: Wish::NotThis, came: Some(Came::TooLate) },
        Page::Error(Mishap::NotFound),
        Page::Error(Mishap::TooOften),
        Page::Error(Mishap::SignIn(DoorTrouble::Expired)),
    ];

    for page in pages {
        let html = html(page);
        assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
        assert_eq!(html.matches("<h1").count(), 1, "{html}");
        assert_eq!(html.matches("<main").count(), 1, "{html}");
        assert!(html.contains("/pkg/oo.123.css"), "{html}");
        assert!(!html.contains(" style=") && !html.contains("<style"), "{html}");
        assert_eq!(html.matches("<script").count(), html.matches("nonce=\"the-nonce\"").count());
    }
}

#[test]
fn the_first_page_brings_its_style_along() {
    let assets = assets().with_room(".room>h1{color:#fff}");
    let html = |page: Page, nonce| page.render(&assets, nonce);
    let signed_out = Page::SignedOut(SignInOptions { demo: true, doors: Vec::new() });
    for page in [signed_out, stage(tip("Water the basil.")), Page::Begun { keys: true }] {
        let html = html(page, "the-nonce");
        let style = r#"<style nonce="the-nonce">.room>h1{color:#fff}</style>"#;
        assert!(html.contains(style) && !html.contains("rel=\"stylesheet\""), "{html}");
    }
    let settings = Page::Settings { settings: settings(Connection::ReadWrite).into(), saved: None };
    for html in [html(settings, "the-nonce"), html(Page::Error(Mishap::NotFound), "")] {
        assert!(!html.contains("<style") && html.contains("rel=\"stylesheet\""), "{html}");
    }
}

#[test]
fn what_stands_above_a_stage_does_not_depend_on_it() {
    let in_two = |page: Page| page.render_in_two(&assets(), "the-nonce");
    let (begun, _) = in_two(Page::Begun { keys: true });
    assert!(begun.starts_with("<!DOCTYPE html>") && begun.contains("class=\"mark\""), "{begun}");
    for scene in
        [tip("<main> & </title>"), Scene::Unasked, Scene::Nothing, Scene::Mishap(Mishap::Internal)]
    {
        let page = stage(scene);
        let (above, rest) = in_two(page.clone());
        assert_eq!(above.clone() + &rest, html(page));
        assert!(rest.starts_with("<main ") && rest.ends_with("</html>"), "{rest}");

        let (before, titled) = above.split_once("<title>").unwrap();
        let (_, after) = titled.split_once("</title>").unwrap();
        assert_eq!(format!("{before}<title>oO</title>{after}"), begun);
    }
    assert!(!in_two(Page::Begun { keys: false }).0.contains("aria-keyshortcuts"));
}

#[test]
fn what_goes_wrong_late_is_told_in_the_same_words() {
    for mishap in [Mishap::Internal, Mishap::Unavailable] {
        let words = |page: Page| -> Vec<String> {
            let (_, rest) = page.render_in_two(&assets(), "");
            let (_, card) = rest.split_once("<h1").unwrap();
            let texts = card.split('>').filter_map(|it| it.split('<').next());
            texts.skip(1).map(str::to_owned).filter(|it| !it.is_empty()).collect()
        };
        let late = words(stage(Scene::Mishap(mishap)));
        let told = words(Page::Error(mishap));
        assert!(told.len() == 3 && late.starts_with(&told), "{told:?} {late:?}");
    }
}

#[test]
fn the_tip_is_text_and_its_key_goes_along_with_each_answer() {
    let html = html(stage(tip("<b>Water</b> & \"feed\"")));

    assert!(html.contains("&lt;b&gt;Water&lt;/b&gt; &amp;"), "{html}");
    assert_eq!(html.matches("value=\"the-key\"").count(), 2, "{html}");
    assert!(html.contains("data-left=\"7\"") && html.contains("Back tomorrow morning."), "{html}");
}

#[test]
fn a_new_token_is_on_its_page_and_in_no_log() {
    let page = new_token("<i>", None);
    assert!(!format!("{page:?}").contains("y6Xh0Qm4"));
    let html = html(page);
    assert_eq!(html.matches("oo_y6Xh0Qm4").count(), 1, "{html}");
    assert!(html.contains("&lt;i&gt;") && !html.contains("curl"), "{html}");
}

#[test]
fn in_the_evening_the_next_one_is_tomorrows() {
    let page = html(stage(tip("Water the basil.")));
    assert!(page.contains("Tomorrow evening") && !page.contains("This evening"), "{page}");
    assert!(page.contains(">In an hour</button>"), "later is as late as it was chosen: {page}");
}

#[test]
fn the_settings_are_in_groups_and_show_what_was_chosen() {
    let chosen = Settings {
        hours: Hours {
            quiet_from: "22:30".into(),
            quiet_until: "07:00".into(),
            days_off: [true, false, false, false, false, true, true],
            most_a_day: 1,
        },
        snooze_times: SnoozeTimes {
            later_hours: 12,
            evening: "19:15".into(),
            morning: "06:45".into(),
        },
        ..settings(Connection::None)
    };
    let html = html(Page::Settings { settings: chosen.into(), saved: Some(Saved::BadHours) });
    let groups: Vec<&str> =
        html.split("<h2>").skip(1).filter_map(|it| it.split('<').next()).collect();
    assert_eq!(
        groups,
        ["What oO may do", "Where it looks", "When it speaks", "How it is answered", "You"]
    );
    for shown in [
        "name=\"from\" value=\"22:30\"",
        "name=\"until\" value=\"07:00\"",
        "name=\"evening\" value=\"19:15\"",
        "name=\"morning\" value=\"06:45\"",
        "selected>once a day<",
        "selected>in twelve hours<",
        "Quiet from 22:30 to 7:00, and on Mondays, Saturdays and Sundays; once a day at most.",
        "no hours that oO can keep to",
    ] {
        assert!(html.contains(shown), "{shown}: {html}");
    }
    let days: Vec<bool> = html
        .split("name=\"day\"")
        .skip(1)
        .filter_map(|it| it.split('>').next())
        .map(|it| it.contains("checked"))
        .collect();
    assert_eq!(days, [true, false, false, false, false, true, true]);
}

#[test]
fn what_was_said_of_a_setting_survives_the_address() {
    for saved in [Saved::Saved, Saved::BadHours, Saved::BadSnooze, Saved::TooManyTokens] {
        assert_eq!(Saved::from_code(saved.code()), Some(saved));
    }
}

#[test]
fn without_keys_no_control_claims_one() {
    let Page::Stage { stage, zone, person, .. } = stage(tip("Water the basil.")) else {
        unreachable!()
    };
    let html = html(Page::Stage { stage, keys: false, zone, person });

    assert!(!html.contains("aria-keyshortcuts") && !html.contains("<kbd"), "{html}");
}

#[test]
fn a_notice_survives_the_address() {
    for notice in [Notice::AnsweredElsewhere, Notice::TipGone, Notice::KeyReused, Notice::Failed] {
        assert_eq!(notice.code().and_then(Notice::from_code), Some(notice));
    }
    assert_eq!(Notice::Stale(Trouble::Garbled).code(), None);
    assert_eq!(Notice::from_code("<script>"), None);
}
