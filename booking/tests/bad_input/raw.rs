//! A client that says exactly the bytes it is told to.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::common::Shop;
use crate::slug_of;

/// Far longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the server said.
#[derive(Debug)]
pub struct Said {
    /// All of it.
    pub text: String,
    /// Whether it closed the connection behind its answer.
    pub is_closed: bool,
}

impl Said {
    /// Status of the first answer; 0 when there was none.
    pub fn status(&self) -> u16 {
        self.text.get(9..12).and_then(|code| code.parse().ok()).unwrap_or(0)
    }

    /// Slug of the first answer.
    pub fn slug(&self) -> String {
        let body = self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        slug_of(body.split("HTTP/1.1").next().unwrap_or_default())
    }

    /// Whether a header of the first answer is there.
    pub fn has(&self, header: &str) -> bool {
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase();
        head.contains(&format!("\r\n{header}"))
    }

    /// How many answers there were.
    pub fn answers(&self) -> usize {
        self.text.matches("HTTP/1.1 ").count()
    }
}

/// Opens a connection to the shop.
pub async fn connect(shop: &Shop) -> TcpStream {
    TcpStream::connect(shop.url.trim_start_matches("http://")).await.unwrap()
}

/// Says `words` on a connection of its own; the answer, and to its end when the server says that it closes.
pub async fn say(shop: &Shop, words: impl AsRef<[u8]>) -> Said {
    let (mut reader, mut writer) = connect(shop).await.into_split();
    let (_, said) = tokio::join!(
        // A server that has heard enough does not read the rest.
        async { drop(writer.write_all(words.as_ref()).await) },
        async { timeout(PATIENCE, listen(&mut reader)).await.expect("an answer") },
    );
    drop(writer);
    said
}

async fn listen(reader: &mut (impl AsyncReadExt + Unpin)) -> Said {
    let (mut heard, mut piece) = (Vec::new(), [0; 16 * 1024]);
    loop {
        // A reset is an end too.
        let read = reader.read(&mut piece).await.unwrap_or(0);
        heard.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&heard).into_owned();
        if read == 0 || is_whole(&text) {
            return Said { text, is_closed: read == 0 };
        }
    }
}

/// Whether the first answer is there, and nothing else is to come.
fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let head = head.to_ascii_lowercase();
    let field =
        |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<usize>().ok());
    let is_last = head.contains("\r\nconnection: close");
    !is_last
        && (head.starts_with("http/1.1 1")
            || field("content-length:").is_some_and(|length| body.len() >= length))
}
