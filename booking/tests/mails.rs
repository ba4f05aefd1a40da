//! Mails, read back as a mail program would, from files and from an SMTP server.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use booking::jobs;
use booking::notifications::{self, Message};
use secrecy::SecretString;
use serde_json::json;
use shared::access::Role;
use shared::peer::Peer;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use common::sold::Sold;
use common::{Engine, Shop};

/// A part of a mail: its headers (unfolded, lower-case names) and its decoded bytes.
struct Part {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Part {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// All parts of a mail, the whole first.
fn parts(eml: &str) -> Vec<Part> {
    let (head, body) = eml.split_once("\r\n\r\n").unwrap();
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n") {
        match line.split_once(':') {
            _ if line.starts_with([' ', '\t']) => headers.last_mut().unwrap().1.push_str(line),
            Some((name, value)) => headers.push((name.to_lowercase(), value.trim().to_owned())),
            None => panic!("not a header: {line}"),
        }
    }
    let mut whole = Part { headers, body: body.into() };
    let kind = whole.header("content-type").to_owned();
    let mut all = Vec::new();
    if let Some((_, boundary)) = kind.split_once("boundary=\"") {
        let mark = format!("--{}", boundary.split('"').next().unwrap());
        let inner = body.split(&mark).skip(1).filter(|part| part.starts_with("\r\n"));
        all.extend(inner.flat_map(|part| parts(part.strip_prefix("\r\n").unwrap())));
    } else {
        whole.body = match whole.header("content-transfer-encoding") {
            "base64" => STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap(),
            "quoted-printable" => unquote(body),
            _ => body.into(),
        };
    }
    all.insert(0, whole);
    all
}

fn unquote(text: &str) -> Vec<u8> {
    let joined = text.replace("=\r\n", "");
    let mut pieces = joined.split('=');
    let mut bytes: Vec<u8> = pieces.next().unwrap().into();
    for piece in pieces {
        bytes.push(u8::from_str_radix(&piece[..2], 16).unwrap());
        bytes.extend(piece[2..].bytes());
    }
    bytes
}

/// The mail files of one extension, in the order of their names.
fn files(shop: &Shop, extension: &str) -> Vec<PathBuf> {
    let Ok(dir) = std::fs::read_dir(shop.app.settings.data_dir.join("mails")) else { return Vec::new() };
    let mut files: Vec<PathBuf> = dir.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == extension));
    files.sort();
    files
}

/// Everything sent so far, read from the files, by subject.
fn sent(shop: &Shop, subject: &str) -> Vec<Part> {
    let eml = files(shop, "eml").into_iter().map(|path| std::fs::read_to_string(path).unwrap());
    let found: Vec<String> = eml.filter(|eml| parts(eml)[0].header("subject").contains(subject)).collect();
    assert_eq!(found.len(), 1, "mails called {subject}");
    parts(&found[0])
}

fn body<'p>(parts: &'p [Part], kind: &str) -> &'p Part {
    parts.iter().find(|part| part.header("content-type").starts_with(kind)).unwrap()
}

async fn queue(shop: &Shop, message: Message) {
    let (app, message) = (shop.app.clone(), std::sync::Arc::new(message));
    shop.app
        .db
        .write("test_mail", move |tx| {
            let (app, message) = (app.clone(), message.clone());
            Box::pin(async move { notifications::enqueue(tx, &app, &message, app.now()).await })
        })
        .await
        .unwrap();
}

/// Confirms a booking once more, as a repeated callback would.
async fn confirm_again(shop: &Shop, sold: &Sold) {
    let (app, booking) = (shop.app.clone(), sold.booking);
    let work = shop.app.db.write("test_confirm", move |tx| {
        let app = app.clone();
        Box::pin(async move {
            let (now, starts_at) = (app.now(), app.now() + time::Duration::days(100));
            let mails = notifications::of_confirmed(booking, false, starts_at, now);
            booking::jobs::enqueue_all(tx, &mails, &app.entropy, now).await
        })
    });
    work.await.unwrap();
}

