//! Which days a rule has.

use jiff::{
    Span,
    civil::{Date, DateTime},
};

use super::{Every, Rule};

impl Rule {
    /// Whether a day of the right period is one of it, where it began at `start`.
    pub(super) fn has(&self, date: Date, start: DateTime) -> bool {
        let by_day = self.days.iter().any(|(number, day)| {
            date.weekday() == *day && (*number == 0 || self.is_numbered(date, *number))
        });
        let month_day = i16::from(date.day());
        let by_month_day = is_listed(&self.month_days, month_day, i16::from(date.days_in_month()));
        let by_year_day = is_listed(&self.year_days, date.day_of_year(), date.days_in_year());
        let all = |is_empty: bool, holds: bool| is_empty || holds;
        all(self.months.is_empty(), self.months.contains(&date.month()))
            && all(self.weeks.is_empty(), self.is_in_week(date))
            && all(self.month_days.is_empty(), by_month_day)
            && all(self.year_days.is_empty(), by_year_day)
            && all(self.days.is_empty(), by_day)
            && self.is_like(date, start.date())
    }

    /// What the rule does not say, the first date does.
    fn is_like(&self, date: Date, start: Date) -> bool {
        let says_day =
            !self.days.is_empty() || !self.month_days.is_empty() || !self.year_days.is_empty();
        match self.every {
            Every::Hour | Every::Day => true,
            Every::Week => !self.days.is_empty() || date.weekday() == start.weekday(),
            _ if says_day => true,
            Every::Month => date.day() == start.day(),
            Every::Year if !self.weeks.is_empty() => date.weekday() == start.weekday(),
            Every::Year => {
                let month = !self.months.is_empty() || date.month() == start.month();
                month && date.day() == start.day()
            }
        }
    }

    /// Whether it is the weekday of this number: within the year only where nothing names a month.
    fn is_numbered(&self, date: Date, number: i16) -> bool {
        let (day, days) = match self.every {
            Every::Hour | Every::Day | Every::Week => return true,
            Every::Year if self.months.is_empty() => (date.day_of_year(), date.days_in_year()),
            Every::Month | Every::Year => (i16::from(date.day()), i16::from(date.days_in_month())),
        };
        (day - 1) / 7 + 1 == number || (days - day) / 7 + 1 == -number
    }

    /// Whether its week has one of the numbers. A week belongs to the year in which most of it lies: that of its fourth day.
    fn is_in_week(&self, date: Date) -> bool {
        let fourth = 3 - date.weekday().since(self.week_start);
        date.checked_add(Span::new().days(fourth)).is_ok_and(|day| {
            let week = (day.day_of_year() - 1) / 7 + 1;
            is_listed(&self.weeks, week, week + (day.days_in_year() - day.day_of_year()) / 7)
        })
    }
}

/// Whether `number` is in `list`, which may count from the end of `most`.
fn is_listed(list: &[i16], number: i16, most: i16) -> bool {
    list.iter().any(|it| *it == number || *it == number - most - 1)
}
