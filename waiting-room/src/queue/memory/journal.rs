//! An append-only file of frames, each durable before the next is written.
//!
//! A frame is `RLJ1`, the payload's length and CRC-32 (both u32, little-endian), then the payload. Because
//! every append ends with fdatasync, at most the last frame can be torn by a crash: it was never answered, and
//! opening cuts it off. A damaged frame with a sound one behind it cannot come from a crash, so the file is
//! then refused rather than cut.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const MAGIC: [u8; 4] = *b"RLJ1";
const HEADER: usize = 12;
/// No frame is longer; a length beyond it is damage.
pub const FRAME_MAX: usize = 64 * 1024 * 1024;

/// The open file.
pub struct Journal {
    path: PathBuf,
    file: File,
    /// Bytes known to be durable.
    durable_len: u64,
    #[cfg(test)]
    pub disk: tests::Disk,
}

impl Journal {
    /// Opens or creates the file and hands each sound frame's payload to `replay`, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read or written, when it is damaged before its last frame, or when `replay`
    /// refuses a payload.
    pub fn open(path: &Path, mut replay: impl FnMut(&[u8]) -> anyhow::Result<()>) -> anyhow::Result<Self> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        sync_dir(path)?;
        let len = file.metadata()?.len();
        let sound = replay_from(&file, path, 0, &mut replay)?;
        if sound < len {
            refuse_damage(&file, path, sound, len)?;
            tracing::warn!(
                bytes = len - sound,
                "the journal's last, never acknowledged entry was torn and is cut off"
            );
            file.set_len(sound)?;
            file.sync_all()?;
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            durable_len: sound,
            #[cfg(test)]
            disk: tests::Disk::default(),
        })
    }

    /// Bytes in the file.
    pub fn len(&self) -> u64 {
        self.durable_len
    }

    /// Appends one frame and waits until it is on the disk. After an error nothing of it will be found again.
    pub fn append(&mut self, payload: &[u8]) -> io::Result<()> {
        let mut frame = Vec::with_capacity(HEADER + payload.len());
        write_frame(&mut frame, payload)?;
        let written = self.write(&frame).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.file.set_len(self.durable_len)?;
            return Err(error);
        }
        self.durable_len += frame.len() as u64;
        Ok(())
    }

    /// Replaces the whole content by what `fill` appends, in one atomic step.
    pub fn rewrite(&mut self, fill: impl FnOnce(&mut Rewrite) -> io::Result<()>) -> io::Result<()> {
        let aside = self.path.with_extension("new");
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
        let mut rewrite = Rewrite { writer: BufWriter::with_capacity(1 << 20, file), len: 0 };
        fill(&mut rewrite)?;
        let file = rewrite.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&aside, &self.path)?;
        sync_dir(&self.path)?;
        (self.file, self.durable_len) = (file, rewrite.len);
        Ok(())
    }

    #[cfg(not(test))]
    fn write(&mut self, frame: &[u8]) -> io::Result<()> {
        self.file.write_all_at(frame, self.durable_len)
    }

    #[cfg(test)]
    fn write(&mut self, frame: &[u8]) -> io::Result<()> {
        if self.disk.lies() {
            return Ok(());
        }
        let kept = self.disk.takes(frame.len());
        self.file.write_all_at(&frame[..kept], self.durable_len)?;
        if kept < frame.len() { Err(io::Error::other("the disk is full")) } else { Ok(()) }
    }
}

/// Hands each sound frame's payload of a journal to `replay`, oldest first, and leaves the file alone: another process
/// may be appending to it, or replace it meanwhile. A frame that is not whole yet ends it.
///
/// # Errors
/// As [`Journal::open`].
pub fn read(path: &Path, mut replay: impl FnMut(&[u8]) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let file = File::open(path)?;
    let mut sound = 0;
    loop {
        let len = file.metadata()?.len();
        let until = replay_from(&file, path, sound, &mut replay)?;
        // At a second look there is nothing more: what was there before it is an unfinished frame, or damage.
        if until == sound {
            return if sound < len { refuse_damage(&file, path, sound, len) } else { Ok(()) };
        }
        sound = until;
    }
}

/// Replays the sound frames from byte `from` on; where they end.
fn replay_from(
    mut file: &File,
    path: &Path,
    from: u64,
    replay: &mut impl FnMut(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<u64> {
    file.seek(SeekFrom::Start(from))?;
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let mut sound = from;
    while let Some(payload) = read_frame(&mut reader)? {
        replay(&payload).map_err(|e| anyhow::anyhow!("{}, byte {sound}: {e}", path.display()))?;
        sound += (HEADER + payload.len()) as u64;
    }
    Ok(sound)
}

/// The new content of a journal while it is written.
pub struct Rewrite {
    writer: BufWriter<File>,
    len: u64,
}

impl Rewrite {
    /// Adds one frame.
    pub fn append(&mut self, payload: &[u8]) -> io::Result<()> {
        write_frame(&mut self.writer, payload)?;
        self.len += (HEADER + payload.len()) as u64;
        Ok(())
    }
}

fn write_frame(into: &mut impl Write, payload: &[u8]) -> io::Result<()> {
    if payload.len() > FRAME_MAX {
        return Err(io::Error::other("an entry is too long for the journal"));
    }
    into.write_all(&MAGIC)?;
    into.write_all(&(payload.len() as u32).to_le_bytes())?;
    into.write_all(&crc32fast::hash(payload).to_le_bytes())?;
    into.write_all(payload)
}

/// The next sound frame's payload; `None` at the end and at anything else.
fn read_frame(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; HEADER];
    if !fill(from, &mut header)? {
        return Ok(None);
    }
    let word = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let (len, crc) = (word(4) as usize, word(8));
    if header[..4] != MAGIC || len > FRAME_MAX {
        return Ok(None);
    }
    let mut payload = Vec::new();
    let read = from.take(len as u64).read_to_end(&mut payload)?;
    Ok((read == len && crc32fast::hash(&payload) == crc).then_some(payload))
}

fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(e),
    }
}

