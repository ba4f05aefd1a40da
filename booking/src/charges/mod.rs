//! Charges: what comes onto an event's face prices. A service fee and taxes, reckoned for each ticket by itself, so that the
//! price on a card is the price on the receipt (decision 62).
//!
//! What they make of a ticket type's face price is written into the type when either changes; a hold copies it, with the id of the
//! terms. So the statements of a sale copy some numbers more and reckon nothing, and what was quoted stays.

mod rules;
mod store;

pub use rules::{Charges, Line, NewCharges, Sums, Tax, TaxSum, Terms, split};
pub use store::{insert, terms};
