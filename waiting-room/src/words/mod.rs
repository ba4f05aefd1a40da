//! What pages written by the server say, in every language of the queue page.
//!
//! Sentences stand in catalogues, one place for each: those that the queue page's script says too in
//! `web/languages/*.json`, which are read from there, and those that only the server says in `languages/*.json` beside this
//! file, so that they do not travel in the queue page. [`figures`] writes numbers, shares and lengths of time.

mod catalogue;
pub mod figures;

use std::sync::LazyLock;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Deserialize;

pub use self::catalogue::{Code, Draw, Line, Queue, Refusal, Report};
use self::catalogue::{FILES, Own, Units};

/// What a page that is kept on its way depends on besides its address.
pub const VARY: (HeaderName, HeaderValue) = (header::VARY, HeaderValue::from_static("accept-language"));

/// Everything in one language.
#[derive(Debug)]
pub struct Words {
    /// Its code, as `lang` has it.
    pub code: &'static str,
    /// What the queue page says too.
    pub queue: Queue,
    /// What the place says as plain HTML.
    pub line: Line,
    /// The form for an access code.
    pub code_form: Code,
    /// What did not work.
    pub refusal: Refusal,
    /// The page that checks the draw.
    pub draw: Draw,
    /// The public report.
    pub report: Report,
    units: Units,
}

/// English first: what everybody gets whose language is not here.
static ALL: LazyLock<Vec<Words>> = LazyLock::new(|| FILES.iter().map(read).collect());

/// The catalogues are part of the program; a test reads each.
fn read((code, page, own): &(&'static str, &str, &str)) -> Words {
    let queue = serde_json::from_str(page).expect("the page's catalogue in the program is sound");
    let Own { line, code: code_form, refusal, draw, report, units } =
        serde_json::from_str(own).expect("the server's catalogue in the program is sound");
    Words { code, queue, line, code_form, refusal, draw, report, units }
}

impl Words {
    /// English.
    pub fn english() -> &'static Words {
        &ALL[0]
    }

    /// The first language that the browser asks for and we speak, as the queue page picks it.
    pub fn asked(headers: &HeaderMap) -> &'static Words {
        let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|asked| asked.to_str().ok());
        wishes(asked.unwrap_or_default()).into_iter().find_map(spoken).unwrap_or_else(Words::english)
    }

    /// Which way it is written, as `dir` has it.
    pub fn direction(&self) -> &'static str {
        if self.code == "ar" { "rtl" } else { "ltr" }
    }

    /// The attributes of `<html>`.
    pub fn attributes(&self) -> String {
        format!("lang=\"{}\" dir=\"{}\"", self.code, self.direction())
    }
}

/// What a page's address may say: `?lang=de`. The queue page links so when a reader has chosen a language in it.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    lang: Option<String>,
}

/// The language that the address names; without one, or if we do not speak it, the one that the browser asks for.
pub fn chosen(address: Result<Query<Chosen>, QueryRejection>, headers: &HeaderMap) -> &'static Words {
    let chosen = address.ok().and_then(|Query(Chosen { lang })| lang);
    chosen.as_deref().and_then(spoken).unwrap_or_else(|| Words::asked(headers))
}

/// Our words for a tag like `de-AT`.
fn spoken(tag: &str) -> Option<&'static Words> {
    let base = tag.split('-').next().unwrap_or_default();
    ALL.iter().find(|words| words.code.eq_ignore_ascii_case(base))
}

/// The tags of an `Accept-Language`, the most wanted first (RFC 9110 §12.5.4).
fn wishes(asked: &str) -> Vec<&str> {
    let mut wishes: Vec<(&str, f32)> = asked
        .split(',')
        .filter_map(|wish| {
            let (tag, rest) = wish.split_once(';').unwrap_or((wish, ""));
            let weight = rest.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.parse().ok())?;
            (weight > 0.0).then_some((tag.trim(), weight))
        })
        .collect();
    wishes.sort_by(|one, other| other.1.total_cmp(&one.1));
    wishes.into_iter().map(|(tag, _)| tag).collect()
}

/// A text with `{0}`, `{1}` and so on replaced by `values`, which are HTML where the text is to be.
pub fn with(text: &str, values: &[&str]) -> String {
    filled(text, |name| values.get(name.parse::<usize>().ok()?).copied())
}

/// A text with each `{name}` replaced by what is `said` for it, once: nothing in what is said is replaced again.
pub fn filled<'s>(text: &str, said: impl Fn(&str) -> Option<&'s str>) -> String {
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once('}').and_then(|(name, rest)| Some((said(name)?, rest))) {
            Some((value, rest)) => filled.extend([value, rest]),
            None => filled.extend(["{", piece]),
        }
    }
    filled
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Headers of a browser that asks for languages.
    pub fn asking(languages: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(languages))])
    }

    /// Every language.
    pub fn all() -> &'static [Words] {
        &ALL
    }

    #[test]
    fn the_readers_own_order_counts() {
        let picked = |asked| Words::asked(&asking(asked)).code;
        assert_eq!(picked("gsw, de-AT;q=0.9,en;q=0.8"), "de");
        assert_eq!(picked("en;q=0.5, AR-eg"), "ar");
        assert_eq!(picked("fr;q=0, xx, pt-BR;q=0.1"), "pt");
        assert_eq!(["", "xx", "de;q=x", ";;,"].map(picked), ["en"; 4]);
        assert_eq!(Words::asked(&HeaderMap::new()).code, "en");
    }

    #[test]
    fn the_address_has_the_last_word() {
        let picked = |address: &str| {
            let address = format!("/queue/rock-night/report{address}").parse().unwrap();
            chosen(Query::try_from_uri(&address), &asking("fr")).code
        };
        assert_eq!(
            ["?lang=ar", "?lang=zh-Hant", "?lang=xx", "", "?lang=de&lang=es"].map(picked),
            ["ar", "zh", "fr", "fr", "fr"]
        );
    }

    #[test]
    fn what_is_said_is_not_read_again() {
        assert_eq!(with("{0} of {1}, {2}", &["{1}", "5"]), "{1} of 5, {2}");
        assert_eq!(filled("a{b}c{", |name| (name == "b").then_some("{b}")), "a{b}c{");
    }
}
