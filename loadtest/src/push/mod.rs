//! Live positions beside a bare sender of the same frames: CPU a frame, memory a socket, lateness.
//!
//! Servers and clients are processes of their own, because one may open few files; each client process connects from a
//! loopback address of its own, because one address has few ports. Every socket gets one frame a second, because the operator changes the
//! message to the line so often; or, with `--far`, every five seconds, as those do whose line moves so slowly that nobody can tell them the wait. The bare
//! server sends frames of the same length as often, as spread over the time, with nothing but `write`: what the kernel takes for it is
//! the ceiling.

pub mod bare;
pub mod crowd;
mod news;
mod rhythm;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::farm::{self, Client, Own, Part};
use crate::histogram::Histogram;
use crate::process::{Usage, load_average};
use crate::server::{self, Server};
use crowd::Tally;
use news::News;

/// The room of the bare sender, where nobody joins.
const BARE: &str = "bare";
/// Time in which everybody gets used to it: lines, caches, slots.
const WARM_UP: Duration = Duration::from_secs(5);
/// Longest start of the bare sender.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// How it is run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Sockets in all.
    #[arg(long, default_value_t = 10_000)]
    pub sockets: usize,
    /// Sockets that one client process opens; with the server's own limit of open files in mind.
    #[arg(long, default_value_t = 15_000)]
    pub sockets_per_client: usize,
    /// Server processes; more than one share a Redis.
    #[arg(long, default_value_t = 1)]
    pub servers: usize,
    /// Seconds of one round.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// For tens of thousands: their line moves too slowly for anybody to know the wait, and each socket gets a frame every
    /// five seconds.
    #[arg(long)]
    pub far: bool,
    /// Rounds, each with the product and then with the bare sender.
    #[arg(long, default_value_t = 3)]
    pub rounds: u32,
    /// The binary; default: `RUSHLINE_BIN`, or `rushline` beside this program.
    #[arg(long)]
    pub binary: Option<PathBuf>,
}

/// The verbs of a program that measures.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Verb {
    /// Measures live positions of tens of thousands of sockets beside a bare sender of the same frames, on servers of its own.
    Push(Options),
    /// The bare sender; started by the measurement itself.
    #[command(hide = true)]
    PushBare(bare::Options),
    /// Sockets of one process; started by the measurement itself.
    #[command(hide = true)]
    PushCrowd(Part),
}

/// Does what the verb says.
///
/// # Errors
/// As [`run`], [`bare::serve`] and [`crowd::run`].
pub async fn play(verb: Verb, program: &Program<'_>) -> anyhow::Result<()> {
    match verb {
        Verb::Push(options) => run(options, program).await,
        Verb::PushBare(options) => bare::serve(&options),
        Verb::PushCrowd(part) => crowd::run(part).await,
    }
}

/// The program that measures, which starts itself for the bare sender and for the crowd.
pub struct Program<'p> {
    /// What stands before a [`Verb`] on its command line.
    pub words: &'p [&'p str],
    /// A Redis for the servers of a round, if there are several.
    pub lines: &'p dyn Fn() -> Option<String>,
}

impl Program<'_> {
    fn told<'v>(&'v self, verb: &'v str) -> Vec<&'v str> {
        self.words.iter().copied().chain([verb]).collect()
    }
}

impl Options {
    /// Seconds from one frame of a socket to the next.
    fn every_s(&self) -> u64 {
        News::every_s(self.far)
    }

    /// For how long there must be news.
    fn listening(&self) -> Duration {
        self.warm_up() + Duration::from_secs(self.seconds)
    }

    fn warm_up(&self) -> Duration {
        WARM_UP.max(Duration::from_secs(self.every_s()))
    }
}

/// What one side of one round has shown.
#[derive(Debug, Clone)]
struct Shown {
    frames_per_s: f64,
    frame_bytes: f64,
    cpu_us_per_frame: f64,
    user_us_per_frame: f64,
    bytes_per_place: f64,
    bytes_per_socket: f64,
    p50_ms: f64,
    p99_ms: f64,
    lost: u64,
}

