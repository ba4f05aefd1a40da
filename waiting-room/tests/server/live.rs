//! Live positions: WebSocket, SSE and polling say the same.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::world::{Browser, ROOM, World, problem};

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A joined visitor whose cookies the test knows, because the WebSocket client keeps none.
pub struct Watcher {
    pub browser: Browser,
    cookies: String,
    token: String,
}

impl Watcher {
    pub async fn join(world: &World) -> Self {
        let browser = world.browser();
        let answer = browser.join().await;
        assert_eq!(answer.status(), StatusCode::CREATED);
        let cookies: Vec<String> = answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .map(|v| v.to_str().unwrap().split(';').next().unwrap().to_owned())
            .collect();
        let token = answer.json::<Value>().await.unwrap()["place_token"].as_str().unwrap().to_owned();
        Self { browser, cookies: cookies.join("; "), token }
    }

    async fn open(
        &self,
        world: &World,
        origin: Option<&str>,
        protocols: &str,
        cookies: &str,
    ) -> Result<Socket, Error> {
        let url = format!("{}/api/v1/rooms/{ROOM}/live", world.url.replace("http", "ws"));
        let mut request = url.into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("cookie", cookies.parse().unwrap());
        headers.insert("sec-websocket-protocol", protocols.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().unwrap());
        }
        tokio_tungstenite::connect_async(request).await.map(|(socket, _)| socket)
    }

    /// Id of the place, from the token's claims.
    pub fn place_id(&self) -> String {
        Self::claims(self.token.split_once('.').unwrap().1)["sub"].as_str().unwrap().to_owned()
    }

    /// What a signed token says, unverified.
    pub fn claims(token: &str) -> Value {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        serde_json::from_slice(&claims).unwrap()
    }

    pub async fn watch(&self, world: &World) -> Socket {
        self.open(world, Some(&world.url), "rushline.v1", &self.cookies).await.unwrap()
    }
}

/// The next document.
pub async fn document(socket: &mut Socket) -> Value {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// The close code the server ends with.
async fn close_code(mut socket: Socket) -> u16 {
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Close(frame) = message {
            return frame.map_or(1005, |frame| CloseCode::into(frame.code));
        }
    }
    panic!("the socket ended without a reason");
}

fn refused_with(result: Result<Socket, Error>) -> u16 {
    match result {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_socket_tells_the_place_and_the_turn_at_once() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let first = world.visitor().await;
    first.place_when("called").await;
    let watcher = Watcher::join(&world).await;
    let mut socket = watcher.watch(&world).await;
    let place = document(&mut socket).await;
    assert_eq!((&place["state"], &place["position"]), (&json!("waiting"), &json!(1)));
    first.delete(format!("/api/v1/rooms/{ROOM}/places/me")).await;
    let place = document(&mut socket).await;
    assert_eq!((&place["state"], &place["position"]), (&json!("called"), &json!(0)));
    assert_eq!(watcher.browser.claim().await.status(), StatusCode::OK);
    assert_eq!(document(&mut socket).await["state"], "admitted");
}

/// What the four channels say at the same instant: polled, framed, streamed, and written on the page without JavaScript.
async fn told(world: &World, watcher: &Watcher) -> (Value, Value, Value, String) {
    let polled = watcher.browser.get(format!("/api/v1/rooms/{ROOM}/places/me")).await;
    let retry_after = polled.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap();
    let polled: Value = polled.json().await.unwrap();
    assert_eq!(polled["retry_after_s"], retry_after, "a poller is told in the header too when to come back");
    let framed = document(&mut watcher.watch(world).await).await;
    let mut stream = watcher.browser.get(format!("/api/v1/rooms/{ROOM}/stream")).await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let event = String::from_utf8(stream.chunk().await.unwrap().unwrap().to_vec()).unwrap();
    let data = event.strip_prefix("event: place\ndata: ").unwrap().trim_end();
    let streamed = serde_json::from_str(data).unwrap();
    let page = watcher.browser.get(format!("/queue/{ROOM}")).await.text().await.unwrap();
    (polled, framed, streamed, page)
}

#[tokio::test]
async fn every_channel_tells_the_same() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1, "message": "Five minutes"})).await;
    let first = world.visitor().await;
    first.place_when("called").await;
    let watcher = Watcher::join(&world).await;
    let left = format!("/api/v1/rooms/{ROOM}/places/me");
    for (state, sentence) in [
        ("waiting", "<span>Your place in line</span><b>1</b></p>"),
        ("called", "<dt>Time left</dt><dd>60 seconds</dd>"),
        ("admitted", "You’re in"),
        ("left", "You left the line"),
    ] {
        match state {
            "called" => drop(first.delete(&left).await),
            "admitted" => drop(watcher.browser.claim().await),
            "left" => drop(
                world
                    .operator(shared::access::Role::Admin)
                    .post(
                        format!("/api/v1/admin/rooms/{ROOM}/revoke"),
                        Some(json!({"place": watcher.place_id()})),
                    )
                    .await,
            ),
            _ => {}
        }
        watcher.browser.place_when(state).await;
        let (polled, framed, streamed, page) = told(&world, &watcher).await;
        assert_eq!(polled["state"], state);
        assert_eq!(polled["message"], "Five minutes");
        assert_eq!((&framed, &streamed), (&polled, &polled), "{state}");
        assert!(page.contains(sentence) && page.contains("Five minutes"), "{state}: {page}");
    }
}

