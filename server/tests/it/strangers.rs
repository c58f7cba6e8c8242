//! Who is nobody, and who is somebody else.

use futures::{StreamExt, stream};
use kernel::Entropy;
use reqwest::{Method, StatusCode};
use sqlx::PgPool;

use crate::house::House;

/// How many cookies are made up.
const FORGED: usize = 10_000;

/// What a cookie could be mistaken for the real one by: made up, cut off, or changed in one place.
fn forged(real: &str, number: usize, entropy: &Entropy) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let letter = |byte: u8| char::from(LETTERS[usize::from(byte) % LETTERS.len()]);
    let mut cookie: Vec<char> = real.chars().collect();
    let place = number % cookie.len();
    match number % 5 {
        0 => return entropy.bytes::<16>().map(letter).iter().chain(&['A'; 6]).collect(),
        1 => return entropy.bytes::<22>().map(letter).iter().collect(),
        2 => cookie.truncate(place),
        3 => cookie[place] = letter(number.to_le_bytes()[1].wrapping_add(1)),
        _ => cookie.rotate_left(place.max(1)),
    }
    cookie.into_iter().collect()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn ten_thousand_forged_cookies_are_nobodys(db: PgPool) {
    let house = House::demo(&db).await;
    let mut person = house.visitor().await;
    let real = person.cookies()["__Host-oo"].clone();
    let entropy = Entropy::seeded(10);
    let forged: Vec<String> = (0..FORGED)
        .map(|number| forged(&real, number, &entropy))
        .filter(|cookie| *cookie != real)
        .collect();
    assert!(forged.len() > FORGED * 9 / 10, "{}", forged.len());

    let nobody = house.browser();
    let ask = async |cookie: &String| {
        let request = nobody.request(Method::GET, "/settings");
        nobody.ask(request.header("cookie", format!("__Host-oo={cookie}"))).await
    };
    let mut replies = stream::iter(&forged).map(ask).buffered(16);
    let mut asked = forged.iter();
    while let Some(reply) = replies.next().await {
        let told = (reply.status, reply.header("location"));
        assert_eq!(told, (StatusCode::SEE_OTHER, "/"), "{:?}", asked.next());
    }
    drop(replies);
    assert!(person.is_signed_in().await);
    house.stop().await;
}
