//! How a face price becomes what is charged, and how sums are split.
//!
//! A line is one ticket. Its fee and its tax are rounded to minor units each, by the rounding that the terms name; everything else
//! is subtraction, so the parts of a line always sum to its price. A sum that has to be told in parts (a tax of several names, a
//! refund) is split by largest remainder (Hamilton's method): the parts sum to it, and none is off by a whole unit.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use shared::problem::Problem;
use utoipa::ToSchema;

use crate::money::{self, PRICE_MAX_MINOR};
use crate::text;

/// Parts per million in a whole: 1 % is 10,000 ppm.
const PPM: i128 = 1_000_000;
/// Taxes of one event at most.
const TAXES_MAX: usize = 4;

/// What is added to each ticket for the service of selling it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceFee {
    /// So much a ticket, in minor units.
    #[serde(default)]
    pub fixed_minor: i64,
    /// And so many millionths of its face price; 1 % is 10,000.
    #[serde(default)]
    pub rate_ppm: i64,
}

/// A tax by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tax {
    /// As buyers know it, such as `VAT 19 %`; at most 40 characters.
    pub name: String,
    /// Millionths; 19 % is 190,000.
    pub rate_ppm: i64,
}

/// How a fee and a tax become whole minor units, line by line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// To the nearest; halves to the even neighbour.
    #[default]
    HalfEven,
    /// To the nearest; halves up.
    HalfUp,
}

/// What comes onto the face prices of an event, as its organiser says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCharges {
    /// A fee for each ticket that costs something; part of what is taxed.
    #[serde(default)]
    service_fee: ServiceFee,
    /// At most four.
    #[serde(default)]
    taxes: Vec<Tax>,
    /// Whether face price and fee have the taxes in them (default), or they are added on top.
    taxes_included: Option<bool>,
    /// How lines are rounded.
    #[serde(default)]
    rounding: Rounding,
}

/// Terms that were checked. The default adds nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Terms {
    /// A fee for each ticket that costs something.
    pub service_fee: ServiceFee,
    /// By name.
    pub taxes: Vec<Tax>,
    /// Whether face price and fee have the taxes in them.
    pub taxes_included: bool,
    /// How lines are rounded.
    pub rounding: Rounding,
}

/// The terms of an event as everybody sees them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Charges {
    /// The figures.
    #[serde(flatten)]
    terms: Terms,
    /// What they mean for buyers, in words.
    text: String,
}

/// What one ticket costs, in parts, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// For the organiser's ticket, without tax.
    pub net_minor: i64,
    /// The service fee, without tax.
    pub fee_minor: i64,
    /// All taxes.
    pub tax_minor: i64,
}

/// A tax of a whole sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaxSum {
    /// The tax.
    #[serde(flatten)]
    pub tax: Tax,
    /// What it comes to, in minor units.
    pub tax_minor: i64,
}

/// The parts of a sum of lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sums {
    /// The parts.
    #[serde(flatten)]
    pub parts: Line,
    /// `tax_minor` by name.
    pub taxes: Vec<TaxSum>,
}

impl NewCharges {
    /// The terms, or what is wrong with them: 422 with a pointer below `at`.
    pub fn checked(&self, at: &str) -> Result<Terms, Problem> {
        let wrong = |field: &str, detail: &str| {
            Problem::invalid(&format!("{at}/{field}"), "out-of-range", detail.to_owned())
        };
        let ServiceFee { fixed_minor, rate_ppm } = self.service_fee;
        if !(0..=PRICE_MAX_MINOR).contains(&fixed_minor) {
            return Err(wrong("service_fee/fixed_minor", "Choose a fee of 0 or more, in minor units."));
        }
        if !is_rate(rate_ppm) {
            return Err(wrong("service_fee/rate_ppm", "Choose 0 to 1000000 millionths; 1 % is 10000."));
        }
        if self.taxes.len() > TAXES_MAX {
            return Err(wrong("taxes", "Name at most four taxes."));
        }
        let mut taxes = Vec::with_capacity(self.taxes.len());
        let mut names = HashSet::new();
        for (i, tax) in self.taxes.iter().enumerate() {
            let name = text::line(&format!("{at}/taxes/{i}/name"), &tax.name, 40)?;
            if !names.insert(name.clone()) {
                let detail = "Give each tax its own name.";
                return Err(Problem::invalid(&format!("{at}/taxes/{i}/name"), "duplicate-name", detail));
            }
            if tax.rate_ppm == 0 || !is_rate(tax.rate_ppm) {
                let field = format!("taxes/{i}/rate_ppm");
                return Err(wrong(&field, "Choose 1 to 1000000 millionths; 19 % is 190000."));
            }
            taxes.push(Tax { name, rate_ppm: tax.rate_ppm });
        }
        let taxes_included = self.taxes_included.unwrap_or(true);
        Ok(Terms { service_fee: self.service_fee, taxes, taxes_included, rounding: self.rounding })
    }
}

