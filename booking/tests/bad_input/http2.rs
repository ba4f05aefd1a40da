//! Row 11: floods over HTTP/2. Each ends with the server saying goodbye, and the next visitor is served.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::common::{Engine, Shop};
use crate::raw::connect;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Far longer than any flood takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Kinds of frames (RFC 9113 §6).
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

/// Flags of HEADERS.
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags];
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// `GET / HTTP/2` of the host `x` by the static table of HPACK (RFC 7541, appendix A).
const GET: &[u8] = &[0x82, 0x84, 0x86, 0x41, 0x01, b'x'];

/// Ids that a client may give to its streams.
fn streams() -> impl Iterator<Item = u32> {
    (1..).step_by(2)
}

/// Says all of it and reads until the server closes; whether it said goodbye with a GOAWAY before.
async fn ends(stream: TcpStream, flood: Vec<u8>) -> bool {
    let (mut reader, mut writer) = stream.into_split();
    let mut heard = Vec::new();
    let (_, closed) = tokio::join!(
        // Whoever has been shown out is no longer listened to.
        async {
            let _ = writer.write_all(PREFACE).await;
            let _ = writer.write_all(&frame(SETTINGS, 0, 0, &[])).await;
            let _ = writer.write_all(&flood).await;
        },
        timeout(PATIENCE, reader.read_to_end(&mut heard)),
    );
    assert!(closed.is_ok(), "the connection goes on");
    let mut rest = &heard[..];
    while let Some((head, behind)) = rest.split_first_chunk::<9>() {
        if head[3] == GOAWAY {
            return true;
        }
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        rest = behind.get(length..).unwrap_or_default();
    }
    false
}

#[tokio::test]
async fn floods_end_with_a_goodbye_and_others_are_served() {
    let shop = Shop::start(Engine::Sqlite).await.unwrap();
    let reset = |stream: u32| {
        [frame(HEADERS, END_STREAM | END_HEADERS, stream, GET), frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])]
            .concat()
    };
    let resets: Vec<u8> = streams().take(100_000).flat_map(reset).collect();
    // A field without indexing, named by one byte, with an empty value: it grows the list and never ends it.
    let field = [0x00, 0x01, b'a', 0x00].repeat(4000);
    let mut continued = frame(HEADERS, END_STREAM, 1, GET);
    (0..2000).for_each(|_| continued.extend(frame(CONTINUATION, 0, 1, &field)));
    for (what, flood) in [("resets", resets), ("continuations", continued)] {
        assert!(ends(connect(&shop).await, flood).await, "{what}: no goodbye");
    }
    assert_eq!(shop.get("/api/v1/events", "").await.0, 200);
}
