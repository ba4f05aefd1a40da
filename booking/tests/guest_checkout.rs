//! Buying without an account, and coming back by the link of a mail.
#![allow(clippy::unwrap_used)]

mod common;

use booking::{jobs, q};
use common::Shop;
use common::buying::slug;
use serde_json::{Value, json};

/// The secret of the link in the one mail of this title.
fn secret(shop: &Shop, title: &str) -> String {
    let mails =
        std::fs::read_dir(shop.app.settings.data_dir.join("mails")).unwrap().map(|f| f.unwrap().path());
    let html = mails.filter(|path| path.extension().is_some_and(|e| e == "html"));
    let html =
        html.map(|path| std::fs::read_to_string(path).unwrap()).find(|html| html.contains(title)).unwrap();
    let (_, rest) = html.split_once("/guest#token=").unwrap_or_else(|| panic!("no link in {html}"));
    rest.split(['&', '"']).next().unwrap().to_owned()
}

on_both_engines! {
    async fn a_guest_buys_and_comes_back_by_the_link_of_the_mail(shop) {
        let session = shop.on_sale(10).await;
        // The address has an account: that is somebody else's business.
        let known = json!({ "name": "Greta", "email": "greta@example.com", "password": "correct horse battery" });
        assert_eq!(shop.post("/api/v1/users/register", "", known).await.0, 201);
        let (status, began) = shop.post("/api/v1/users/guests", "", json!({ "name": "Greta G", "email": "greta@example.com" })).await;
        assert_eq!((status, &began["user"]["name"]), (201, &json!("Greta G")), "{began}");
        let token = began["token"].as_str().unwrap().to_owned();
        let booking = shop.buy(session, &token, 2).await;
        jobs::run_due(&shop.app).await.unwrap();
        let secret = secret(&shop, "Your booking is confirmed");
        for _ in 0..2 {
            let (status, opened) = shop.post("/api/v1/users/magic-link", "", json!({ "token": secret })).await;
            assert_eq!(status, 200, "{opened}");
            let again = opened["token"].as_str().unwrap();
            assert_eq!(shop.booking(&booking, again).await["status"], "confirmed");
        }
        let account = json!({ "email": "greta@example.com", "password": "correct horse battery" });
        let account = shop.post("/api/v1/users/login", "", account).await.1["token"].as_str().unwrap().to_owned();
        assert_eq!(shop.get(&format!("/api/v1/bookings/{booking}"), &account).await.0, 404, "an address alone opens nothing");
        for token in ["", "nonsense", &secret[1..]] {
            let (status, refused) = shop.post("/api/v1/users/magic-link", "", json!({ "token": token })).await;
            assert_eq!((status, slug(&refused)), (410, "link-expired"), "{token}");
        }
        shop.clock.advance(time::Duration::days(31));
        assert_eq!(shop.post("/api/v1/users/magic-link", "", json!({ "token": secret })).await.0, 410);
        // A fresh one comes by mail, and whether there is something to come tells nobody.
        for email in ["Greta@Example.com", "nobody@example.com"] {
            assert_eq!(shop.post("/api/v1/users/guests/link", "", json!({ "email": email })).await, (202, Value::Null));
        }
        assert_eq!(slug(&shop.post("/api/v1/users/guests/link", "", json!({ "email": "nowhere" })).await.1), "email-invalid");
        jobs::run_due(&shop.app).await.unwrap();
        let fresh = self::secret(&shop, "The way to your booking");
        let (status, opened) = shop.post("/api/v1/users/magic-link", "", json!({ "token": fresh })).await;
        assert_eq!(status, 200, "{opened}");
        assert_eq!(shop.booking(&booking, opened["token"].as_str().unwrap()).await["status"], "confirmed");
        shop.clock.advance(time::Duration::days(365));
        let ask = || shop.post("/api/v1/users/guests/link", "", json!({ "email": "greta@example.com" }));
        assert_eq!(ask().await.0, 202);
        let since = shop.app.now() - time::Duration::days(1);
        let queued = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM jobs WHERE kind = 'mail' AND created_at > $1", since);
        assert_eq!(queued.unwrap(), 0, "the session is over");
        // Ten a minute for one address, wherever they come from.
        let asked = futures_util::future::join_all((0..12).map(|_| ask())).await;
        assert!(asked.iter().any(|(status, _)| *status == 429), "{asked:?}");
    }

    async fn what_is_no_guest_is_refused_and_accounts_get_no_such_links(shop) {
        for (body, expected) in [
            (json!({ "name": "G", "email": "nowhere" }), "email-invalid"), (json!({ "name": " ", "email": "g@example.com" }), "blank"),
            (json!({ "email": "g@example.com" }), "validation"), (json!({ "name": "G", "email": "g@example.com", "user_type": "admin" }), "unknown-field"),
        ] {
            let (status, refused) = shop.post("/api/v1/users/guests", "", body.clone()).await;
            assert_eq!((status, slug(&refused)), (422, expected), "{body}");
        }
        let session = shop.on_sale(10).await;
        shop.buy(session, &shop.buyer().await, 1).await;
        jobs::run_due(&shop.app).await.unwrap();
        let mails = std::fs::read_dir(shop.app.settings.data_dir.join("mails")).unwrap().map(|f| f.unwrap().path());
        let html = mails.filter(|path| path.extension().is_some_and(|e| e == "html"));
        assert!(html.map(|path| std::fs::read_to_string(path).unwrap()).all(|html| !html.contains("/guest#token=")));
    }
}