#[tokio::test]
async fn a_pause_and_a_message_reach_open_sockets() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"opens_at": null})).await;
    let watcher = Watcher::join(&world).await;
    let mut socket = watcher.watch(&world).await;
    assert_eq!(document(&mut socket).await["paused"], false);
    world.press("pause").await;
    let place = document(&mut socket).await;
    assert_eq!((&place["paused"], &place["room_state"]), (&json!(true), &json!("paused")));
    world.put_room(ROOM, json!({"opens_at": null, "message": "Five minutes"})).await;
    assert_eq!(document(&mut socket).await["message"], "Five minutes");
}

#[tokio::test]
async fn other_sites_pages_and_strangers_are_refused_before_the_upgrade() {
    let world = World::start().await;
    let watcher = Watcher::join(&world).await;
    for origin in [None, Some("null"), Some("https://evil.example"), Some("http://127.0.0.1.evil.example")] {
        assert_eq!(refused_with(watcher.open(&world, origin, "rushline.v1", &watcher.cookies).await), 403);
    }
    let ours = Some(world.url.as_str());
    assert_eq!(refused_with(watcher.open(&world, ours, "rushline.v1", "").await), 401);
    let token = format!("rushline.v1, {}", watcher.token);
    assert_eq!(
        refused_with(watcher.open(&world, ours, &token, "").await),
        403,
        "the token alone, in another browser"
    );
    let browser_only = watcher.cookies.split("; ").next().unwrap();
    let mut socket = watcher.open(&world, ours, &token, browser_only).await.unwrap();
    assert_eq!(document(&mut socket).await["number"], 1);
}

#[tokio::test]
async fn whoever_talks_is_shown_out() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"opens_at": null})).await;
    let watcher = Watcher::join(&world).await;
    let raw = |bytes: &[u8], kind, is_final| {
        Message::Frame(Frame::message(bytes.to_vec(), OpCode::Data(kind), is_final))
    };
    let endless = std::iter::once(raw(&[b'x'; 1000], Data::Text, false))
        .chain((0..9).map(|_| raw(&[b'x'; 1000], Data::Continue, false)));
    let cases: [(Vec<Message>, u16); 8] = [
        (vec![raw(&[0xff, 0xfe], Data::Text, true)], 1007),
        (endless.collect(), 1009),
        (vec![Message::text("x".repeat(5000))], 1009),
        (vec![Message::binary(vec![1, 2, 3])], 1003),
        (vec![Message::text("one"), Message::text("two"), Message::text("three")], 1008),
        (vec![Message::Ping(Default::default()); 1000], 1008),
        (vec![raw(b"of what", Data::Continue, true)], 1002),
        (vec![Message::Close(None)], 1005),
    ];
    for (messages, code) in cases {
        let mut socket = watcher.watch(&world).await;
        for message in messages {
            // A server that has closed no longer takes the rest.
            let _ = socket.feed(message).await;
        }
        let _ = socket.flush().await;
        assert_eq!(close_code(socket).await, code);
    }
    assert_eq!(watcher.browser.place().await["number"], 1, "the place is kept");
}

