//! Seating plans from lists of seats: CSV after RFC 4180, its first line the names of the columns.
//!
//! Spreadsheets write commas, semicolons or tabs between fields; whichever the first line has most of is taken. Every
//! mistake is told with its line and column, and nothing is kept while there is one.

use std::collections::HashMap;

use serde_json::{Value, json};
use shared::problem::Problem;

use super::imports::Imported;
use super::imports::assemble::{Around, FoundSeat, assemble};
use super::rules::{Category, SEATS_MAX};

/// Mistakes listed in one answer.
const MISTAKES_MAX: usize = 100;
/// Most fields of a line.
const FIELDS_MAX: usize = 50;
/// Most price categories.
const CATEGORIES_MAX: usize = 1_000;
/// Columns that must be there.
const REQUIRED: [&str; 5] = ["section", "row", "seat", "x", "y"];
/// Columns that may be there.
const OPTIONAL: [&str; 2] = ["category", "key"];

/// A line and its fields.
type Record = (u32, Vec<String>);

/// A mistake: line and column from 1, and what to do.
struct Mistake(u32, usize, String);

/// Reads a list of seats: 422 `malformed-csv` with the line and column of each mistake.
pub fn read(bytes: &[u8]) -> Result<Imported, Problem> {
    let text = utf8(bytes).map_err(|mistake| malformed(vec![mistake]))?;
    let mut mistakes = Vec::new();
    let records = records(text, &mut mistakes);
    let Some(((_, names), records)) = records.split_first() else {
        mistakes.push(Mistake(
            1,
            1,
            format!("The first line must name the columns: {}.", REQUIRED.join(",")),
        ));
        return Err(malformed(mistakes));
    };
    let columns = columns(names, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(malformed(mistakes));
    }
    let mut reader =
        Reader { columns, width: names.len(), mistakes, categories: Vec::new(), known: HashMap::new() };
    let seats: Vec<FoundSeat> = records.iter().filter_map(|record| reader.seat(record)).collect();
    let Reader { mut mistakes, categories, .. } = reader;
    let around = Around { categories, ..Around::default() };
    let assembled = assemble(seats, around)?;
    for duplicate in &assembled.report.duplicates {
        let first = duplicate.lines.first().copied().unwrap_or_default();
        let other = duplicate.lines.iter().skip(1);
        let told =
            |line: &u32| Mistake(*line, 1, format!("“{}” stands in line {first} already.", duplicate.key));
        mistakes.extend(other.map(told));
    }
    if !mistakes.is_empty() {
        return Err(malformed(mistakes));
    }
    Ok(Imported { plan: assembled.plan, drawing: None, report: assembled.report })
}

/// Where the file stops being UTF-8, or has what no text has.
fn utf8(bytes: &[u8]) -> Result<&str, Mistake> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let place = |end: usize| {
        let before = &bytes[..end];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u32;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = 1 + before[start..].iter().filter(|byte| matches!(byte, b',' | b';' | b'\t')).count();
        Mistake(line, column, "This is not UTF-8. Save the file as “CSV UTF-8”.".to_owned())
    };
    let text = std::str::from_utf8(bytes).map_err(|error| place(error.valid_up_to()))?;
    match text.find('\0') {
        Some(at) => Err(place(at)),
        None => Ok(text),
    }
}

