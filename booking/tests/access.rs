//! Who may call what: every route of the router has a row here, and a new one without a row fails the test. Roles are
//! asked one by one (A10, A11), and somebody else's things are nobody's.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::Shop;
use common::buying::slug;
use reqwest::Method;
use serde_json::{Value, json};
use shared::access::Role;

/// Who gets past the door of a route. What they find behind it is decided by ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Everybody, without a token.
    Anyone,
    /// Whoever is logged in.
    Account,
    /// Gate staff, organisers and admins.
    Gate,
    /// Organisers and admins.
    Organizer,
    /// Admins.
    Admin,
    /// The waiting room by its service token; no person.
    Service,
}
use Who::{Account, Admin, Anyone, Gate, Organizer, Service};

const ROWS: &[(&str, Who)] = &[
    ("GET /api/v1/admin/audit", Admin),
    ("GET /api/v1/admin/dashboard", Admin),
    ("GET /api/v1/admin/jobs", Admin),
    ("POST /api/v1/admin/jobs/{id}/redrive", Admin),
    ("GET /api/v1/admin/organizer-requests", Admin),
    ("POST /api/v1/admin/organizer-requests/{id}", Admin),
    ("GET /api/v1/admin/users", Admin),
    ("PATCH /api/v1/admin/users/{id}", Admin),
    ("DELETE /api/v1/admin/users/{id}/totp", Admin),
    ("GET /api/v1/bookings", Account),
    ("POST /api/v1/bookings", Account),
    ("GET /api/v1/bookings/{booking}", Account),
    ("PATCH /api/v1/bookings/{booking}", Account),
    ("POST /api/v1/bookings/{booking}/cancel", Account),
    ("POST /api/v1/bookings/{booking}/payment", Account),
    ("GET /api/v1/bookings/{booking}/refund-quote", Account),
    ("GET /api/v1/bookings/{id}/calendar.ics", Account),
    ("GET /api/v1/bookings/{id}/tickets.pdf", Account),
    ("POST /api/v1/checkins", Gate),
    ("POST /api/v1/checkins/devices", Anyone),
    ("GET /api/v1/checkins/doors", Gate),
    ("POST /api/v1/checkins/exits", Gate),
    ("POST /api/v1/checkins/offline", Gate),
    ("POST /api/v1/checkins/{id}/undo", Gate),
    ("GET /api/v1/events", Anyone),
    ("POST /api/v1/events", Organizer),
    ("GET /api/v1/events/calendar", Anyone),
    ("GET /api/v1/events/calendar.ics", Anyone),
    ("GET /api/v1/events/{id}", Anyone),
    ("DELETE /api/v1/events/{id}", Organizer),
    ("PATCH /api/v1/events/{id}", Organizer),
    ("GET /api/v1/events/{id}/attendees", Organizer),
    ("GET /api/v1/events/{id}/attendees.csv", Organizer),
    ("POST /api/v1/events/{id}/bookings/{booking}/cancel", Organizer),
    ("GET /api/v1/events/{id}/calendar.ics", Anyone),
    ("POST /api/v1/events/{id}/cancel", Organizer),
    ("POST /api/v1/events/{id}/clone", Organizer),
    ("GET /api/v1/events/{id}/devices", Organizer),
    ("POST /api/v1/events/{id}/devices", Organizer),
    ("DELETE /api/v1/devices/{id}", Organizer),
    ("GET /api/v1/events/{id}/feedback", Organizer),
    ("PUT /api/v1/events/{id}/feedback", Account),
    ("GET /api/v1/events/{id}/feedback/mine", Account),
    ("POST /api/v1/events/{id}/postpone", Organizer),
    ("GET /api/v1/events/{id}/promo-codes", Organizer),
    ("POST /api/v1/events/{id}/promo-codes", Organizer),
    ("POST /api/v1/events/{id}/publish", Organizer),
    ("GET /api/v1/events/{id}/rsvp", Organizer),
    ("GET /api/v1/events/{id}/stats", Organizer),
    ("GET /api/v1/events/{id}/ticket-types", Organizer),
    ("GET /api/v1/events/{id}/waiting-list", Organizer),
    ("GET /api/v1/holds/{hold}", Account),
    ("DELETE /api/v1/holds/{hold}", Account),
    ("POST /api/v1/holds/{hold}/extend", Account),
    ("GET /api/v1/holds/{hold}/promo", Account),
    ("POST /api/v1/holds/{hold}/promo", Account),
    ("DELETE /api/v1/holds/{hold}/promo", Account),
    ("GET /api/v1/drawings/{hash}", Anyone),
    ("GET /api/v1/layouts/{id}", Organizer),
    ("GET /api/v1/layouts/{id}/pretix", Organizer),
    ("POST /api/v1/orders", Account),
    ("POST /api/v1/payments/events", Anyone),
    ("DELETE /api/v1/promo-codes/{id}", Organizer),
    ("GET /api/v1/reports", Organizer),
    ("GET /api/v1/reports.csv", Organizer),
    ("GET /api/v1/sessions/{id}", Anyone),
    ("PUT /api/v1/sessions/{id}/accessible-seats", Organizer),
    ("GET /api/v1/sessions/{id}/calendar.ics", Anyone),
    ("GET /api/v1/sessions/{id}/checkins", Gate),
    ("GET /api/v1/sessions/{id}/checkins/offline", Gate),
    ("GET /api/v1/sessions/{id}/checkins/tickets", Gate),
    ("PUT /api/v1/sessions/{id}/layout", Organizer),
    ("POST /api/v1/sessions/{id}/ticket-types", Organizer),
    ("GET /api/v1/sessions/{id}/waiting-list", Account),
    ("POST /api/v1/sessions/{id}/waiting-list", Account),
    ("DELETE /api/v1/sessions/{id}/waiting-list", Account),
    ("GET /api/v1/sessions/{session}/availability", Anyone),
    ("POST /api/v1/sessions/{session}/holds", Account),
    ("GET /api/v1/sessions/{session}/seats", Anyone),
    ("GET /api/v1/sessions/{session}/seats/stream", Anyone),
    ("POST /api/v1/sessions/{session}/unlock", Anyone),
    ("DELETE /api/v1/ticket-types/{id}", Organizer),
    ("PATCH /api/v1/ticket-types/{id}", Organizer),
    ("GET /api/v1/tickets", Account),
    ("GET /api/v1/tickets/jwks.json", Anyone),
    ("GET /api/v1/tickets/{code}", Account),
    ("GET /api/v1/tickets/{code}/rsvp", Account),
    ("PUT /api/v1/tickets/{code}/rsvp", Account),
    ("POST /api/v1/tickets/{code}/transfer", Account),
    ("DELETE /api/v1/tickets/{code}/transfer", Account),
    ("POST /api/v1/transfers/{id}", Anyone),
    ("POST /api/v1/transfers/{id}/accept", Account),
    ("POST /api/v1/users/forgot-password", Anyone),
    ("GET /api/v1/users/jwks.json", Anyone),
    ("POST /api/v1/users/guests", Anyone),
    ("POST /api/v1/users/guests/link", Anyone),
    ("POST /api/v1/users/login", Anyone),
    ("POST /api/v1/users/logout", Anyone),
    ("POST /api/v1/users/magic-link", Anyone),
    ("GET /api/v1/users/me", Account),
    ("DELETE /api/v1/users/me", Account),
    ("PATCH /api/v1/users/me", Account),
    ("GET /api/v1/users/me/export", Account),
    ("DELETE /api/v1/users/me/logins", Account),
    ("GET /api/v1/users/me/organizer-request", Account),
    ("POST /api/v1/users/me/organizer-request", Account),
    ("GET /api/v1/users/me/phone", Account),
    ("PUT /api/v1/users/me/phone", Account),
    ("DELETE /api/v1/users/me/phone", Account),
    ("PATCH /api/v1/users/me/phone", Account),
    ("POST /api/v1/users/me/phone/verify", Account),
    ("GET /api/v1/users/me/totp", Account),
    ("POST /api/v1/users/me/totp", Account),
    ("POST /api/v1/users/me/totp/confirm", Account),
    ("POST /api/v1/users/me/totp/disable", Account),
    ("POST /api/v1/users/me/verification", Account),
    ("GET /api/v1/users/oidc", Anyone),
    ("GET /api/v1/users/oidc/callback", Anyone),
    ("POST /api/v1/users/oidc/finish", Anyone),
    ("GET /api/v1/users/oidc/start", Anyone),
    ("POST /api/v1/users/refresh", Anyone),
    ("POST /api/v1/users/register", Anyone),
    ("POST /api/v1/users/reset-password", Anyone),
    ("POST /api/v1/users/verify-email", Anyone),
    ("GET /api/v1/venues", Anyone),
    ("POST /api/v1/venues", Organizer),
    ("POST /api/v1/venues/{id}/layouts", Organizer),
    ("POST /api/v1/venues/{id}/layouts/csv", Organizer),
    ("POST /api/v1/venues/{id}/layouts/pretix", Organizer),
    ("GET /api/v1/venues/{id}/layouts/{layout}/diff", Organizer),
    ("POST /api/v1/venues/{id}/layouts/svg", Organizer),
    ("GET /api/v1/webhook-deliveries/{id}", Organizer),
    ("POST /api/v1/webhook-deliveries/{id}/replay", Organizer),
    ("GET /api/v1/webhooks", Organizer),
    ("POST /api/v1/webhooks", Organizer),
    ("GET /api/v1/webhooks/{id}", Organizer),
    ("DELETE /api/v1/webhooks/{id}", Organizer),
    ("PATCH /api/v1/webhooks/{id}", Organizer),
    ("GET /api/v1/webhooks/{id}/deliveries", Organizer),
    ("POST /api/v1/webhooks/{id}/ping", Organizer),
    ("POST /api/v1/webhooks/{id}/replay", Organizer),
    ("POST /api/v1/webhooks/{id}/secret", Organizer),
    ("POST /internal/v1/renewals", Service),
    ("POST /internal/v1/revocations", Service),
    ("POST /internal/v1/turn-mails", Service),
];

