//! The fonts of the PDF: which face has which letter, and how wide it is.
//!
//! Two weights of Archivo (Latin, as in the shop) with Noto Sans behind it for Greek and Cyrillic, split so that a
//! document embeds only what its text needs. What no face has is shown as a box.

use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use printpdf::ParsedFont;
use unicode_normalization::UnicodeNormalization;

/// How heavy text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For finding.
    Bold,
}

/// Stands for a letter that no face has.
const BOX: char = '□';
/// Faces of one weight, the first is asked first.
const FACES: usize = 3;

/// The files of both weights.
static FILES: [[&[u8]; FACES]; 2] = [
    [
        include_bytes!("../../../fonts/archivo-latin-regular.ttf"),
        include_bytes!("../../../fonts/archivo-extended-regular.ttf"),
        include_bytes!("../../../fonts/noto-greek-cyrillic-regular.ttf"),
    ],
    [
        include_bytes!("../../../fonts/archivo-latin-bold.ttf"),
        include_bytes!("../../../fonts/archivo-extended-bold.ttf"),
        include_bytes!("../../../fonts/noto-greek-cyrillic-bold.ttf"),
    ],
];
static REGULAR: LazyLock<[ParsedFont; FACES]> = LazyLock::new(|| FILES[0].map(parse));
static BOLD: LazyLock<[ParsedFont; FACES]> = LazyLock::new(|| FILES[1].map(parse));
/// The files as documents hold them. Packing them for each document would be most of its work.
static PACKED: LazyLock<[[Vec<u8>; FACES]; 2]> =
    LazyLock::new(|| FILES.map(|files| files.map(|file| pack(file, Compression::best()))));

/// The fonts are part of the program; a test parses each.
fn parse(bytes: &[u8]) -> ParsedFont {
    ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).expect("the fonts in the program are sound")
}

/// Bytes in zlib's format.
pub fn pack(bytes: &[u8], how: Compression) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), how);
    // Writing to a Vec cannot fail.
    let _ = packed.write_all(bytes);
    packed.finish().unwrap_or_default()
}

/// A font file of ours in zlib's format; `None` for other bytes.
pub fn packed(file: &[u8]) -> Option<&'static [u8]> {
    let at = FILES.as_flattened().iter().position(|known| *known == file)?;
    Some(&PACKED.as_flattened()[at])
}

/// A face: its weight, and its place among the faces of the weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face(Weight, usize);

impl Face {
    /// Its parsed font.
    pub fn font(self) -> &'static ParsedFont {
        match self.0 {
            Weight::Regular => &REGULAR[self.1],
            Weight::Bold => &BOLD[self.1],
        }
    }

    fn has(self, c: char) -> bool {
        self.font().lookup_glyph_index(c.into()).is_some()
    }

    /// Width of a letter in thousandths of the font's size.
    fn width(self, c: char) -> f32 {
        let font = self.font();
        let glyph = font.lookup_glyph_index(c.into()).unwrap_or(0);
        f32::from(font.get_glyph_width(glyph).unwrap_or(0)) * 1000.0 / f32::from(font.units_per_em.max(1))
    }
}

/// Text in letters that the faces have: composed, spaces for breaks and controls, nothing for marks that only join or
/// direct, boxes for the rest.
pub fn printable(text: &str) -> String {
    text.nfc().filter_map(shown).collect()
}

fn shown(c: char) -> Option<char> {
    if c.is_whitespace() || c.is_control() {
        Some(' ')
    } else if is_invisible(c) {
        None
    } else if (0..FACES).any(|at| Face(Weight::Regular, at).has(c)) {
        Some(c)
    } else {
        Some(BOX)
    }
}

/// Joiners, direction marks, variation selectors, skin tones, byte-order marks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The face for a letter of printable text.
fn face(c: char, weight: Weight) -> Face {
    (0..FACES).map(|at| Face(weight, at)).find(|face| face.has(c)).unwrap_or(Face(weight, 0))
}

/// Printable text as pieces of one face each.
pub fn pieces(text: &str, weight: Weight) -> Vec<(Face, String)> {
    let mut pieces: Vec<(Face, String)> = Vec::new();
    for c in text.chars() {
        let face = face(c, weight);
        match pieces.last_mut() {
            Some((last, piece)) if *last == face => piece.push(c),
            _ => pieces.push((face, c.into())),
        }
    }
    pieces
}

/// Width of printable text in points.
pub fn width(text: &str, weight: Weight, size: f32) -> f32 {
    text.chars().map(|c| face(c, weight).width(c)).sum::<f32>() * size / 1000.0
}

/// Printable text as lines of at most `most` points, broken at spaces, and inside words that are longer than a line.
pub fn wrap(text: &str, weight: Weight, size: f32, most: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let line = lines.last().map_or("", String::as_str);
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&joined, weight, size) <= most {
            lines.pop();
            lines.push(joined);
            continue;
        }
        if line.is_empty() {
            lines.pop();
        }
        lines.extend(cut(word, weight, size, most));
    }
    lines
}

/// A word as pieces that fit a line each.
fn cut(word: &str, weight: Weight, size: f32, most: f32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0.0;
    for c in word.chars() {
        let wide = face(c, weight).width(c) * size / 1000.0;
        if used + wide > most && used > 0.0 {
            pieces.push(String::new());
            used = 0.0;
        }
        used += wide;
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_find_their_face_and_the_rest_becomes_a_box() {
        assert_eq!(printable("Žižkov Łódź Αθήνα Київ €5"), "Žižkov Łódź Αθήνα Київ €5");
        assert_eq!(printable("李小龙 👩‍👧\u{fe0f}\u{202e}x\r\ny"), "□□□ □□x  y");
        assert_eq!(printable("e\u{301}"), "é");
        assert_eq!(pieces("aЖb", Weight::Bold).len(), 3);
        for at in 0..FACES {
            assert!(
                Face(Weight::Regular, at).font().has_source_bytes()
                    && Face(Weight::Bold, at).font().has_source_bytes()
            );
        }
        assert!(Face(Weight::Regular, 0).has(BOX) && Face(Weight::Bold, 0).has(BOX));
    }

    #[test]
    fn lines_never_grow_too_long() {
        let text = format!("{} and {}", "x".repeat(300), "several words that wrap");
        let lines = wrap(&text, Weight::Regular, 12.0, 200.0);
        assert!(lines.len() > 3 && lines.iter().all(|line| width(line, Weight::Regular, 12.0) <= 200.0));
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
    }
}