/// The lines of a file with their fields; empty lines are passed over.
fn records(text: &str, mistakes: &mut Vec<Mistake>) -> Vec<Record> {
    let first = text.lines().next().unwrap_or_default();
    let count = |c: &char| first.matches(*c).count();
    let comma = [',', ';', '\t'].into_iter().rev().max_by_key(count).unwrap_or(',');
    let mut records: Vec<Record> = Vec::new();
    let (mut line, mut start) = (1, 1);
    let (mut fields, mut field) = (Vec::new(), String::new());
    let mut is_quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' if is_quoted || field.is_empty() => is_quoted = !is_quoted,
            '\r' if !is_quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !is_quoted => {
                fields.push(std::mem::take(&mut field));
                keep(&mut records, start, std::mem::take(&mut fields));
                line += 1;
                start = line;
            }
            c if c == comma && !is_quoted => fields.push(std::mem::take(&mut field)),
            c => {
                line += u32::from(c == '\n');
                field.push(c);
            }
        }
        if records.len() as u64 > SEATS_MAX + 1 {
            let line = records.last().map_or(start, |(line, _)| *line);
            mistakes.push(Mistake(line, 1, format!("A layout has at most {SEATS_MAX} seats.")));
            return records;
        }
        if fields.len() > FIELDS_MAX {
            mistakes.push(Mistake(start, FIELDS_MAX, format!("A line has at most {FIELDS_MAX} fields.")));
            return records;
        }
    }
    if is_quoted {
        mistakes.push(Mistake(start, fields.len() + 1, "This quotation is never closed.".to_owned()));
    }
    fields.push(field);
    keep(&mut records, start, fields);
    records
}

fn keep(records: &mut Vec<Record>, line: u32, fields: Vec<String>) {
    if fields.iter().any(|field| !field.trim().is_empty()) {
        records.push((line, fields));
    }
}

/// Where each known column stands.
fn columns(names: &[String], mistakes: &mut Vec<Mistake>) -> HashMap<&'static str, usize> {
    let mut columns = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        let name = name.trim().to_ascii_lowercase();
        match REQUIRED.into_iter().chain(OPTIONAL).find(|known| *known == name) {
            Some(known) if columns.insert(known, at).is_some() => {
                mistakes.push(Mistake(1, at + 1, format!("The column “{known}” stands twice.")));
            }
            Some(_) => {}
            None => {
                let all = [&REQUIRED[..], &OPTIONAL[..]].concat().join(", ");
                mistakes.push(Mistake(1, at + 1, format!("Not a column of seats. The columns are {all}.")));
            }
        }
    }
    for missing in REQUIRED.into_iter().filter(|name| !columns.contains_key(name)) {
        mistakes.push(Mistake(1, names.len() + 1, format!("The column “{missing}” is missing.")));
    }
    columns
}

/// Reads line by line.
struct Reader {
    columns: HashMap<&'static str, usize>,
    width: usize,
    mistakes: Vec<Mistake>,
    categories: Vec<Category>,
    known: HashMap<String, u16>,
}

impl Reader {
    fn seat(&mut self, (line, fields): &Record) -> Option<FoundSeat> {
        if fields.len() != self.width {
            let detail = format!("The line has {} fields; the first line has {}.", fields.len(), self.width);
            self.mistakes.push(Mistake(*line, fields.len().min(self.width) + 1, detail));
            return None;
        }
        let (x, y) = (self.number(*line, fields, "x"), self.number(*line, fields, "y"));
        let [section, row, label] = ["section", "row", "seat"].map(|name| self.word(*line, fields, name));
        let category = self.optional(fields, "category").map(|name| self.category(*line, name));
        Some(FoundSeat {
            key: self.optional(fields, "key"),
            section: section?,
            row: row?,
            label: label?,
            at: (x?, y?),
            category: category.flatten(),
            line: Some(*line),
        })
    }

    fn optional(&self, fields: &[String], name: &str) -> Option<String> {
        let field = fields.get(*self.columns.get(name)?)?.trim();
        (!field.is_empty()).then(|| field.to_owned())
    }

    fn word(&mut self, line: u32, fields: &[String], name: &'static str) -> Option<String> {
        let word = self.optional(fields, name);
        if word.is_none() {
            self.mistakes.push(Mistake(line, self.columns[name] + 1, format!("Each seat has a {name}.")));
        }
        word
    }

    fn number(&mut self, line: u32, fields: &[String], name: &'static str) -> Option<f64> {
        let field = self.word(line, fields, name)?;
        let number = field.parse().ok().filter(|n: &f64| n.is_finite());
        if number.is_none() {
            let detail = "Write a number with a point, such as 12.5.".to_owned();
            self.mistakes.push(Mistake(line, self.columns[name] + 1, detail));
        }
        number
    }

