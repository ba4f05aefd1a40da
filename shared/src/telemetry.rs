//! Logs and metrics.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error: lines for people, or one JSON object a line in production.
/// `filter` is in `tracing` notation, such as `info` or `info,booking=debug`. A second call does nothing.
pub fn start_logging(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if json { builder.json().try_init() } else { builder.with_target(false).try_init() };
}

/// Starts collecting metrics and returns the handle that renders them for Prometheus.
///
/// # Errors
/// When a recorder was installed before.
pub fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    Ok(PrometheusBuilder::new().install_recorder()?)
}
