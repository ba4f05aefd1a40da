//! Files that nobody would draw: whatever comes, a reader answers, and what it lets through it lets through again.
//! Ten thousand inputs each, the same in every run, so that a red run tells of a change; `FUZZ_CASES` asks for more
//! and `PROPTEST_RNG_SEED` for others.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use shared::testing::mutations;

use super::svg::{self, Mapping};
use super::{csv, pretix};

const DRAWING: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60"><style>.a{fill:#fd0}</style>
<defs><g id="c"><path d="M0 0h2v2z"/></g></defs><g id="block-A" transform="translate(1 2) rotate(30)"><g id="row-1">
<circle class="seat a" cx="0" cy="0" r="2"/><rect data-seat="2" x="5" y="0" width="4" height="4"/></g></g>
<use id="seat-B-1-1" href="#c" x="6"/><polygon points="0,0 1,1 2,0"/><text x="1">a &amp; b</text></svg>"##;

const PLAN: &str = r##"{"name":"P","categories":[{"name":"Gold","color":"#fd0"}],"size":{"width":90,"height":40},
"zones":[{"name":"A","position":{"x":1,"y":2},"rows":[{"row_number":"1","position":{"x":3,"y":4},"seats":[
{"seat_guid":"a","seat_number":"1","position":{"x":0,"y":0},"category":"Gold"},
{"seat_guid":"b","seat_number":"2","position":{"x":30,"y":0},"category":""}]}],
"areas":[{"shape":"circle","color":"red","circle":{"radius":9},"position":{"x":1,"y":1},"text":{"text":"Bar","position":{"x":0,"y":0}}}]}]}"##;

const LIST: &str = "section,row,seat,x,y,category,key\nA,1,1,0,0,Gold,a\n\"B, left\",1,1,20.5,0,,\n";

/// What a spiteful author would put in.
const WORDS: &[&str] = &[
    "<",
    ">",
    "\"",
    "'",
    "&",
    "&#0;",
    "&#x10ffff;",
    "&lt;",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?x?>",
    "<!DOCTYPE a>",
    "</g>",
    "<g>",
    "<use href='#c'/>",
    "<svg>",
    "url(#c)",
    "1e999",
    "-1e308",
    "NaN",
    "99999999999999999999",
    "0",
    "\n",
    "\0",
    "é",
    "\u{202e}",
    "{",
    "}",
    "[",
    "]",
    ",",
    ";",
    ":",
    "null",
    "_x20_",
    "_x110000_",
    "seat-",
    "@",
    "/*",
    "matrix(",
    "M",
    "A1",
];

/// A change of a text: where, how much of it goes, and what comes instead.
type Edit = (prop::sample::Index, usize, prop::sample::Index, bool);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = (any::<prop::sample::Index>(), 0..12_usize, any::<prop::sample::Index>(), any::<bool>());
    prop::collection::vec(edit, 1..8)
}

fn edited(text: &str, edits: &[Edit]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (at, gone, word, is_twice) in edits {
        let start = at.index(bytes.len() + 1);
        let end = (start + gone).min(bytes.len());
        let mut new = WORDS[word.index(WORDS.len())].as_bytes().to_vec();
        if *is_twice {
            // A piece of the file itself, where it does not belong.
            let from = word.index(bytes.len() + 1);
            new.extend_from_slice(&bytes[from..(from + 40).min(bytes.len())]);
        }
        bytes.splice(start..end, new);
    }
    bytes
}

fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(7),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    let cases = mutations::cases();
    mutations::tell(cases);
    let cases = u32::try_from(cases).unwrap_or(u32::MAX);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..asked }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_drawing_breaks_its_reader_and_none_that_passes_is_refused_again(edits in edits()) {
        let bytes = edited(DRAWING, &edits);
        if let Ok(imported) = svg::read(&String::from_utf8_lossy(&bytes), &Mapping::default())
            && let Some(drawing) = imported.drawing
        {
            prop_assert!(svg::read(&drawing, &Mapping::default()).is_ok(), "{drawing}");
        }
    }

    #[test]
    fn no_plan_of_pretix_breaks_its_reader_and_none_that_passes_is_refused_again(edits in edits()) {
        let bytes = edited(PLAN, &edits);
        let Ok(document) = serde_json::from_slice::<pretix::Document>(&bytes) else { return Ok(()) };
        if let Ok(imported) = pretix::read(&document) {
            let again = pretix::write("Again", &imported.plan);
            let is_clean = imported.report.duplicates.is_empty();
            prop_assert!(!is_clean || pretix::read(&again).is_ok(), "{again:?}");
        }
    }

    #[test]
    fn no_list_of_seats_breaks_its_reader(edits in edits()) {
        let _ = csv::read(&edited(LIST, &edits));
    }

    #[test]
    fn no_noise_breaks_a_reader(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = svg::read(&String::from_utf8_lossy(&bytes), &Mapping::default());
        let _ = csv::read(&bytes);
    }
}
