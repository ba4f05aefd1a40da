//! The benchmark of the embedded default; `scripts/bench` builds and runs it.

use clap::Parser;
use loadtest::bench::{self, Options, noop};

#[derive(Parser)]
#[command(about = "Measures joins, holds and full bookings beside their ceilings")]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// The server that does nothing; started by the benchmark itself.
    #[command(hide = true)]
    Noop {
        #[arg(long)]
        listen: String,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match cli.verb {
        Some(Verb::Noop { listen }) => noop::serve(&listen).await,
        None => bench::run(cli.options).await,
    }
}
