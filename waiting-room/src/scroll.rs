//! An append-only file of entries, one a line, that are read by their numbers.
//!
//! Nothing of it is in memory but the place of every 256th entry. A line that a crash tore is cut off at the next opening: nobody was
//! told that it was kept.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

/// Entries from one mark to the next.
const STRIDE: u64 = 256;

/// The open file.
#[derive(Debug)]
pub struct Scroll {
    file: File,
    bytes: u64,
    len: u64,
    /// Where entries 0, 256, 512 … begin.
    marks: Vec<u64>,
}

impl Scroll {
    /// Opens or creates the file, and the folder it is in.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn open(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        let mut scroll = Self { file, bytes: 0, len: 0, marks: Vec::new() };
        let mut reader = BufReader::with_capacity(1 << 16, scroll.file.try_clone()?);
        let mut line = Vec::new();
        loop {
            line.clear();
            reader.read_until(b'\n', &mut line)?;
            if line.last() != Some(&b'\n') {
                break;
            }
            scroll.count(line.len() as u64);
        }
        if !line.is_empty() {
            scroll.file.set_len(scroll.bytes)?;
        }
        Ok(scroll)
    }

    /// One more entry of so many bytes.
    fn count(&mut self, bytes: u64) {
        if self.len.is_multiple_of(STRIDE) {
            self.marks.push(self.bytes);
        }
        self.len += 1;
        self.bytes += bytes;
    }

    /// How many entries there are.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Adds entries, none of which has a line feed, and waits until they are on the disk.
    ///
    /// # Errors
    /// When they cannot be written; nothing of them is found again then.
    pub fn append(&mut self, entries: &[String]) -> io::Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let text: String = entries.iter().flat_map(|entry| [entry.as_str(), "\n"]).collect();
        let written =
            self.file.write_all_at(text.as_bytes(), self.bytes).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.file.set_len(self.bytes)?;
            return Err(error);
        }
        entries.iter().for_each(|entry| self.count(entry.len() as u64 + 1));
        Ok(())
    }

    /// Entries from number `from` on, `limit` at most.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self, from: u64, limit: usize) -> io::Result<Vec<String>> {
        if from >= self.len {
            return Ok(Vec::new());
        }
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(self.marks[(from / STRIDE) as usize]))?;
        let wanted = limit.min((self.len - from) as usize);
        BufReader::new(file.take(self.bytes)).lines().skip((from % STRIDE) as usize).take(wanted).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_their_numbers_also_after_a_crash() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journals").join("room.entries");
        let all: Vec<String> = (0..1000).map(|n| format!("entry {n}")).collect();
        let mut scroll = Scroll::open(&path).unwrap();
        for part in all.chunks(7) {
            scroll.append(part).unwrap();
        }
        std::fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .and_then(|mut file| {
                use std::io::Write;
                file.write_all(b"half an ent")
            })
            .unwrap();
        let mut again = Scroll::open(&path).unwrap();
        for scroll in [&scroll, &again] {
            assert_eq!(scroll.len(), 1000);
            for from in [0, 1, 255, 256, 700, 999] {
                assert_eq!(
                    scroll.read(from, 300).unwrap(),
                    all[from as usize..].iter().take(300).cloned().collect::<Vec<_>>()
                );
            }
            assert!(scroll.read(1000, 5).unwrap().is_empty());
        }
        again.append(&["the next".into()]).unwrap();
        assert_eq!(Scroll::open(&path).unwrap().read(999, 5).unwrap(), ["entry 999", "the next"]);
    }
}
