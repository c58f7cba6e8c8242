//! Who may become a person here.

use super::VerifiedIdentity;

/// Who may become a person here. Whoever is one already always comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registration {
    /// Whether anybody may.
    pub is_open: bool,
    /// Those who may when it is closed: addresses such as `ana@example.org`, and whole domains such as
    /// `@example.org`, as far as an issuer has verified them. When there are none, the first person may.
    pub allowed: Vec<String>,
}

impl Registration {
    /// Whether a stranger may come in.
    pub(crate) fn admits(&self, is_first: bool, identity: &VerifiedIdentity) -> bool {
        let is_allowed = identity.email().is_some_and(|email| {
            let domain = email.rfind('@').map_or("", |at| &email[at..]);
            let mut allowed = self.allowed.iter();
            allowed.any(|own| own.eq_ignore_ascii_case(email) || own.eq_ignore_ascii_case(domain))
        });
        self.is_open || is_allowed || (is_first && self.allowed.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(allowed: &[&str], is_first: bool, email: Option<&str>) -> bool {
        let allowed = allowed.iter().map(|&own| own.to_owned()).collect();
        let mut identity = VerifiedIdentity::new("issuer", "subject").expect("a subject");
        if let Some(email) = email {
            identity = identity.with_email(email);
        }
        Registration { is_open: false, allowed }.admits(is_first, &identity)
    }

    #[test]
    fn a_closed_house_lets_the_first_one_in_alone() {
        assert!(admits(&[], true, None));
        assert!(!admits(&[], false, Some("ana@example.org")));
    }

    #[test]
    fn an_allow_list_holds_for_the_first_one_too() {
        let list = ["ana@example.org", "@work.example"];
        assert!(admits(&list, true, Some("Ana@Example.org")));
        assert!(admits(&list, false, Some("bo@WORK.example")));
        assert!(!admits(&list, true, Some("bo@example.org")));
        assert!(!admits(&list, true, Some("bo@evil.work.example")));
        assert!(!admits(&list, true, None));
    }

    #[test]
    fn an_open_house_lets_everybody_in() {
        let identity = VerifiedIdentity::new("issuer", "subject").expect("a subject");
        assert!(Registration { is_open: true, allowed: Vec::new() }.admits(false, &identity));
    }
}