fn is_rate(ppm: i64) -> bool {
    (0..=PPM as i64).contains(&ppm)
}

impl Terms {
    /// What a ticket of this face price costs. One that is free has no fee.
    pub fn line(&self, face_minor: i64) -> Line {
        if face_minor == 0 {
            return Line::default();
        }
        let rate: i128 = self.taxes.iter().map(|tax| i128::from(tax.rate_ppm)).sum();
        let percentage = self.rounded(i128::from(face_minor) * i128::from(self.service_fee.rate_ppm), PPM);
        let fee = self.service_fee.fixed_minor + percentage;
        let taxed = i128::from(face_minor) + i128::from(fee);
        if !self.taxes_included {
            return Line {
                net_minor: face_minor,
                fee_minor: fee,
                tax_minor: self.rounded(taxed * rate, PPM),
            };
        }
        let tax_minor = self.rounded(taxed * rate, PPM + rate);
        let untaxed = split(face_minor + fee - tax_minor, &[face_minor, fee]);
        Line { net_minor: untaxed[0], fee_minor: untaxed[1], tax_minor }
    }

    /// `over / under`, both not negative, rounded as the terms say.
    fn rounded(&self, over: i128, under: i128) -> i64 {
        let (whole, rest) = (over / under, over % under);
        let is_up = match (rest * 2).cmp(&under) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => self.rounding == Rounding::HalfUp || whole % 2 == 1,
        };
        // A price is at most 10^10 and a rate at most 4, so it fits.
        (whole + i128::from(is_up)) as i64
    }

    /// What of a line's tax is whose, in the order of the taxes.
    fn taxes_of(&self, line: Line) -> Vec<i64> {
        split(line.tax_minor, &self.taxes.iter().map(|tax| tax.rate_ppm).collect::<Vec<_>>())
    }

    /// The parts of these lines together.
    pub fn sums(&self, lines: impl IntoIterator<Item = Line>) -> Sums {
        let mut parts = Line::default();
        let mut taxes: Vec<TaxSum> =
            self.taxes.iter().map(|tax| TaxSum { tax: tax.clone(), tax_minor: 0 }).collect();
        for line in lines {
            parts = parts.plus(line);
            for (sum, part) in taxes.iter_mut().zip(self.taxes_of(line)) {
                sum.tax_minor += part;
            }
        }
        Sums { parts, taxes }
    }

    /// What buyers are told: that the price they see is the price they pay, and what is in it.
    fn text(&self) -> String {
        let fee = (self.service_fee != ServiceFee::default()).then(|| "a service fee".to_owned());
        let names: Vec<String> = fee.into_iter().chain(self.taxes.iter().map(|t| t.name.clone())).collect();
        match names.as_slice() {
            [] => "Prices are what you pay in the end.".to_owned(),
            [one] => format!("Prices are what you pay in the end. They include {one}."),
            [some @ .., last] => {
                format!("Prices are what you pay in the end. They include {} and {last}.", some.join(", "))
            }
        }
    }
}

