//! What learning the moments is worth, on simulated people: `cargo bench -p notifier --bench timing -- [persons]`.
//! With `held-out`, on those families too on which nothing may be chosen.
//! With `prior`, the table of `src/timing/prior.rs`, fitted to those families on which constants may be chosen.

#![expect(clippy::print_stdout, reason = "this is what it is for")]
#![allow(clippy::unwrap_used, reason = "whoever measures looks on")]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a simulation")]
#![allow(clippy::cast_sign_loss, missing_docs, reason = "a simulation")]

mod people;

use bandit::{Prior, Sums};
use notifier::timing::{Chooser, NOISE, groups, prior};
use people::{DEVELOPED, HELD_OUT, Person, Three};

const DAYS: usize = 60;
const CAP: u8 = 3;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    if args.iter().any(|it| it == "prior") {
        fit();
        return;
    }
    let persons = args.iter().find_map(|it| it.parse().ok()).unwrap_or(100);
    println!(
        "family     people  answered: learned  equal  capped  fixed | gain [95 %]           ceiling | pushes a day  saved [95 %]          | done a day: learned capped fixed silent  lost [95 %]"
    );
    let mut seed = 1_000_000;
    let mut sets = vec![("developed", &DEVELOPED[..])];
    if args.iter().any(|it| it == "held-out") {
        sets.push(("held out", &HELD_OUT[..]));
    }
    for (name, families) in sets {
        let mut all = Vec::new();
        for family in families {
            let lives: Vec<Three> = (0..persons)
                .map(|_| {
                    seed += 1;
                    Three::of(*family, seed, DAYS, CAP)
                })
                .collect();
            print(&format!("{family:?}"), &lives);
            all.extend(lives);
        }
        print(name, &all);
    }
}

fn print(name: &str, lives: &[Three]) {
    let sum = total(lives.iter());
    let a_day = |tally: people::Tally| tally.done / (lives.len() * DAYS) as f64;
    println!(
        "{name:<10} {:>6}  {:>17.3} {:>6.3} {:>7.3} {:>6.3} | {} {:>9.2} | {:>6.2} {} | {:>19.2} {:>6.2} {:>5.2} {:>6.2}  {}",
        lives.len(),
        sum.learned.rate(),
        sum.equal.rate(),
        sum.capped.rate(),
        sum.fixed.rate(),
        interval(lives, Three::gain),
        sum.ceiling(),
        sum.learned.pushes / (lives.len() * DAYS) as f64,
        interval(lives, Three::saved),
        a_day(sum.learned),
        a_day(sum.capped),
        a_day(sum.fixed),
        a_day(sum.silent),
        interval(lives, Three::lost),
    );
}

fn total<'a>(lives: impl Iterator<Item = &'a Three>) -> Three {
    lives.copied().reduce(Three::and).unwrap()
}

/// Of the ratio of totals, by the jackknife over people.
fn interval(lives: &[Three], of: impl Fn(&Three) -> f64) -> String {
    let value = of(&total(lives.iter()));
    let n = lives.len() as f64;
    let without: Vec<f64> = (0..lives.len())
        .map(|out| of(&total(lives.iter().enumerate().filter(|(n, _)| *n != out).map(|it| it.1))))
        .collect();
    let mean = without.iter().sum::<f64>() / n;
    let variance = without.iter().map(|it| (it - mean).powi(2)).sum::<f64>() * (n - 1.0) / n;
    let margin = 1.96 * variance.sqrt();
    format!("{value:>6.3} [{:>6.3}, {:>6.3}]", value - margin, value + margin)
}

fn fit() {
    // Random volume over a quarter, so that each hour was tried.
    let mut people: Vec<Sums> = Vec::new();
    for family in DEVELOPED {
        for seed in 0..100 {
            let seed = 5_000_000 + seed + 1_000 * family as u64;
            let person = Person::born(family, seed);
            people.push(person.live(90, &Chooser::Random, |_| CAP).1.sums().clone());
            people.push(person.live(90, &Chooser::Learned, |_| CAP).1.sums().clone());
        }
    }
    let fitted: Prior = prior().fit_sums(&people, NOISE, 60, 5.0);
    for group in groups() {
        let (mean, deviation) = fitted.weight(group.indices.start);
        println!("    ({mean:.3}, {deviation:.3}),");
    }
}
