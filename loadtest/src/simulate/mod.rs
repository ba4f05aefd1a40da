//! A whole sale in virtual time: the waiting room's own line, pace, draw and ETA, with people as they are.
//!
//! `rushline simulate --visitors 1000000 --seed 1` prints how often the shown waits were right, by how far back one stood;
//! how far the order of calls is from the order of the line; and which share of the early places each group got. The same
//! seed gives the same figures. No network, no clock, no store: `queue::line`, `live::view`, `eta` and `draw::rules` as
//! the server uses them.

mod people;
mod report;
mod sale;
pub mod survey;

pub use report::Figures;

/// What is simulated.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// How many people come.
    #[arg(long, default_value_t = 100_000)]
    pub visitors: u32,
    /// Decides everything that is left to chance.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Draw the order of the lobby at the opening.
    #[arg(long)]
    pub draw: bool,
    /// Admissions a minute.
    #[arg(long, default_value_t = 6000)]
    pub rate: u32,
    /// Visits at the same time.
    #[arg(long, default_value_t = 20_000)]
    pub cap: u32,
    /// In a hundred, people who are gone when it is their turn.
    #[arg(long, default_value_t = 25)]
    pub ghosts: u32,
    /// In a hundred, places taken by programs: all in the first second of the lobby.
    #[arg(long, default_value_t = 10)]
    pub bots: u32,
    /// Mean seconds of a visit.
    #[arg(long, default_value_t = 180)]
    pub stays: u32,
    /// So many sales, one after the other, each with the next seed. An interval is right in four of five sales; within one,
    /// many people stand behind the same slow minute.
    #[arg(long, default_value_t = 1)]
    pub sales: u32,
    /// Leave out the operator's pauses and changes of rate.
    #[arg(long)]
    pub undisturbed: bool,
    /// So many sales of each of ten kinds, and a table of how right the shown waits were.
    #[arg(long)]
    pub survey: bool,
}

/// Runs what is asked for to its end, and says what came of it.
pub fn told(options: &Options) -> String {
    if options.survey { survey::survey(options).to_string() } else { run(options).to_string() }
}

/// Runs the sales to their ends; what came of them.
pub fn run(options: &Options) -> Figures {
    (1..options.sales).map(|n| one(options, n)).fold(one(options, 0), Figures::and)
}

/// The `n`-th of the sales.
fn one(options: &Options, n: u32) -> Figures {
    let seed = options.seed.wrapping_add(n.into());
    sale::Sale::new(&Options { seed, ..options.clone() }).run()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Options {
        Options {
            visitors: 4000,
            seed: 1,
            draw: false,
            rate: 600,
            cap: 400,
            ghosts: 25,
            bots: 10,
            stays: 180,
            sales: 1,
            undisturbed: false,
            survey: false,
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_figures_and_another_one_others() {
        let first = run(&options());
        assert_eq!(first.to_string(), run(&options()).to_string());
        assert_ne!(first.to_string(), run(&Options { seed: 2, ..options() }).to_string());
    }

    #[test]
    fn waits_are_shown_that_are_right_about_as_often_as_they_say() {
        // Far back all of one sale stand behind the same few minutes, so the bounds are wider there.
        let bounds = [0.72..=0.88, 0.72..=0.88, 0.75..=0.95, 0.75..=1.0];
        let sale = run(&Options { undisturbed: true, bots: 0, sales: 3, ..options() });
        let shares = sale.right_shares(100);
        assert_eq!(shares.len(), 4, "units to thousands: {sale}");
        for (digits, share) in shares {
            assert!(bounds[digits].contains(&share), "{digits}: {sale}");
        }
    }

    #[test]
    fn everybody_is_served_in_order_and_a_draw_gives_programs_no_more_than_their_share() {
        let fifo = run(&options());
        assert_eq!(fifo.disorder, 0.0, "the order of calls is that of the line");
        assert!(fifo.early_share("bots") > 0.9, "without a draw the first second wins: {fifo}");
        let drawn = run(&Options { draw: true, ..options() });
        assert_eq!(drawn.disorder, 0.0);
        assert!((0.05..0.2).contains(&drawn.early_share("bots")), "a tenth of the people: {drawn}");
        // One half among those who were in the lobby; who came late follows them in order.
        assert!((0.3..0.5).contains(&drawn.arrival_distance), "{drawn}");
    }
}