/// From the start of a test to a minute after the day before its event began.
const TO_THE_REMINDER_S: i64 = 191 * 86_400 + 8 * 3600 + 60;

on_both_engines! {
    async fn a_confirmed_booking_is_confirmed_delivered_and_recalled_once(shop) {
        let sold = shop.sold("Alice <b>Example</b>", 2).await;
        confirm_again(&shop, &sold).await;
        jobs::run_due(&shop.app).await.unwrap();
        assert_eq!((files(&shop, "eml").len(), files(&shop, "html").len(), files(&shop, "part").len()), (2, 2, 0));

        let mail = sent(&shop, "Booking confirmed: Rock Night");
        assert!(mail[0].header("to").contains(&format!("{}@example.com", sold.buyer.0)), "{}", mail[0].header("to"));
        let (text, html) = (body(&mail, "text/plain").text(), body(&mail, "text/html").text());
        for word in ["Rock Night", "City Arena", "10 December 2026", "RL-", "Parterre, row C, seat", "100.00 USD", "/bookings/"] {
            assert!(text.contains(word) && html.contains(word), "{word} is missing in {text}");
        }

        let mail = sent(&shop, "Your tickets: Rock Night");
        assert!(body(&mail, "application/pdf").body.starts_with(b"%PDF-"));
        let ics = body(&mail, "text/calendar").text();
        assert!(ics.contains("DTSTART:20261210T200000Z\r\n") && ics.contains("SUMMARY:Rock Night\r\n"), "{ics}");
        let pictures: Vec<_> = mail.iter().filter(|part| part.header("content-type") == "image/png").collect();
        assert_eq!(pictures.len(), 2);
        assert!(pictures.iter().zip(&sold.codes).all(|(part, code)| part.header("content-id") == format!("<{code}>")));
        assert!(body(&mail, "text/html").text().contains(&format!("cid:{}", sold.codes[0])));

        shop.advance_s(TO_THE_REMINDER_S);
        assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 1);
        assert!(body(&sent(&shop, "Tomorrow: Rock Night"), "text/plain").text().contains("seat"));
    }

    async fn nobody_is_reminded_of_a_cancelled_booking(shop) {
        let sold = shop.sold("Alice", 1).await;
        jobs::run_due(&shop.app).await.unwrap();
        let cancel = format!("/api/v1/bookings/{}/cancel", sold.booking);
        let (status, booking) = shop.post(&cancel, &sold.buyer.1, json!({})).await;
        assert_eq!(status, 200, "{booking}");
        jobs::run_due(&shop.app).await.unwrap();
        assert!(body(&sent(&shop, "Booking cancelled"), "text/plain").text().contains("50.00 USD"));
        shop.advance_s(TO_THE_REMINDER_S);
        assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 1);
        assert_eq!(files(&shop, "eml").len(), 3, "confirmation, tickets, cancellation and no reminder");
    }

    async fn links_reach_their_reader(shop) {
        let user = shop.user(Role::Guest).await.0;
        queue(&shop, Message::VerifyEmail { user, token: "t-1".into() }).await;
        queue(&shop, Message::ResetPassword { user, token: "t-2".into() }).await;
        queue(&shop, Message::AlreadyRegistered { user }).await;
        assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 3);
        for (subject, link) in [
            ("Confirm your mail address", "/verify-email?token=t-1"),
            ("Set a new password", "/reset-password?token=t-2"),
            ("You already have an account", "/login"),
        ] {
            let mail = sent(&shop, subject);
            assert!(body(&mail, "text/plain").text().contains(link) && body(&mail, "text/html").text().contains(link));
        }
    }

    async fn names_stay_text_and_headers_stay_one_line(shop) {
        let sold = shop.sold("Alice", 1).await;
        let event = sold.event;
        shop.app
            .db
            .write("test_name", move |tx| {
                Box::pin(async move {
                    // Past the checks of the API: what an import or an older release may have let in.
                    let name = "<script>x</script>\r\nBcc: all@example.com\r\n{{secret}}";
                    Ok(booking::q!(tx.ex(), exec, "UPDATE events SET name = $1 WHERE id = $2", name, event)?)
                })
            })
            .await
            .unwrap();
        jobs::run_due(&shop.app).await.unwrap();
        let mail = sent(&shop, "Booking confirmed");
        assert!(mail[0].headers.iter().all(|(name, _)| name != "bcc"));
        let html = body(&mail, "text/html").text();
        assert!(!html.contains("<script>") && html.contains("{{secret}}"));
    }
}

