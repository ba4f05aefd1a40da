//! The benchmark of the embedded default; `scripts/bench` builds and runs it.

use clap::Parser;
use loadtest::bench::{self, Options, cut, farm, noop, push};

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
    /// Measures live positions beside a bare sender of the same frames.
    Push(push::Options),
    /// Cuts every connection, then kills every server, and sees whether everybody comes back to her own place.
    Cut(cut::Options),
    /// Sockets of one process; started by `cut` itself.
    #[command(hide = true)]
    CutCrowd(farm::Part),
    /// The bare sender; started by the benchmark itself.
    #[command(hide = true)]
    PushBare(push::bare::Options),
    /// Sockets of one process; started by the benchmark itself.
    #[command(hide = true)]
    PushCrowd(farm::Part),
    /// The server that does nothing; started by the benchmark itself.
    #[command(hide = true)]
    Noop(noop::Options),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match cli.verb {
        Some(Verb::Noop(options)) => noop::serve(options).await,
        Some(Verb::Cut(options)) => cut::run(options).await,
        Some(Verb::CutCrowd(options)) => cut::crowd::run(options).await,
        Some(Verb::Push(options)) => push::run(options).await,
        Some(Verb::PushBare(options)) => push::bare::serve(&options),
        Some(Verb::PushCrowd(options)) => push::crowd::run(options).await,
        None => bench::run(cli.options).await,
    }
}
