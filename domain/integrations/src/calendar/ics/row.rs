//! What has become of single dates of a row of events, and of all from one of them on.

use std::{
    collections::{HashMap, HashSet},
    iter::once,
};

use jiff::Timestamp as Instant;

use super::{
    Budget, Unreadable, Window,
    event::{Change, Event, Interval, Replaces},
};

/// What was moved, changed or called off, by the UID of its row.
pub(super) struct Changes<'e>(HashMap<&'e str, Changed<'e>>);

#[derive(Default)]
struct Changed<'e> {
    /// These stand for themselves, and no longer in their row.
    dates: HashSet<Instant>,
    /// From here on, dates are changed in the way of that one (`RANGE=THISANDFUTURE`): in their order.
    onwards: Vec<(Instant, &'e Event<'e>)>,
}

impl<'e> Changes<'e> {
    pub(super) fn of(events: &'e [Event<'e>]) -> Self {
        let mut rows: HashMap<&str, Changed<'_>> = HashMap::new();
        for event in events {
            if let Some(Replaces { at, is_onward }) = event.replaces {
                let changed = rows.entry(event.uid).or_default();
                changed.dates.insert(at);
                changed.onwards.extend(is_onward.then_some((at, event)));
            }
        }
        for changed in rows.values_mut() {
            changed.onwards.sort_by_key(|(at, _)| *at);
        }
        Self(rows)
    }

    /// When the dates of `row` that nothing stands for take somebody's time, at least within `window`.
    ///
    /// # Errors
    /// When the budget is spent.
    pub(super) fn busy(
        &self,
        row: &Event<'_>,
        window: Window,
        budget: &mut Budget,
    ) -> Result<Vec<Interval>, Unreadable> {
        let Some(occurs) = &row.occurs else { return Ok(Vec::new()) };
        let (none, no_dates) = (Vec::new(), HashSet::new());
        let changed = self.0.get(row.uid);
        let onwards = changed.map_or(&none, |changed| &changed.onwards);
        let gone = changed.map_or(&no_dates, |changed| &changed.dates);

        // One stretch until the first of these, and one from each of them on.
        let change = |(at, event): &(Instant, &Event<'_>)| {
            (*at, event.taking().map(|other| occurs.change(*at, other)))
        };
        let unchanged = (Instant::MIN, row.taking().map(|_| Change::default()));
        let stretches = once(unchanged).chain(onwards.iter().map(change));
        let ends = onwards.iter().map(|(at, _)| *at).chain(once(Instant::MAX));
        let mut found = Vec::new();
        for ((from, change), until) in stretches.zip(ends) {
            let Some(change) = change else { continue };
            let dates = occurs.within(window, change, budget)?.into_iter();
            let own = dates.filter(|(at, _)| from <= *at && *at < until && !gone.contains(at));
            found.extend(own.map(|(_, interval)| interval));
        }
        Ok(found)
    }
}
