//! Who comes, when, and how they behave.

use shared::entropy::Entropy;

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
    pub claims_after_s: u32,
    /// Seconds in the shop.
    pub stays_s: u32,
    /// Leaves the line for good so long after joining, if she is still waiting then.
    pub gives_up_after_s: Option<u32>,
}

/// Seconds from the opening of the lobby to that of the sale.
pub const LOBBY_S: u32 = 600;

/// So many people, in the order in which they come.
pub fn people(count: u32, ghosts: u32, bots: u32, chance: &Entropy) -> Vec<Visitor> {
    let mut all: Vec<Visitor> = (0..count).map(|_| visitor(ghosts, bots, chance)).collect();
    all.sort_by(|a, b| a.comes_s.total_cmp(&b.comes_s));
    all
}

fn visitor(ghosts: u32, bots: u32, chance: &Entropy) -> Visitor {
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
        claims_after_s: 1 + exponential(claim_s, chance) as u32,
        stays_s: 30 + exponential(150.0, chance) as u32,
        gives_up_after_s: (group != Group::Bot && chance.below(100) < 5).then(|| 60 + chance.below(3600)),
    }
}

/// A number from 0 to 1.
fn part(chance: &Entropy) -> f64 {
    f64::from(chance.below(1 << 30)) / f64::from(1 << 30)
}

fn exponential(mean: f64, chance: &Entropy) -> f64 {
    -mean * (1.0 - part(chance)).max(1e-12).ln()
}
