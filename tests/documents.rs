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

/// Every file below `dir` whose name ends so.
fn files(dir: &str, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(dir)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().unwrap().ends_with(end) {
                found.push(path);
            }
        }
    }
    found
}

/// Names of the metrics that the code emits: the first literal in the macros of `metrics`, and of snapshots.
fn emitted() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in ["shared/src", "waiting-room/src", "booking/src"].iter().flat_map(|dir| files(dir, ".rs")) {
        let text = std::fs::read_to_string(file).unwrap();
        for call in ["counter!(", "gauge!(", "histogram!(", "Snapshot::of("] {
            for piece in text.split(call).skip(1) {
                if let Some(name) = piece.trim_start().strip_prefix('"').and_then(|s| s.split('"').next()) {
                    found.insert(name.to_owned());
                }
            }
        }
    }
    found
}

/// The expressions of alert rules (one line each) and of dashboards.
fn expressions() -> Vec<String> {
    fn walk(value: &serde_json::Value, out: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(map) => {
                out.extend(map.get("expr").and_then(|e| e.as_str()).map(str::to_owned));
                map.values().for_each(|inner| walk(inner, out));
            }
            serde_json::Value::Array(list) => list.iter().for_each(|inner| walk(inner, out)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for file in files("deploy", "alerts.yml") {
        let text = std::fs::read_to_string(file).unwrap();
        found.extend(text.lines().filter_map(|l| l.trim().strip_prefix("expr: ").map(str::to_owned)));
    }
    for file in files("deploy/grafana", ".json") {
        let dashboard = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        walk(&dashboard, &mut found);
    }
    found
}

/// The metrics an expression of PromQL asks for: names outside of braces, brackets, strings and label lists that are
/// no function, keyword or number.
fn asked(expression: &str) -> BTreeSet<String> {
    let mut plain = String::new();
    let (mut depth, mut quoted) = (0, false);
    for c in expression.chars() {
        match c {
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth -= 1,
            c if !quoted && depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let mut rest = plain.as_str();
    let mut without_labels = String::new();
    while let Some(at) = rest.find(" by ") {
        without_labels.push_str(&rest[..at]);
        rest = rest[at..].split_once(')').unwrap().1;
    }
    without_labels.push_str(rest);
    let mut found = BTreeSet::new();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    for (at, word) in without_labels.split(|c| !is_word(c)).scan(0, |end, word| {
        let at = *end;
        *end += word.len() + 1;
        Some((at, word))
    }) {
        let calls = without_labels[at + word.len()..].trim_start().starts_with('(');
        let starts = word.starts_with(|c: char| c.is_ascii_lowercase());
        if starts && !calls && !["and", "or", "unless", "sum", "max", "min", "count", "up"].contains(&word) {
            let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end));
            found.insert(base.unwrap_or(word).to_owned());
        }
    }
    found
}

#[test]
fn dashboards_and_alerts_ask_for_metrics_that_exist() {
    let ratio = "max by (a, b) (x_total) / sum(rate(y_seconds_bucket{le=\"z_q\"}[5m])) > 0.9 and up == 1";
    assert_eq!(asked(ratio), BTreeSet::from(["x_total".to_owned(), "y_seconds".to_owned()]));
    let (emitted, expressions) = (emitted(), expressions());
    assert!(emitted.len() > 20 && expressions.len() > 40, "the search for metrics is broken");
    let unknown: BTreeSet<String> =
        expressions.iter().flat_map(|e| asked(e)).filter(|name| !emitted.contains(name)).collect();
    assert!(unknown.is_empty(), "the code emits no {unknown:?}: mend deploy/ or the code");
}

#[test]
fn every_metric_and_alert_is_explained() {
    let manual = include_str!("../docs/operations.md");
    let rules = include_str!("../deploy/prometheus/alerts.yml");
    let alerts = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: "));
    let missing: Vec<String> = emitted()
        .into_iter()
        .chain(alerts.map(str::to_owned))
        .filter(|name| !manual.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "explain in docs/operations.md: {missing:#?}");
}

/// How many rows each letter has in docs/features.md: A1 to A12, B1 to B22, and so on.
const FEATURES: [(char, u32); 15] = [
    ('A', 12),
    ('B', 22),
    ('C', 9),
    ('D', 10),
    ('E', 11),
    ('F', 20),
    ('G', 10),
    ('H', 9),
    ('I', 7),
    ('J', 17),
    ('K', 18),
    ('L', 15),
    ('N', 20),
    ('Q', 4),
    ('Z', 8),
];

/// Whether a cell is the id of a feature: a letter and a number.
fn is_feature(cell: &str) -> bool {
    let number = cell.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or_default();
    !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
}

/// The rows of docs/features.md by their cells: id, what is asked, how it is met, and mostly the proof.
fn features(document: &str) -> Vec<Vec<&str>> {
    let rows = document.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let cells = rows.map(|row| row.split(" | ").collect::<Vec<_>>());
    cells.filter(|row| is_feature(row[0])).collect()
}

/// What is wrong with a proof such as `tests/documents.rs: is_feature` or `a.spec.ts: "a title"`, if anything.
fn fault_of(proof: &str) -> Option<String> {
    let Some((path, name)) = proof.split_once(": ") else { return Some(format!("{proof}: no path")) };
    let Ok(text) = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)) else {
        return Some(format!("{path} does not exist"));
    };
    let wanted = match name.strip_prefix('"').and_then(|n| n.strip_suffix('"')) {
        Some(_) if path.ends_with(".ts") => name.to_owned(),
        Some(quoted) => quoted.to_owned(),
        None => format!("fn {name}("),
    };
    (!text.contains(&wanted)).then(|| format!("{path} has no {wanted}"))
}

