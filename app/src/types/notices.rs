//! What the settings show of oO's speaking up.

/// Where oO speaks up, and when it thought of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notices {
    /// What a browser has to know to take pushes from this oO; none, where it sends none.
    pub public_key: Option<String>,
    /// Whether the person allows that oO speaks up.
    pub is_allowed: bool,
    /// The browsers that do, the newest first.
    pub devices: Vec<Noticed>,
    /// What came of thinking of it, the newest first.
    pub thoughts: Vec<Thought>,
}

/// A browser that takes pushes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noticed {
    /// The handle that goes back with the form.
    pub id: String,
    /// Such as "Firefox on Linux".
    pub name: String,
    /// Such as "used yesterday".
    pub used: String,
}

/// One time that oO thought of speaking up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thought {
    /// When, by the person's clock, such as "Monday, 14:20".
    pub at: String,
    /// What came of it, by its name.
    pub verdict: &'static str,
}
