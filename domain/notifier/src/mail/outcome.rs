//! What a mail server has answered (RFC 5321, section 4.2; RFC 3463).

use lettre::transport::smtp::Error;

use crate::Outcome;

/// There is nobody of that name, or not any more: the only answers after which a mailbox is given up. A bare 550 can
/// mean that the server does not like oO.
const NOBODY: [&str; 4] = ["5.1.1", "5.1.3", "5.1.10", "5.2.1"];

/// Whoever is to be asked for a password is asked by the operator: it is tried again meanwhile.
const SIGN_IN: [u16; 4] = [530, 534, 535, 538];

/// Of an error. Its text is not logged: servers repeat addresses in it.
pub(super) fn outcome(error: &Error) -> Outcome {
    let status = error.status().map(u16::from);
    match status {
        Some(552) => Outcome::TooLarge,
        Some(status) if SIGN_IN.contains(&status) => {
            tracing::warn!(status, "the mail server does not let oO in");
            Outcome::Later { after: None }
        }
        Some(550..=553) if is_nobody(&error.to_string()) => Outcome::Gone,
        Some(500..) => Outcome::Refused { status },
        None if error.is_client() => {
            // The server can do none of what is asked of it; these words are not its own.
            tracing::warn!(%error, "the mail server is not fit for letters");
            Outcome::Refused { status: None }
        }
        // Not now; or nobody has answered.
        _ => Outcome::Later { after: None },
    }
}

fn is_nobody(answer: &str) -> bool {
    answer.split([' ', ':', '-', '#']).any(|word| NOBODY.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_mailbox_that_is_not_there_is_given_up() {
        assert!(is_nobody(
            "permanent error (550): 5.1.1 <ana@example.org>: Recipient address rejected"
        ));
        assert!(is_nobody("permanent error (550): 5.2.1 mailbox disabled"));
        assert!(!is_nobody("permanent error (550): 5.7.1 relay access denied for 15.1.1"));
        assert!(!is_nobody("permanent error (550): no such user here"));
    }
}