impl Sums {
    /// What is in a sum besides its net part, for people; `None` when there is nothing.
    pub fn text(&self, currency: &str) -> Option<String> {
        let shown = |name: &str, minor| format!("{name} {}", money::display(minor, currency));
        let fee = (self.parts.fee_minor > 0).then(|| shown("service fee", self.parts.fee_minor));
        let taxes = self.taxes.iter().map(|sum| shown(&sum.tax.name, sum.tax_minor));
        let parts: Vec<String> = fee.into_iter().chain(taxes).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

impl From<Terms> for Charges {
    fn from(terms: Terms) -> Self {
        Self { text: terms.text(), terms }
    }
}

impl Line {
    /// From what tables keep.
    pub fn of(price_minor: i64, fee_minor: i64, tax_minor: i64) -> Self {
        Self { net_minor: price_minor - fee_minor - tax_minor, fee_minor, tax_minor }
    }

    /// The sum of the parts: what is charged.
    pub fn price_minor(self) -> i64 {
        self.net_minor + self.fee_minor + self.tax_minor
    }

    /// Part by part.
    pub fn plus(self, other: Line) -> Line {
        Line {
            net_minor: self.net_minor + other.net_minor,
            fee_minor: self.fee_minor + other.fee_minor,
            tax_minor: self.tax_minor + other.tax_minor,
        }
    }

    /// The parts of `minor` that is paid back of this line: all of each when it is all.
    pub fn share(self, minor: i64) -> Line {
        let parts = split(minor, &[self.net_minor, self.fee_minor, self.tax_minor]);
        Line { net_minor: parts[0], fee_minor: parts[1], tax_minor: parts[2] }
    }
}

/// Splits `sum` in proportion to `weights` by largest remainder; ties go to who comes first. Nobody has a weight: the first
/// gets it all.
pub fn split(sum: i64, weights: &[i64]) -> Vec<i64> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if whole == 0 {
        let mut parts = vec![0; weights.len()];
        parts.first_mut().into_iter().for_each(|first| *first = sum);
        return parts;
    }
    let shares: Vec<i128> = weights.iter().map(|weight| i128::from(sum) * i128::from(*weight)).collect();
    let mut parts: Vec<i64> = shares.iter().map(|share| (share / whole) as i64).collect();
    let missing = sum - parts.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(shares[*i] % whole));
    for i in order.into_iter().take(missing as usize) {
        parts[i] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(fixed_minor: i64, fee_ppm: i64, taxes: &[i64], taxes_included: bool, half_up: bool) -> Terms {
        let tax = |(i, rate_ppm): (usize, &i64)| Tax { name: format!("tax {i}"), rate_ppm: *rate_ppm };
        Terms {
            service_fee: ServiceFee { fixed_minor, rate_ppm: fee_ppm },
            taxes: taxes.iter().enumerate().map(tax).collect(),
            taxes_included,
            rounding: if half_up { Rounding::HalfUp } else { Rounding::HalfEven },
        }
    }

    fn line(net_minor: i64, fee_minor: i64, tax_minor: i64) -> Line {
        Line { net_minor, fee_minor, tax_minor }
    }

    #[test]
    fn the_parts_are_what_people_reckon_by_hand() {
        // Euros with 19 % in them: 75.00 is 63.03 and 11.97.
        assert_eq!(terms(0, 0, &[190_000], true, false).line(7500), line(6303, 0, 1197));
        // Dollars, 2.50 and 5 % fee, 8.875 % on top of both: 75.00 + 6.25 + 7.21.
        assert_eq!(terms(250, 50_000, &[88_750], false, false).line(7500), line(7500, 625, 721));
        // Yen have no decimals: 10 % of 1,505 is 150.5, and the even neighbour is 150.
        assert_eq!(terms(0, 0, &[100_000], false, false).line(1505), line(1505, 0, 150));
        assert_eq!(terms(0, 0, &[100_000], false, true).line(1505), line(1505, 0, 151));
        // Dinars have three: 5 % in 12.345 with a fee of 0.500.
        assert_eq!(terms(500, 0, &[50_000], true, false).line(12_345), line(11_757, 476, 612));
        assert_eq!(
            terms(250, 50_000, &[190_000], false, false).line(0),
            Line::default(),
            "a gift has no fee"
        );
    }

    #[test]
    fn a_sum_is_split_without_a_rest() {
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split(5, &[0, 3, 7]), [0, 2, 3]);
        assert_eq!(split(7, &[0, 0]), [7, 0]);
        assert_eq!(split(0, &[]), Vec::<i64>::new());
    }