/// Errors when a sound frame follows the damage at `from`.
fn refuse_damage(file: &File, path: &Path, from: u64, len: u64) -> anyhow::Result<()> {
    let mut rest = vec![0; (len - from) as usize];
    file.read_exact_at(&mut rest, from)?;
    let sound_behind = (1..rest.len().saturating_sub(HEADER))
        .filter(|&at| rest[at..].starts_with(&MAGIC))
        .find(|&at| matches!(read_frame(&mut &rest[at..]), Ok(Some(_))));
    anyhow::ensure!(
        sound_behind.is_none(),
        "{} is damaged at byte {from}, before its end. Restore it from a backup; to go on without what follows, \
         cut a copy with `truncate -s {from}`.",
        path.display()
    );
    Ok(())
}

/// Makes a created or renamed file's name durable.
fn sync_dir(path: &Path) -> io::Result<()> {
    let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(dir)?.sync_all()
}

#[cfg(test)]
pub mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, MutexGuard};

    use super::*;

    /// A disk that can be made to fail; clones are the same disk.
    #[derive(Clone)]
    pub struct Disk(Arc<AtomicUsize>, Arc<Mutex<()>>);

    impl Default for Disk {
        fn default() -> Self {
            Self(Arc::new(AtomicUsize::new(usize::MAX)), Arc::default())
        }
    }

    impl Disk {
        /// Takes so many bytes of each write and then fails.
        pub fn fill_up(&self, bytes: usize) {
            self.0.store(bytes, Ordering::SeqCst);
        }

        /// Takes everything again.
        pub fn make_room(&self) {
            self.fill_up(usize::MAX);
        }

        /// Says yes to each write and keeps nothing of it.
        pub fn lie(&self) {
            self.fill_up(Self::LIE);
        }

        pub fn lies(&self) -> bool {
            self.0.load(Ordering::SeqCst) == Self::LIE
        }

        const LIE: usize = usize::MAX - 1;

        /// Makes writes wait as long as what is returned lives.
        pub fn hold(&self) -> MutexGuard<'_, ()> {
            self.1.lock().unwrap()
        }

        pub fn takes(&self, bytes: usize) -> usize {
            drop(self.hold());
            bytes.min(self.0.load(Ordering::SeqCst))
        }
    }

    fn frames(path: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
        let mut all = Vec::new();
        Journal::open(path, |payload| {
            all.push(payload.to_vec());
            Ok(())
        })?;
        Ok(all)
    }

    fn written(path: &Path, payloads: &[&[u8]]) -> Vec<u8> {
        let mut journal = Journal::open(path, |_| Ok(())).unwrap();
        for payload in payloads {
            journal.append(payload).unwrap();
        }
        std::fs::read(path).unwrap()
    }

    #[test]
    fn a_tail_torn_at_any_byte_is_cut_off_and_nothing_before_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("queue.journal");
        let bytes = written(&path, &[b"first", b"second", b"the last one"]);
        let last = bytes.len() - HEADER - b"the last one".len();
        for cut in last..bytes.len() {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            assert_eq!(frames(&path).unwrap(), [b"first".to_vec(), b"second".to_vec()], "cut at {cut}");
            assert_eq!(std::fs::metadata(&path).unwrap().len(), last as u64);
        }
        for flipped in last..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[flipped] ^= 0x40;
            std::fs::write(&path, &damaged).unwrap();
            assert_eq!(frames(&path).unwrap().len(), 2, "flipped at {flipped}");
        }
    }

    #[test]
    fn damage_before_the_last_frame_is_refused_and_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("queue.journal");
        let bytes = written(&path, &[b"first", b"second", b"third"]);
        for flipped in 0..HEADER + 5 {
            let mut damaged = bytes.clone();
            damaged[flipped] ^= 1;
            std::fs::write(&path, &damaged).unwrap();
            let error = frames(&path).unwrap_err().to_string();
            assert!(error.contains("damaged at byte 0"), "flipped at {flipped}: {error}");
            assert_eq!(std::fs::read(&path).unwrap(), damaged, "a refused file is left alone");
        }
    }

    #[test]
    fn a_failed_append_leaves_no_trace_and_the_next_one_works() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("queue.journal");
        let mut journal = Journal::open(&path, |_| Ok(())).unwrap();
        journal.append(b"first").unwrap();
        for kept in 0..HEADER + 6 {
            journal.disk.fill_up(kept);
            assert!(journal.append(b"second").is_err());
        }
        journal.disk.make_room();
        journal.append(b"third").unwrap();
        assert_eq!(frames(&path).unwrap(), [b"first".to_vec(), b"third".to_vec()]);
    }

    #[test]
    fn a_rewrite_replaces_everything_and_appends_go_on_behind_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("queue.journal");
        let mut journal = Journal::open(&path, |_| Ok(())).unwrap();
        journal.append(b"old").unwrap();
        journal.rewrite(|new| new.append(b"whole")).unwrap();
        journal.append(b"tail").unwrap();
        assert_eq!(journal.len(), std::fs::metadata(&path).unwrap().len());
        assert_eq!(frames(&path).unwrap(), [b"whole".to_vec(), b"tail".to_vec()]);
    }
}
