//! The measurement of live positions measures something: sockets of the real binary, on two nodes as `bench push` and on one as
//! `rushline crowd push`, and of the bare sender beside each.

#![allow(clippy::unwrap_used)]

use std::process::{Command, Stdio};

use loadtest::server;
use serde_json::Value;
use shared::testing::Redis;

/// Runs it with few sockets and looks at every figure.
fn measures(program: &mut Command, how: &[&str]) {
    let ran = program
        .args(["push", "--sockets", "60", "--sockets-per-client", "30"])
        .args(how)
        .args(["--rounds", "1"])
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
        assert!(figure("p50_ms") <= figure("p99_ms"), "{side}: {figures}");
    }
    assert!(figures["rushline"]["bytes_per_socket"].is_number(), "{figures}");
}

#[test]
fn sockets_of_two_servers_and_of_the_bare_sender_are_heard() {
    if Redis::start().is_some() {
        // In a line as short as this one the wait is known and long, and news come every fifteen seconds: in any shorter time perhaps to nobody.
        let far = ["--servers", "2", "--far", "--seconds", "16"];
        measures(&mut Command::new(env!("CARGO_BIN_EXE_bench")), &far);
    }
}

#[test]
fn the_binary_measures_itself() {
    measures(Command::new(server::binary().unwrap()).arg("crowd"), &["--seconds", "3"]);
}

#[test]
fn several_servers_need_a_redis_that_is_named() {
    let ran = Command::new(server::binary().unwrap())
        .args(["crowd", "push", "--sockets", "2", "--servers", "2", "--rounds", "1"])
        .env("RUSHLINE_BIN", server::binary().unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(!ran.status.success() && said.contains("--redis-url"), "{said}");
}
