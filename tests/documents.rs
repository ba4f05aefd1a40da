//! What the documents promise about the code.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every Rust source of the two services and what they share.
fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// String literals that stand where a slug is expected: second argument of `Problem::new` and `Problem::invalid`.
fn slugs() -> BTreeSet<String> {
    let mut files = Vec::new();
    for part in ["shared/src", "waiting-room/src", "booking/src"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &mut files);
    }
    let mut found = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        for call in ["Problem::new(", "Problem::invalid("] {
            for piece in text.split(call).skip(1) {
                let second = piece.split(',').nth(1).unwrap_or_default().trim();
                if let Some(slug) = second.strip_prefix('"').and_then(|s| s.strip_suffix('"')) {
                    found.insert(slug.to_owned());
                }
            }
        }
    }
    found
}

#[test]
fn every_problem_is_documented() {
    let document = include_str!("../docs/problems.md");
    let missing: Vec<String> =
        slugs().into_iter().filter(|slug| !document.contains(&format!("`{slug}`"))).collect();
    assert!(slugs().len() > 20, "the search for slugs is broken");
    assert!(missing.is_empty(), "add rows to docs/problems.md for {missing:#?}");
}

#[test]
fn every_decision_has_a_number_of_its_own() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decisions");
    let names = std::fs::read_dir(dir).unwrap().flatten().map(|e| e.file_name().into_string().unwrap());
    let numbers: Vec<String> = names.map(|n| n[..4].to_owned()).collect();
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len(), "{numbers:?}");
}
