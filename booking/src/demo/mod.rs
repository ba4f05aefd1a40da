//! The demo: the seeds' people and events, a tiered concert, a hot on-sale behind a waiting room, and a few more nights
//! out, so that pages are not empty. Made through the features' own functions; what stands already is left alone.

mod order;

use serde_json::{Value, json};
use shared::access::Role;
use shared::clock::Ts;
use shared::config::DEMO_PASSWORD;
use time::{Date, Duration, Month, OffsetDateTime, Time};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::events::{self, NewEvent};
use crate::users;
use crate::venues::{self, NewVenue, SectionSpec};

/// The room in front of the hot on-sale.
pub const ROOM: &str = "rush-night";

/// Fills an installation with the demo and returns the id of the event that the room [`ROOM`] guards. Running it again
/// changes nothing.
///
/// # Errors
/// In production mode, where accounts with a known password have no place.
pub async fn seed_demo(app: &App) -> Result<String> {
    if app.settings.is_production() {
        let text = "the demo has accounts with a known password; seed it in development mode only";
        return Err(Error::Internal(text.to_owned()));
    }
    let alice = account(app, "Alice Buyer", "alice@example.com", Role::Guest).await?;
    let bob = account(app, "Bob Organizer", "bob@events.com", Role::Organizer).await?;
    account(app, "Carol Admin", "carol@admin.com", Role::Admin).await?;
    account(app, "Dan Gate", "dan@events.com", Role::Gate).await?;
    let now = app.now();
    let rock_night = event(app, bob, rock_night(now)).await?;
    order::alices_order(app, alice, rock_night).await?;
    event(app, bob, tech_conference(now)).await?;
    let hall = layout(app, bob, &METROPOLITAN_HALL, concert_hall()).await?;
    event(app, bob, tiered_concert(now, hall)).await?;
    let bowl = layout(app, bob, &THUNDER_BOWL, bowl()).await?;
    let hot = event(app, bob, rush_night(now, bowl)).await?;
    let opera = layout(app, bob, &OPERA_HOUSE, theatre()).await?;
    event(app, bob, ballet(now, opera)).await?;
    let screen = layout(app, bob, &ROXY, cinema()).await?;
    event(app, bob, film(now, screen)).await?;
    for open_air in open_airs(now) {
        event(app, bob, open_air).await?;
    }
    Ok(hot.to_string())
}

async fn account(app: &App, name: &str, email: &str, role: Role) -> Result<Uuid> {
    if let Some(user) = users::by_email(app.db.ex(), email).await? {
        return Ok(user.id);
    }
    let made = users::create_account(app, name, email, DEMO_PASSWORD, role).await?;
    made.ok_or_else(|| Error::Internal(format!("{email} was registered at this moment; seed again")))
}

/// The owner's event of this name, made when there is none.
async fn event(app: &App, owner: Uuid, body: Value) -> Result<i64> {
    let body: NewEvent = read(body)?;
    match events::named(app.db.ex(), owner, &body.name).await? {
        Some(id) => Ok(id),
        None => events::create(app, &body, owner).await,
    }
}

/// A venue of the demo.
struct DemoVenue {
    name: &'static str,
    address: &'static str,
    zone: &'static str,
}

const METROPOLITAN_HALL: DemoVenue =
    DemoVenue { name: "Metropolitan Hall", address: "12 Grand Avenue, New York", zone: "America/New_York" };
const THUNDER_BOWL: DemoVenue =
    DemoVenue { name: "Thunder Bowl", address: "1 Arena Square, Los Angeles", zone: "America/Los_Angeles" };
const OPERA_HOUSE: DemoVenue =
    DemoVenue { name: "Riverside Opera House", address: "Am Ufer 3, Berlin", zone: "Europe/Berlin" };
const ROXY: DemoVenue =
    DemoVenue { name: "Roxy Cinema", address: "48 Brook Street, London", zone: "Europe/London" };

/// A session's place: the venue and its layout.
#[derive(Clone, Copy)]
struct Hall {
    venue: i64,
    layout: i64,
}

async fn layout(app: &App, owner: Uuid, venue: &DemoVenue, sections: Value) -> Result<Hall> {
    let sections: Vec<SectionSpec> = read(sections)?;
    let venue =
        NewVenue { name: venue.name.into(), address: venue.address.into(), time_zone: venue.zone.into() };
    let (venue, layout) = venues::ensure_layout(app, owner, &venue, "Standard", sections).await?;
    Ok(Hall { venue, layout })
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|e| Error::Internal(format!("the demo is wrong: {e}")))
}

