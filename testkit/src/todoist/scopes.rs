//! What an app may do.

/// A set of permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scopes(Vec<String>);

impl Scopes {
    const KNOWN: [&'static str; 6] = [
        "task:add",
        "data:read",
        "data:read_write",
        "data:delete",
        "project:delete",
        "backups:read",
    ];

    /// Reads scopes with commas between; `None` when one is unknown or there are none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let scopes: Vec<String> = text.split(',').map(|scope| scope.trim().into()).collect();
        let known = scopes.iter().all(|scope| Self::KNOWN.contains(&scope.as_str()));
        known.then_some(Self(scopes))
    }

    pub(super) fn everything() -> Self {
        Self(Self::KNOWN.map(String::from).into())
    }

    pub(super) fn has(&self, scope: &str) -> bool {
        self.0.iter().any(|own| own == scope)
    }

    pub(super) fn join(&self, separator: &str) -> String {
        self.0.join(separator)
    }

    /// Whether all of `others` are among them.
    pub(super) fn include(&self, others: &Self) -> bool {
        others.0.iter().all(|scope| self.has(scope))
    }
}
