//! Tickets: what is shown, to whom, and what becomes of them.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use booking::jobs;
use booking::tickets::{self, qr::Statement};
use serde_json::{Value, json};
use shared::access::Role;

use common::Shop;

/// Runs a foreign tool over bytes and returns what it prints; `None` where it is not installed; `scripts/test` installs
/// it and requires it.
fn foreign(tool: &str, package: &str, args: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let found = Path::new("/usr/bin").join(tool).exists();
    if !found {
        assert!(option_env!("REQUIRE_TOOLS").is_none(), "{tool} is missing: apt-get install {package}");
        eprintln!("{tool} is not installed ({package}): not checked by it");
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("input");
    std::fs::File::create(&path).unwrap().write_all(input).unwrap();
    let args = args.iter().map(|arg| if *arg == "FILE" { path.to_str().unwrap() } else { arg });
    let output = Command::new(tool).args(args).stderr(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{tool}: {:?}", output.status);
    Some(output.stdout)
}

async fn bytes(shop: &Shop, path: &str, token: &str) -> (u16, String, Vec<u8>) {
    let answer = shop.request(reqwest::Method::GET, path, token).send().await.unwrap();
    let kind =
        answer.headers().get("content-type").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    (answer.status().as_u16(), kind, answer.bytes().await.unwrap().to_vec())
}

fn offer_path(code: &str) -> String {
    format!("/api/v1/tickets/{code}/transfer")
}

fn slug(problem: &Value) -> &str {
    problem["type"].as_str().unwrap_or("").rsplit('/').next().unwrap()
}

/// The QR text of a ticket as it stands.
async fn statement(shop: &Shop, code: &str) -> String {
    let ticket = tickets::by_code(&shop.app.db, code).await.unwrap().unwrap();
    Statement::of(&ticket).unwrap().sign(&shop.app.ticket_keys).unwrap()
}

/// The mails that offer a ticket.
fn offers(shop: &Shop) -> Vec<String> {
    let files = std::fs::read_dir(shop.app.settings.data_dir.join("mails")).unwrap();
    let html =
        files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "html"));
    html.map(|path| std::fs::read_to_string(path).unwrap())
        .filter(|html| html.contains("/transfers/"))
        .collect()
}

/// Offer and secret of the link in the one offer that was sent.
fn link(shop: &Shop) -> (String, String) {
    let mails = offers(shop);
    assert_eq!(mails.len(), 1);
    let link = mails[0].split("/transfers/").nth(1).unwrap().split('"').next().unwrap();
    let (id, token) = link.split_once("?token=").unwrap();
    (id.to_owned(), token.to_owned())
}

/// What an independent scanner reads in a picture.
fn scan(png: &[u8]) -> Option<String> {
    let args = ["-q", "--raw", "-Sdisable", "-Sqrcode.enable", "FILE"];
    foreign("zbarimg", "zbar-tools", &args, png)
        .map(|text| String::from_utf8(text).unwrap().trim_end().to_owned())
}

