//! Keys as files of one folder: `<purpose>.<number>.key`, 32 random bytes each, readable by their owner alone.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Purpose;
use crate::clock::Ts;
use crate::entropy::Entropy;
use crate::folder;

/// What a key file says.
#[derive(Clone, Copy)]
pub(super) struct Stored {
    /// What the key is made from.
    pub seed: [u8; 32],
    /// In use from then on; a folder's first key has always been.
    pub from: Option<Ts>,
}

pub(super) fn create_private_dir(dir: &Path) -> anyhow::Result<()> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|error| folder::cannot_write(dir, &error))
}

/// Key files of a purpose, oldest first.
pub(super) fn list(dir: &Path, purpose: Purpose) -> anyhow::Result<Vec<(u32, PathBuf)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        let number = name
            .strip_prefix(purpose.name())
            .and_then(|rest| rest.strip_prefix('.'))
            .and_then(|rest| rest.strip_suffix(".key"))
            .and_then(|number| number.parse().ok());
        if let Some(number) = number {
            files.push((number, path));
        }
    }
    files.sort();
    Ok(files)
}

/// Makes the first key of a purpose when there is none, and the folder.
pub(super) fn ensure_first(dir: &Path, purpose: Purpose, entropy: &Entropy) -> anyhow::Result<()> {
    create_private_dir(dir)?;
    if list(dir, purpose)?.is_empty() {
        // Always number one: of nodes that start at the same time all must begin with the same key.
        folder::ensure_writable(dir)?;
        write(dir, purpose, 1, None, entropy)?;
    }
    Ok(())
}

/// Writes a new key under this number, unless somebody was faster; the one that stands there then.
pub(super) fn write(
    dir: &Path,
    purpose: Purpose,
    number: u32,
    from: Option<Ts>,
    entropy: &Entropy,
) -> anyhow::Result<Stored> {
    let seed: [u8; 32] = entropy.bytes();
    let path = dir.join(format!("{}.{number:04}.key", purpose.name()));
    // Written aside and linked into place: two starting processes cannot both become key number one, and a
    // reader never sees half a key.
    let aside = dir.join(format!(".{}.{}", purpose.name(), URL_SAFE_NO_PAD.encode(entropy.bytes::<9>())));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    // The seed and, on a line of its own, the second from which the key is in use.
    let line = from.map_or_else(String::new, |from| format!("\n{}\n", from.seconds()));
    file.write_all((URL_SAFE_NO_PAD.encode(seed) + &line).as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&aside, &path);
    std::fs::remove_file(&aside)?;
    match linked {
        Ok(()) => Ok(Stored { seed, from }),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => read(&path),
        Err(e) => Err(e.into()),
    }
}

/// Reads a key file.
pub(super) fn read(path: &Path) -> anyhow::Result<Stored> {
    let damaged = || anyhow::anyhow!("{} is damaged: delete it or restore it from a backup", path.display());
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.split_whitespace();
    let seed = URL_SAFE_NO_PAD.decode(lines.next().unwrap_or_default()).map_err(|_| damaged())?;
    let from = lines.next().map(str::parse).transpose().map_err(|_| damaged())?;
    Ok(Stored { seed: seed.try_into().map_err(|_| damaged())?, from: from.map(Ts::from_seconds) })
}
