//! What a process costs, read from `/proc`; and signals to it.

use std::process::Command;

/// The kernel counts CPU time for `/proc` in hundredths of a second on every Linux.
const TICKS_PER_S: f64 = 100.0;

/// Costs of a process up to now.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// User and system time of all its threads, seconds.
    pub cpu_s: f64,
    /// The user's part of it.
    pub user_s: f64,
    /// Resident memory, megabytes.
    pub rss_mb: f64,
}

impl Usage {
    /// Costs of this process; zeros where there is no `/proc`.
    pub fn own() -> Self {
        Self::read("self")
    }

    /// Costs of the process `pid`.
    pub fn of(pid: u32) -> Self {
        Self::read(&pid.to_string())
    }

    fn read(who: &str) -> Self {
        let stat = std::fs::read_to_string(format!("/proc/{who}/stat")).unwrap_or_default();
        // The second field is the name in brackets, which may hold spaces.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let number = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
        let status = std::fs::read_to_string(format!("/proc/{who}/status")).unwrap_or_default();
        let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let rss_kb = rss.and_then(|r| r.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0);
        let (user, system) = (number(11) / TICKS_PER_S, number(12) / TICKS_PER_S);
        Self { cpu_s: user + system, user_s: user, rss_mb: rss_kb / 1024.0 }
    }
}

/// Sends a signal by name, such as `STOP`, to the process `pid`.
///
/// # Errors
/// When there is no such process or it is not ours.
pub fn signal(pid: u32, name: &str) -> anyhow::Result<()> {
    let status = Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", name, &pid.to_string()]).status()?;
    anyhow::ensure!(status.success(), "process {pid} could not be sent {name}");
    Ok(())
}

/// The machine's load average over the last minute.
pub fn load_average() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_memory() {
        assert!(Usage::own().rss_mb > 0.5);
        assert_eq!(Usage::of(u32::MAX).rss_mb, 0.0);
    }
}
