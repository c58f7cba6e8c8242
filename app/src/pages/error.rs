//! Whatever went wrong.

use crate::{
    shell::{Assets, Document, Header},
    types::{DoorTrouble, Mishap},
};
use leptos::prelude::*;

/// Whatever went wrong, and the way out.
#[component]
pub fn ErrorPage(assets: Assets, mishap: Mishap) -> impl IntoView {
    let (heading, context, href, way) = words(mishap);
    view! {
        <Document assets title="oO · not quite">
            <Header />
            <main class="room">
                <div class="stage">
                    <section class="card" data-kind="scene" data-length="short">
                        <p class="label"></p>
                        <h1>{heading}</h1>
                        <div class="below">
                            <p class="context">{context}</p>
                            <p class="ways"><a href=href>{way}</a></p>
                        </div>
                    </section>
                </div>
            </main>
        </Document>
    }
}

type Words = (&'static str, &'static str, &'static str, &'static str);

fn words(mishap: Mishap) -> Words {
    match mishap {
        Mishap::NotFound => {
            ("There is nothing here.", "The address may be old.", "/", "Back to oO")
        }
        Mishap::Refused => (
            "That came from somewhere else.",
            "oO acts only on what its own pages send. Nothing was changed.",
            "/",
            "Back to oO",
        ),
        Mishap::Internal => (
            "Something broke in here.",
            "It is for oO to mend, not for you. Nothing of yours is lost.",
            "/",
            "Try again",
        ),
        Mishap::Unavailable => {
            ("oO is not quite awake.", "It should be back within a minute.", "/", "Try again")
        }
        Mishap::TooOften => (
            "That was a lot at once.",
            "oO listens again after a pause. Nothing of yours is lost.",
            "/",
            "Try again",
        ),
        Mishap::SignIn(trouble) => door(trouble, "You are not signed in.", "/"),
        Mishap::Connect(trouble) => door(trouble, "Todoist is not connected.", "/"),
    }
}

fn door(trouble: DoorTrouble, heading: &'static str, href: &'static str) -> Words {
    let context = match trouble {
        DoorTrouble::Cancelled => "You changed your mind over there, and that is fine.",
        DoorTrouble::Expired => {
            "It took a while, or began in another browser. Once more from here will do."
        }
        DoorTrouble::Provider => "The answer from over there was not the one agreed upon.",
        DoorTrouble::Unreachable => "The other side does not answer at the moment.",
        DoorTrouble::Closed => {
            "This oO is for people who are here already. Whoever runs it can let you in."
        }
    };
    (heading, context, href, "Back to oO")
}
