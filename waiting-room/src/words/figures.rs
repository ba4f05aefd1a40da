//! Numbers, shares and lengths of time as a language writes them. Latin digits in all, as on tickets (decision 51). The
//! rules are CLDR's, for whole numbers.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::catalogue::Forms;
use super::{Words, with};
use crate::eta::Eta;

const MINUTE_S: u64 = 60;
const HOUR_S: u64 = 3600;

/// A plural form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// How a language writes figures.
struct Style {
    /// Between groups of three digits.
    group: &'static str,
    /// The first number with groups.
    grouped_from: u64,
    decimal: &'static str,
    percent: &'static str,
}

impl Words {
    fn style(&self) -> Style {
        let (group, grouped_from, decimal, percent) = match self.code {
            "de" => (".", 1000, ",", "{0}\u{a0}%"),
            "es" => (".", 10_000, ",", "{0}\u{a0}%"),
            "fr" => ("\u{202f}", 1000, ",", "{0}\u{202f}%"),
            "it" => (".", 10_000, ",", "{0}%"),
            "nl" | "pt" => (".", 1000, ",", "{0}%"),
            "pl" => ("\u{a0}", 10_000, ",", "{0}%"),
            "tr" => (".", 1000, ",", "%{0}"),
            _ => (",", 1000, ".", "{0}%"),
        };
        Style { group, grouped_from, decimal, percent }
    }

    /// The plural form of a number of things.
    pub fn form(&self, n: u64) -> Form {
        let (tens, ones) = (n % 100, n % 10);
        match self.code {
            "ar" => match (n, tens) {
                (0, _) => Form::Zero,
                (1, _) => Form::One,
                (2, _) => Form::Two,
                (_, 3..=10) => Form::Few,
                (_, 11..=99) => Form::Many,
                _ => Form::Other,
            },
            "pl" => match (n, tens, ones) {
                (1, ..) => Form::One,
                (_, 12..=14, _) => Form::Many,
                (.., 2..=4) => Form::Few,
                _ => Form::Many,
            },
            "ja" | "zh" => Form::Other,
            "fr" | "pt" if n == 0 => Form::One,
            _ if n == 1 => Form::One,
            _ => Form::Other,
        }
    }

