//! The benchmark of live positions measures something: sockets of the real binary on two nodes, and of the bare sender.

#![allow(clippy::unwrap_used)]

use std::process::{Command, Stdio};

use loadtest::server;
use serde_json::Value;
use shared::testing::Redis;

#[test]
fn sockets_of_two_servers_and_of_the_bare_sender_are_heard() {
    if Redis::start().is_none() {
        return;
    }
    let ran = Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(["push", "--sockets", "60", "--servers", "2", "--sockets-per-client", "30"])
        .args(["--far", "--seconds", "3", "--rounds", "1"])
        .env("RUSHLINE_BIN", server::binary().unwrap())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let said = String::from_utf8(ran.stdout).unwrap();
    let figures = said.lines().find_map(|line| line.strip_prefix("PUSH ")).unwrap();
    let figures: Value = serde_json::from_str(figures).unwrap();
    for side in ["rushline", "bare"] {
        let figure = |name: &str| figures[side][name].as_f64().unwrap();
        assert!(figure("frames_per_s") > 0.0 && figure("cpu_us_per_frame") > 0.0, "{side}: {figures}");
    }
}
