//! Small numbers, in words.

const NUMBERS: [&str; 13] = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// Such as "in three hours".
pub fn in_hours(hours: u8) -> String {
    match hours {
        1 => "in an hour".to_owned(),
        hours => format!("in {} hours", number(hours)),
    }
}

/// Such as "three times a day"; 0: "never".
pub fn a_day(times: u8) -> String {
    match times {
        0 => "never".to_owned(),
        1 => "once a day".to_owned(),
        2 => "twice a day".to_owned(),
        times => format!("{} times a day", number(times)),
    }
}

/// The same at the beginning of a sentence.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn number(number: u8) -> String {
    NUMBERS.get(usize::from(number)).map_or_else(|| number.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_in_words() {
        for (hours, told) in [(1, "In an hour"), (3, "In three hours"), (12, "In twelve hours")] {
            assert_eq!(capital(&in_hours(hours)), told);
        }
        assert_eq!(in_hours(13), "in 13 hours");
        let told = [0, 1, 2, 10].map(a_day);
        assert_eq!(told, ["never", "once a day", "twice a day", "ten times a day"]);
    }
}
