//! Traces for OpenTelemetry: which request waited for what, and how long. A span a request, and one for each transaction,
//! call of the gateway and call between the services in it, sent to a collector as OTLP over HTTP (JSON).
//!
//! Whoever calls with a `traceparent` header (W3C Trace Context) finds our spans in its own trace, and our calls between the
//! services carry one. Spans hold names of operations, statuses and durations: no path, query, body, address or id of a person. What
//! the collector does not take in time is dropped and counted; no request ever waits for it.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::clock::{Clock, Ts};
use crate::config::Settings;
use crate::entropy::Entropy;

/// W3C Trace Context.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// Spans that wait to be sent at most; further ones are dropped.
const WAITING_MAX: usize = 4096;
/// Spans in one message at most.
const BATCH_MAX: usize = 512;
/// How long the first span of a batch waits for others.
const GATHER: Duration = Duration::from_millis(500);
/// Longest that the collector may take.
const SEND_MAX: Duration = Duration::from_secs(5);

tokio::task_local! {
    static CURRENT: Trace;
}

/// Where spans go. Cheap to clone.
#[derive(Clone)]
pub struct Tracer(Option<Arc<Collector>>);

struct Collector {
    url: String,
    percent: u8,
    clock: Clock,
    entropy: Entropy,
    waiting: OnceLock<mpsc::Sender<Value>>,
}

/// A span that is under way, and the trace it is part of.
#[derive(Clone)]
pub struct Trace {
    collector: Arc<Collector>,
    trace: [u8; 16],
    span: [u8; 8],
    parent: Option<[u8; 8]>,
}

/// What a span is of, as OTLP numbers it.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A part of our own work.
    Internal = 1,
    /// A request that was answered.
    Server = 2,
    /// A call to somebody else.
    Client = 3,
}

impl Tracer {
    /// As the settings say: `server.traces_url` and `server.traces_percent`.
    pub fn new(settings: &Settings, clock: Clock, entropy: Entropy) -> Self {
        let url = settings.server.traces_url.trim_end_matches('/');
        if url.is_empty() {
            return Self(None);
        }
        let percent = settings.server.traces_percent;
        let url = format!("{url}/v1/traces");
        Self(Some(Arc::new(Collector { url, percent, clock, entropy, waiting: OnceLock::new() })))
    }

    /// The trace of a request with these headers: its caller's, or a new one. `None` when it is not among those kept, which
    /// the trace's own id decides: every service keeps the same ones.
    pub fn begin(&self, headers: &HeaderMap) -> Option<Trace> {
        let collector = self.0.as_ref()?.clone();
        let (trace, parent) = headers
            .get(&TRACEPARENT)
            .and_then(read)
            .map_or_else(|| (collector.entropy.bytes::<16>(), None), |(trace, parent)| (trace, Some(parent)));
        let is_kept = u16::from_be_bytes([trace[14], trace[15]]) % 100 < u16::from(collector.percent);
        let span = collector.entropy.bytes::<8>();
        is_kept.then_some(Trace { collector, trace, span, parent })
    }
}

impl Trace {
    /// Does `work` as a part of this trace: what it asks of others has spans of its own.
    pub fn around<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self.clone(), work)
    }

    /// The span has ended, after `took`.
    pub fn end(self, name: &str, kind: Kind, took: Duration, is_failure: bool, attributes: &[(&str, Value)]) {
        let end = self.collector.clock.now();
        let begin = end - time::Duration::try_from(took).unwrap_or_default();
        let nanos = |at: Ts| format!("{}000", at.micros());
        let attribute = |(key, value): &(&str, Value)| {
            let value = match value {
                Value::Number(number) => json!({ "intValue": number.to_string() }),
                other => json!({ "stringValue": other }),
            };
            json!({ "key": key, "value": value })
        };
        let span = json!({
            "traceId": hex(&self.trace),
            "spanId": hex(&self.span),
            "parentSpanId": self.parent.map_or_else(String::new, |parent| hex(&parent)),
            "name": name,
            "kind": kind as u8,
            "startTimeUnixNano": nanos(begin),
            "endTimeUnixNano": nanos(end),
            "attributes": attributes.iter().map(attribute).collect::<Vec<_>>(),
            "status": if is_failure { json!({ "code": 2 }) } else { json!({}) },
        });
        let waiting = self.collector.waiting.get_or_init(|| {
            let (sender, spans) = mpsc::channel(WAITING_MAX);
            tokio::spawn(send_on(self.collector.url.clone(), spans));
            sender
        });
        if waiting.try_send(span).is_err() {
            metrics::counter!("trace_spans_dropped_total").increment(1);
        }
    }

    /// The header by which others find this span.
    fn header(&self) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("00-{}-{}-01", hex(&self.trace), hex(&self.span))).ok()
    }
}

