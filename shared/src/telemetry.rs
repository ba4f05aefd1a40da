//! Logs and metrics.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::Histogram;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use utoipa::openapi::OpenApi;

/// Upper bounds of what answers take, in seconds: the goals of the design (20, 150 and 500 ms, 2 s) are among them.
const LATENCY_S: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0];
/// Upper bounds of how long people stand in a line, in seconds.
const WAIT_S: [f64; 12] = [1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0];
/// Upper bounds of how many transactions share one commit.
const BATCH: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];
/// Different statuses of one operation that get a series; a server answers with fewer.
const STATUSES_MAX: usize = 32;
/// Pages, assets and addresses that do not exist.
const OTHER: &str = "other";
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

/// How long answers took, by operation and status. Operations are those of the OpenAPI document, so that no address
/// a stranger makes up becomes a series.
#[derive(Default)]
pub struct Operations {
    by_path: HashMap<String, Vec<(Method, Seen)>>,
    other: Seen,
}

/// One operation's series, made when its first answer is given.
struct Seen {
    operation: String,
    by_status: RwLock<Vec<(StatusCode, Histogram)>>,
}

impl Default for Seen {
    fn default() -> Self {
        Self::of(OTHER)
    }
}

impl Operations {
    /// The operations of `document`.
    pub fn of(document: &OpenApi) -> Self {
        let mut by_path: HashMap<String, Vec<(Method, Seen)>> = HashMap::new();
        for (path, item) in &document.paths.paths {
            let methods = [
                (Method::GET, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            for (method, operation) in methods {
                if let Some(id) = operation.as_ref().and_then(|o| o.operation_id.as_ref()) {
                    by_path.entry(path.clone()).or_default().push((method, Seen::of(id)));
                }
            }
        }
        Self { by_path, other: Seen::default() }
    }

    /// Counts one answer. `route` is the matched path with its placeholders.
    pub fn record(&self, method: &Method, route: Option<&str>, status: StatusCode, took: Duration) {
        let known = route.and_then(|route| self.by_path.get(route));
        let seen = known.and_then(|methods| methods.iter().find(|(m, _)| m == method)).map(|(_, seen)| seen);
        seen.unwrap_or(&self.other).record(status, took);
    }
}

impl Seen {
    fn of(operation: &str) -> Self {
        Self { operation: operation.to_owned(), by_status: RwLock::default() }
    }

    fn record(&self, status: StatusCode, took: Duration) {
        let took_s = took.as_secs_f64();
        {
            let known = self.by_status.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, histogram)) = known.iter().find(|(s, _)| *s == status) {
                return histogram.record(took_s);
            }
            if known.len() >= STATUSES_MAX {
                return;
            }
        }
        let histogram = metrics::histogram!(
            "http_request_duration_seconds",
            "operation" => self.operation.clone(),
            "status" => status.as_u16().to_string()
        );
        histogram.record(took_s);
        self.by_status.write().unwrap_or_else(PoisonError::into_inner).push((status, histogram));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_shows_what_was_set_last_and_nothing_breaks_out_of_a_label() {
        let stock = Snapshot::of("stock");
        stock.set(vec![(vec![("type", "gone".into())], 1.0)]);
        stock.set(vec![(vec![("event", "7".into()), ("type", "5\" \\ x\n".into())], 2.0)]);
        let mut text = String::new();
        stock.render(&mut text);
        assert_eq!(text, "# TYPE stock gauge\nstock{event=\"7\",type=\"5\\\" \\\\ x\\n\"} 2\n");
    }
}
