//! The catalogues as they are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::figures::Form;

/// Each language's code, the queue page's catalogue and the server's own.
macro_rules! files {
    ($($code:literal)+) => {
        [$((
            $code,
            include_str!(concat!("../../web/languages/", $code, ".json")),
            include_str!(concat!("languages/", $code, ".json")),
        )),+]
    };
}

/// All languages, English first.
pub const FILES: [(&str, &str, &str); 12] =
    files!("en" "ar" "de" "es" "fr" "it" "ja" "nl" "pl" "pt" "tr" "zh");

/// A group of texts that code names one by one.
macro_rules! texts {
    ($(#[$about:meta])* $name:ident { $($key:ident)+ }) => {
        $(#[$about])*
        #[derive(Debug, Deserialize)]
        pub struct $name { $(pub $key: String,)+ }
    };
}

texts! {
    /// What the server takes from the queue page's catalogue.
    Queue {
        place ahead wait number about under soon waiting waiting_text lobby scheduled opens_in paused paused_text
        called called_text go later deferred admitted expired left left_text join closed closed_text unknown
        unknown_text account account_text taken taken_text foreign foreign_text error mail mail_text mail_to mail_bad
        leave moved moved_text draw report
    }
}

texts! {
    /// The place, and the way to one, without a script.
    Line {
        join outside cookies crowded joinable_in come_back script unordered not_started again_in earlier time_left
        at_door refreshes
    }
}

texts! {
    /// The form for an access code.
    Code { intro label refused }
}

texts! {
    /// What did not work, where the queue page's catalogue does not say it.
    Refusal { title text slow slow_text failed_text back }
}

/// Texts that a template names, or the script of the page that checks the draw.
pub type Draw = BTreeMap<String, String>;
/// Texts that a template names.
pub type Report = BTreeMap<String, String>;

/// A length of time in each plural form of the language.
pub type Forms = BTreeMap<Form, String>;

/// Lengths of time.
#[derive(Debug, Deserialize, Serialize)]
pub struct Units {
    pub second: Forms,
    pub minute: Forms,
    pub hour: Forms,
    pub day: Forms,
    /// Two of them, the larger first.
    pub both: String,
}

/// A file of the server's own.
#[derive(Debug, Deserialize)]
pub struct Own {
    pub line: Line,
    pub code: Code,
    pub refusal: Refusal,
    pub draw: Draw,
    pub report: Report,
    pub units: Units,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use serde_json::Value;

    use super::super::tests::all;
    use super::*;

    /// Every text by its path; plural forms under the path of their unit.
    fn texts(of: &Value, path: &str, into: &mut BTreeMap<String, String>) {
        match of {
            Value::Object(group) => {
                for (key, value) in group {
                    texts(value, &format!("{path}/{key}"), into);
                }
            }
            Value::String(text) => drop(into.insert(path.to_owned(), text.clone())),
            other => panic!("{path} is no text but {other}"),
        }
    }

    fn read(file: &str) -> BTreeMap<String, String> {
        let mut flat = BTreeMap::new();
        texts(&serde_json::from_str(file).unwrap(), "", &mut flat);
        flat
    }

    /// Without plural forms, which differ from language to language.
    fn singular(file: &str) -> BTreeMap<String, String> {
        let mut flat = read(file);
        flat.retain(|path, _| !path.starts_with("/units/") || path == "/units/both");
        flat
    }

    fn holes(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default()).collect()
    }

    #[test]
    fn every_language_says_everything_and_nothing_in_english_by_mistake() {
        let english = FILES.map(|(_, page, own)| (singular(page), singular(own)))[0].clone();
        for (code, page, own) in FILES {
            for (said, english) in [(singular(page), &english.0), (singular(own), &english.1)] {
                assert_eq!(
                    said.keys().collect::<Vec<_>>(),
                    english.keys().collect::<Vec<_>>(),
                    "{code}: other texts than in English"
                );
                for (path, text) in &said {
                    assert_eq!(
                        holes(text),
                        holes(&english[path]),
                        "{code} {path}: other values than in English"
                    );
                    assert!(
                        !text.trim().is_empty() && !text.contains(['<', '>', '&', '"']),
                        "{code} {path}: {text}"
                    );
                    let is_same = code != "en" && *text == english[path] && !SAME.contains(&path.as_str());
                    assert!(!is_same, "{code} {path} is English: {text}");
                }
            }
        }
    }

    /// Texts that some languages share with English.
    const SAME: [&str; 3] = ["/notify", "/units/both", "/report/later"];

    #[test]
    fn they_are_the_languages_of_the_queue_page_and_one_is_written_from_right_to_left() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for folder in ["web/languages", "src/words/languages"] {
            let files: BTreeSet<String> = std::fs::read_dir(here.join(folder))
                .unwrap()
                .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
                .collect();
            assert_eq!(files, FILES.iter().map(|(code, ..)| (*code).to_owned()).collect(), "{folder}");
        }
        let from_right: Vec<&str> =
            all().iter().filter(|words| words.direction() == "rtl").map(|words| words.code).collect();
        assert_eq!(from_right, ["ar"]);
    }

    #[test]
    fn lengths_of_time_have_the_plural_forms_of_their_language_and_no_other() {
        for words in all() {
            let forms: BTreeSet<Form> = (0..200).map(|n| words.form(n)).collect();
            let Units { second, minute, hour, day, .. } = &words.units;
            for unit in [second, minute, hour, day] {
                let mut known: BTreeSet<Form> = unit.keys().copied().collect();
                // Of ranges and fractions.
                assert!(known.contains(&Form::Other), "{}", words.code);
                if !forms.contains(&Form::Other) {
                    known.remove(&Form::Other);
                }
                assert_eq!(known, forms, "{}", words.code);
                for (form, text) in unit {
                    let may_have_none = words.code == "ar" && matches!(form, Form::One | Form::Two);
                    assert!(
                        holes(text) == BTreeSet::from(["0"]) || may_have_none && holes(text).is_empty(),
                        "{text}"
                    );
                }
            }
        }
    }
}