    fn category(&mut self, line: u32, name: String) -> Option<u16> {
        if let Some(known) = self.known.get(&name) {
            return Some(*known);
        }
        if self.categories.len() >= CATEGORIES_MAX {
            let detail = format!("A layout has at most {CATEGORIES_MAX} categories.");
            self.mistakes.push(Mistake(line, self.columns["category"] + 1, detail));
            return None;
        }
        let at = self.categories.len() as u16;
        self.known.insert(name.clone(), at);
        self.categories.push(Category { name, colour: None });
        Some(at)
    }
}

fn malformed(mistakes: Vec<Mistake>) -> Problem {
    let Mistake(line, column, what) = &mistakes[0];
    let detail = format!("Line {line}, column {column}: {what} Nothing was imported.");
    let told = |Mistake(line, column, what): &Mistake| -> Value {
        json!({ "pointer": format!("/line/{line}/column/{column}"), "code": "malformed-csv", "detail": what,
                "line": line, "column": column })
    };
    let errors: Vec<Value> = mistakes.iter().take(MISTAKES_MAX).map(told).collect();
    Problem::invalid("", "malformed-csv", detail).with("errors", errors).with("mistakes", mistakes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines and columns of the mistakes.
    fn mistakes(text: &[u8]) -> Vec<(u64, u64)> {
        let refused = read(text).map(|_| ()).unwrap_err();
        assert_eq!(refused.slug(), "malformed-csv");
        let errors = refused.document()["errors"].as_array().unwrap().clone();
        errors
            .iter()
            .map(|error| (error["line"].as_u64().unwrap(), error["column"].as_u64().unwrap()))
            .collect()
    }

    #[test]
    fn spreadsheets_of_all_kinds_are_read() {
        let comma =
            "section,row,seat,x,y,category\r\nA,1,1,0,0,Gold\r\n\"Block \"\"B\"\", left\",1,1,20,0,\r\n";
        let tabs =
            "\u{feff}Section\tRow\tSeat\tX\tY\tCategory\nA\t1\t1\t0\t0\tGold\n\nBlock B\t1\t1\t20\t0\t";
        for (text, name) in [(comma, "Block \"B\", left"), (tabs, "Block B")] {
            let imported = read(text.as_bytes()).unwrap();
            assert_eq!((imported.report.seats, imported.report.unmatched_total), (2, 1));
            assert_eq!(imported.plan.sections[1].name, name);
            assert_eq!(imported.plan.categories[0].name, "Gold");
        }
    }

    #[test]
    fn every_mistake_has_its_line_and_column() {
        let head = "section,row,seat,x,y\n";
        assert_eq!(mistakes(b""), [(1, 1)]);
        assert_eq!(mistakes(b"section,row,row,x,y,colour"), [(1, 3), (1, 6), (1, 7)]);
        assert_eq!(
            mistakes(format!("{head}A,1,1,0,0\nA,1,2,20\nA,1,3,40,0,9\n").as_bytes()),
            [(3, 5), (4, 6)]
        );
        assert_eq!(
            mistakes(format!("{head}A,1,1,zero,NaN\nA,,2,1e999,0").as_bytes()),
            [(2, 4), (2, 5), (3, 4), (3, 2)]
        );
        assert_eq!(mistakes(format!("{head}A,1,1,0,0\nA,1,2,20,0\nA,1,1,40,0").as_bytes()), [(4, 1)]);
        assert_eq!(mistakes(format!("{head}A,1,\"1,0,0\nA").as_bytes()), [(2, 3)]);
        assert_eq!(mistakes(b"section,row,seat,x,y\nA,1,1,0,0\nB,\xe4,1,0,0"), [(3, 2)]);
        assert_eq!(mistakes(b"s\0e\0c\0"), [(1, 1)]);
        let many = head.to_owned() + &"A,1,1,0,0\n".repeat(1_000_000);
        assert!(mistakes(many.as_bytes()).contains(&(100_002, 1)));
    }
}
