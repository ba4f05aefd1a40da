//! Tickets: what is shown, to whom, and what becomes of them.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use booking::tickets::qr::Statement;
use shared::access::Role;

use common::Shop;

/// Runs a foreign tool over bytes and returns what it prints; `None` where it is not installed. In CI it must be.
fn foreign(tool: &str, package: &str, args: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let found = Path::new("/usr/bin").join(tool).exists();
    if !found {
        assert!(option_env!("CI").is_none(), "{tool} is missing: apt-get install {package}");
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
}
