//! Folders a node writes to: whether it can, found out at its start and said so that somebody can act.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Octets that must fit into a folder at the start: a node whose disk is as full as that would end in the middle of something.
const ROOM: usize = 256 * 1024;

/// Makes the folder if it is missing, and tries whether something can be written there.
///
/// # Errors
/// When it cannot; the message names the folder and says what to do.
pub fn ensure_writable(dir: &Path) -> anyhow::Result<()> {
    try_out(dir).map_err(|error| cannot_write(dir, &error))
}

/// What is wrong with a folder that could not be written to, and what to do about it.
pub fn cannot_write(dir: &Path, error: &io::Error) -> anyhow::Error {
    let advice = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "Free some space there and start again",
        ErrorKind::ReadOnlyFilesystem => {
            "Mount it for writing, or choose another folder (data_dir, keys_dir)"
        }
        ErrorKind::PermissionDenied => {
            "Give it to the user this runs as, or choose another folder (data_dir, keys_dir)"
        }
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            "A file stands where the folder should be: remove it, or choose another folder (data_dir, keys_dir)"
        }
        _ => "Choose another folder (data_dir, keys_dir), or mend this one",
    };
    anyhow::anyhow!("cannot write to {}: {error}. {advice}.", dir.display())
}

fn try_out(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    // Two processes may start in one folder at the same time: one of them refuses later, and not because of this file.
    let path = dir.join(format!(".trial-{}", std::process::id()));
    let written = write(&path);
    let removed = fs::remove_file(&path);
    written.and(removed)
}

fn write(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(&vec![0; ROOM])?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_and_left_empty() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a/b");
        ensure_writable(&inner).unwrap();
        assert_eq!(fs::read_dir(&inner).unwrap().count(), 0);
    }

    #[test]
    fn what_is_wrong_is_said_with_what_to_do() {
        let said = |kind| cannot_write(Path::new("/srv/data"), &io::Error::from(kind)).to_string();
        for (kind, advice) in [
            (ErrorKind::StorageFull, "Free some space"),
            (ErrorKind::ReadOnlyFilesystem, "Mount it for writing"),
            (ErrorKind::PermissionDenied, "Give it to the user"),
            (ErrorKind::NotADirectory, "A file stands where the folder should be"),
            (ErrorKind::TimedOut, "Choose another folder"),
        ] {
            let said = said(kind);
            assert!(said.starts_with("cannot write to /srv/data: ") && said.contains(advice), "{said}");
        }
    }
}
