//! A small disk of its own for a data folder, which can be filled.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Far more than a run writes.
const SIZE: &str = "size=96m";
/// Written at a time until nothing more fits.
static PIECE: [u8; 64 * 1024] = [0; 64 * 1024];

/// A mounted file system in memory; gone when dropped.
pub struct Disk(PathBuf);

impl Disk {
    /// Mounts one at `folder`; `None` where that is not allowed.
    pub fn at(folder: &Path) -> Option<Self> {
        std::fs::create_dir_all(folder).ok()?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", SIZE, "rushline-faults"]).arg(folder).stderr(Stdio::null());
        mount.status().ok()?.success().then(|| Self(folder.to_owned()))
    }

    /// Leaves no byte of it free.
    ///
    /// # Errors
    /// When it cannot be written for another reason than that it is full.
    pub fn fill(&self) -> anyhow::Result<()> {
        let mut file = File::create(self.filler())?;
        let mut piece = &PIECE[..];
        while !piece.is_empty() {
            match file.write(piece) {
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::StorageFull => {
                    piece = &piece[..piece.len() / 2]
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Gives the room back.
    ///
    /// # Errors
    /// When it was not filled.
    pub fn free(&self) -> anyhow::Result<()> {
        Ok(std::fs::remove_file(self.filler())?)
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whatever still uses it, it is gone from its folder at once.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
