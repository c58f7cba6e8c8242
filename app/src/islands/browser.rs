//! What the island does in the browser: it sends forms, shows the answers, listens to keys, and looks
//! again when the person comes back. Written on the bare browser interfaces, since every library in
//! between would be downloaded with the page.

use super::stage::FAILED;
use js_sys::{Function, Promise, Reflect, futures::JsFuture};
use leptos::{prelude::*, task::spawn_local};
use std::{cell::Cell, time::Duration};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    AbortSignal, AnimationEvent, CustomEvent, CustomEventInit, Element, Event, FormData,
    HtmlElement, HtmlFormElement, KeyboardEvent, RequestInit, Response, SubmitEvent,
    UrlSearchParams,
};

/// A drawing older than this is asked for again when the person comes back to the page.
const STALE_AFTER_MILLIS: f64 = 30_000.0;
/// While the tasks are being fetched, the page asks again this often.
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(1500);
/// The network may take its time; after this the person gets the word back.
const TIMEOUT_MILLIS: u32 = 15_000;

/// Where the drawing lies: the children of the island.
const DRAWING: &str = "leptos-children";

thread_local! {
    /// Counts what was sent, so that an answer that has been overtaken is dropped.
    static SENT: Cell<u32> = const { Cell::new(0) };
    /// When the drawing on the page was asked for.
    static ASKED_AT: Cell<f64> = const { Cell::new(0.0) };
}

/// What the island knows by itself; all else stands in the drawing.
#[derive(Clone, Copy)]
pub(super) struct Play {
    /// An answer is awaited: until then no other press counts.
    pub(super) pending: RwSignal<bool>,
    /// The last press did not get through.
    pub(super) failed: RwSignal<bool>,
    /// Turns over at each new scene: the mark blinks.
    pub(super) blinked: RwSignal<bool>,
    /// The words for those who listen.
    pub(super) said: RwSignal<String>,
}

impl Play {
    /// Wakes the page up.
    pub(super) fn start(self) {
        ASKED_AT.set(js_sys::Date::now());

        listen("submit", move |event| self.submit(event.unchecked_ref()));
        listen("keydown", |event| press(event.unchecked_ref()));
        listen("animationend", |event| leave(event.unchecked_ref()));
        listen("drawn", move |event| self.show_drawn(event.unchecked_ref()));
        listen("visibilitychange", move |_| self.look_again());
        listen("focus", move |_| self.look_again());
        report_zone();
        self.wait_for_tasks();
        // Whoever presses keys by machine has to know when they are heard.
        if let Some(root) = find("html") {
            let _ = root.set_attribute("data-awake", "true");
        }
    }

    /// Sends a form with the button that was pressed, and shows the answer.
    fn submit(self, event: &SubmitEvent) {
        let Some((action, body)) = filled_in(event) else {
            return; // the browser sends it
        };
        event.prevent_default();
        if self.pending.get_untracked() {
            return;
        }

        self.pending.set(true);
        next_number();
        spawn_local(async move {
            let reply = post(&action, &body).await;
            let kept = reply.is_err() && is_kept(&body);
            let answer = read(reply).await;
            self.pending.set(false);
            self.failed.set(answer.is_none() && !kept);
            match answer {
                Some(drawing) => self.show(drawing),
                None if kept => {}
                None => self.said.set(FAILED.into()),
            }
        });
    }

    /// Asks for the drawing again, when it is old and nothing is under way. One without a tip, while the tasks
    /// are being fetched, is always old.
    fn look_again(self) {
        let fresh = !is_waiting() && js_sys::Date::now() - ASKED_AT.get() < STALE_AFTER_MILLIS;
        if fresh || self.pending.get_untracked() || document().hidden() {
            return;
        }

        let number = next_number();
        spawn_local(async move {
            let answer = read(post("/api/stage", &JsValue::UNDEFINED).await).await;
            let news = answer.filter(|drawing| SENT.get() == number && face(drawing) != shown());
            match news {
                Some(drawing) => self.show(drawing),
                None => self.wait_for_tasks(),
            }
        });
    }

    /// Shows what came of an answer that was kept, and sent later: `frontend/page/page.ts` hands it in.
    fn show_drawn(self, event: &CustomEvent) {
        if let Some(drawing) = event.detail().as_string().and_then(|html| drawing(&html)) {
            next_number();
            self.failed.set(false);
            self.show(drawing);
        }
    }

    /// Asks again while the tasks are being fetched.
    fn wait_for_tasks(self) {
        if is_waiting() {
            set_timeout(move || self.look_again(), ASK_AGAIN_AFTER);
        }
    }

    /// Puts a new drawing in place of the old one: slowly where the browser can.
    fn show(self, drawing: Element) {
        let change = move || {
            let focus = focused();
            let Some(place) = find(DRAWING) else { return };
            if face(&drawing) != shown() {
                self.blinked.update(|blinked| *blinked = !*blinked);
            }
            let _ = place.replace_with_with_node_1(&drawing);
            let words = [".said", "h1"].into_iter().filter_map(|part| find(part)?.text_content());
            self.said.set(words.collect::<Vec<_>>().join(" "));
            if let Some(control) = focus {
                keep_focus(&control);
            }
            self.wait_for_tasks();
        };
        slowly(change);
    }
}

