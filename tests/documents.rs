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
