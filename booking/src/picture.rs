//! A QR code as picture: SVG for pages, PNG for mails, and the runs of dark modules that the PDF draws.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use qrcode::{Color, EcLevel, QrCode};

/// White modules around the code; ISO/IEC 18004 asks for four.
const QUIET: usize = 4;
/// Pixels a module in the PNG.
const PIXELS: usize = 8;

/// A QR code, quiet zone included.
pub struct Picture {
    /// Modules a side.
    pub side: usize,
    dark: Vec<bool>,
}

/// Neighbouring dark modules of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Row, from the top.
    pub y: usize,
    /// First column.
    pub x: usize,
    /// How many.
    pub length: usize,
}

impl Picture {
    /// Draws `text` with error correction M: a scratch or a fold may hide an eighth of it.
    pub fn of(text: &str) -> anyhow::Result<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
        let inner = code.width();
        let side = inner + 2 * QUIET;
        let mut dark = vec![false; side * side];
        for (i, color) in code.into_colors().into_iter().enumerate() {
            dark[(i / inner + QUIET) * side + i % inner + QUIET] = color == Color::Dark;
        }
        Ok(Self { side, dark })
    }

    /// The dark modules as runs, row by row.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (i, _) in self.dark.iter().enumerate().filter(|(_, dark)| **dark) {
            let (y, x) = (i / self.side, i % self.side);
            match runs.last_mut() {
                Some(run) if run.y == y && run.x + run.length == x => run.length += 1,
                _ => runs.push(Run { y, x, length: 1 }),
            }
        }
        runs
    }

    /// One path on white, sized by whoever shows it.
    pub fn svg(&self) -> String {
        let side = self.side;
        let mut path = String::new();
        for Run { y, x, length } in self.runs() {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" role=\"img\" \
             aria-label=\"QR code of the ticket\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
        )
    }

    /// A PNG of one bit a pixel: signature, IHDR, IDAT, IEND (W3C PNG, third edition, sections 5 and 11).
    pub fn png(&self) -> std::io::Result<Vec<u8>> {
        let pixels = self.side * PIXELS;
        let mut rows = Vec::with_capacity(pixels * (pixels / 8 + 1));
        for row in self.dark.chunks(self.side) {
            // A row is its filter (0, none), then its pixels; with eight a module, a module is a byte. 1 is white.
            let mut line = vec![0];
            line.extend(row.iter().map(|dark| if *dark { 0x00 } else { 0xff }));
            for _ in 0..PIXELS {
                rows.extend(&line);
            }
        }
        // Rows repeat: however quickly they are packed, they are small.
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(&rows)?;
        let size = (pixels as u32).to_be_bytes();
        let header = [&size[..], &size, &[1, 0, 0, 0, 0]].concat();
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut png, b"IHDR", &header);
        chunk(&mut png, b"IDAT", &zlib.finish()?);
        chunk(&mut png, b"IEND", &[]);
        Ok(png)
    }
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    let start = png.len();
    png.extend(kind);
    png.extend(data);
    let check = crc32fast::hash(&png[start..]);
    png.extend(check.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cover_exactly_the_dark_modules() {
        let picture = Picture::of("RL1.ABCDEFGH").unwrap();
        let covered: usize = picture.runs().iter().map(|run| run.length).sum();
        assert_eq!(covered, picture.dark.iter().filter(|dark| **dark).count());
        assert!(
            picture.runs().iter().all(|run| run.x >= QUIET && run.x + run.length <= picture.side - QUIET)
        );
    }

    #[test]
    fn a_ticket_fits_version_8() {
        let text = format!("RL1.{}", "A".repeat(215));
        assert_eq!(Picture::of(&text).unwrap().side, 49 + 2 * QUIET);
    }
}
