//! How the binary starts where it cannot: with a sentence that says what to do, a failure, and no panic.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Stdio};

/// What a start with this data folder says on its way out; it must fail.
fn refusal(data_dir: &Path, role: &str) -> String {
    let mut server = Command::new(env!("CARGO_BIN_EXE_rushline"));
    server.arg("--data-dir").arg(data_dir).args(["--listen", "127.0.0.1:0", role]);
    let ended = server.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{role}: {said}");
    assert!(said.lines().any(|line| line.starts_with("rushline: ")), "{role}: {said}");
    assert!(!said.contains("panicked"), "{role}: {said}");
    said
}

/// A file system in memory that is gone when dropped.
struct Mounted<'p>(&'p Path);

impl<'p> Mounted<'p> {
    /// `None` where mounting is not allowed: `scripts/test` runs as root in CI's container.
    fn at(folder: &'p Path, options: &str) -> Option<Self> {
        mount(&["-t", "tmpfs", "-o", options, "rushline-start"], folder).then_some(Self(folder))
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

fn mount(options: &[&str], folder: &Path) -> bool {
    let mut mount = Command::new("mount");
    mount.args(options).arg(folder).stderr(Stdio::null());
    mount.status().is_ok_and(|status| status.success())
}

#[test]
fn where_a_file_stands_in_place_of_the_data_folder_it_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("data");
    std::fs::write(&file, "not a folder").unwrap();
    for (role, data_dir) in
        [("all", &file), ("waiting-room", &file), ("booking", &file.join("inner")), ("migrate", &file)]
    {
        let said = refusal(data_dir, role);
        assert!(said.contains(&format!("cannot write to {}", data_dir.display())), "{said}");
        assert!(said.contains("A file stands where the folder should be"), "{said}");
    }
}

#[test]
fn on_a_full_disk_it_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let Some(_disk) = Mounted::at(dir.path(), "size=64k") else { return };
    for role in ["all", "waiting-room", "booking"] {
        let said = refusal(dir.path(), role);
        assert!(said.contains("Free some space there"), "{said}");
    }
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().filter(|e| e.as_ref().unwrap().path().is_file()).count(),
        0
    );
}

#[test]
fn on_a_disk_that_is_mounted_to_be_read_it_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let Some(_disk) = Mounted::at(dir.path(), "ro") else { return };
    for role in ["all", "waiting-room", "booking"] {
        let said = refusal(dir.path(), role);
        assert!(said.contains("Mount it for writing"), "{said}");
    }
}
