//! A memory with a bound.

use std::collections::HashMap;

use bandit::Arm;

/// Values by the hash of their names. Of too many, the half that was used last stays.
#[derive(Debug)]
pub(crate) struct Recent<V> {
    most: usize,
    uses: u64,
    values: HashMap<u64, (u64, V)>,
}

impl<V> Recent<V> {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, uses: 0, values: HashMap::new() }
    }

    /// What is remembered under `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        self.values.get(&hash(name)).map(|(_, value)| value)
    }

    /// The same, to change it.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.values.get_mut(&hash(name)).map(|(_, value)| value)
    }

    /// Uses what is remembered under `name`, or what `new` makes.
    pub(crate) fn used(&mut self, name: &str, new: impl FnOnce() -> V) -> &mut V {
        let name = hash(name);
        if self.values.len() >= self.most && !self.values.contains_key(&name) {
            self.forget();
        }
        self.uses += 1;
        let (used, value) = self.values.entry(name).or_insert_with(|| (0, new()));
        *used = self.uses;
        value
    }

    /// All but what is under `name`, the last used one first.
    pub(crate) fn others(&self, name: &str) -> impl Iterator<Item = &V> {
        let name = hash(name);
        let others = self.values.iter().filter(|(other, _)| **other != name);
        let mut others: Vec<&(u64, V)> = others.map(|(_, value)| value).collect();
        others.sort_unstable_by_key(|(used, _)| std::cmp::Reverse(*used));
        others.into_iter().map(|(_, value)| value)
    }

    fn forget(&mut self) {
        let mut uses: Vec<u64> = self.values.values().map(|(used, _)| *used).collect();
        uses.sort_unstable();
        let middle = uses.get(uses.len() / 2).copied().unwrap_or_default();
        self.values.retain(|_, (used, _)| *used > middle);
    }
}

/// A name may be long, its hash is not.
fn hash(name: &str) -> u64 {
    Arm::named(name).0
}