/// What is wrong with a row: one that is met names its proofs, one that is open none.
fn faults_of(row: &[&str]) -> Vec<String> {
    let &[id, _, how, proof] = row else {
        // What was put off has no fourth cell.
        return if row.len() == 3 { Vec::new() } else { vec![format!("{row:?}: not four cells")] };
    };
    if how.starts_with("**partly**") || how.starts_with("**not yet**") {
        return if proof == "–" { Vec::new() } else { vec![format!("{id} is open and names a proof")] };
    }
    if !proof.starts_with('`') || !proof.ends_with('`') {
        return vec![format!("{id} names no proof")];
    }
    proof.split("`, `").filter_map(|each| fault_of(each.trim_matches('`'))).collect()
}

#[test]
fn every_feature_is_listed_once_with_tests_that_exist() {
    let rows = features(include_str!("../docs/features.md"));
    let listed: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    let numbered = |(letter, last): (char, u32)| (1..=last).map(move |n| format!("{letter}{n}"));
    let asked: Vec<String> = FEATURES.into_iter().flat_map(numbered).collect();
    let times = |id: &str| listed.iter().filter(|each| **each == id).count();
    let not_once: Vec<&String> = asked.iter().filter(|id| times(id.as_str()) != 1).collect();
    assert!(not_once.is_empty(), "list once in docs/features.md: {not_once:?}");
    assert_eq!(listed.len(), asked.len(), "docs/features.md lists what nobody asked for: {listed:?}");
    let faults: Vec<String> = rows.iter().flat_map(|row| faults_of(row)).collect();
    assert!(faults.is_empty(), "mend docs/features.md: {faults:#?}");
    assert!(fault_of("tests/documents.rs: no_such_test").is_some(), "the search for tests is broken");
}

/// The rows of docs/bad-input.md by their cells: number, what is sent, the answer, and mostly the tests.
fn bad_inputs(document: &str) -> Vec<Vec<&str>> {
    let rows = document.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let cells = rows.map(|row| row.split(" | ").collect::<Vec<_>>());
    cells.filter(|row| row[0].parse::<u32>().is_ok()).collect()
}

#[test]
fn every_bad_input_has_its_answer_and_a_test_that_exists() {
    let rows = bad_inputs(include_str!("../docs/bad-input.md"));
    let numbers: Vec<u32> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    assert_eq!(numbers, (1..=81).collect::<Vec<_>>(), "each row once, in order");
    let tests = rows.iter().filter_map(|row| row[3].strip_prefix('`')?.strip_suffix('`'));
    let faults: Vec<String> = tests.flat_map(|cell| cell.split("`, `")).filter_map(fault_of).collect();
    assert!(faults.is_empty(), "mend docs/bad-input.md: {faults:#?}");
    let slugs = include_str!("../docs/problems.md");
    let answers = rows.iter().flat_map(|row| row[2].split('`').skip(1).step_by(2));
    let is_slug =
        |word: &&str| word.contains('-') && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let unknown: Vec<&str> =
        answers.filter(is_slug).filter(|slug| !slugs.contains(&format!("`{slug}`"))).collect();
    assert!(unknown.is_empty(), "docs/problems.md does not know {unknown:?}");
}
