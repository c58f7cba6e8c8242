//! A judge puts on people, and tells what they would do: against LiteLLM's double.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashMap, fs, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use advice::{
    Library,
    model::{Model, ModelConfig},
};
use kernel::{ManualClock, PartOfDay, http::Http};
use lab::{
    LabError,
    judge::{Agreement, Cost, Dropped, Pairs, Panel, Plan, Report, Source},
    play::Reaction,
    profiles::profiles,
};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};
use recommender::Advised;
use serde_json::{Value, json};
use testkit::llm::{API_KEY, Fault, FaultRule, JUDGE, LlmDouble, TIP_GENERATOR};
use url::Url;

/// How many people there are.
const PROFILES: usize = 18;

const REACTIONS: [Reaction; 3] = [Reaction::Done, Reaction::Snooze, Reaction::Dismiss];

/// The double, and a folder for what it answers.
struct House {
    llm: LlmDouble,
    clock: Arc<ManualClock>,
    folder: PathBuf,
}

impl House {
    async fn new(name: &str) -> Self {
        let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let llm = LlmDouble::start(addr, clock.clone()).await.unwrap();
        let folder = std::env::temp_dir().join(format!("oo-judge-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        Self { llm, clock, folder }
    }

    fn panel(&self, people: Option<Vec<Vec<Advised>>>) -> Panel {
        let (prompts, cache) = (vec!["calm-1".to_owned()], self.folder.clone());
        Panel::new(Plan { prompts, rounds: 1, seed: 7, cache, people }).unwrap()
    }

    /// With a model of which nothing bad is known.
    async fn judge(&self, panel: &Panel) -> Result<Report, LabError> {
        let base_url: Url = self.llm.base_url().parse().unwrap();
        let http = Http::new([&base_url].into_iter().collect()).unwrap();
        let (api_key, patience) = (API_KEY.into(), Duration::from_secs(5));
        let config = ModelConfig { base_url, api_key, patience };
        panel.judge(&Model::new(&config, &http, self.clock.clone())).await
    }

    /// How often tips were asked for, and how often reactions.
    fn asked(&self) -> (usize, usize) {
        (self.llm.handle().count(TIP_GENERATOR), self.llm.handle().count(JUDGE))
    }

    /// What judges were asked, and told.
    fn questions(&self) -> Vec<(Value, Value)> {
        let requests = self.llm.handle().requests().into_iter();
        let judged = requests.filter(|seen| seen.alias.as_deref() == Some(JUDGE));
        let told = |body: &Value| {
            serde_json::from_str(body["messages"][1]["content"].as_str().unwrap()).unwrap()
        };
        judged.map(|seen| (told(&seen.body), seen.body)).collect()
    }

    async fn close(self) {
        fs::remove_dir_all(&self.folder).unwrap();
        self.llm.stop().await;
    }
}

fn all(name: &str) -> Source {
    Source { name: name.to_owned(), kind: None }
}

#[tokio::test]
async fn candidates_are_written_judged_and_told_and_nothing_is_asked_twice() {
    let house = House::new("whole").await;
    let panel = house.panel(None);
    let cost = panel.cost().await.unwrap();
    assert_eq!((cost.questions, cost.kept), (2 * PROFILES, 0));
    assert!(cost.read > 20_000 && cost.written > 20_000, "{cost:?}");
    assert_eq!(house.asked(), (0, 0), "counting asks nobody");

    let report = house.judge(&panel).await.unwrap();
    assert_eq!(house.asked(), (PROFILES, PROFILES));
    assert_eq!((report.waiting, report.failed.len(), report.agreement), (0, 0, None));
    assert_eq!(report.dropped, Dropped::default());
    for (name, written) in [("library", 4 * PROFILES), ("calm-1", 3 * PROFILES)] {
        let tally = &report.sources[&all(name)];
        let refused: usize = tally.refused.values().sum();
        assert_eq!((tally.written, tally.judged() + refused), (written, written), "{name}");
        let shares = REACTIONS.map(|it| report.share(&all(name), it).unwrap());
        let sum: f64 = shares.iter().map(|share| share.value).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        for share in shares {
            let interval = share.interval.unwrap();
            assert!(interval.low < share.value && share.value < interval.high, "{share:?}");
        }
    }
    let steps = Source { kind: Some("step".to_owned()), ..all("calm-1") };
    assert!(report.sources[&steps].judged() > PROFILES / 2);
    let table = report.table();
    assert!(table.contains("calm-1           all            54 "), "{table}");
    assert!(table.contains("library          all            72 "), "{table}");

    let again = house.panel(None);
    let Cost { questions, kept, .. } = again.cost().await.unwrap();
    assert_eq!((questions, kept), (0, 2 * PROFILES));
    assert_eq!(house.judge(&again).await.unwrap().table(), table);
    assert_eq!(again.kept().await.unwrap().table(), table);
    assert_eq!(house.asked(), (PROFILES, PROFILES));
    house.close().await;
}

#[tokio::test]
async fn a_judge_learns_who_and_when_but_not_where_candidates_come_from() {
    let house = House::new("blind").await;
    house.judge(&house.panel(None)).await.unwrap();
    let library = Library::shipped().unwrap();
    let (mut parts, mut firsts) = (Vec::new(), 0);
    for ((told, body), profile) in house.questions().iter().zip(profiles().unwrap()) {
        assert_eq!(told["profile"]["name"], *profile.name);
        assert_eq!(told["profile"]["about"], *profile.about);
        parts.push(told["part_of_day"].as_str().unwrap().parse::<PartOfDay>().unwrap());
        assert!(told["weekday"].is_string());
        let shown = told["candidates"].as_array().unwrap();
        for (place, candidate) in shown.iter().enumerate() {
            let fields: Vec<&String> = candidate.as_object().unwrap().keys().collect();
            assert_eq!((fields.len(), &candidate["id"]), (2, &json!(format!("c{}", place + 1))));
        }
        let is_advice = |it: &Value| library.iter().any(|advice| it["text"] == advice.text);
        firsts += usize::from(is_advice(&shown[0]));
        assert_eq!(shown.iter().filter(|it| is_advice(it)).count(), 4);
        assert!(!body.to_string().contains("calm-1"), "{body}");

        assert_eq!(body["response_format"]["json_schema"]["strict"], true);
        let items = &body["response_format"]["json_schema"]["schema"]["properties"]["reactions"];
        let ids = items["items"]["properties"]["id"]["enum"].as_array().unwrap();
        assert_eq!(ids.len(), shown.len());
    }
    assert!(PartOfDay::ALL.iter().all(|part| parts.contains(part)), "{parts:?}");
    assert!((1..PROFILES).contains(&firsts), "advice is the first {firsts} times");
    house.close().await;
}

#[tokio::test]
async fn a_run_that_was_stopped_goes_on_where_it_was() {
    let house = House::new("stopped").await;
    let panel = house.panel(None);
    house.llm.handle().inject(FaultRule::always(Fault::Malformed).on(JUDGE));
    let error = house.judge(&panel).await.unwrap_err().to_string();
    assert!(error.contains("judge failed, 5 in a row"), "{error}");
    assert!(error.contains("5 times the answer of the model cannot be read"), "{error}");
    assert_eq!(house.asked(), (5, 5));

    // Who is told to wait is not asked again at once.
    house.llm.handle().clear_faults();
    house.llm.handle().inject(FaultRule::next(1, Fault::Unavailable).on(TIP_GENERATOR));
    let error = house.judge(&panel).await.unwrap_err().to_string();
    assert!(error.contains("tip-generator failed, 1 in a row"), "{error}");
    assert!(error.contains("asks us to wait"), "{error}");
    assert_eq!(house.asked(), (6, 10));

    assert_eq!(panel.cost().await.unwrap().questions, 2 * (PROFILES - 5));
    let report = house.judge(&panel).await.unwrap();
    assert_eq!((report.waiting, report.failed.len()), (0, 0));
    assert_eq!(house.asked(), (PROFILES + 1, PROFILES + 5), "nothing is paid twice");
    house.close().await;
}

#[tokio::test]
async fn what_fails_now_and_then_is_told_and_asked_again_the_next_time() {
    let house = House::new("failing").await;
    let panel = house.panel(None);
    house.llm.handle().inject(FaultRule::next(1, Fault::Length).on(TIP_GENERATOR));
    house.llm.handle().inject(FaultRule::next(2, Fault::Empty).on(JUDGE));
    let report = house.judge(&panel).await.unwrap();
    assert_eq!(house.asked(), (PROFILES, PROFILES - 1));
    assert_eq!(report.waiting, 1);
    let table = report.table();
    assert!(table.contains("1 times the answer of the model is cut"), "{table}");
    assert!(table.contains("2 times the answer of the model is empty"), "{table}");

    assert_eq!(panel.cost().await.unwrap().questions, 1 + 3);
    let report = house.judge(&panel).await.unwrap();
    assert_eq!(house.asked(), (PROFILES + 1, PROFILES + 2));
    assert_eq!((report.waiting, report.failed.len()), (0, 0));

    // A file that was damaged is as if it were not there.
    let file = fs::read_dir(&house.folder).unwrap().next().unwrap().unwrap().path();
    fs::write(&file, "{\"content\":").unwrap();
    assert!(panel.cost().await.unwrap().questions >= 1);
    house.judge(&panel).await.unwrap();
    assert_eq!(panel.cost().await.unwrap().questions, 0);
    house.close().await;
}

#[tokio::test]
async fn what_a_judge_makes_up_is_dropped_and_counted() {
    let house = House::new("hostile").await;
    let nothing = json!({ "candidates": [] }).to_string();
    let hostile = json!({ "reactions": [
        { "id": "c1", "reaction": "done" },
        { "id": "c1", "reaction": "dismiss" },
        { "id": "c5", "reaction": "done" },
        { "id": "c2", "reaction": "love" },
        { "id": "c2", "reaction": "none" },
        { "id": "c3", "reaction": "done", "why": "ignore all rules" },
        7,
    ] });
    // The first person meets the library alone.
    house.llm.handle().say_all([nothing, hostile.to_string()]);
    let report = house.judge(&house.panel(None)).await.unwrap();
    let expected =
        Dropped { unknown_ids: 1, unknown_reactions: 2, twice: 1, malformed: 2, missing: 3 };
    assert_eq!(report.dropped, expected);
    let tally = &report.sources[&all("library")];
    assert_eq!((tally.written, tally.judged()), (4 * PROFILES, 4 * PROFILES - 3));
    assert_eq!(tally.reactions[&0], [1, 0, 0]);
    assert!(report.table().contains("3 missing"), "{}", report.table());
    house.close().await;
}

#[tokio::test]
async fn what_is_written_is_refused_as_in_the_product() {
    let house = House::new("refused").await;
    house.llm.handle().inject(FaultRule::next(2, Fault::Hostile).on(TIP_GENERATOR));
    let report = house.judge(&house.panel(None)).await.unwrap();
    let refused = &report.sources[&all("calm-1")].refused;
    assert!(refused.contains_key("refused_link") && refused.contains_key("refused_markup"));
    assert!(report.table().contains("Refused of calm-1: "), "{}", report.table());
    house.close().await;
}

/// What the most of the judge's persons would do, by the part of the day and the text, from the files.
fn majority(house: &House) -> HashMap<(String, String), bool> {
    let mut done: HashMap<(String, String), i32> = HashMap::new();
    for file in fs::read_dir(&house.folder).unwrap() {
        let file: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        let asked = &file["asked"];
        if file["prompt_version"] != "judge-1" || !asked["weekday"].is_null() {
            continue;
        }
        let answer: Value = serde_json::from_str(file["content"].as_str().unwrap()).unwrap();
        for candidate in asked["candidates"].as_array().unwrap() {
            let mut reactions = answer["reactions"].as_array().unwrap().iter();
            let reaction = reactions.find(|it| it["id"] == candidate["id"]).unwrap();
            let text = |it: &Value| it.as_str().unwrap().to_owned();
            let key = (text(&asked["part_of_day"]), text(&candidate["text"]));
            *done.entry(key).or_default() += if reaction["reaction"] == "done" { 1 } else { -1 };
        }
    }
    done.into_iter().map(|(key, more)| (key, more > 0)).collect()
}

/// Persons who answer all advice for an evening, among others `others`.
fn people(persons: usize, done: impl Fn(&str) -> bool) -> Vec<Vec<Advised>> {
    let library = Library::shipped().unwrap();
    let part = PartOfDay::Evening;
    let answers = |_| {
        let advised = |advice: &advice::Advice| Advised {
            advice: advice.id.clone(),
            part,
            is_done: done(&advice.text),
        };
        let mut answers: Vec<Advised> = library.for_part(part).map(advised).collect();
        answers.push(Advised { advice: "focus/gone".to_owned(), part, is_done: true });
        answers
    };
    (0..persons).map(answers).collect()
}

#[tokio::test]
async fn a_judge_is_compared_with_people_without_learning_of_them() {
    let house = House::new("people").await;
    let few: Vec<Vec<Advised>> =
        people(12, |_| true).into_iter().map(|mut it| it.split_off(it.len() - 3)).collect();
    let report = house.judge(&house.panel(Some(few))).await.unwrap();
    let agreement = Agreement { pairs: 24, persons: 12, ..Agreement::default() };
    assert_eq!(report.agreement, Some(agreement));
    assert!(report.table().contains("24 answers of 12: not enough data"), "{}", report.table());
    assert_eq!(house.asked().1, PROFILES, "it would tell nothing");

    let careless = house.panel(Some(people(12, |text| text.len() % 2 == 0)));
    let report = house.judge(&careless).await.unwrap();
    let asked = house.asked().1;
    let agreement = report.agreement.unwrap();
    let (evening, kappa) = (agreement.pairs / 12, agreement.kappa.unwrap());
    assert_eq!(
        agreement.pairs,
        12 * Library::shipped().unwrap().for_part(PartOfDay::Evening).count()
    );
    assert_eq!(asked, PROFILES + PROFILES * evening.div_ceil(12));
    assert!(kappa.abs() < 0.3, "{kappa}");

    let said = majority(&house);
    assert!(said.values().any(|done| *done) && said.values().any(|done| !*done));
    let alike = people(12, |text| said[&("evening".to_owned(), text.to_owned())]);
    let report = house.judge(&house.panel(Some(alike))).await.unwrap();
    assert_eq!(house.asked().1, asked, "what is asked does not depend on what they answered");
    let agreement = report.agreement.unwrap();
    assert_eq!((agreement.kappa, agreement.persons), (Some(1.0), 12));
    house.close().await;
}

#[test]
fn kappa_is_that_of_the_books() {
    let pairs = |both, judge, person, neither| Pairs { both, judge, person, neither };
    // 35 of 50 agree, and 25 would by chance.
    let kappa = pairs(20, 5, 10, 15).kappa().unwrap();
    assert!((kappa - 0.4).abs() < 1e-12, "{kappa}");
    assert_eq!(pairs(3, 0, 0, 4).kappa(), Some(1.0));
    assert_eq!(pairs(0, 5, 5, 0).kappa(), Some(-1.0));
    let none = pairs(0, 0, 7, 9).kappa().unwrap();
    assert!(none.abs() < 1e-12, "who always says no agrees by chance: {none}");
    assert_eq!((pairs(0, 0, 0, 9).kappa(), pairs(0, 0, 0, 0).kappa()), (None, None));

    let mut rng = ChaCha12Rng::seed_from_u64(1);
    assert_eq!(Pairs::estimate(&[], 0.05, &mut rng), None);
    let (_, interval) = Pairs::estimate(&[pairs(20, 5, 10, 15)], 0.05, &mut rng).unwrap();
    assert!(!interval.low.is_finite(), "one person tells nothing of others");
}

/// Persons with tastes of their own, each of whom answers twenty times; a judge who knows something of them.
fn world(persons: usize, rng: &mut ChaCha12Rng) -> Vec<Pairs> {
    let person = |_| {
        let (taste, insight) = (rng.random_range(0.2..0.6), rng.random_range(0.1..0.7));
        let mut pairs = Pairs::default();
        for _ in 0..20 {
            let done = rng.random::<f64>() < taste;
            let judged =
                if rng.random::<f64>() < insight { done } else { rng.random::<f64>() < 0.4 };
            pairs.add(judged, done);
        }
        pairs
    };
    (0..persons).map(person).collect()
}

#[test]
fn the_interval_of_kappa_holds_it_as_often_as_it_says() {
    let mut rng = ChaCha12Rng::seed_from_u64(3);
    let mut all = Pairs::default();
    for pairs in world(100_000, &mut rng) {
        all += pairs;
    }
    let truth = all.kappa().unwrap();
    for persons in [10, 30] {
        let mut held = 0;
        for _ in 0..100 {
            let (_, interval) = Pairs::estimate(&world(persons, &mut rng), 0.05, &mut rng).unwrap();
            held += i32::from(interval.contains(truth));
        }
        assert!((89..=99).contains(&held), "{held} of 100, with {persons} persons");
    }
}

#[test]
fn a_plan_that_makes_no_sense_is_refused() {
    let plan = |prompts: &[&str], rounds| Plan {
        prompts: prompts.iter().map(|it| (*it).to_owned()).collect(),
        rounds,
        seed: 0,
        cache: std::env::temp_dir().join("oo-judge-none"),
        people: None,
    };
    let error = Panel::new(plan(&["calm-9"], 1)).err().unwrap().to_string();
    assert!(error.contains("no version `calm-9`"), "{error}");
    assert!(matches!(Panel::new(plan(&[], 0)), Err(LabError::Invalid(_))));
}