/// The methods of a description's paths.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Every route of the router: method and path.
fn routes() -> BTreeSet<String> {
    let document = serde_json::to_value(booking::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let of = |(path, operations): (&String, &Value)| {
        let known = METHODS.iter().filter(|method| operations.get(**method).is_some());
        known.map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    paths.flat_map(of).collect()
}

impl Who {
    fn lets_in(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Anyone, _) => true,
            (Service, _) | (_, None) => false,
            (Account, Some(_)) | (_, Some(Role::Admin)) => true,
            (Gate, Some(role)) => role != Role::Guest,
            (Organizer, Some(role)) => role == Role::Organizer,
            (Admin, Some(_)) => false,
        }
    }
}

/// Calls a route, with ids put into its path, and an empty body where it may have one.
async fn call(shop: &Shop, route: &str, ids: &BTreeMap<&str, String>, token: &str) -> (u16, Value) {
    let (method, path) = route.split_once(' ').unwrap();
    let mut path = path.to_owned();
    for (name, id) in ids {
        path = path.replace(name, id);
    }
    let method: Method = method.parse().unwrap();
    let request = shop.request(method.clone(), &path, token);
    let request =
        if [Method::GET, Method::DELETE].contains(&method) { request } else { request.json(&json!({})) };
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    // A stream never ends.
    let body = if path.ends_with("/stream") {
        Value::Null
    } else {
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default()
    };
    (status, body)
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let rows: BTreeSet<String> = ROWS.iter().map(|(route, _)| (*route).to_owned()).collect();
    let routes = routes();
    let missing: Vec<_> = routes.difference(&rows).collect();
    assert!(missing.is_empty(), "say in ROWS who may call {missing:#?}");
    let gone: Vec<_> = rows.difference(&routes).collect();
    assert!(gone.is_empty(), "there is no such route: {gone:#?}");
    assert_eq!(rows.len(), ROWS.len(), "a route has two rows");
}