/// Measures and prints: a table, the ratios, and one line for machines (`PUSH {…}`).
///
/// # Errors
/// When a server or client cannot be started, or sockets are refused.
pub async fn run(options: Options, program: &Program<'_>) -> anyhow::Result<()> {
    let began_at_load = load_average();
    let (mut product, mut bare) = (Vec::new(), Vec::new());
    for round in 1..=options.rounds {
        eprintln!("round {round} of {}: the product", options.rounds);
        let shown = the_product(&options, program, round).await?;
        eprintln!("round {round} of {}: the bare sender", options.rounds);
        bare.push(the_bare_sender(&options, program, shown.frame_bytes as usize).await?);
        product.push(shown);
    }
    print(&options, began_at_load, &product, &bare, &mut std::io::stdout())
}

/// The table, the ratio and the line for machines.
fn print(
    options: &Options,
    load: f64,
    product: &[Shown],
    bare: &[Shown],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let Options { sockets, servers, rounds, seconds, .. } = options;
    let every_s = options.every_s();
    writeln!(
        out,
        "{sockets} sockets, {servers} server processes, a frame every {every_s} s, {rounds} rounds of {seconds} s, load average {load:.1} at the start\n\n\
         | | frames/s | bytes a frame | server CPU µs a frame | of it user | server memory a socket, bytes | a place | late p50 / p99 ms | sockets lost |\n\
         |---|---|---|---|---|---|---|---|---|"
    )?;
    for (name, rounds) in [("rushline", product), ("bare sender", bare)] {
        let of = |field: fn(&Shown) -> f64| median(rounds.iter().map(field));
        let (frames, bytes) = (of(|s| s.frames_per_s), of(|s| s.frame_bytes));
        let (cpu, user) = (of(|s| s.cpu_us_per_frame), of(|s| s.user_us_per_frame));
        let (memory, place) = (of(|s| s.bytes_per_socket), of(|s| s.bytes_per_place));
        let (p50, p99, lost) = (of(|s| s.p50_ms), of(|s| s.p99_ms), of(|s| s.lost as f64));
        writeln!(
            out,
            "| {name} | {frames:.0} | {bytes:.0} | {cpu:.1} | {user:.1} | {memory:.0} | {place:.0} | {p50:.1} / {p99:.1} | {lost:.0} |"
        )?;
    }
    let pairs = product.iter().zip(bare);
    let ratio = median(pairs.map(|(one, other)| one.cpu_us_per_frame / other.cpu_us_per_frame));
    let (ours, ceiling) = (medians(product), medians(bare));
    writeln!(
        out,
        "\nCPU a frame, rushline : bare sender, median of the rounds' ratios: {ratio:.2}\n\nPUSH {}",
        json!({ "sockets": sockets, "rushline": ours, "bare": ceiling, "cpu_ratio": ratio })
    )?;
    Ok(())
}

fn medians(rounds: &[Shown]) -> serde_json::Value {
    let of = |field: fn(&Shown) -> f64| median(rounds.iter().map(field));
    json!({ "frames_per_s": of(|s| s.frames_per_s), "cpu_us_per_frame": of(|s| s.cpu_us_per_frame),
        "user_us_per_frame": of(|s| s.user_us_per_frame), "bytes_per_place": of(|s| s.bytes_per_place),
        "bytes_per_socket": of(|s| s.bytes_per_socket), "p50_ms": of(|s| s.p50_ms), "p99_ms": of(|s| s.p99_ms) })
}

/// The waiting room with everybody watching.
async fn the_product(options: &Options, program: &Program<'_>, round: u32) -> anyhow::Result<Shown> {
    let binary = options.binary.clone().map_or_else(server::binary, Ok)?;
    let dir = tempfile::tempdir()?;
    let lines = if options.servers > 1 { (program.lines)() } else { None };
    let servers = farm::servers(options.servers, &binary, &dir, lines.as_deref()).await?;
    // One of its own: the rounds may share a Redis.
    let room = format!("push-{round}");
    let news = News::prepare(options, &room, &servers[0].url).await?;
    let urls: Vec<String> = servers.iter().map(|server| server.url.clone()).collect();
    let usage = || servers.iter().map(Server::usage).fold(Usage::default(), sum);
    measure(options, program, (&urls, &room), usage, news.tell()).await
}