/// Does a part of what a request asks for, as a span called `name` of its trace if that is kept.
pub async fn part<F, T, E>(name: &str, kind: Kind, work: F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let Ok(trace) = CURRENT.try_with(|current| Trace {
        span: current.collector.entropy.bytes::<8>(),
        parent: Some(current.span),
        ..current.clone()
    }) else {
        return work.await;
    };
    let began = Instant::now();
    let outcome = trace.around(work).await;
    trace.end(name, kind, began.elapsed(), outcome.is_err(), &[]);
    outcome
}

/// `work` as a part of the trace of whoever calls this, wherever it is run: a new task belongs to no trace by itself.
pub fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let trace = CURRENT.try_with(Clone::clone).ok();
    async move {
        match trace {
            Some(trace) => trace.around(work).await,
            None => work.await,
        }
    }
}

/// The header for a call to another service, inside a trace that is kept.
pub fn header() -> Option<HeaderValue> {
    CURRENT.try_with(Trace::header).ok().flatten()
}

/// `00-<trace>-<parent>-<flags>`; later versions may have more behind.
fn read(header: &HeaderValue) -> Option<([u8; 16], [u8; 8])> {
    let mut parts = header.to_str().ok()?.split('-');
    let (version, trace, parent) = (parts.next()?, parts.next()?, parts.next()?);
    let (trace, parent) = (unhex::<16>(trace)?, unhex::<8>(parent)?);
    let is_good = version.len() == 2 && version != "ff" && trace != [0; 16] && parent != [0; 8];
    is_good.then_some((trace, parent))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return None;
    }
    let mut out = [0; N];
    for (byte, at) in out.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(out)
}

/// Sends spans on as they come, several at a time, until nobody makes any.
async fn send_on(url: String, mut spans: mpsc::Receiver<Value>) {
    let client = match reqwest::Client::builder().timeout(SEND_MAX).build() {
        Ok(client) => client,
        Err(error) => return tracing::error!(%error, "no traces are sent"),
    };
    let mut batch = Vec::new();
    while spans.recv_many(&mut batch, BATCH_MAX).await > 0 {
        tokio::time::sleep(GATHER).await;
        while batch.len() < BATCH_MAX
            && let Ok(span) = spans.try_recv()
        {
            batch.push(span);
        }
        let count = batch.len() as u64;
        let sent = client.post(&url).json(&message(std::mem::take(&mut batch))).send().await;
        if let Err(error) = sent.and_then(reqwest::Response::error_for_status) {
            metrics::counter!("trace_spans_dropped_total").increment(count);
            tracing::debug!(error = %error.without_url(), "the collector took no traces");
        }
    }
}

/// An `ExportTraceServiceRequest`.
fn message(spans: Vec<Value>) -> Value {
    let text = |key: &str, value: &str| json!({ "key": key, "value": { "stringValue": value } });
    json!({ "resourceSpans": [{
        "resource": { "attributes": [text("service.name", "rushline"), text("service.version", env!("CARGO_PKG_VERSION"))] },
        "scopeSpans": [{ "scope": { "name": "rushline" }, "spans": spans }],
    }]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_trace_is_read_and_what_is_none_is_not() {
        let read = |text: &str| read(&HeaderValue::from_str(text).unwrap());
        let (trace, parent) = read("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
        assert_eq!(
            (hex(&trace), hex(&parent)),
            ("4bf92f3577b34da6a3ce929d0e0e4736".into(), "00f067aa0ba902b7".into())
        );
        for bad in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        ] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