/// What a fake SMTP server does with a mail.
#[derive(Clone, Copy)]
enum Fate {
    /// Takes it, then is gone before it says so.
    CutAfterData,
    /// Takes it.
    Accept,
    /// Refuses the reader for good, quoting the address.
    Refuse,
}

/// Serves one connection for each fate, and returns the mails that it was given.
async fn smtp(listener: TcpListener, fates: &[Fate]) -> Vec<String> {
    let mut mails = Vec::new();
    for fate in fates {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 test\r\n").await.unwrap();
        let mut line = String::new();
        while stream.read_line(&mut line).await.unwrap() > 0 {
            let reply: &[u8] = match (line.get(..4).unwrap_or(""), fate) {
                ("RCPT", Fate::Refuse) => b"550 5.1.1 <someone@example.com> unknown\r\n",
                ("DATA", _) => b"354 go on\r\n",
                ("QUIT", _) => b"221 bye\r\n",
                _ => b"250 ok\r\n",
            };
            stream.write_all(reply).await.unwrap();
            if line.starts_with("DATA") {
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    stream.read_line(&mut mail).await.unwrap();
                }
                mails.push(mail);
                match fate {
                    Fate::CutAfterData => break,
                    _ => stream.write_all(b"250 taken\r\n").await.unwrap(),
                }
            }
            if line.starts_with("QUIT") {
                break;
            }
            line.clear();
        }
    }
    mails
}

async fn shop_with_smtp() -> (Shop, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let shop = Shop::start_with(Engine::Sqlite, Peer::in_process(), |settings| {
        settings.mail.smtp_url = SecretString::from(url);
    });
    (shop.await.unwrap(), listener)
}

async fn job(shop: &Shop) -> (String, String) {
    #[derive(sqlx::FromRow)]
    struct Row {
        status: String,
        last_error: String,
    }
    let row = booking::q!(
        shop.app.db.ex(),
        one Row,
        "SELECT status, COALESCE(last_error, '') AS last_error FROM jobs WHERE kind = 'mail'"
    );
    let row = row.unwrap();
    (row.status, row.last_error)
}

#[tokio::test]
async fn a_mail_cut_off_after_data_comes_again_with_the_same_id() {
    let (shop, listener) = shop_with_smtp().await;
    let server = tokio::spawn(smtp(listener, &[Fate::CutAfterData, Fate::Accept]));
    let user = shop.user(Role::Guest).await.0;
    queue(&shop, Message::AlreadyRegistered { user }).await;
    assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 1);
    assert_eq!(job(&shop).await.0, "ready");
    shop.advance_s(60);
    assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 1);
    assert_eq!(job(&shop).await.0, "done");
    // The pool keeps its connection open; the server ends with it.
    drop(shop);
    let mails = server.await.unwrap();
    let ids: Vec<_> = mails.iter().map(|mail| parts(mail)[0].header("message-id").to_owned()).collect();
    assert!(ids.len() == 2 && ids[0] == ids[1] && ids[0].ends_with("@rushline.local>"), "{ids:?}");
}

#[tokio::test]
async fn an_address_refused_for_good_is_given_up_and_not_repeated_in_errors() {
    let (shop, listener) = shop_with_smtp().await;
    let server = tokio::spawn(smtp(listener, &[Fate::Refuse]));
    let user = shop.user(Role::Guest).await.0;
    queue(&shop, Message::AlreadyRegistered { user }).await;
    assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 1);
    let (status, error) = job(&shop).await;
    assert_eq!(status, "dead");
    assert!(error.contains("550") && !error.contains('@'), "{error}");
    drop(shop);
    assert!(server.await.unwrap().is_empty());
}