/// The sender that does nothing else.
async fn the_bare_sender(
    options: &Options,
    program: &Program<'_>,
    frame_bytes: usize,
) -> anyhow::Result<Shown> {
    let (mut senders, mut urls) = (Vec::new(), Vec::new());
    for _ in 0..options.servers.max(1) {
        let listen = server::free_address()?;
        let own = std::env::current_exe()?;
        let sender = Command::new(own)
            .args(program.told("push-bare"))
            .args(["--listen", &listen, "--frame-bytes", &frame_bytes.to_string()])
            .args(["--every-s", &options.every_s().to_string()])
            .stdin(Stdio::null())
            .spawn()?;
        senders.push(Own(sender));
        // Its memory is measured from when it serves.
        let began = Instant::now();
        while TcpStream::connect(&listen).await.is_err() {
            anyhow::ensure!(began.elapsed() < START_TIMEOUT, "the bare sender did not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        urls.push(format!("http://{listen}"));
    }
    let usage = || senders.iter().map(|sender| Usage::of(sender.0.id())).fold(Usage::default(), sum);
    measure(options, program, (&urls, BARE), usage, async {}).await
}

fn sum(one: Usage, other: Usage) -> Usage {
    Usage {
        cpu_s: one.cpu_s + other.cpu_s,
        user_s: one.user_s + other.user_s,
        rss_mb: one.rss_mb + other.rss_mb,
    }
}

/// Opens all sockets, lets the crowd listen to the `news` that begin then, and adds up what it heard and what that has cost.
async fn measure(
    options: &Options,
    program: &Program<'_>,
    (urls, room): (&[String], &str),
    usage: impl Fn() -> Usage,
    news: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<Shown> {
    let rss_before = usage().rss_mb;
    let mut clients = Vec::new();
    let mut left = options.sockets;
    while left > 0 {
        let count = left.min(options.sockets_per_client.max(1));
        clients.push(Client::start(&program.told("push-crowd"), clients.len(), urls, room, count)?);
        left -= count;
    }
    let per_socket = |mb: f64| mb * 1024.0 * 1024.0 / options.sockets as f64;
    for client in &mut clients {
        anyhow::ensure!(client.hears()? == "joined", "a client failed");
    }
    let rss_joined = usage().rss_mb;
    clients.iter_mut().try_for_each(|client| client.tell("open them"))?;
    for client in &mut clients {
        anyhow::ensure!(client.hears()? == "open", "a client failed");
    }
    let news = tokio::spawn(news);
    tokio::time::sleep(options.warm_up()).await;
    let (before, began) = (usage(), Instant::now());
    for client in &mut clients {
        client.tell(&format!("{} {}", options.seconds, options.every_s()))?;
    }
    let (late, mut total) = (Histogram::default(), Tally::default());
    for client in &mut clients {
        let tally: Tally = serde_json::from_str(&client.hears()?)?;
        late.merge(&tally.late);
        total.frames += tally.frames;
        total.bytes += tally.bytes;
        total.lost += tally.lost;
    }
    let (after, wall_s) = (usage(), began.elapsed().as_secs_f64());
    news.abort();
    anyhow::ensure!(total.frames > 0, "nobody heard anything");
    let frames = total.frames as f64;
    Ok(Shown {
        frames_per_s: frames / wall_s,
        frame_bytes: total.bytes as f64 / frames,
        cpu_us_per_frame: (after.cpu_s - before.cpu_s) * 1e6 / frames,
        user_us_per_frame: (after.user_s - before.user_s) * 1e6 / frames,
        bytes_per_place: per_socket(rss_joined - rss_before),
        bytes_per_socket: per_socket(after.rss_mb - rss_joined),
        p50_ms: late.quantile_ms(0.5),
        p99_ms: late.quantile_ms(0.99),
        lost: total.lost,
    })
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}
