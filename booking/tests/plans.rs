//! Seating plans from files: tried, kept, sold by category, shown with their drawing, and given away again.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;
use std::fmt::Write;

use common::buying::slug;
use common::{Answer, Engine, Shop, answer};
use reqwest::Method;
use serde_json::{Value, json};
use shared::access::Role;
use shared::config::Settings;
use shared::peer::Peer;

/// A small stadium: a drawn ground and stage, two blocks, one of them with gold seats.
const STADIUM: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">
  <rect width="200" height="100" fill="#f4f4f4"/>
  <rect id="stage" x="60" y="0" width="80" height="10"/>
  <g id="block-North">
    <g id="row-1"><circle class="seat gold" cx="80" cy="30" r="3"/><circle class="seat gold" cx="90" cy="30" r="3"/></g>
    <g id="row-2"><circle class="seat" fill="#00f" cx="80" cy="40" r="3"/><circle class="seat" fill="#00f" cx="90" cy="40" r="3"/></g>
  </g>
  <g id="block-South"><circle class="seat gold" id="seat-South-1-1" cx="80" cy="80" r="3"/></g>
</svg>"##;

/// An organiser and a venue of hers.
async fn house(shop: &Shop) -> (String, Value) {
    let (_, bob) = shop.user(Role::Organizer).await;
    let (status, venue) =
        shop.post("/api/v1/venues", &bob, json!({ "name": "Bowl", "time_zone": "UTC" })).await;
    assert_eq!(status, 201, "{venue}");
    (bob, venue["id"].clone())
}

async fn upload(shop: &Shop, bob: &str, venue: &Value, kind: &str, body: &Value) -> Answer {
    shop.post(&format!("/api/v1/venues/{venue}/layouts/{kind}"), bob, body.clone()).await
}

/// A session on this layout that is on sale, with these ticket types.
async fn session_on(shop: &Shop, bob: &str, venue: &Value, layout: &Value, types: Value) -> Answer {
    let event = json!({ "name": "Derby", "venue_id": venue, "status": "published", "sessions": [{
        "starts_at": "2026-12-10T18:00:00Z", "layout_id": layout, "ticket_types": types,
    }]});
    shop.post("/api/v1/events", bob, event).await
}

/// Every seat of a pretix plan as zone, row, number, guid and place on the whole plan.
fn seats_of(plan: &Value) -> Vec<(String, String, i64, i64)> {
    let list = |value: &Value| value.as_array().unwrap().clone();
    let at = |thing: &Value, axis: &str| thing["position"][axis].as_f64().unwrap();
    let mut seats = Vec::new();
    for zone in list(&plan["zones"]) {
        for row in list(&zone["rows"]) {
            for seat in list(&row["seats"]) {
                let place = |axis| (at(&zone, axis) + at(&row, axis) + at(&seat, axis)).round() as i64;
                let name = format!("{}/{}/{}", zone["name"], row["row_number"], seat["seat_number"]);
                seats.push((name, seat["seat_guid"].to_string(), place("x"), place("y")));
            }
        }
    }
    seats
}

