//! Simulated persons.

use lab::simulate::{Plan, report, simulate, table};

fn plan(families: &[&str]) -> Plan {
    Plan {
        families: families.iter().map(|name| (*name).to_owned()).collect(),
        policies: vec!["personal".to_owned(), "random".to_owned()],
        seeds: 2,
        persons: 2,
        reactions: 24,
    }
}

#[test]
fn the_table_follows_from_the_plan() {
    let plan = plan(&["places", "delay", "lonely", "drift", "plain"]);
    let (once, again) = (simulate(&plan).unwrap(), simulate(&plan).unwrap());
    assert_eq!(table(&once), table(&again));
    assert_eq!(table(&once).lines().count(), 11);
}

#[test]
fn the_report_fetches_nothing() {
    let page = report(&simulate(&plan(&["once"])).unwrap()).unwrap();
    assert!(page.contains("<svg") && page.contains("personal"));
    let links = page.replace("http://www.w3.org/2000/svg", "");
    for remote in ["http:", "https:", "<script", "@import", "url("] {
        assert!(!links.contains(remote), "{remote}");
    }
}

#[test]
fn an_unknown_name_is_refused() {
    let error = simulate(&plan(&["mars"])).err().unwrap().to_string();
    assert!(error.contains("mars") && error.contains("places"), "{error}");
    let unknown = Plan { policies: vec!["best".to_owned()], ..plan(&["places"]) };
    assert!(simulate(&unknown).is_err());
}
