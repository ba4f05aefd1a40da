//! The benchmark of the embedded default; `scripts/bench` builds and runs it.

use clap::Parser;
use loadtest::bench::{self, Options, a_redis, cut, noop};
use loadtest::farm;
use loadtest::push::{self, Program};
use shared::testing::Redis;
use tikv_jemallocator::Jemalloc;

/// As in the server, whose ceilings are measured here.
#[global_allocator]
static MEMORY: Jemalloc = Jemalloc;

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
    #[command(flatten)]
    Push(push::Verb),
    /// Cuts every connection, then kills every server, and sees whether everybody comes back to her own place.
    Cut(cut::Options),
    /// Sockets of one process; started by `cut` itself.
    #[command(hide = true)]
    CutCrowd(farm::Part),
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
        Some(Verb::Push(verb)) => push(verb).await,
        None => bench::run(cli.options).await,
    }
}

/// Several servers share a private Redis, and each round has a database of it.
async fn push(verb: push::Verb) -> anyhow::Result<()> {
    let servers = match &verb {
        push::Verb::Push(options) => options.servers,
        _ => 0,
    };
    let redis = a_redis(servers)?;
    let lines = || redis.as_ref().map(Redis::database);
    push::play(verb, &Program { words: &[], lines: &lines }).await
}
