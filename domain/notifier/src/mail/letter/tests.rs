use super::*;

fn letter(says: &str) -> Letter {
    let mut letter = Letter::new(says, says, "today");
    letter.ways = vec![("Done", "https://oo.example.org/mail/x".to_owned())];
    letter.stop = Some("https://oo.example.org/mail/y".to_owned());
    letter
}

fn sent(says: &str) -> String {
    let (from, to) = ("oO <oo@example.org>".parse().unwrap(), "ana@example.org".parse().unwrap());
    let at = "2026-11-23T09:00:00Z".parse().unwrap();
    let message_id = "<1@example.org>".to_owned();
    let envelope = Envelope { from: &from, to: &to, at, message_id };
    String::from_utf8(letter(says).message(envelope).unwrap().formatted()).unwrap()
}

#[test]
fn a_title_is_text_whatever_stands_in_it() {
    let html = letter("<script>alert(1)</script> & \"Ana\"").html();
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp;"), "{html}");
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn a_title_makes_no_header_and_no_line() {
    let sent = sent("Hello\r\nBcc: bob@example.org\r\n\r\nand\u{202e} more");
    let head = sent.split("\r\n\r\n").next().unwrap();
    assert!(head.contains("Subject: Hello Bcc: bob@example.org and more"), "{head}");
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
}

#[test]
fn it_is_read_without_html_too() {
    let plain = letter("Water the basil.").plain();
    let expected = "Water the basil.\n\ntoday\n\nDone: https://oo.example.org/mail/x\n\n\
                    No more letters: https://oo.example.org/mail/y\n";
    assert_eq!(plain, expected);
}

#[test]
fn it_is_dated_by_the_clock_and_named_as_it_was() {
    let sent = sent("Water the basil.");
    assert!(sent.contains("Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n"), "{sent}");
    assert!(sent.contains("Message-ID: <1@example.org>\r\n"), "{sent}");
}

#[test]
fn what_is_in_another_script_survives() {
    let sent = sent("Wäsche 洗濯 🧺");
    let read = mail_parser::MessageParser::default().parse(&sent).unwrap();
    assert_eq!(read.subject(), Some("Wäsche 洗濯 🧺"));
    assert!(read.body_text(0).unwrap().contains("Wäsche 洗濯 🧺"));
    assert!(read.body_html(0).unwrap().contains("Wäsche 洗濯 🧺"));
}
