//! The people whom a judge puts on.

use std::collections::HashSet;

use lab::profiles::profiles;

#[test]
fn they_are_many_and_well_formed() {
    let profiles = profiles().unwrap();
    assert!(profiles.len() >= 16, "{}", profiles.len());
    let english = profiles.iter().filter(|profile| profile.language == "en").count();
    assert!(2 * english > profiles.len() && english < profiles.len(), "{english}");

    let mut titles = HashSet::new();
    for profile in &profiles {
        let name = &profile.name;
        assert!(name.chars().all(|it| it.is_ascii_lowercase() || it == '-'), "{name}");
        assert!(["en", "de", "es", "fr"].contains(&profile.language.as_str()), "{name}");
        let sentences = profile.about.split_inclusive(". ").count();
        assert!((3..=5).contains(&sentences), "{name}: {sentences} sentences");
        assert!(profile.about.ends_with('.') && !profile.about.contains("  "), "{name}");
        assert!(!profile.about.contains('\n'), "{name}");

        assert!((8..=12).contains(&profile.tasks.len()), "{name}: {} tasks", profile.tasks.len());
        assert!(profile.tasks.iter().any(|task| task.due.is_some_and(|days| days <= 0)), "{name}");
        assert!(profile.tasks.iter().any(|task| task.due.is_none()), "{name}");
        for task in &profile.tasks {
            assert_eq!(task.title, task.title.trim());
            assert!((4..=60).contains(&task.title.chars().count()), "{}", task.title);
            assert!(task.minutes.is_none_or(|minutes| (1..=480).contains(&minutes)), "{name}");
            assert!(titles.insert(&task.title), "{} is there twice", task.title);
        }
    }
}