/// What the published schema asks of a plan (`additionalProperties: false`, `required`, types), in our own words.
fn assert_fits_the_schema(plan: &Value) {
    let has_only = |thing: &Value, required: &[&str], optional: &[&str]| {
        let members: HashSet<&str> = thing.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(required.iter().all(|name| members.contains(name)), "{required:?} of {thing}");
        let known: HashSet<&str> = required.iter().chain(optional).copied().collect();
        assert!(members.is_subset(&known), "{:?} in {thing}", members.difference(&known));
    };
    let place = |thing: &Value| has_only(&thing["position"], &["x", "y"], &[]);
    has_only(plan, &["zones", "name", "categories", "size"], &[]);
    assert!(plan["size"]["width"].is_i64() && plan["size"]["height"].is_i64());
    let mut once = HashSet::new();
    let mut is_new = |thing: &Value| assert!(once.insert(thing["uuid"].to_string()), "{thing}");
    let categories: HashSet<&str> = plan["categories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|category| category["name"].as_str().unwrap())
        .collect();
    for zone in plan["zones"].as_array().unwrap() {
        has_only(zone, &["position", "rows"], &["name", "zone_id", "uuid", "areas"]);
        place(zone);
        is_new(zone);
        for row in zone["rows"].as_array().unwrap() {
            has_only(
                row,
                &["seats", "row_number"],
                &["row_label", "seat_label", "uuid", "row_number_position", "position"],
            );
            is_new(row);
            for seat in row["seats"].as_array().unwrap() {
                has_only(
                    seat,
                    &["seat_guid", "seat_number", "position", "category"],
                    &["uuid", "start_direction", "radius"],
                );
                place(seat);
                is_new(seat);
                assert!(categories.contains(seat["category"].as_str().unwrap()));
            }
        }
        for area in zone["areas"].as_array().unwrap() {
            let shapes = ["shape", "polygon", "rectangle", "ellipse", "circle", "text"];
            has_only(
                area,
                &[],
                &[&shapes[..], &["color", "border_color", "rotation", "position", "uuid"]].concat(),
            );
            is_new(area);
        }
    }
}

on_both_engines! {
    async fn a_drawing_is_tried_mapped_kept_sold_by_category_and_shown(shop) {
        let (bob, venue) = house(&shop).await;
        // The file itself, only to look.
        let path = format!("/api/v1/venues/{venue}/layouts/svg?name=Bowl&dry_run=true");
        let request = shop.request(Method::POST, &path, &bob).header("Content-Type", "image/svg+xml").body(STADIUM);
        let (status, report) = answer(request).await;
        assert_eq!((status, &report["seats"]), (200, &json!(5)), "{report}");
        assert_eq!(report["sections"], json!([{ "name": "North", "rows": 2, "seats": 4 }, { "name": "South", "rows": 1, "seats": 1 }]));
        let classes = report["found"]["classes"].as_array().unwrap();
        assert!(classes.contains(&json!({ "value": "gold", "elements": 3, "seats": 3 })), "{report}");
        assert_eq!(shop.get("/api/v1/venues?q=Bowl", "").await.1[0]["layouts"], json!([]));
        // With a mapping.
        let mapping = json!({ "categories": [{ "name": "Gold", "colour": "#FFD700", "classes": ["gold"] }, { "name": "Blue", "colours": ["blue", "#0000ff"] }] });
        let mut body = json!({ "name": "Bowl", "svg": STADIUM, "mapping": mapping, "dry_run": true });
        let (_, report) = upload(&shop, &bob, &venue, "svg", &body).await;
        assert_eq!(report["categories"], json!([{ "name": "Gold", "colour": "#ffd700", "seats": 3 }, { "name": "Blue", "colour": null, "seats": 2 }]));
        assert_eq!(report["unmatched_total"], 0);
        body["dry_run"] = json!(false);
        let (status, layout) = upload(&shop, &bob, &venue, "svg", &body).await;
        assert_eq!((status, &layout["seats"], &layout["version"]), (201, &json!(5), &json!(1)), "{layout}");
        let (_, plan) = shop.get(&format!("/api/v1/layouts/{}", layout["id"]), &bob).await;
        assert_eq!(plan["sections"][1]["rows"][0]["seats"][0], json!({ "label": "1", "x": 160, "y": 160, "key": "seat-South-1-1", "category": 0 }));
        // Sold by category.
        let types = json!([{ "name": "Best", "price_minor": 9000, "categories": ["Gold"], "premium": true }, { "name": "Good", "price_minor": 5000, "categories": ["Blue"] }]);
        let (status, event) = session_on(&shop, &bob, &venue, &layout["id"], types).await;
        assert_eq!(status, 201, "{event}");
        let session = event["sessions"][0]["id"].as_i64().unwrap();
        let (_, map) = shop.get(&format!("/api/v1/sessions/{session}/seats"), "").await;
        assert_eq!(map["seats"]["ids"].as_array().unwrap().len(), 5);
        assert_eq!(map["ticket_types"][0]["remaining"], 3);
        let background = &map["layout"]["background"];
        assert_eq!((&background["w"], &background["h"], &background["url"]), (&json!(400), &json!(200), &plan["background"]));
        assert_eq!(shop.hold(session, &shop.buyer().await, 2).await["seats"][0]["section"], "North");
        // The drawing: without its seats, for ever, and unable to do anything.
        let drawing = shop.request(Method::GET, background["url"].as_str().unwrap(), "").send().await.unwrap();
        let header = |name: &str| drawing.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "image/svg+xml; charset=utf-8");
        assert!(header("content-security-policy").contains("default-src 'none'") && header("cache-control").contains("immutable"));
        let drawing = drawing.text().await.unwrap();
        assert!(drawing.contains("#f4f4f4") && !drawing.contains("circle"), "{drawing}");
        assert_eq!(shop.get("/api/v1/drawings/0123", "").await.0, 404);
    }

    /// Row 71 of the list of bad inputs.
    async fn files_that_cannot_be_meant_are_refused_and_nothing_is_kept(shop) {
        let (bob, venue) = house(&shop).await;
        let svg = |svg: &str| json!({ "name": "Bad", "svg": svg });
        for (body, wanted) in [
            (svg("<svg><script>1</script></svg>"), "unsafe-svg"),
            (svg("<svg onload='x()'/>"), "unsafe-svg"),
            (svg("<svg><g onclick='x()'/></svg>"), "unsafe-svg"),
            (svg("<svg><foreignObject/></svg>"), "unsafe-svg"),
            (svg("<svg><image href='https://evil.example/a.png'/></svg>"), "unsafe-svg"),
            (svg("<svg><use href='other.svg#a'/></svg>"), "unsafe-svg"),
            (svg("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>"), "unsafe-svg"),
            (svg("<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><svg><text>&b;</text></svg>"), "unsafe-svg"),
            (svg("no drawing"), "malformed-svg"),
            (svg("<svg><circle r='1'/></svg>"), "no-seats"),
            (svg("<svg><circle id='seat-A-1' r='1'/><circle id='seat-A-1' r='1'/></svg>"), "duplicate-seat"),
            (json!({ "name": " ", "svg": "<svg/>" }), "blank"),
            (json!({ "name": "Bad", "svg": STADIUM, "mapping": { "categories": [{ "name": "A" }, { "name": "A" }] } }), "duplicate-name"),
            (json!({ "name": "Bad", "svg": STADIUM, "mapping": { "colour": 1 } }), "unknown-field"),
        ] {
            let (status, refused) = upload(&shop, &bob, &venue, "svg", &body).await;
            assert_eq!((status, slug(&refused)), (422, wanted), "{refused}");
        }
        let path = format!("/api/v1/venues/{venue}/layouts/svg?name=Bad");
        let send = |mime: &'static str, bytes: Vec<u8>| {
            answer(shop.request(Method::POST, &path, &bob).header("Content-Type", mime).body(bytes))
        };
        assert_eq!(send("image/svg+xml", vec![b'<', 0xff, b'>']).await.0, 422);
        assert_eq!(send("image/png", b"PNG".to_vec()).await.0, 415);
        let million = format!("<svg>{}</svg>", "<path/>".repeat(1_000_000)).into_bytes();
        let (status, refused) = send("image/svg+xml", million).await;
        assert_eq!((status, slug(&refused), &refused["element"]), (422, "unsafe-svg", &json!("path")));
        assert_eq!(send("image/svg+xml", vec![b' '; 17 << 20]).await.0, 413);
        let plan = json!({ "plan": { "name": "P", "categories": [], "zones": [{ "position": { "x": 0, "y": 0 }, "rows": [
            { "row_number": "1", "seats": [{ "seat_guid": "a", "seat_number": "1", "position": { "x": 0, "y": 0 }, "category": "Gold" }] }] }] } });
        let (status, refused) = upload(&shop, &bob, &venue, "pretix", &plan).await;
        assert_eq!((status, slug(&refused), &refused["errors"][0]["pointer"]), (422, "malformed-plan", &json!("/plan/zones/0/rows/0/seats/0/category")));
        // Nobody else's venue.
        let (_, eve) = shop.user(Role::Organizer).await;
        assert_eq!(upload(&shop, &eve, &venue, "svg", &json!({ "name": "Mine", "svg": STADIUM })).await.0, 404);
        assert_eq!(shop.get("/api/v1/venues?q=Bowl", "").await.1[0]["layouts"], json!([]));
    }

    /// Row 73 of the list of bad inputs.
    async fn a_list_of_seats_is_kept_whole_or_not_at_all(shop) {
        let (bob, venue) = house(&shop).await;
        let send = |query: &str, bytes: &[u8]| {
            let path = format!("/api/v1/venues/{venue}/layouts/csv?name=List{query}");
            answer(shop.request(Method::POST, &path, &bob).header("Content-Type", "text/csv").body(bytes.to_vec()))
        };
        let head = "section,row,seat,x,y,category\n";
        let good = format!("{head}A,1,1,0,0,Gold\nA,1,2,25,0,\n");
        let million = format!("{head}{}", "A,1,1,0,0,\n".repeat(1_000_000));
        for (bad, line, column) in [
            (b"section,row,seat,x,y\nA,1,1,0".to_vec(), 2, 5),
            (b"section,row,seat,x,y\nA,1,\xff,0,0".to_vec(), 2, 3),
            (format!("{good}A,1,2,50,0,").into_bytes(), 4, 1),
            (million.into_bytes(), 100_002, 1),
        ] {
            let (status, refused) = send("", &bad).await;
            assert_eq!((status, slug(&refused)), (422, "malformed-csv"), "{refused}");
            let told = refused["errors"].as_array().unwrap();
            assert!(told.iter().any(|error| error["line"] == line && error["column"] == column), "{refused}");
        }
        assert_eq!(shop.get("/api/v1/venues?q=Bowl", "").await.1[0]["layouts"], json!([]));
        let (status, report) = send("&dry_run=true", good.as_bytes()).await;
        assert_eq!((status, &report["seats"], &report["unmatched_total"]), (200, &json!(2), &json!(1)), "{report}");
        let (status, layout) = send("", good.as_bytes()).await;
        assert_eq!((status, &layout["seats"]), (201, &json!(2)), "{layout}");
    }

    async fn a_seat_is_sold_by_one_ticket_type_only(shop) {
        let (bob, venue) = house(&shop).await;
        let mapping = json!({ "categories": [{ "name": "Gold", "classes": ["gold"] }] });
        let (_, layout) = upload(&shop, &bob, &venue, "svg", &json!({ "name": "Bowl", "svg": STADIUM, "mapping": mapping })).await;
        let kind = |name: &str, what: &str, whose: &str| json!({ "name": name, "price_minor": 1000, what: [whose] });
        let both = json!([kind("North", "sections", "North"), kind("Gold", "categories", "Gold")]);
        let (status, refused) = session_on(&shop, &bob, &venue, &layout["id"], both).await;
        assert_eq!((status, slug(&refused)), (422, "duplicate-section"), "{refused}");
        let unknown = json!([kind("Silver", "categories", "Silver")]);
        assert_eq!(slug(&session_on(&shop, &bob, &venue, &layout["id"], unknown).await.1), "unknown-category");
        // Nor by one that comes later.
        let (_, event) = session_on(&shop, &bob, &venue, &layout["id"], json!([kind("North", "sections", "North")])).await;
        let path = format!("/api/v1/sessions/{}/ticket-types", event["sessions"][0]["id"]);
        let (status, refused) = shop.post(&path, &bob, kind("Gold", "categories", "Gold")).await;
        assert_eq!((status, slug(&refused)), (422, "duplicate-section"), "{refused}");
    }

    async fn plans_go_to_pretix_and_come_back_the_same(shop) {
        let (bob, venue) = house(&shop).await;
        let mapping = json!({ "categories": [{ "name": "Gold", "colour": "#ffd700", "classes": ["gold"] }, { "name": "Blue", "colours": ["#0000ff"] }] });
        let drawn = json!({ "name": "Bowl", "svg": STADIUM, "mapping": mapping });
        let computed = json!({ "name": "Screen", "sections": [{ "name": "A", "rows": 3, "columns": 5, "aisles": [2] },
            { "name": "Arc", "rows": 2, "columns": 9, "around": { "radius": 300, "degrees": 30 } }, { "name": "Pit", "rows": 2, "columns": 9, "standing": true }] });
        let (_, drawn) = upload(&shop, &bob, &venue, "svg", &drawn).await;
        let (_, computed) = shop.post(&format!("/api/v1/venues/{venue}/layouts"), &bob, computed).await;
        for layout in [drawn, computed] {
            let (status, first) = shop.get(&format!("/api/v1/layouts/{}/pretix", layout["id"]), &bob).await;
            assert_eq!((status, &first["name"]), (200, &layout["name"]), "{first}");
            assert_fits_the_schema(&first);
            assert_eq!(seats_of(&first).len() as i64, layout["seats"].as_i64().unwrap());
            let (status, report) = upload(&shop, &bob, &venue, "pretix", &json!({ "plan": first, "dry_run": true })).await;
            assert_eq!((status, &report["seats"], &report["unmatched_total"]), (200, &layout["seats"], &json!(0)), "{report}");
            let (status, again) = upload(&shop, &bob, &venue, "pretix", &json!({ "plan": first, "name": "Copy" })).await;
            assert_eq!(status, 201, "{again}");
            let (_, second) = shop.get(&format!("/api/v1/layouts/{}/pretix", again["id"]), &bob).await;
            assert_fits_the_schema(&second);
            assert_eq!(seats_of(&first), seats_of(&second));
            assert_eq!(first["categories"], second["categories"]);
            assert_eq!(first["size"], second["size"]);
            let stage = |plan: &Value| plan["zones"][0]["areas"].as_array().unwrap().iter().find(|area| area["text"]["text"] == "Stage").cloned();
            assert_eq!(stage(&first), stage(&second));
        }
    }
}