fn listen(event: &str, heard: impl Fn(Event) + 'static) {
    let _ = window_event_listener_untyped(event, heard);
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Whether the page waits for the tasks.
fn is_waiting() -> bool {
    find("[data-kind=loading]").is_some()
}

/// What makes two drawings look different.
fn face(drawing: &Element) -> Option<String> {
    drawing.query_selector("[data-face]").ok()??.get_attribute("data-face")
}

fn shown() -> Option<String> {
    face(&find(DRAWING)?)
}

fn next_number() -> u32 {
    ASKED_AT.set(js_sys::Date::now());
    SENT.set(SENT.get() + 1);
    SENT.get()
}

/// Where a form goes and what it carries, as the browser would send it.
fn filled_in(event: &SubmitEvent) -> Option<(String, JsValue)> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let action = form.get_attribute("action").filter(|action| action.starts_with("/api/"))?;
    let data = FormData::new_with_form(&form).ok()?;
    let button = event.submitter()?;
    if let Some(name) = button.get_attribute("name") {
        data.append_with_str(&name, &button.get_attribute("value")?).ok()?;
    }
    Some((action, UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.into()))
}

/// Whether somebody keeps what could not be sent: `frontend/page/page.ts` says so by preventing the default.
fn is_kept(form: &JsValue) -> bool {
    let init = CustomEventInit::new();
    init.set_cancelable(true);
    init.set_detail(form);
    CustomEvent::new_with_event_init_dict("unsent", &init)
        .and_then(|event| window().dispatch_event(&event))
        .is_ok_and(|unkept| !unkept)
}

/// The drawing that a server function answers with. Without `Accept: text/html` it is a JSON string.
async fn read(reply: Result<Response, JsValue>) -> Option<Element> {
    let answer = reply.ok()?;
    // To the way in; or to what there is instead of what was here.
    if matches!(answer.status(), 401 | 404) {
        let _ = window().location().reload();
    }
    let html = JsFuture::from(answer.json().ok()?).await.ok().filter(|_| answer.ok())?;
    drawing(&html.as_string()?)
}

fn drawing(html: &str) -> Option<Element> {
    let drawing = document().create_element(DRAWING).ok()?;
    drawing.set_inner_html(html);
    Some(drawing)
}

async fn post(url: &str, body: &JsValue) -> Result<Response, JsValue> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MILLIS)));
    Ok(JsFuture::from(window().fetch_with_str_and_init(url, &init)).await?.unchecked_into())
}

/// A key presses the control that carries it as its shortcut: one way for keys, fingers and forms.
fn press(event: &KeyboardEvent) {
    if event.repeat() {
        // A key held down answers one tip, not all that follow.
        if event.key() == "Enter" {
            event.prevent_default();
        }
        return;
    }
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
    if modified || event.is_composing() || is_typing(event) {
        return;
    }

    let mut key = event.key();
    if !key.is_ascii() {
        // On a keyboard of another script the place of the key counts.
        key = event.code().strip_prefix("Key").unwrap_or_default().to_ascii_lowercase();
    }
    let known = matches!(key.as_str(), "d" | "s" | "x" | "u" | "w" | "?");
    if !known || (key != "?" && find(":popover-open").is_some()) {
        return;
    }
    if let Some(control) = find(&["[aria-keyshortcuts='", &key, "']"].concat()) {
        event.prevent_default();
        control.unchecked_into::<HtmlElement>().click();
    }
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| {
        element.closest("input,textarea,select,[contenteditable]").is_ok_and(|it| it.is_some())
    })
}

/// The time for *undo* is over.
fn leave(event: &AnimationEvent) {
    let undo = find(".undo").filter(|_| event.animation_name() == "leave");
    if let Some(undo) = undo {
        let focus = focused();
        undo.remove();
        if let Some(control) = focus {
            keep_focus(&control);
        }
    }
}

/// The control that has the focus, if any.
fn focused() -> Option<Element> {
    document().active_element().filter(|element| element.tag_name() != "BODY")
}

/// When the control that had the focus is gone, its successor takes it, or else the sentence.
fn keep_focus(control: &Element) {
    if control.is_connected() {
        return;
    }
    let successor = control
        .get_attribute("value")
        .and_then(|value| find(&["button[value='", &value, "']"].concat()));
    for candidate in [successor, find("h1")].into_iter().flatten() {
        let _ = candidate.unchecked_ref::<HtmlElement>().focus();
        if focused().is_some() {
            return;
        }
    }
}

/// Within a view transition, where the browser has them and the page is seen.
fn slowly(change: impl FnOnce() + 'static) {
    let document = document();
    let start = Reflect::get(&document, &"startViewTransition".into())
        .ok()
        .and_then(|start| start.dyn_into::<Function>().ok())
        .filter(|_| !document.hidden());
    let Some(start) = start else {
        return change();
    };

    let Ok(transition) = start.call1(&document, &Closure::once_into_js(change)) else {
        return;
    };
    spawn_local(async move {
        // It is refused when the next one overtakes it; that is no error.
        if let Ok(ready) = Reflect::get(&transition, &"ready".into()) {
            let _ = JsFuture::from(ready.unchecked_into::<Promise>()).await;
        }
    });
}

/// Tells the server this browser's time zone, where the page asks for it and knows another one.
fn report_zone() {
    let Some(known) = find("[data-zone]").and_then(|it| it.get_attribute("data-zone")) else {
        return;
    };
    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    let zone = Reflect::get(&options, &"timeZone".into()).ok().and_then(|zone| zone.as_string());
    if let Some(zone) = zone.filter(|zone| *zone != known) {
        spawn_local(async move {
            if let Ok(body) = UrlSearchParams::new() {
                body.append("zone", &zone);
                let _ = post("/api/set_time_zone", &body).await;
            }
        });
    }
}
