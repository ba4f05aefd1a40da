//! What the embedded default costs: start, memory at rest and after a rush of logins, CPU of a ticket's PDF.

use std::path::Path;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::report::{Report, name};
use crate::api::Api;
use crate::server::Server;
use crate::stage::Stage;

/// Until a server that has started is at rest.
const REST: Duration = Duration::from_secs(2);
/// Accounts that register and log in.
const LOGINS: usize = 200;
/// PDFs drawn for one figure.
const PDFS: u32 = 100;

/// Starts a server on an empty folder and takes its measure.
///
/// # Errors
/// When anything fails.
pub async fn run(binary: &Path, report: &mut Report) -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let began = Instant::now();
    let server = Server::start(binary, &dir.path().join("data")).await?;
    let api = Api::new(&server.url)?;
    api.send(api.request(Method::GET, "/")).await?;
    report.add_bare(name::FIRST_PAGE, "ms", began.elapsed().as_secs_f64() * 1000.0);
    sleep(REST).await;
    report.add_bare(name::IDLE, "MB", server.usage().rss_mb);
    let stage = Stage::open(api.clone()).await?;
    let names: Vec<String> = (0..LOGINS).map(|n| format!("rest-{n}")).collect();
    let tokens = futures_util::future::try_join_all(names.iter().map(|name| stage.shopper(name))).await?;
    sleep(REST).await;
    report.add_bare(name::AFTER_LOGINS, "MB", server.usage().rss_mb);
    let show = stage.general_admission("Paper", 10, None).await?;
    let order = json!({ "event_id": show.event, "quantity": 1 });
    let request = api.request(Method::POST, "/api/v1/orders").json(&order).bearer_auth(&tokens[0]);
    let bought: Value = crate::stage::read(api.send(request).await?)?;
    let code = bought["tickets"][0]["code"].as_str().unwrap_or_default().to_owned();
    // Its mails are sent, and the fonts are read.
    sleep(REST).await;
    let before = server.usage().cpu_s;
    for _ in 0..PDFS {
        let request =
            api.request(Method::GET, &format!("/api/v1/tickets/{code}.pdf")).bearer_auth(&tokens[0]);
        let answer = api.send(request).await?;
        anyhow::ensure!(answer.is_success(), "the PDF was answered {}", answer.status);
    }
    report.add_bare(name::PDF, "ms CPU", (server.usage().cpu_s - before) * 1000.0 / f64::from(PDFS));
    Ok(())
}