    #[test]
    fn buyers_are_told_what_is_in_the_price() {
        let vat = Tax { name: "VAT 19 %".into(), rate_ppm: 190_000 };
        let both = Terms { taxes: vec![vat.clone()], ..terms(1, 0, &[], true, false) };
        assert!(both.text().ends_with("They include a service fee and VAT 19 %."));
        assert!(Terms { taxes: vec![vat], ..Terms::default() }.text().ends_with("They include VAT 19 %."));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let tax = |name: &str, rate_ppm| Tax { name: name.into(), rate_ppm };
        let with = |taxes| NewCharges { taxes, ..NewCharges::default() };
        for (new, slug) in [
            (with(vec![tax("VAT", 0)]), "out-of-range"),
            (with(vec![tax("VAT", 1_000_001)]), "out-of-range"),
            (with(vec![tax(" ", 1)]), "blank"),
            (with(vec![tax("VAT", 1), tax("VAT ", 2)]), "duplicate-name"),
            (with(vec![tax("a", 1), tax("b", 1), tax("c", 1), tax("d", 1), tax("e", 1)]), "out-of-range"),
            (
                NewCharges { service_fee: ServiceFee { fixed_minor: -1, rate_ppm: 0 }, ..with(vec![]) },
                "out-of-range",
            ),
            (
                NewCharges { service_fee: ServiceFee { fixed_minor: 0, rate_ppm: -1 }, ..with(vec![]) },
                "out-of-range",
            ),
        ] {
            assert_eq!(new.checked("/charges").unwrap_err().slug(), slug, "{new:?}");
        }
        assert!(with(vec![]).checked("/charges").unwrap().taxes_included);
    }

    fn any_terms() -> impl Strategy<Value = Terms> {
        let rate = 0..=1_000_000i64;
        let taxes = prop::collection::vec(1..=1_000_000i64, 0..=4);
        (0..=10_000_000i64, rate, taxes, any::<bool>(), any::<bool>())
            .prop_map(|(fixed, fee, taxes, included, up)| terms(fixed, fee, &taxes, included, up))
    }

    proptest! {
        // Minor units have no decimals, so what holds for them holds for currencies of 0, 2 and 3.
        #[test]
        fn the_parts_of_a_ticket_sum_to_its_price(terms in any_terms(), face in 0..=PRICE_MAX_MINOR) {
            let line = terms.line(face);
            prop_assert!(line.net_minor >= 0 && line.fee_minor >= 0 && line.tax_minor >= 0);
            prop_assert_eq!(Line::of(line.price_minor(), line.fee_minor, line.tax_minor), line);
            if terms.taxes_included && face > 0 {
                let fee = terms.service_fee.fixed_minor
                    + terms.rounded(i128::from(face) * i128::from(terms.service_fee.rate_ppm), PPM);
                prop_assert_eq!(line.price_minor(), face + fee, "nothing is added on top");
            }
            let sums = terms.sums([line, line, line]);
            prop_assert_eq!(sums.parts.price_minor(), 3 * line.price_minor());
            if !terms.taxes.is_empty() {
                prop_assert_eq!(sums.taxes.iter().map(|t| t.tax_minor).sum::<i64>(), sums.parts.tax_minor);
            }
        }

        #[test]
        fn a_dearer_ticket_never_costs_less(terms in any_terms(), face in 0..PRICE_MAX_MINOR) {
            prop_assert!(terms.line(face).price_minor() <= terms.line(face + 1).price_minor());
        }

        #[test]
        fn refunds_of_all_parts_sum_to_what_was_paid(terms in any_terms(), face in 1..=PRICE_MAX_MINOR, percent in 0..=100i64) {
            let line = terms.line(face);
            prop_assert_eq!(line.share(line.price_minor()), line, "all of it is all of each part");
            let refund = (i128::from(line.price_minor()) * i128::from(percent) / 100) as i64;
            let (back, kept) = (line.share(refund), line.price_minor() - refund);
            prop_assert_eq!(back.price_minor(), refund);
            prop_assert!(back.net_minor <= line.net_minor && back.fee_minor <= line.fee_minor && back.tax_minor <= line.tax_minor);
            prop_assert_eq!(back.price_minor() + kept, line.price_minor());
        }

        #[test]
        fn nobody_is_off_by_a_unit(sum in 0..=PRICE_MAX_MINOR, weights in prop::collection::vec(0..=PRICE_MAX_MINOR, 1..10)) {
            let parts = split(sum, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), sum);
            let whole: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            for (part, weight) in parts.iter().zip(&weights).filter(|_| whole > 0) {
                let exact = i128::from(sum) * i128::from(*weight);
                prop_assert!((i128::from(*part) * whole - exact).abs() < whole);
            }
        }
    }
}
