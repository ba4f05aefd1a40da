//! Buying without an account, and coming back by the link of a mail.
#![allow(clippy::unwrap_used)]

mod common;

use booking::{jobs, q};
use common::buying::slug;
use common::{Answer, Shop};
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

/// A statement past the shop's own ways.
async fn change(shop: &Shop, sql: &'static str) {
    let done = shop.app.db.write("change", move |tx| {
        Box::pin(async move {
            booking::on!(tx.ex(), c => sqlx::query(sql).execute(c).await.map(|_| ()))?;
            Ok(())
        })
    });
    done.await.unwrap();
}

/// What both are told, whoever is better off first. Their addresses are proven.
async fn two_guests_of_one_address_choose_passwords(shop: &Shop) -> (Answer, Answer) {
    let mut tokens = Vec::new();
    for name in ["Greta", "Gesa"] {
        let guest = json!({ "name": name, "email": "family@example.com" });
        let began = shop.post("/api/v1/users/guests", "", guest).await.1;
        tokens.push(began["token"].as_str().unwrap().to_owned());
    }
    change(shop, "UPDATE users SET email_verified_at = created_at WHERE is_guest").await;
    let choice = json!({ "password": "correct horse battery" });
    let (one, other) = tokio::join!(
        shop.patch("/api/v1/users/me", &tokens[0], choice.clone()),
        shop.patch("/api/v1/users/me", &tokens[1], choice.clone())
    );
    if one.0 == 200 { (one, other) } else { (other, one) }
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

    async fn a_guest_chooses_a_password_and_has_an_account(shop) {
        let (status, began) = shop.post("/api/v1/users/guests", "", json!({ "name": "Greta", "email": "Greta@example.com" })).await;
        assert_eq!((status, &began["user"]["is_guest"]), (201, &json!(true)));
        let session = shop.on_sale(10).await;
        let unproven = began["token"].as_str().unwrap();
        let booking = shop.buy(session, unproven, 1).await;
        let choice = json!({ "password": "correct horse battery" });
        let (status, refused) = shop.patch("/api/v1/users/me", unproven, choice.clone()).await;
        assert_eq!((status, slug(&refused)), (403, "email-unverified"), "the address could be anybody's");
        jobs::run_due(&shop.app).await.unwrap();
        let link = json!({ "token": secret(&shop, "Your booking is confirmed") });
        let opened = shop.post("/api/v1/users/magic-link", "", link.clone()).await.1;
        let token = opened["token"].as_str().unwrap();
        assert_eq!(slug(&shop.patch("/api/v1/users/me", token, json!({ "password": "short" })).await.1), "password-length");
        // Of two tabs one chooses; the other would have to show what it does not know.
        let both = tokio::join!(
            shop.patch("/api/v1/users/me", token, choice.clone()),
            shop.patch("/api/v1/users/me", token, choice.clone())
        );
        let (changed, refused) = if both.0.0 == 200 { both } else { (both.1, both.0) };
        assert_eq!((changed.0, &changed.1["is_guest"], refused.0), (200, &json!(false), 422), "{changed:?} {refused:?}");
        let account = json!({ "email": "greta@example.com", "password": "correct horse battery" });
        let (status, login) = shop.post("/api/v1/users/login", "", account).await;
        assert_eq!((status, &login["user"]["is_guest"]), (200, &json!(false)), "{login}");
        assert_eq!(shop.booking(&booking, login["token"].as_str().unwrap()).await["status"], "confirmed");
        assert_eq!(shop.post("/api/v1/users/magic-link", "", link).await.0, 410, "the password opens it now");
        let other = json!({ "password": "another horse battery" });
        assert_eq!(shop.patch("/api/v1/users/me", token, other).await.0, 422, "and the present one is asked for");
    }

    async fn an_address_has_one_account_however_many_guests_it_was(shop) {
        let (won, lost) = two_guests_of_one_address_choose_passwords(&shop).await;
        assert_eq!((won.0, lost.0, slug(&lost.1)), (200, 409, "address-taken"), "{won:?} {lost:?}");
    }

    async fn without_the_index_on_addresses_it_has_two(shop) {
        change(&shop, "DROP INDEX users_email").await;
        let both = two_guests_of_one_address_choose_passwords(&shop).await;
        assert_eq!((both.0.0, both.1.0), (200, 200), "the harness does not see the race");
        shop.broken_on_purpose("I26", "Every unique index").await;
    }
}