/// The next such date after `now`: the seeds' own dates lie in the past.
fn next(month: Month, day: u8, hour: u8, now: Ts) -> String {
    let in_year = |year| {
        let date = Date::from_calendar_date(year, month, day).unwrap_or(Date::MIN);
        date.with_time(Time::from_hms(hour, 0, 0).unwrap_or(Time::MIDNIGHT)).assume_utc()
    };
    let this_year = in_year(now.datetime().year());
    let at = if this_year > now.datetime() { this_year } else { in_year(now.datetime().year() + 1) };
    Ts::from(at).to_string()
}

/// `days` from today at `hour`, in the venue's own time.
fn evening(days: i64, hour: u8, now: Ts) -> String {
    let day: OffsetDateTime = (now + Duration::days(days)).datetime();
    format!("{}T{hour:02}:00", day.date())
}

fn rock_night(now: Ts) -> Value {
    json!({
        "name": "Rock Night", "description": "Live rock concert", "venue": "City Arena", "category": "concert",
        "event_date": next(Month::December, 10, 20, now), "ticket_price": 75.00, "total_tickets": 500,
    })
}

fn tech_conference(now: Ts) -> Value {
    json!({
        "name": "Tech Conference", "description": "Annual tech meetup", "venue": "Convention Center",
        "category": "conference", "event_date": next(Month::January, 15, 9, now), "ticket_price": 120.00,
        "total_tickets": 300,
    })
}

fn concert_hall() -> Value {
    json!([
        { "name": "VIP", "rows": 5, "columns": 20, "around": { "radius": 260, "degrees": 0 }, "seat_numbers": "odd_even" },
        { "name": "Front Row", "rows": 8, "columns": 25, "aisles": [12], "around": { "radius": 430, "degrees": 0 } },
        { "name": "Floor", "rows": 12, "columns": 40, "standing": true, "at": { "x": -400, "y": 690 } },
    ])
}

fn tiered_concert(now: Ts, hall: Hall) -> Value {
    json!({
        "name": "Aurora Live", "category": "concert", "venue_id": hall.venue,
        "description": "One voice, one grand piano, and a hall that listens.\nVIP and Front Row are seated; General Admission stands on the floor.",
        "sessions": [{
            "starts_at": evening(30, 20, now), "doors_at": evening(30, 19, now), "layout_id": hall.layout,
            "room_name": "Great Hall",
            "ticket_types": [
                { "name": "VIP", "price": 100, "section": "VIP", "premium": true, "colour": "#8c6d1f" },
                { "name": "Front Row", "price": 50, "section": "Front Row", "colour": "#0072b2" },
                { "name": "General Admission", "price": 10, "section": "Floor", "quantity": 1000, "colour": "#009e73" },
            ],
        }],
    })
}

/// Blocks of one ring of the bowl: seven of them, a seventh of the circle each, so that rows that grow by a seat keep
/// the aisles between blocks open.
fn ring(name: &str, radius: i64, rows: u32, columns: u32) -> Vec<Value> {
    let blocks = (0..7).map(|block| {
        json!({
            "name": format!("{name} {}", block + 1), "rows": rows, "columns": columns, "columns_step": 1,
            "around": { "radius": radius, "degrees": f64::from(block) * 360.0 / 7.0 },
        })
    });
    blocks.collect()
}

/// An arena in the round: 4,186 seats in three rings.
fn bowl() -> Value {
    [ring("Golden Circle", 160, 6, 5), ring("Lower Tier", 344, 10, 13), ring("Upper Tier", 624, 12, 26)]
        .concat()
        .into()
}

fn rush_night(now: Ts, bowl: Hall) -> Value {
    let sections = |ring: &str| (1..=7).map(|block| format!("{ring} {block}")).collect::<Vec<_>>();
    json!({
        "name": "Rush Night", "category": "concert", "venue_id": bowl.venue, "room": ROOM, "per_person_limit": 8,
        "description": "The show everybody wants. One night, in the round, 4,186 seats.\nIt sells through the waiting room: your place in line is kept, even if you close this page.",
        "sessions": [{
            "starts_at": evening(60, 20, now), "doors_at": evening(60, 18, now), "layout_id": bowl.layout,
            "ticket_types": [
                { "name": "Golden Circle", "price": 150, "sections": sections("Golden Circle"), "premium": true, "colour": "#e69f00" },
                { "name": "Lower Tier", "price": 95, "sections": sections("Lower Tier"), "colour": "#0072b2" },
                { "name": "Upper Tier", "price": 45, "sections": sections("Upper Tier"), "colour": "#56b4e9" },
            ],
        }],
    })
}

