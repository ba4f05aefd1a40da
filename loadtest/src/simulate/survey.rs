//! How right the shown waits are in sales of many kinds: `rushline simulate --survey --sales 5`.

use std::fmt;

use waiting_room::eta::tally::{BANDS, Tally, bounds_of};

use super::{Options, one};

/// A kind of sale: its name, and how it differs from what the options say.
type Kind = (&'static str, fn(&mut Options));

/// What sales differ in. All but one without an operator's acts.
const KINDS: [Kind; 10] = [
    ("nobody is gone", |sale| (sale.ghosts, sale.bots) = (0, 0)),
    ("a fifth are gone", |sale| (sale.ghosts, sale.bots) = (20, 0)),
    ("half are gone", |sale| (sale.ghosts, sale.bots) = (50, 0)),
    ("programs come first", |_| ()),
    ("many programs, and half gone", |sale| (sale.ghosts, sale.bots) = (50, 30)),
    ("a draw, and half gone", |sale| (sale.draw, sale.ghosts) = (true, 50)),
    ("pauses and other rates", |sale| sale.undisturbed = false),
    ("the rate alone decides", |sale| (sale.rate, sale.cap) = (sale.rate / 2, sale.cap * 50)),
    ("short visits", |sale| sale.stays /= 2),
    ("long visits", |sale| sale.stays = sale.stays * 5 / 3),
];

/// What came of the waits shown in the sales of each kind.
pub struct Survey(Vec<(&'static str, Vec<Tally>)>);

/// Runs `options.sales` sales of each kind, each with a seed of its own.
pub fn survey(options: &Options) -> Survey {
    let of_kind = |(name, change): &Kind| {
        let mut kind = Options { undisturbed: true, ..options.clone() };
        change(&mut kind);
        (*name, (0..options.sales).map(|n| one(&kind, n).tally).collect())
    };
    Survey(KINDS.iter().map(of_kind).collect())
}

impl Survey {
    /// Of the sales of all kinds.
    pub fn all(&self) -> Vec<Tally> {
        self.0.iter().flat_map(|(_, sales)| sales.clone()).collect()
    }
}

/// Of waits shown at one depth, the share that was right: in all sales, and in the worst and the best of those with enough
/// of them.
pub fn shares(sales: &[Tally], band: usize) -> Option<(f64, f64, f64)> {
    const ENOUGH: u64 = 100;
    let mut all = Tally::default();
    sales.iter().for_each(|sale| all.add(sale));
    let each = sales.iter().map(|sale| &sale.bands[band]).filter(|counts| counts.compared() >= ENOUGH);
    let each: Vec<f64> = each.filter_map(|counts| counts.right_share()).collect();
    let share = all.bands[band].right_share().filter(|_| !each.is_empty())?;
    Some((share, each.iter().copied().fold(1.0, f64::min), each.iter().copied().fold(0.0, f64::max)))
}

impl fmt::Display for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<30}", "right of 100 shown (a sale)")?;
        for band in 0..BANDS {
            let (from, to) = bounds_of(band);
            let ahead = to.map_or_else(|| format!("{from}–"), |to| format!("{from}–{to}"));
            write!(f, " {ahead:>16}")?;
        }
        writeln!(f)?;
        let all = ("all", self.all());
        for (name, sales) in self.0.iter().chain([&all]) {
            write!(f, "{name:<30}")?;
            for band in 0..BANDS {
                let [share, worst, best] = shares(sales, band)
                    .map_or([f64::NAN; 3], |(share, worst, best)| [share, worst, best].map(|of| of * 100.0));
                match share.is_nan() {
                    true => write!(f, " {:>16}", "–")?,
                    false => write!(f, " {:>16}", format!("{share:.0} ({worst:.0}–{best:.0})"))?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