    /// A number.
    pub fn count(&self, n: u64) -> String {
        let (digits, style) = (n.to_string(), self.style());
        if n < style.grouped_from {
            return digits;
        }
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at) % 3 == 0 {
                text.push_str(style.group);
            }
            text.push(digit);
        }
        text
    }

    /// A share, 0 to 1, with six decimals.
    pub fn fraction(&self, share: f64) -> String {
        format!("{share:.6}").replace('.', self.style().decimal)
    }

    /// How many in a hundred `n` of `all` are; a dash of nothing.
    pub fn percent(&self, n: u64, all: u64) -> String {
        match all {
            0 => "–".to_owned(),
            all => with(self.style().percent, &[&format!("{:.0}", n as f64 * 100.0 / all as f64)]),
        }
    }

    /// From one number to another.
    pub fn range(&self, from: u64, to: u64) -> String {
        format!("{}–{}", self.count(from), self.count(to))
    }

    fn unit(&self, forms: &Forms, n: u64) -> String {
        with(self.text_of(forms, self.form(n)), &[&self.count(n)])
    }

    /// A range takes the form of its end, unless that form names its number in a word.
    fn units(&self, forms: &Forms, low: u64, high: u64) -> String {
        let text = self.text_of(forms, self.form(high));
        let text = if text.contains("{0}") { text } else { self.text_of(forms, Form::Other) };
        with(text, &[&self.range(low, high)])
    }

    fn text_of<'f>(&self, forms: &'f Forms, form: Form) -> &'f str {
        forms.get(&form).or_else(|| forms.get(&Form::Other)).map_or("{0}", String::as_str)
    }

    /// A length of time as it is set: in minutes where it is whole ones.
    pub fn span(&self, length_s: u64) -> String {
        match (length_s / MINUTE_S, length_s % MINUTE_S) {
            (minutes @ 1.., 0) => self.unit(&self.units.minute, minutes),
            _ => self.unit(&self.units.second, length_s),
        }
    }

    /// A length of time that was measured: seconds, minutes from two on, hours and minutes from two hours on.
    pub fn length(&self, length_s: u64) -> String {
        match length_s {
            ..120 => self.unit(&self.units.second, length_s),
            120..7200 => self.unit(&self.units.minute, (length_s + 30) / MINUTE_S),
            _ => {
                let hours = self.unit(&self.units.hour, length_s / HOUR_S);
                match length_s % HOUR_S / MINUTE_S {
                    0 => hours,
                    minutes => with(&self.units.both, &[&hours, &self.unit(&self.units.minute, minutes)]),
                }
            }
        }
    }

    /// Time that is left, never more than there is.
    pub fn left(&self, left_s: u64) -> String {
        self.length(if left_s < 120 { left_s } else { left_s - left_s % MINUTE_S })
    }

    /// A wait in the largest unit of which there are at least two; minutes are rounded up.
    pub fn until(&self, wait: Duration) -> String {
        let wait_s = wait.whole_seconds().max(0).unsigned_abs();
        match (wait_s / (24 * HOUR_S), wait_s / HOUR_S, wait_s.div_ceil(MINUTE_S)) {
            (days @ 2.., ..) => self.unit(&self.units.day, days),
            (_, hours @ 2.., _) => self.unit(&self.units.hour, hours),
            (.., minutes) => self.unit(&self.units.minute, minutes.max(1)),
        }
    }

    /// A wait that is shown, in the words and roundings of the queue page (`web/src/wording.ts`).
    pub fn wait(&self, Eta { low_s, high_s }: Eta) -> String {
        if high_s < MINUTE_S {
            return self.queue.soon.clone();
        }
        let (forms, unit_s) =
            if high_s < 2 * HOUR_S { (&self.units.minute, MINUTE_S) } else { (&self.units.hour, HOUR_S) };
        let (low, high) = (low_s / unit_s, high_s.div_ceil(unit_s));
        if low == 0 {
            return with(&self.queue.under, &[&self.unit(forms, high)]);
        }
        let words = if low == high { self.unit(forms, high) } else { self.units(forms, low, high) };
        with(&self.queue.about, &[&words])
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::asking;
    use super::*;

    fn words(code: &'static str) -> &'static Words {
        Words::asked(&asking(code))
    }

    /// As `Intl.PluralRules` has them.
    #[test]
    fn plural_forms_are_those_of_cldr() {
        use Form::{Few, Many, One, Other, Two, Zero};
        let forms =
            |code| [0, 1, 2, 3, 5, 11, 12, 21, 22, 100, 101, 102, 103, 112].map(|n| words(code).form(n));
        assert_eq!(
            forms("ar"),
            [Zero, One, Two, Few, Few, Many, Many, Many, Many, Other, Other, Other, Few, Many]
        );
        assert_eq!(
            forms("pl"),
            [Many, One, Few, Few, Many, Many, Many, Many, Few, Many, Many, Few, Few, Many]
        );
        for code in ["en", "de", "es", "it", "nl", "tr"] {
            assert_eq!(forms(code)[..4], [Other, One, Other, Other]);
        }
        for code in ["fr", "pt"] {
            assert_eq!(forms(code)[..4], [One, One, Other, Other]);
        }
        assert_eq!(forms("ja")[1], Other);
        assert_eq!(forms("zh")[1], Other);
    }

    #[test]
    fn figures_are_written_as_in_the_language() {
        let codes = ["en", "ar", "de", "es", "fr", "pl", "tr"];
        let counts = codes.map(|code| words(code).count(1234));
        assert_eq!(counts, ["1,234", "1,234", "1.234", "1234", "1\u{202f}234", "1234", "1.234"]);
        assert_eq!(words("es").count(1_234_567), "1.234.567");
        assert_eq!(
            (words("en").count(999), words("en").count(1_000_000)),
            ("999".into(), "1,000,000".into())
        );
        let shares = codes.map(|code| words(code).percent(17, 20));
        assert_eq!(shares, ["85%", "85%", "85\u{a0}%", "85\u{a0}%", "85\u{202f}%", "85%", "%85"]);
        assert_eq!(
            (words("de").percent(0, 0), words("de").fraction(0.000_25)),
            ("–".into(), "0,000250".into())
        );
    }

    #[test]
    fn lengths_of_time_agree_with_their_number() {
        let said = |code, length_s| words(code).length(length_s);
        assert_eq!(
            [1, 2, 600, 7260].map(|s| said("en", s)),
            ["1 second", "2 seconds", "10 minutes", "2 hours, 1 minute"]
        );
        assert_eq!(
            [120, 240, 300, 1320].map(|s| said("pl", s)),
            ["2 minuty", "4 minuty", "5 minut", "22 minuty"]
        );
        assert_eq!(
            [1, 120, 180, 660, 6000, 7200, 7500].map(|s| said("ar", s)),
            ["ثانية واحدة", "دقيقتين", "3 دقائق", "11 دقيقة", "100 دقيقة", "ساعتين", "ساعتين و5 دقائق"]
        );
        assert_eq!((words("en").span(90), words("en").span(60)), ("90 seconds".into(), "1 minute".into()));
        assert_eq!(
            (words("en").left(179), words("de").left(119)),
            ("2 minutes".into(), "119 Sekunden".into())
        );
        let until = |seconds| words("en").until(Duration::seconds(seconds));
        assert_eq!(
            [-5, 60, 61, 7200, 172_800].map(until),
            ["1 minute", "1 minute", "2 minutes", "2 hours", "2 days"]
        );
    }

    #[test]
    fn a_wait_is_worded_as_on_the_queue_page() {
        let said = |code, low_s, high_s| words(code).wait(Eta { low_s, high_s });
        assert_eq!(said("en", 0, 59), "under a minute");
        assert_eq!(said("en", 30, 100), "under 2 minutes");
        assert_eq!(said("de", 250, 400), "etwa 4–7 Minuten");
        assert_eq!(said("fr", 7200, 7200), "environ 2 heures");
        assert_eq!(
            (said("ar", 60, 120), said("ar", 250, 400)),
            ("حوالي 1–2 دقيقة".into(), "حوالي 4–7 دقائق".into())
        );
    }
}