fn theatre() -> Value {
    json!([
        { "name": "Stalls", "rows": 14, "columns": 28, "aisles": [7, 21], "seat_numbers": "odd_even" },
        { "name": "Dress Circle", "rows": 6, "columns": 32, "aisles": [8, 24], "seat_numbers": "odd_even" },
        { "name": "Balcony", "rows": 5, "columns": 36, "aisles": [9, 27], "seat_numbers": "odd_even" },
    ])
}

fn ballet(now: Ts, opera: Hall) -> Value {
    let night = |days| {
        json!({
            "starts_at": evening(days, 19, now), "layout_id": opera.layout, "room_name": "Main Stage",
            "ticket_types": [
                { "name": "Stalls", "price": 90, "section": "Stalls", "premium": true },
                { "name": "Dress Circle", "price": 65, "section": "Dress Circle" },
                { "name": "Balcony", "price": 28, "section": "Balcony" },
            ],
        })
    };
    json!({
        "name": "The Swan of the North", "category": "theatre", "venue_id": opera.venue,
        "description": "A ballet in three acts with full orchestra. Two intervals.",
        "sessions": [night(20), night(21), night(22)],
    })
}

fn cinema() -> Value {
    json!([{ "name": "Screen 1", "rows": 10, "columns": 16, "aisles": [4, 12] }])
}

fn film(now: Ts, screen: Hall) -> Value {
    let showing = |days, hour| {
        json!({
            "starts_at": evening(days, hour, now), "layout_id": screen.layout, "room_name": "Screen 1",
            "ticket_types": [{ "name": "Standard", "price": 14.5, "section": "Screen 1" }],
        })
    };
    json!({
        "name": "The Long Take", "category": "movie", "venue_id": screen.venue,
        "description": "A thriller in a single shot. Followed by a talk with the director on the first night.",
        "sessions": [showing(5, 18), showing(5, 21), showing(6, 18), showing(6, 21)],
    })
}

/// Events without seats to choose: each a name, a category, a place, days from now, an hour, a price and a number.
fn open_airs(now: Ts) -> Vec<Value> {
    let simple = |name: &str,
                  category: &str,
                  venue: [&str; 2],
                  days,
                  hour,
                  price: f64,
                  total: u32,
                  text: &str| {
        json!({
            "name": name, "description": text, "category": category, "venue": venue[0], "time_zone": venue[1],
            "event_date": evening(days, hour, now), "ticket_price": price, "total_tickets": total,
        })
    };
    let mut festival = simple(
        "Harbour Lights Festival",
        "festival",
        ["Harbour Park", "Australia/Sydney"],
        120,
        14,
        89.0,
        5000,
        "Three stages by the water. Sales open soon: the countdown is on the page.",
    );
    festival["sales_open_at"] = evening(7, 10, now).into();
    vec![
        festival,
        simple(
            "City Derby: United v. Rovers",
            "sports",
            ["Northgate Stadium", "Europe/London"],
            14,
            15,
            32.0,
            8000,
            "The one that splits families. Home and away fans welcome in the open stand.",
        ),
        simple(
            "Jazz at the Harbour",
            "concert",
            ["Pier 9", "America/New_York"],
            9,
            21,
            25.0,
            220,
            "A trio, a horn, and the last ferry home.",
        ),
        simple(
            "Cellar Comedy",
            "comedy",
            ["The Cellar", "Europe/London"],
            3,
            20,
            12.0,
            60,
            "Five new sets and one familiar face.",
        ),
        simple(
            "Light & Glass: Gallery Late",
            "exhibition",
            ["Glasshouse Gallery", "Europe/Berlin"],
            11,
            18,
            0.0,
            150,
            "An evening among lamps. Free, but places are counted.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_seats_of_the_demo_s_houses_touch() {
        for (house, seats) in [(bowl(), 4186), (concert_hall(), 300), (theatre(), 764), (cinema(), 160)] {
            let sections: Vec<SectionSpec> = read(house).unwrap();
            venues::rules::check(&sections).unwrap();
            let plan = venues::plan::plan(&sections);
            assert_eq!(plan.capacity(), seats);
            let places: Vec<(i64, i64)> = plan
                .sections
                .iter()
                .flat_map(|s| &s.rows)
                .flat_map(|r| &r.seats)
                .map(|s| (s.x, s.y))
                .collect();
            for (i, a) in places.iter().enumerate() {
                for b in &places[i + 1..] {
                    let apart = (a.0 - b.0).pow(2) + (a.1 - b.1).pow(2);
                    assert!(apart > 18 * 18, "{a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn a_date_of_the_seeds_moves_to_its_next_occurrence() {
        let november = Ts::from_seconds(1_795_219_200);
        assert_eq!(next(Month::December, 10, 20, november), "2026-12-10T20:00:00Z");
        assert_eq!(next(Month::January, 15, 9, november), "2027-01-15T09:00:00Z");
    }
}
