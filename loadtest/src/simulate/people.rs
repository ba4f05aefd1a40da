//! Who comes, when, and how they behave.

use shared::entropy::Entropy;

use super::Options;

/// How somebody is connected, or that nobody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// A good connection.
    Fast,
    /// A slow one, which brings people into the lobby and to the door later.
    Slow,
    /// A program.
    Bot,
}

impl Group {
    /// All, in the order of the report.
    pub const ALL: [(Group, &'static str); 3] =
        [(Self::Fast, "fast"), (Self::Slow, "slow"), (Self::Bot, "bots")];
}

/// One who comes.
#[derive(Debug, Clone, Copy)]
pub struct Visitor {
    /// Which group.
    pub group: Group,
    /// Seconds after the lobby opens.
    pub comes_s: f64,
    /// Gone when it is her turn.
    pub is_ghost: bool,
    /// Seconds from the call to the claim.
    pub claims_after_s: f64,
    /// Seconds in the shop.
    pub stays_s: f64,
    /// Leaves the line for good so long after joining, if she is still waiting then.
    pub gives_up_after_s: Option<f64>,
}

/// Seconds from the opening of the lobby to that of the sale.
pub const LOBBY_S: u32 = 600;

/// So many people, in the order in which they come.
pub fn people(options: &Options, chance: &Entropy) -> Vec<Visitor> {
    let mut all: Vec<Visitor> = (0..options.visitors).map(|_| visitor(options, chance)).collect();
    all.sort_by(|a, b| a.comes_s.total_cmp(&b.comes_s));
    all
}

fn visitor(options: &Options, chance: &Entropy) -> Visitor {
    let (ghosts, bots) = (options.ghosts.min(100), options.bots.min(100));
    let group = match chance.below(100) {
        n if n < bots => Group::Bot,
        n if n % 3 == 0 => Group::Slow,
        _ => Group::Fast,
    };
    let lobby_s = f64::from(LOBBY_S);
    // People hurry to the lobby's opening, fewer and fewer come later, and one in ten after the sale has begun.
    let late = chance.below(10) == 0;
    let comes_s = match group {
        Group::Bot => part(chance),
        _ if late => lobby_s * (1.0 + part(chance)),
        Group::Fast => (1.0 + exponential(lobby_s / 4.0, chance)).min(lobby_s * 1.5),
        Group::Slow => (4.0 + exponential(lobby_s / 4.0, chance)).min(lobby_s * 1.5),
    };
    let claim_s = if group == Group::Slow { 12.0 } else { 5.0 };
    Visitor {
        group,
        comes_s,
        is_ghost: group != Group::Bot && chance.below(100) < ghosts,
        claims_after_s: 1.0 + exponential(claim_s, chance),
        // A visit takes a sixth of the mean at least.
        stays_s: f64::from(options.stays) * (1.0 + exponential(5.0, chance)) / 6.0,
        gives_up_after_s: (group != Group::Bot && chance.below(100) < 5)
            .then(|| 60.0 + 3600.0 * part(chance)),
    }
}

/// A number from 0 to 1.
fn part(chance: &Entropy) -> f64 {
    f64::from(chance.below(1 << 30)) / f64::from(1 << 30)
}

fn exponential(mean: f64, chance: &Entropy) -> f64 {
    -mean * (1.0 - part(chance)).max(1e-12).ln()
}
