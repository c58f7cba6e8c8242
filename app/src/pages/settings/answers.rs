//! How oO is answered.

use super::switch::Switch;
use crate::{types::SnoozeTimes, voice::in_hours};
use leptos::prelude::*;

/// Whether single keys act on this device.
#[component]
pub fn Keys(on: bool) -> impl IntoView {
    view! {
        <Switch
            title="Keys"
            about="On this device, single keys answer: d, s, x, u, w."
            action="/settings/keys"
            on
        />
    }
    .into_any()
}

/// When a snoozed tip comes back.
#[component]
pub fn Snoozes(times: SnoozeTimes) -> impl IntoView {
    let SnoozeTimes { later_hours, evening, morning } = times;
    let laters = (1..=SnoozeTimes::LATEST_HOURS).map(|hours| {
        view! { <option value=hours.to_string() selected=hours == later_hours>{in_hours(hours)}</option> }
    });

    view! {
        <section class="setting" aria-labelledby="snooze-title">
            <div><h3 id="snooze-title">"Snooze"</h3>
            <p>"When what you put off comes back, and when your evenings and mornings begin."</p></div>
            <form class="hours" method="post" action="/settings/snooze" autocomplete="off">
                <div class="fields">
                    <label>
                        <span>"Later"</span>
                        <select name="later">{laters.collect_view()}</select>
                    </label>
                    <label>
                        <span>"Evening"</span>
                        <input type="time" name="evening" value=evening min="12:00" max="23:59" required />
                    </label>
                    <label>
                        <span>"Morning"</span>
                        <input type="time" name="morning" value=morning min="00:00" max="11:59" required />
                    </label>
                </div>
                <button aria-label="Keep these times">"Keep"</button>
            </form>
        </section>
    }
    .into_any()
}
