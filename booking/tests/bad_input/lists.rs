//! Rows 23 to 28: things that are not there, parameters of lists, and what changed meanwhile.

use reqwest::Method;
use serde_json::json;
use shared::access::Role;
use uuid::Uuid;

use crate::common::buying::CARD;
use crate::{Case, check, on_both_engines};

on_both_engines! {
    async fn what_is_not_there_and_what_is_not_mine_are_the_same(shop) {
        let (session, mine) = (shop.on_sale(10).await, shop.buyer().await);
        let hers = shop.buyer().await;
        let hold = shop.hold(session, &hers, 1).await;
        let booking = shop.book(&hold, &hers).await;
        let get = |path: String| shop.request(Method::GET, &path, &mine);
        let mut cases = Vec::new();
        for id in ["0", "-1", "abc", "1e3", "99999999999999999999", "999999", "%27"] {
            for path in [format!("/api/v1/events/{id}"), format!("/api/v1/sessions/{id}/seats")] {
                cases.push(Case::new(23, &path, get(path.clone()), 404, "not-found"));
            }
        }
        for id in [booking, Uuid::nil().to_string(), "1".to_owned()] {
            let path = format!("/api/v1/bookings/{id}");
            cases.push(Case::new(23, &path, get(path.clone()), 404, "not-found"));
        }
        let path = format!("/api/v1/holds/{}", hold["id"].as_str().unwrap());
        cases.push(Case::new(23, &path, get(path.clone()), 404, "not-found"));
        cases.push(Case::new(23, "a ticket", get("/api/v1/tickets/TCK-0".to_owned()), 404, "not-found"));
        check(cases).await;
        let (_, foreign) = shop.get(&path, &mine).await;
        let (_, none) = shop.get(&format!("/api/v1/holds/{}", Uuid::nil()), &mine).await;
        let without_id = |mut problem: serde_json::Value| {
            problem["request_id"].take();
            problem
        };
        assert_eq!(without_id(foreign), without_id(none), "the same bytes");
    }

    async fn lists_know_their_parameters(shop) {
        let (_, admin) = shop.user(Role::Admin).await;
        let (_, _) = shop.event(&admin, 10.0, 5).await;
        let get = |path: &str| shop.request(Method::GET, path, &admin);
        let lists = ["events", "bookings", "admin/users", "admin/audit", "admin/jobs"];
        let mut cases = Vec::new();
        for list in lists {
            let with = |query: &str| format!("/api/v1/{list}?{query}");
            let cursor = if list == "admin/jobs" { "before" } else { "cursor" };
            for (row, query, status, slug) in [
                (24, "limit=-1".to_owned(), 422, "out-of-range"),
                (24, "limit=0".to_owned(), 422, "out-of-range"),
                (24, "limit=1000000000".to_owned(), 422, "out-of-range"),
                (24, "limit=99999999999999999999".to_owned(), 422, "out-of-range"),
                (24, "limit=ten".to_owned(), 422, "out-of-range"),
                (25, format!("{cursor}=xxx"), 400, "invalid-cursor"),
                (25, format!("{cursor}=AAAA"), 400, "invalid-cursor"),
                (27, "limit=1&limit=2".to_owned(), 400, "ambiguous-parameter"),
                (27, "a[]=1".to_owned(), 422, "unknown-parameter"),
                (27, "evil=1".to_owned(), 422, "unknown-parameter"),
                (27, "limit=%ff".to_owned(), 400, "bad-encoding"),
            ] {
                let path = with(&query);
                cases.push(Case::new(row, &path, get(&path), status, slug));
            }
        }
        for (row, query, status, slug) in [
            (26, "sort=password", 422, "unknown-sort"),
            (26, "sort=id;drop", 422, "unknown-sort"),
            (27, "q=%27%20OR%201%3D1%20--", 200, ""),
            (27, "q=%7B%7B7*7%7D%7D", 200, ""),
            (27, "q=$(id)%60id%60|id", 200, ""),
            (27, "q=%25_%25", 200, ""),
            (27, "q=%c0%ae", 400, "bad-encoding"),
            (29, "from=2026-02-30", 422, "invalid-date"),
            (33, "min_price=-1", 422, "money-format"),
            (33, "max_price=1e2", 422, "money-format"),
        ] {
            cases.push(Case::new(row, query, get(&format!("/api/v1/events?{query}")), status, slug));
        }
        for (row, query, slug) in [
            (26, "by=hour&measure=net", "unknown-grouping"),
            (26, "by=day;drop&measure=net", "unknown-grouping"),
            (26, "measure=net", "unknown-grouping"),
            (26, "by=day", "unknown-measure"),
            (26, "by=day&measure=net,password", "unknown-measure"),
            (26, "by=day&measure=places", "unknown-measure"),
            (26, "by=ticket_type&measure=bookings", "unknown-measure"),
            (24, "by=day&measure=net&event_id=0", "out-of-range"),
            (27, "by=day&measure=net&evil=1", "unknown-parameter"),
            (29, "by=day&measure=net&from=2026-02-30", "invalid-date"),
            (29, "by=day&measure=net&from=2026-03-02&to=2026-03-01", "invalid-date"),
        ] {
            for list in ["reports", "reports.csv"] {
                cases.push(Case::new(row, query, get(&format!("/api/v1/{list}?{query}")), 422, slug));
            }
        }
        for path in ["tickets?limit=-1", "events/1?evil=1", "sessions/1?a=1&a=2", "users/me?evil=1", "venues?cursor=x"] {
            cases.push(Case::new(27, path, get(&format!("/api/v1/{path}")), 422, "unknown-parameter"));
        }
        check(cases).await;
        let (_, found) = shop.get("/api/v1/events?q=%27%20OR%201%3D1%20--", "").await;
        assert_eq!(found, json!([]), "text, and no SQL");
    }

    async fn an_edit_names_what_it_edits(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 10).await;
        let path = format!("/api/v1/events/{event}");
        let read = shop.request(Method::GET, &path, &bob).send().await.unwrap();
        let tag = read.headers()["etag"].to_str().unwrap().to_owned();
        let edit = |tag: &str| shop.request(Method::PATCH, &path, &bob).header("if-match", tag).json(&json!({ "description": "New" }));
        // Selling a place is no edit.
        let buyer = shop.buyer().await;
        let order = json!({ "event_id": event, "quantity": 1, "card_number": CARD });
        assert_eq!(shop.post("/api/v1/orders", &buyer, order).await.0, 201);
        assert_eq!(shop.remaining(session).await, 9);
        shop.advance_s(2);
        check(vec![
            Case::new(28, "none", shop.request(Method::PATCH, &path, &bob).json(&json!({ "description": "New" })), 428, "if-match-required"),
            Case::new(28, "stale", edit("\"1-1\""), 412, "changed-meanwhile"),
            Case::new(28, "nonsense", edit("yes"), 412, "changed-meanwhile"),
            Case::new(28, "what was read", edit(&tag), 200, ""),
            Case::new(28, "what was read before", edit(&tag), 412, "changed-meanwhile"),
            Case::new(28, "whatever there is", edit("*"), 200, ""),
        ])
        .await;
    }
}