/// Reading so much takes an unoptimised build on a busy machine longer than a shop would wait.
async fn a_hundred_thousand_seats_fit_into_one_drawing(engine: Engine) {
    let patient = |settings: &mut Settings| {
        settings.server.answer_timeout_s = 600;
        settings.server.body_timeout_s = 120;
        settings.booking.statement_max_ms = 60_000;
        settings.booking.idle_transaction_max_ms = 60_000;
    };
    let Some(shop) = Shop::start_with(engine, Peer::in_process(), patient).await else { return };
    let (bob, venue) = house(&shop).await;
    let mut svg = String::from("<svg viewBox='0 0 2000 1600'>");
    for block in 0..100 {
        let (left, top) = (block % 10 * 200, block / 10 * 160);
        write!(svg, "<g id='block-{block}' transform='translate({left} {top})'>").unwrap();
        for row in 0..25 {
            write!(svg, "<g id='row-{row}'>").unwrap();
            (0..40).for_each(|seat| {
                write!(svg, "<circle class='seat' cx='{}' cy='{}' r='2'/>", seat * 4, row * 5).unwrap()
            });
            svg.push_str("</g>");
        }
        svg.push_str("</g>");
    }
    svg.push_str("</svg>");
    let (status, layout) = upload(&shop, &bob, &venue, "svg", &json!({ "name": "Camp", "svg": svg })).await;
    assert_eq!((status, &layout["seats"]), (201, &json!(100_000)), "{layout}");
    let (_, plan) = shop.get(&format!("/api/v1/layouts/{}", layout["id"]), &bob).await;
    assert_eq!(plan["sections"][99]["rows"][24]["seats"][39]["label"], "40");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_seats_on_sqlite() {
    a_hundred_thousand_seats_fit_into_one_drawing(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_seats_on_postgres() {
    a_hundred_thousand_seats_fit_into_one_drawing(Engine::Postgres).await;
}
