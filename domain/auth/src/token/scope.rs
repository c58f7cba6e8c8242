//! What a token may do.

use std::fmt;

/// One thing that a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// See the tip that is open.
    TipRead,
    /// Ask for a tip, and answer it.
    TipWrite,
    /// See whose token it is: their time zone, and what they have connected.
    MeRead,
}

/// What a token may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::TipRead, Self::TipWrite, Self::MeRead];

    /// Its name, as scripts and the database know it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TipRead => "tip:read",
            Self::TipWrite => "tip:write",
            Self::MeRead => "me:read",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Scopes {
    /// Everything that there is.
    pub const ALL: Self = Self(Scope::TipRead.bit() | Scope::TipWrite.bit() | Scope::MeRead.bit());

    /// These; `None` when there are none.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Option<Self> {
        let bits = scopes.into_iter().fold(0, |bits, scope| bits | scope.bit());
        (bits != 0).then_some(Self(bits))
    }

    /// Those of the `names` that are known. A name that is not gives no right.
    pub(super) fn known<'a>(names: impl IntoIterator<Item = &'a String>) -> Self {
        let scopes = names.into_iter().filter_map(|name| Scope::from_name(name));
        Self::new(scopes).unwrap_or(Self(0))
    }

    /// Whether `scope` is among them.
    pub const fn contain(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// One after the other.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contain(*scope))
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_what_they_were_made_of() {
        assert_eq!(Scopes::new([]), None);
        assert_eq!(Scopes::new(Scope::ALL), Some(Scopes::ALL));
        for one in Scope::ALL {
            let scopes = Scopes::new([one, one]).unwrap();
            assert_eq!(scopes.iter().collect::<Vec<_>>(), [one]);
            assert!(Scope::ALL.into_iter().all(|it| scopes.contain(it) == (it == one)));
            assert_eq!(Scope::from_name(one.as_str()), Some(one));
        }
        assert_eq!(Scope::from_name("tip:*"), None);
        let names = ["tip:*", "tip:read", "TIP:WRITE"].map(str::to_owned);
        assert_eq!(Some(Scopes::known(&names)), Scopes::new([Scope::TipRead]));
    }
}
