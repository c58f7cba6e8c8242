//! When oO speaks up by itself, and how often.

use crate::{
    types::{DAYS, Hours},
    voice::a_day,
};
use leptos::prelude::*;

/// What the days are called: in full, and where there is little room.
const NAMES: [(&str, &str); 7] = [
    ("Monday", "Mon"),
    ("Tuesday", "Tue"),
    ("Wednesday", "Wed"),
    ("Thursday", "Thu"),
    ("Friday", "Fri"),
    ("Saturday", "Sat"),
    ("Sunday", "Sun"),
];

/// Quiet hours, days off and the cap, and in a sentence what follows from them.
#[component]
pub fn SpeakingHours(hours: Hours, time_zone: String) -> impl IntoView {
    let follows = sentence(&hours);
    let Hours { quiet_from, quiet_until, days_off, most_a_day } = hours;
    let days = DAYS.into_iter().zip(NAMES).zip(days_off).map(|((day, (name, short)), is_off)| {
        view! {
            <label>
                <input type="checkbox" name="day" value=day aria-label=name checked=is_off />
                <span>{short}</span>
            </label>
        }
    });
    let caps = (0..=Hours::MOST_A_DAY).map(|most| {
        view! { <option value=most.to_string() selected=most == most_a_day>{a_day(most)}</option> }
    });

    view! {
        <section class="setting" aria-labelledby="hours-title">
            <div><h3 id="hours-title">"When oO may speak up"</h3>
            <p>"Outside of your quiet hours, and only if you let it. Your tip is here at any hour."</p></div>
            <form class="hours" method="post" action="/settings/hours" autocomplete="off">
                <div class="fields">
                    <label>
                        <span>"Quiet from"</span>
                        <input type="time" name="from" value=quiet_from required />
                    </label>
                    <label>
                        <span>"Quiet until"</span>
                        <input type="time" name="until" value=quiet_until required />
                    </label>
                    <label>
                        <span>"At most"</span>
                        <select name="most">{caps.collect_view()}</select>
                    </label>
                </div>
                <fieldset class="days">
                    <legend>"Days off"</legend>
                    <div>{days.collect_view()}</div>
                </fieldset>
                <button aria-label="Keep these hours">"Keep"</button>
            </form>
            <p class="follows">
                <span id="hours-follow">{follows}</span> " By the clock of " {time_zone} ", "
                <a href="#zone-title">"the time zone below"</a> "."
            </p>
        </section>
    }
    .into_any()
}

/// What follows from `hours`.
fn sentence(hours: &Hours) -> String {
    let Hours { quiet_from, quiet_until, days_off, most_a_day } = hours;
    if *most_a_day == 0 || days_off.iter().all(|is_off| *is_off) {
        return "oO never speaks up by itself.".to_owned();
    }
    let daily = (quiet_from != quiet_until)
        .then(|| format!("from {} to {}", short(quiet_from), short(quiet_until)));
    let quiet = match (daily, on(*days_off)) {
        (Some(daily), Some(days)) => format!("Quiet {daily}, and {days}; "),
        (Some(daily), None) => format!("Quiet {daily}; "),
        (None, Some(days)) => format!("Quiet {days}; "),
        (None, None) => String::new(),
    };
    let most = format!("{} at most.", a_day(*most_a_day));
    if quiet.is_empty() { format!("At any hour; {most}") } else { quiet + &most }
}

/// Such as "on Saturdays and Sundays".
fn on(days_off: [bool; 7]) -> Option<String> {
    let days = NAMES.into_iter().zip(days_off).filter(|(_, is_off)| *is_off);
    let days: Vec<String> = days.map(|((name, _), _)| format!("{name}s")).collect();
    let (last, before) = days.split_last()?;
    Some(match before {
        [] => format!("on {last}"),
        before => format!("on {} and {last}", before.join(", ")),
    })
}

/// "08:00", as people say it.
fn short(time: &str) -> &str {
    time.strip_prefix('0').unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_is_said_in_a_sentence() {
        let off = |days: &[&str]| DAYS.map(|day| days.contains(&day));
        for (from, until, days_off, most_a_day, expected) in [
            ("21:00", "08:00", off(&[]), 3, "Quiet from 21:00 to 8:00; three times a day at most."),
            (
                "21:00",
                "08:00",
                off(&["sun"]),
                3,
                "Quiet from 21:00 to 8:00, and on Sundays; three times a day at most.",
            ),
            (
                "00:00",
                "09:30",
                off(&["fri", "sat", "sun"]),
                1,
                "Quiet from 0:00 to 9:30, and on Fridays, Saturdays and Sundays; once a day at most.",
            ),
            (
                "09:00",
                "09:00",
                off(&["sat", "sun"]),
                10,
                "Quiet on Saturdays and Sundays; ten times a day at most.",
            ),
            ("00:00", "00:00", off(&[]), 2, "At any hour; twice a day at most."),
            ("21:00", "08:00", off(&[]), 0, "oO never speaks up by itself."),
            ("21:00", "08:00", off(&DAYS), 3, "oO never speaks up by itself."),
        ] {
            let (quiet_from, quiet_until) = (from.to_owned(), until.to_owned());
            let hours = Hours { quiet_from, quiet_until, days_off, most_a_day };
            assert_eq!(sentence(&hours), expected);
        }
    }
}
