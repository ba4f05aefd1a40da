//! The fault suite; `scripts/faults` builds and runs it.

use clap::Parser;
use loadtest::faults::{self, Options};

#[derive(Parser)]
#[command(about = "Breaks a private installation again and again, and looks for everything it has promised")]
struct Cli {
    #[command(flatten)]
    options: Options,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    faults::run(Cli::parse().options).await
}
