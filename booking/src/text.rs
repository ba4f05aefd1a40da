//! Text that people type: what is let in, and how it is folded for comparing and searching.

use shared::problem::Problem;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Marks stacked on one letter at most; real scripts need no more than about five.
const MARKS_MAX: usize = 8;

/// One line (a name, a title): trimmed, not blank, at most `chars_max` characters, nothing invisible that could
/// deceive or break a header.
pub fn line(pointer: &str, text: &str, chars_max: usize) -> Result<String, Problem> {
    check(pointer, text, chars_max, |_| false)?;
    match text.trim() {
        "" => Err(Problem::invalid(pointer, "blank", "Write at least one character.")),
        trimmed => Ok(trimmed.to_owned()),
    }
}

/// Several lines, or none: like [`line`], with line breaks and tabs.
pub fn paragraphs(pointer: &str, text: &str, chars_max: usize) -> Result<String, Problem> {
    check(pointer, text, chars_max, |c| matches!(c, '\n' | '\r' | '\t'))?;
    Ok(text.trim().to_owned())
}

fn check(pointer: &str, text: &str, chars_max: usize, allowed: impl Fn(char) -> bool) -> Result<(), Problem> {
    if text.chars().nth(chars_max).is_some() {
        return Err(Problem::invalid(pointer, "too-long", format!("Write at most {chars_max} characters.")));
    }
    let mut marks = 0;
    for c in text.chars() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if (c.is_control() && !allowed(c)) || is_direction_override(c) || marks > MARKS_MAX {
            let detail = "Remove control characters, direction overrides and stacks of accents.";
            return Err(Problem::invalid(pointer, "control-character", detail));
        }
    }
    Ok(())
}

/// Marks that reorder what follows, so that shown and stored text differ. Joiners (U+200C, U+200D) stay: scripts
/// and emoji need them.
fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// `#rrggbb`, in small letters.
pub fn hex_colour(pointer: &str, colour: &str) -> Result<String, Problem> {
    let digits =
        colour.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
    digits.map(|_| colour.to_ascii_lowercase()).ok_or_else(|| {
        Problem::invalid(pointer, "validation", "Write a colour as # and six hexadecimal digits.")
    })
}

/// Folds text for searching: compatibility forms, no accents, lower case, single spaces.
pub fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A pattern for `LIKE … ESCAPE '!'` that finds `word` anywhere.
pub fn like(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for c in word.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_scripts_pass_and_tricks_do_not() {
        for good in ["O'Brien", "Ж", "李小龙", "محمد", "👩‍👩‍👧", "क्षत्रिय", " Zoë "]
        {
            assert_eq!(line("/name", good, 100).unwrap(), good.trim());
        }
        let zalgo = format!("a{}", "\u{301}".repeat(20));
        for (bad, slug) in [
            ("a\0b", "control-character"),
            ("a\r\nBcc: x", "control-character"),
            ("\u{202e}gnp.exe", "control-character"),
            (zalgo.as_str(), "control-character"),
            ("   ", "blank"),
            ("12345678901", "too-long"),
        ] {
            assert_eq!(
                line("/name", bad, if slug == "too-long" { 10 } else { 100 }).unwrap_err().slug(),
                slug
            );
        }
        assert_eq!(paragraphs("/description", "one\n\ttwo", 100).unwrap(), "one\n\ttwo");
    }

    #[test]
    fn folding_and_patterns() {
        assert_eq!(fold("  Café  ＲＯＣＫ "), "cafe rock");
        assert_eq!(like("50%_!"), "%50!%!_!!%");
    }
}