#[test]
fn the_description_says_where_a_token_is_needed_and_names_each_operation_once() {
    let document = serde_json::to_value(booking::openapi()).unwrap();
    let mut names = BTreeSet::new();
    for (route, who) in ROWS {
        let (method, path) = route.split_once(' ').unwrap();
        let operation = &document["paths"][path][method.to_lowercase()];
        let asks = operation["security"].as_array().is_some_and(|ways| !ways.contains(&json!({})));
        assert_eq!(asks, *who != Anyone, "`security` of {route}");
        assert!(
            names.insert(operation["operationId"].as_str().unwrap().to_owned()),
            "{route} has another one's name"
        );
    }
}

on_both_engines! {
    async fn each_route_lets_in_the_roles_of_its_row_and_nobody_else(shop) {
        // Ids of nothing: whoever gets past the door finds nobody at home.
        let none = "00000000-0000-7000-8000-000000000000".to_owned();
        let number = "999999".to_owned();
        let mut callers: Vec<(Option<Role>, String)> = vec![(None, String::new())];
        for role in [Role::Guest, Role::Gate, Role::Organizer, Role::Admin] {
            callers.push((Some(role), shop.user(role).await.1));
        }
        let mut wrong = Vec::new();
        for (route, who) in ROWS {
            // Deleting one's account ends the caller. A refresh token is no access token: without one, renewing is refused
            // in the same words as without a login.
            if ["DELETE /api/v1/users/me", "POST /api/v1/users/refresh"].contains(route) {
                continue;
            }
            for id in [&none, &number] {
                let ids = ["{id}", "{booking}", "{hold}", "{session}", "{code}"].map(|name| (name, id.clone()));
                for (role, token) in &callers {
                    let (status, body) = call(&shop, route, &ids.clone().into(), token).await;
                    let is_in = !matches!(status, 401 | 403);
                    let is_told_to_log_in = role.is_some() || who.lets_in(None) || status == 401;
                    if is_in != who.lets_in(*role) || !is_told_to_log_in || status >= 500 {
                        wrong.push(format!("{route} as {role:?}: {status} {}", slug(&body)));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(call(&shop, "DELETE /api/v1/users/me", &BTreeMap::new(), "").await.0, 401);
    }

    /// What a scanner's token opens: the gate's routes, and none besides.
    async fn a_scanner_works_at_the_doors_of_its_event_alone(shop) {
        let (sold, other) = (shop.sold("Alice", 2).await, shop.sold("Bob", 1).await);
        let devices = format!("/api/v1/events/{}/devices", sold.event);
        let new = json!({ "name": "Blue phone", "gate": "North" });
        assert_eq!(shop.post(&devices, &other.organizer.1, new.clone()).await.0, 404);
        let (status, made) = shop.post(&devices, &sold.organizer.1, new).await;
        assert_eq!(status, 201, "{made}");
        let typed = json!({ "code": format!(" {} ", made["code"].as_str().unwrap().to_lowercase()) });
        let tries = futures_util::future::join_all((0..6).map(|_| shop.post("/api/v1/checkins/devices", "", typed.clone()))).await;
        let won: Vec<&Value> = tries.iter().filter(|(status, _)| *status == 200).map(|(_, body)| body).collect();
        assert!(won.len() == 1 && tries.iter().all(|(status, body)| *status == 200 || slug(body) == "link-expired"), "{tries:?}");
        let token = won[0]["token"].as_str().unwrap();
        assert_eq!([&won[0]["event"], &won[0]["gate"], &won[0]["event_name"]], [&json!(sold.event), &json!("North"), &json!("Rock Night")]);
        let none = ["{id}", "{booking}", "{hold}", "{session}", "{code}"].map(|name| (name, "999999".to_owned()));
        for (route, who) in ROWS.iter().filter(|(_, who)| [Account, Gate, Organizer, Admin].contains(who)) {
            let (status, body) = call(&shop, route, &none.clone().into(), token).await;
            assert_eq!(status == 401, *who != Gate, "{route} as a scanner: {status} {body}");
        }
        let (status, entry) = shop.post("/api/v1/checkins", token, json!({ "code": sold.codes[0], "gate": "North" })).await;
        assert_eq!((status, &entry["result"]), (200, &json!("admitted")), "{entry}");
        assert_eq!(shop.post("/api/v1/checkins", token, json!({ "code": other.codes[0] })).await.1["reason"], "wrong-event");
        assert_eq!(shop.get(&format!("/api/v1/sessions/{}/checkins", other.session), token).await.0, 404);
        // Nor at another event of the same organiser.
        let (_, second) = shop.event(&sold.organizer.1, 10.0, 1).await;
        assert_eq!(shop.get(&format!("/api/v1/sessions/{second}/checkins"), &sold.organizer.1).await.0, 200);
        assert_eq!(shop.get(&format!("/api/v1/sessions/{second}/checkins"), token).await.0, 404);
        let (_, doors) = shop.get("/api/v1/checkins/doors", token).await;
        assert_eq!((doors.as_array().unwrap().len(), &doors[0]["session"]), (1, &json!(sold.session)));
        let (_, listed) = shop.get(&devices, &sold.organizer.1).await;
        assert!(listed[0]["provisioned_at"].is_string() && !listed.to_string().contains(token), "{listed}");
        let device = format!("/api/v1/devices/{}", made["id"].as_str().unwrap());
        assert_eq!(shop.delete(&device, &other.organizer.1).await.0, 404);
        assert_eq!(shop.delete(&device, &sold.organizer.1).await.0, 204);
        assert_eq!(shop.post("/api/v1/checkins", token, json!({ "code": sold.codes[1] })).await.0, 401, "at once");
        // A code that nobody gives in is over after a quarter of an hour.
        let (_, made) = shop.post(&devices, &sold.organizer.1, json!({ "name": "Red", "gate": "South" })).await;
        shop.advance_s(15 * 60);
        let late = shop.post("/api/v1/checkins/devices", "", json!({ "code": made["code"] })).await;
        assert_eq!((late.0, slug(&late.1)), (410, "link-expired"));
    }

    async fn an_event_has_no_more_scanners_than_it_may_however_many_are_made_at_once(shop) {
        let sold = shop.sold("Alice", 1).await;
        let devices = format!("/api/v1/events/{}/devices", sold.event);
        let make = || shop.post(&devices, &sold.organizer.1, json!({ "name": "Phone", "gate": "North" }));
        for _ in 0..198 {
            assert_eq!(make().await.0, 201);
        }
        let last = futures_util::future::join_all((0..8).map(|_| make())).await;
        assert_eq!(last.iter().filter(|(status, _)| *status == 201).count(), 2, "{last:?}");
        assert!(last.iter().all(|(status, body)| *status == 201 || slug(body) == "too-many"), "{last:?}");
    }

    async fn what_is_somebody_else_s_is_nobody_s(shop) {
        let sold = shop.sold("Alice", 1).await;
        let hold = shop.hold(sold.session, &sold.buyer.1, 1).await["id"].as_str().unwrap().to_owned();
        let (_, page) = shop.get(&format!("/api/v1/sessions/{}", sold.session), "").await;
        let kind = page["ticket_types"][0]["id"].to_string();
        let (venue, layout) = (shop.get("/api/v1/venues", "").await.1[0]["id"].to_string(), "1".to_owned());
        let endpoint = json!({ "url": "https://example.com/hooks", "kinds": ["booking.confirmed"] });
        let (_, endpoint) = shop.post("/api/v1/webhooks", &sold.organizer.1, endpoint).await;
        let endpoint = endpoint["id"].as_str().unwrap().to_owned();
        let (_, ping) = shop.post(&format!("/api/v1/webhooks/{endpoint}/ping"), &sold.organizer.1, json!({})).await;
        let delivery = ping["delivery"].as_str().unwrap().to_owned();
        let strangers = [(Role::Guest, shop.buyer().await), (Role::Organizer, shop.user(Role::Organizer).await.1)];
        for (route, who) in ROWS.iter().filter(|(_, who)| [Account, Gate, Organizer].contains(who)) {
            let thing = match route.split('/').nth(3).unwrap() {
                "events" => sold.event.to_string(),
                "sessions" => sold.session.to_string(),
                "ticket-types" => kind.clone(),
                "venues" => venue.clone(),
                "layouts" => layout.clone(),
                "bookings" => sold.booking.to_string(),
                "holds" => hold.clone(),
                "tickets" => sold.codes[0].clone(),
                "webhooks" => endpoint.clone(),
                "webhook-deliveries" => delivery.clone(),
                _ => continue,
            };
            // Waiting, holding and saying how it was are anybody's; they are tested where they belong.
            let is_own_doing = route.contains("waiting-list") || route.contains("feedback") || route.ends_with("/holds");
            if !route.contains('{') || is_own_doing {
                continue;
            }
            let ids = ["{id}", "{booking}", "{hold}", "{session}", "{code}"].map(|name| (name, thing.clone()));
            for (role, token) in &strangers {
                let (status, body) = call(&shop, route, &ids.clone().into(), token).await;
                assert!((400..500).contains(&status), "{route} as another {role:?} ({who:?}): {status} {body}");
                if route.starts_with("GET") && who.lets_in(Some(*role)) {
                    assert_eq!(status, 404, "{route} as another {role:?}");
                }
            }
        }
        // And it is still there, as it was.
        assert_eq!(shop.booking(&sold.booking.to_string(), &sold.buyer.1).await["status"], "confirmed");
        assert_eq!(shop.get(&format!("/api/v1/holds/{hold}"), &sold.buyer.1).await.1["status"], "active");
        let (status, _) = shop.get(&format!("/api/v1/webhooks/{endpoint}"), &sold.organizer.1).await;
        assert_eq!(status, 200);
    }
}
