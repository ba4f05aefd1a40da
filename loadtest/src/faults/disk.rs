//! A small disk of its own for a data folder, which can be filled.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;

/// Far more than a thousand rounds write; takes memory for what is written only.
const SIZE: &str = "size=8g";
/// Looks at how much is in use, which grows while we look.
const ATTEMPTS: u32 = 20;

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

    /// Makes it as small as what it holds.
    ///
    /// # Errors
    /// When it cannot be made smaller.
    pub fn fill(&self) -> anyhow::Result<()> {
        for _ in 0..ATTEMPTS {
            if self.resize(&format!("size={}", self.used_bytes()?))? {
                return Ok(());
            }
        }
        anyhow::bail!("{} was written to faster than it could be made smaller", self.0.display())
    }

    /// Makes it as large as it was.
    ///
    /// # Errors
    /// When it cannot be made larger.
    pub fn free(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.resize(SIZE)?, "{} could not be made larger", self.0.display());
        Ok(())
    }

    fn resize(&self, size: &str) -> anyhow::Result<bool> {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,{size}")]).arg(&self.0).stderr(Stdio::null());
        Ok(mount.status()?.success())
    }

    fn used_bytes(&self) -> anyhow::Result<u64> {
        let told = Command::new("stat").args(["-f", "-c", "%b %f %S"]).arg(&self.0).output()?;
        let told = String::from_utf8(told.stdout)?;
        let figures: Vec<u64> = told.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
        let [blocks, free, block_bytes] = figures[..] else {
            anyhow::bail!("stat said nothing of {}: {told}", self.0.display());
        };
        blocks.checked_sub(free).map(|used| used * block_bytes).context("more blocks are free than there are")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whatever still uses it, it is gone from its folder at once.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