on_both_engines! {
    async fn a_ticket_is_shown_to_its_holder_and_staff_only(shop) {
        let sold = shop.sold("Alice Example", 2).await;
        let path = format!("/api/v1/tickets/{}", sold.codes[0]);
        let (status, ticket) = shop.get(&path, &sold.buyer.1).await;
        assert_eq!(status, 200, "{ticket}");
        assert_eq!(ticket["code"], sold.codes[0].as_str());
        assert_eq!(ticket["ticket_code"], sold.codes[0].as_str());
        assert_eq!(ticket["status"], "valid");
        assert_eq!(ticket["event"]["name"], "Rock Night");
        assert_eq!(ticket["session"]["id"], sold.session);
        assert_eq!(ticket["seat"]["section"], "Parterre");
        assert_eq!(ticket["seat"]["row"], "C");
        assert_eq!(ticket["holder_name"], "Alice Example");
        assert_eq!(ticket["booking_id"], sold.booking.to_string());
        assert!(ticket["qr_svg"].as_str().unwrap().starts_with("<svg"));
        let (stranger, admin) = (shop.user(Role::Organizer).await.1, shop.user(Role::Admin).await.1);
        for (token, expected) in [("", 401), (&stranger, 404), (&admin, 200), (&sold.organizer.1, 200)] {
            assert_eq!(shop.get(&path, token).await.0, expected);
        }
        assert_eq!(shop.get("/api/v1/tickets/TCK-NOTHING", &admin).await.0, 404);
        let (status, list) = shop.get("/api/v1/tickets", &sold.buyer.1).await;
        assert_eq!((status, list.as_array().unwrap().len()), (200, 2));
        assert!(list[0]["qr_svg"].is_null());
    }

    async fn foreign_tools_read_the_pdf_and_the_qr_code(shop) {
        let sold = shop.sold("Žofie Nováková", 1).await;
        let code = &sold.codes[0];
        let (status, kind, pdf) = bytes(&shop, &format!("/api/v1/tickets/{code}.pdf"), &sold.buyer.1).await;
        assert_eq!((status, kind.as_str()), (200, "application/pdf"));
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 120_000, "{} bytes", pdf.len());
        if let Some(text) = foreign("pdftotext", "poppler-utils", &["-layout", "FILE", "-"], &pdf) {
            let text = String::from_utf8(text).unwrap();
            for word in ["Rock Night", "City Arena", "10 December 2026", "20:00", "UTC", "Žofie Nováková", "50.00 USD", "Parterre", code] {
                assert!(text.contains(word), "{word} is missing in:\n{text}");
            }
        }
        let (status, kind, png) = bytes(&shop, &format!("/api/v1/tickets/{code}.png"), &sold.buyer.1).await;
        assert_eq!((status, kind.as_str()), (200, "image/png"));
        let scanned = scan(&png);
        let drawn = foreign("pdftoppm", "poppler-utils", &["-r", "150", "-png", "-singlefile", "FILE"], &pdf);
        if let (Some(on_screen), Some(drawn)) = (scanned, drawn) {
            assert_eq!(scan(&drawn).unwrap(), on_screen, "the printed code says something else");
            let said = Statement::verify(&on_screen, &shop.app.ticket_keys).unwrap();
            assert_eq!((said.event, said.session, said.booking), (sold.event, sold.session, sold.booking));
        }
    }

    async fn foreign_code_verifies_the_signature_with_the_published_key(shop) {
        let sold = shop.sold("Alice", 1).await;
        let text = statement(&shop, &sold.codes[0]).await;
        let (status, keys) = shop.get("/api/v1/tickets/jwks.json", "").await;
        assert_eq!((status, keys["keys"][0]["crv"].as_str()), (200, Some("Ed25519")));
        // A public key as DER (RFC 8410): these twelve bytes, then the 32 of the JWK's `x`.
        let x = URL_SAFE_NO_PAD.decode(keys["keys"][0]["x"].as_str().unwrap()).unwrap();
        let key = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00], &x[..]].concat();
        let code = data_encoding::BASE32_NOPAD.decode(text.strip_prefix("RL1.").unwrap().as_bytes()).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            std::fs::write(dir.path().join(name), bytes).unwrap();
            dir.path().join(name).to_str().unwrap().to_owned()
        };
        let (key, signature) = (file("key.der", &key), file("signature", &code[70..]));
        let args = ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", &key, "-rawin", "-in", "FILE", "-sigfile", &signature];
        if let Some(said) = foreign("openssl", "openssl", &args, &code[..70]) {
            assert!(String::from_utf8(said).unwrap().contains("Verified Successfully"));
        }
    }

    async fn any_name_makes_a_pdf(shop) {
        let long = "Wolfeschlegelsteinhausenbergerdorff ".repeat(14);
        let unbroken = "x".repeat(500);
        for name in [long.as_str(), unbroken.as_str(), "محمد الأحمد", "李小龙", "👩‍👩‍👧 Zoë", "Ελένη Київ", "\u{202e}x\u{1}y\r\nz", ""] {
            let sold = shop.sold(name, 1).await;
            let (status, _, pdf) = bytes(&shop, &format!("/api/v1/tickets/{}.pdf", sold.codes[0]), &sold.buyer.1).await;
            assert_eq!(status, 200, "{name}");
            let Some(text) = foreign("pdftotext", "poppler-utils", &["-raw", "FILE", "-"], &pdf) else { continue };
            let text: String = String::from_utf8(text).unwrap().split_whitespace().collect();
            match name {
                "محمد الأحمد" | "李小龙" => assert!(text.contains("□□□"), "{text}"),
                "👩‍👩‍👧 Zoë" => assert!(text.contains("□□□Zoë"), "{text}"),
                _ => {
                    // Names of 500 letters end in an ellipsis; no account may have one so long.
                    let kept: String = name.chars().filter(|c| c.is_alphanumeric()).take(150).collect();
                    assert!(text.contains(&kept), "{kept} is missing in {text}");
                }
            }
        }
    }

    async fn a_booking_has_a_calendar_entry(shop) {
        let sold = shop.sold("Alice", 2).await;
        let path = format!("/api/v1/bookings/{}/calendar.ics", sold.booking);
        let (status, kind, ics) = bytes(&shop, &path, &sold.buyer.1).await;
        assert_eq!(status, 200);
        assert!(kind.starts_with("text/calendar"));
        let ics = String::from_utf8(ics).unwrap();
        for line in ["BEGIN:VCALENDAR", "DTSTART:20261210T200000Z", "LOCATION:City Arena", "END:VCALENDAR"] {
            assert!(ics.lines().any(|l| l == line), "{line} is missing in\n{ics}");
        }
        assert!(ics.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
        assert_eq!(bytes(&shop, &path, &shop.user(Role::Guest).await.1).await.0, 404);
    }

    async fn a_booking_is_one_pdf_with_a_page_a_ticket(shop) {
        let sold = shop.sold("Alice", 3).await;
        let path = format!("/api/v1/bookings/{}/tickets.pdf", sold.booking);
        let (status, kind, pdf) = bytes(&shop, &path, &sold.buyer.1).await;
        assert_eq!((status, kind.as_str()), (200, "application/pdf"));
        if let Some(text) = foreign("pdftotext", "poppler-utils", &["FILE", "-"], &pdf) {
            let text = String::from_utf8(text).unwrap();
            let pages: Vec<&str> = text.split('\u{c}').collect();
            assert!(sold.codes.iter().zip(&pages).all(|(code, page)| page.contains(code)), "{text}");
        }
        assert_eq!(bytes(&shop, &path, &sold.organizer.1).await.0, 404);
    }

    async fn voided_tickets_are_dead(shop) {
        let sold = shop.sold("Alice", 3).await;
        assert_eq!(shop.post(&offer_path(&sold.codes[0]), &sold.buyer.1, json!({ "email": "bob@example.com" })).await.0, 201);
        let booking = sold.booking;
        let take_back = format!("/api/v1/events/{}/bookings/{booking}/cancel", sold.event);
        assert_eq!(shop.post(&take_back, &sold.organizer.1, json!({})).await.0, 200);
        let path = format!("/api/v1/tickets/{}", sold.codes[0]);
        let (_, ticket) = shop.get(&path, &sold.buyer.1).await;
        assert_eq!((ticket["status"].as_str(), ticket["qr_svg"].is_null()), (Some("cancelled"), true));
        for form in ["pdf", "png", "svg"] {
            assert_eq!(shop.get(&format!("{path}.{form}"), &sold.buyer.1).await.0, 409);
        }
        assert_eq!(shop.delete(&offer_path(&sold.codes[0]), &sold.buyer.1).await.0, 404);
        let cards = tickets::of_bookings(&shop.app.db, &[booking]).await.unwrap();
        assert_eq!(cards[&booking].len(), 3);
    }

    async fn a_ticket_is_offered_accepted_and_the_old_one_dies(shop) {
        let sold = shop.sold("Alice", 1).await;
        let old = &sold.codes[0];
        let old_qr = statement(&shop, old).await;
        let (status, offer) = shop.post(&offer_path(old), &sold.buyer.1, json!({ "email": "bob@example.com" })).await;
        assert_eq!(status, 201, "{offer}");
        let (status, again) = shop.post(&offer_path(old), &sold.buyer.1, json!({ "email": "eve@example.com" })).await;
        assert_eq!((status, slug(&again)), (409, "transfer-open"));
        jobs::run_due(&shop.app).await.unwrap();
        let (id, token) = link(&shop);
        assert_eq!(offer["id"], id);

        let (path, bob, carol) = (format!("/api/v1/transfers/{id}"), shop.user(Role::Guest).await.1, shop.user(Role::Guest).await.1);
        let (status, offered) = shop.post(&path, "", json!({ "token": token })).await;
        assert_eq!((status, offered["event"].as_str(), offered["from"].as_str()), (200, Some("Rock Night"), Some("Alice")));
        assert!(!offered.to_string().contains(old), "the code is not told before the acceptance");
        let accept = format!("{path}/accept");
        assert_eq!(shop.post(&accept, &bob, json!({ "token": "guess" })).await.0, 404);
        assert_eq!(slug(&shop.post(&accept, &sold.buyer.1, json!({ "token": token })).await.1), "own-ticket");
        let both = futures_util::future::join(
            shop.post(&accept, &bob, json!({ "token": token })),
            shop.post(&accept, &carol, json!({ "token": token })),
        );
        let (first, second) = both.await;
        let (won, lost, winner) = if first.0 == 200 { (first.1, second, &bob) } else { (second.1, first, &carol) };
        assert_eq!((lost.0, slug(&lost.1)), (409, "transfer-over"));
        let new = won["code"].as_str().unwrap();
        assert!(new != old && won["status"] == "valid" && won["holder_name"] == "Test Person");

        assert_eq!(shop.get(&format!("/api/v1/tickets/{new}"), winner).await.0, 200);
        assert_eq!(shop.get(&format!("/api/v1/tickets/{new}"), &sold.buyer.1).await.0, 404);
        assert_eq!(shop.get(&format!("/api/v1/tickets/{old}"), &sold.buyer.1).await.1["status"], "transferred");
        let gate = shop.user(Role::Gate).await.1;
        for shown in [json!({ "code": old }), json!({ "qr": old_qr })] {
            let (status, refused) = shop.post("/api/v1/checkins", &gate, shown).await;
            assert_eq!((status, refused["reason"].as_str()), (422, Some("transferred")));
        }
        let new_qr = statement(&shop, new).await;
        assert_eq!(shop.post("/api/v1/checkins", &gate, json!({ "qr": new_qr })).await.0, 200);
        let cards = tickets::of_bookings(&shop.app.db, &[sold.booking]).await.unwrap();
        assert_eq!(cards[&sold.booking].iter().map(|card| card.code.as_str()).collect::<Vec<_>>(), [old]);
    }

    async fn offers_lapse_and_can_be_withdrawn(shop) {
        let sold = shop.sold("Alice", 1).await;
        let (path, body) = (offer_path(&sold.codes[0]), json!({ "email": "bob@example.com" }));
        assert_eq!(shop.post(&path, &sold.buyer.1, json!({ "email": "nobody" })).await.0, 422);
        assert_eq!(shop.post(&path, &shop.user(Role::Admin).await.1, body.clone()).await.0, 404);
        assert_eq!(shop.post(&path, &sold.buyer.1, body.clone()).await.0, 201);
        assert_eq!(shop.delete(&path, &sold.buyer.1).await.0, 204);
        jobs::run_due(&shop.app).await.unwrap();
        assert!(offers(&shop).is_empty(), "a withdrawn offer is not sent");
        assert_eq!(shop.post(&path, &sold.buyer.1, body.clone()).await.0, 201);
        jobs::run_due(&shop.app).await.unwrap();
        let (id, token) = link(&shop);
        shop.advance_s(8 * 86_400);
        let buyer = shop.token(sold.buyer.0, Role::Guest);
        let bob = shop.user(Role::Guest).await.1;
        let (status, late) = shop.post(&format!("/api/v1/transfers/{id}/accept"), &bob, json!({ "token": token })).await;
        assert_eq!((status, slug(&late)), (409, "transfer-over"));
        assert_eq!(shop.post(&path, &buyer, body).await.0, 201, "a lapsed offer does not block another");
    }
}
