//! Logs and metrics.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::Histogram;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Upper bounds of what answers take, in seconds: the goals of the design (20, 150 and 500 ms, 2 s) are among them.
const LATENCY_S: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0];
/// Upper bounds of how long people stand in a line, in seconds.
const WAIT_S: [f64; 12] = [1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0];
/// Upper bounds of how many transactions share one commit.
const BATCH: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];
/// Between two sums of what was counted.
const SUMMED_EVERY: Duration = Duration::from_secs(5);
/// Pairs of method and status of one route that get a series; a server answers with fewer.
const SERIES_MAX: usize = 48;
/// Methods that get a series.
const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
/// Addresses that do not exist.
const NO_ROUTE: &str = "none";
/// The kernel counts CPU time for `/proc` in hundredths of a second on every Linux.
const TICKS_PER_S: f64 = 100.0;
/// Bytes in a page of memory on the machines we run on.
const PAGE_BYTES: f64 = 4096.0;

/// Starts logging to standard error: lines for people, or one JSON object a line in production.
/// `filter` is in `tracing` notation, such as `info` or `info,booking=debug`. A second call does nothing.
pub fn start_logging(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if json { builder.json().try_init() } else { builder.with_target(false).try_init() };
}

/// What this process has counted; rendered for Prometheus.
#[derive(Clone)]
pub struct Metrics {
    counted: PrometheusHandle,
    snapshots: Vec<Arc<Snapshot>>,
}

/// A gauge whose series come and go with the data: a sold-out night of last year leaves no series behind.
pub struct Snapshot {
    name: &'static str,
    rows: Mutex<Vec<(Labels, f64)>>,
}

/// Names and values of labels.
pub type Labels = Vec<(&'static str, String)>;

impl Snapshot {
    /// A gauge without series.
    pub fn of(name: &'static str) -> Self {
        Self { name, rows: Mutex::default() }
    }

    /// Replaces all series.
    pub fn set(&self, rows: Vec<(Labels, f64)>) {
        *self.rows.lock().unwrap_or_else(PoisonError::into_inner) = rows;
    }

    fn render(&self, out: &mut String) {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let quoted = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        for (at, (labels, value)) in rows.iter().enumerate() {
            if at == 0 {
                out.push_str(&format!("# TYPE {} gauge\n", self.name));
            }
            let labels: Vec<String> =
                labels.iter().map(|(name, value)| format!("{name}=\"{}\"", quoted(value))).collect();
            out.push_str(&format!("{}{{{}}} {value}\n", self.name, labels.join(",")));
        }
    }
}

/// Starts collecting metrics.
///
/// # Errors
/// When a recorder was installed before.
pub fn start_metrics() -> anyhow::Result<Metrics> {
    let exact = |name: &str| Matcher::Full(name.to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_duration_seconds".to_owned()), &LATENCY_S)?
        .set_buckets_for_metric(exact("queue_wait_seconds"), &WAIT_S)?
        .set_buckets_for_metric(exact("write_batch_size"), &BATCH)?
        .set_buckets_for_metric(exact("steps_together"), &BATCH)?
        .install_recorder()?;
    metrics::gauge!("build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(Metrics { counted: handle, snapshots: Vec::new() })
}

impl Metrics {
    /// Everything counted so far in Prometheus' text format, with this process's own costs.
    pub fn render(&self) -> String {
        self.counted.run_upkeep();
        report_process();
        let mut text = self.counted.render();
        for snapshot in &self.snapshots {
            snapshot.render(&mut text);
        }
        text
    }

    /// Sums up what was counted, until `stop`: durations are kept one by one until somebody renders them, and perhaps nobody
    /// ever does.
    pub async fn keep_small(self, stop: CancellationToken) {
        let mut rounds = tokio::time::interval(SUMMED_EVERY);
        while stop.run_until_cancelled(rounds.tick()).await.is_some() {
            self.counted.run_upkeep();
        }
    }

    /// Renders these too.
    pub fn include(&mut self, snapshots: impl IntoIterator<Item = Arc<Snapshot>>) {
        self.snapshots.extend(snapshots);
    }
}

/// CPU, memory and open files of this process, under the names every Prometheus client uses. Nothing without `/proc`.
fn report_process() {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the name in brackets, which may hold spaces.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let number = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    metrics::gauge!("process_cpu_seconds_total").set((number(11) + number(12)) / TICKS_PER_S);
    metrics::gauge!("process_resident_memory_bytes").set(number(21) * PAGE_BYTES);
    let open = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    metrics::gauge!("process_open_fds").set(open as f64);
    if let Some(most) = crate::connection::files_max() {
        metrics::gauge!("process_max_fds").set(most as f64);
    }
}

/// How long answers took, by operation (`POST /api/v1/sessions/{session}/holds`) and status.
///
/// Routes are those of the router and methods the usual ones, so nothing a stranger makes up becomes a series.
#[derive(Default)]
pub struct Operations(RwLock<HashMap<String, Vec<Seen>>>);

/// One operation with one status, seen at least once.
struct Seen {
    method: Method,
    status: StatusCode,
    took: Histogram,
}

impl Operations {
    /// Counts one answer. `route` is the matched path with its placeholders; `None` where nothing matched.
    pub fn record(&self, method: &Method, route: Option<&str>, status: StatusCode, took: Duration) {
        let route = route.unwrap_or(NO_ROUTE);
        {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            let seen = known.get(route).map_or(&[][..], Vec::as_slice);
            if let Some(seen) = seen.iter().find(|s| s.status == status && s.method == *method) {
                return seen.took.record(took);
            }
            if seen.len() >= SERIES_MAX || !METHODS.contains(method) {
                return;
            }
        }
        let operation = format!("{method} {route}");
        let histogram = metrics::histogram!(
            "http_request_duration_seconds",
            "operation" => operation,
            "status" => status.as_u16().to_string()
        );
        histogram.record(took);
        let seen = Seen { method: method.clone(), status, took: histogram };
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(route.to_owned())
            .or_default()
            .push(seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_shows_what_was_set_last_and_nothing_breaks_out_of_a_label() {
        let stock = Snapshot::of("shop_stock_free");
        stock.set(vec![(vec![("type", "gone".into())], 1.0)]);
        stock.set(vec![(vec![("event", "7".into()), ("type", "5\" \\ x\n".into())], 2.0)]);
        let mut text = String::new();
        stock.render(&mut text);
        assert_eq!(
            text,
            "# TYPE shop_stock_free gauge\nshop_stock_free{event=\"7\",type=\"5\\\" \\\\ x\\n\"} 2\n"
        );
    }
}