/// Bytes may come with the handshake; the HTTP library has read them then, and hands them over.
#[tokio::test]
async fn words_that_come_with_the_handshake_are_heard() {
    let world = World::start().await;
    let watcher = Watcher::join(&world).await;
    let host = world.url.strip_prefix("http://").unwrap();
    let hello = format!(
        "GET /api/v1/rooms/{ROOM}/live HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nCookie: {}\r\nConnection: keep-alive, Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        world.url, watcher.cookies
    );
    let mut socket = TcpStream::connect(host).await.unwrap();
    let ping_and_close = [0x89, 0x81, 0, 0, 0, 0, b'?', 0x88, 0x82, 1, 1, 1, 1, 2, 0xe9];
    socket.write_all(&[hello.as_bytes(), &ping_and_close].concat()).await.unwrap();
    let mut heard = Vec::new();
    socket.read_to_end(&mut heard).await.unwrap();
    let text = String::from_utf8_lossy(&heard);
    assert!(text.starts_with("HTTP/1.1 101"), "{text}");
    assert!(text.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{text}");
    assert!(!text.contains("sec-websocket-protocol"), "none was offered: {text}");
    assert!(
        heard.ends_with(&[0x8a, 1, b'?', 0x88, 2, 3, 0xe8]),
        "pong, and goodbye with the same code: {text}"
    );
}

/// Of the events of a stream that nobody reads no more than the first few are kept, below 25 KB: then the newest takes the place of those
/// before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_is_not_read_costs_little_and_delays_nobody() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"opens_at": null})).await;
    let (stalls, reads) = (Watcher::join(&world).await, Watcher::join(&world).await);
    let mut stalled = stream_with_small_buffers(&world, &stalls).await;
    let mut stream = reads.browser.get(format!("/api/v1/rooms/{ROOM}/stream")).await;
    let (mut said, mut told) = (String::new(), 0);
    for n in 0..NEWS {
        said = format!("News number {n}: {}", "🎸".repeat(480));
        let began = Instant::now();
        world.put_room(ROOM, json!({"opens_at": null, "message": said})).await;
        loop {
            let event = stream.chunk().await.unwrap().unwrap();
            told += event.len();
            if String::from_utf8_lossy(&event).contains(&said) {
                break;
            }
        }
        assert!(began.elapsed() < Duration::from_secs(5), "she is told at once, whoever does not read");
    }
    let mut heard = Vec::new();
    while !String::from_utf8_lossy(&heard).contains(&said) {
        assert!(stalled.read_buf(&mut heard).await.unwrap() > 0, "the stream ended");
    }
    assert!(told > KEPT_MAX * 2, "{told} bytes were told to the one who reads");
    assert!(heard.len() < KEPT_MAX, "{} bytes of {told} were kept for the one who does not", heard.len());
}

/// How often the operator has something to say, and the most that may be kept of it for a stream that is not read, in bytes: what the
/// kernel takes on both sides, one document in the HTTP library's hands and one in the mailbox.
const NEWS: usize = 22;
const KEPT_MAX: usize = 25_000;

/// An open stream of which nothing but its head has been read, on a connection whose browser takes little.
async fn stream_with_small_buffers(world: &World, watcher: &Watcher) -> TcpStream {
    let host = world.url.strip_prefix("http://").unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut socket = socket.connect(host.parse().unwrap()).await.unwrap();
    let hello = format!(
        "GET /api/v1/rooms/{ROOM}/stream HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\n\r\n",
        watcher.cookies
    );
    socket.write_all(hello.as_bytes()).await.unwrap();
    let mut head = [0; 15];
    socket.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    socket
}

#[tokio::test]
async fn a_request_that_is_no_websocket_is_told_so() {
    let world = World::start().await;
    let watcher = Watcher::join(&world).await;
    let answer = watcher.browser.get(format!("/api/v1/rooms/{ROOM}/live")).await;
    assert_eq!(answer.headers()["upgrade"], "websocket");
    assert_eq!(answer.headers()["sec-websocket-version"], "13");
    problem(answer, 426, "upgrade-required").await;
}

#[tokio::test]
async fn the_oldest_of_too_many_sockets_of_one_place_makes_way() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"opens_at": null})).await;
    let watcher = Watcher::join(&world).await;
    let mut sockets = Vec::new();
    for _ in 0..4 {
        let mut socket = watcher.watch(&world).await;
        document(&mut socket).await;
        sockets.push(socket);
    }
    assert_eq!(close_code(sockets.remove(0)).await, 4409);
}

/// Row 55 of the list of bad inputs. The machine itself is not counted, so the visitors come through a proxy on it.
#[tokio::test]
async fn a_network_holds_so_many_streams_open_and_no_more() {
    let world = World::start_with(|settings| {
        settings.server.trusted_proxies = vec!["127.0.0.1".into()];
        settings.server.streams_per_network = 1;
    })
    .await;
    world.put_room(ROOM, json!({"opens_at": null})).await;
    let watcher = Watcher::join(&world).await;
    let ask = |channel: &str, from: &str| {
        let url = format!("{}/api/v1/rooms/{ROOM}/{channel}", world.url);
        watcher.browser.client.get(url).header("x-forwarded-for", from)
    };
    let open = ask("stream", "203.0.113.7").send().await.unwrap();
    assert_eq!(open.status(), StatusCode::OK);
    let upgrade = ask("live", "203.0.113.7")
        .header("origin", &world.url)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "rushline.v1");
    let refused = upgrade.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "30");
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["type"], "https://rushline.dev/problems/too-many-streams");
    let elsewhere = ask("stream", "203.0.113.8").send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::OK, "the next network is another one");
}

#[tokio::test]
async fn a_stopping_server_says_goodbye() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"opens_at": null})).await;
    let watcher = Watcher::join(&world).await;
    let mut socket = watcher.watch(&world).await;
    document(&mut socket).await;
    world.app.stop.end();
    assert_eq!(close_code(socket).await, 1012);
}
