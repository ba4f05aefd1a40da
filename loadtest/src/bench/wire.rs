//! WebSockets by hand: one connection joins, upgrades and reads frames, with nothing of a library in between, so that tens of thousands
//! fit into a process.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Longest head of an answer, in bytes.
const HEAD_MAX: usize = 16 * 1024;
/// A pong with an empty payload and a mask of zeros (RFC 6455 §5.5.3).
pub const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];

/// A connection from a local address.
///
/// # Errors
/// When there is none to be had.
pub async fn connect(server: SocketAddr, from: SocketAddr) -> anyhow::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    // Ports of connections that have just ended may be used again: a crowd that joins first and opens its sockets then needs
    // two for each visitor.
    socket.set_reuseaddr(true)?;
    socket.bind(from)?;
    Ok(socket.connect(server).await?)
}

/// Joins a room; the cookies that say so.
///
/// # Errors
/// When the join is refused.
pub async fn join(socket: &mut TcpStream, server: SocketAddr, room: &str) -> anyhow::Result<String> {
    let join =
        format!("POST /api/v1/rooms/{room}/places HTTP/1.1\r\nHost: {server}\r\nContent-Length: 0\r\n\r\n");
    socket.write_all(join.as_bytes()).await?;
    let head = head(socket).await?;
    anyhow::ensure!(head.starts_with("HTTP/1.1 201"), "a join was answered {head}");
    let cookie = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        let is_one = name.eq_ignore_ascii_case("set-cookie");
        value.split(';').next().filter(|_| is_one).map(str::to_owned)
    };
    let cookies = head.lines().filter_map(cookie).collect::<Vec<_>>().join("; ");
    let length =
        |line: &str| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok();
    let length = head.lines().find_map(length);
    socket.read_exact(&mut vec![0; length.unwrap_or(0)]).await?;
    Ok(cookies)
}

/// Makes the connection a WebSocket on which a place is watched.
///
/// # Errors
/// When the upgrade is refused.
pub async fn watch(
    socket: &mut TcpStream,
    server: SocketAddr,
    room: &str,
    cookies: &str,
) -> anyhow::Result<()> {
    let upgrade = format!(
        "GET /api/v1/rooms/{room}/live HTTP/1.1\r\nHost: {server}\r\nOrigin: http://{server}\r\nCookie: {cookies}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: rushline.v1\r\n\
         Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    socket.write_all(upgrade.as_bytes()).await?;
    let head = head(socket).await?;
    anyhow::ensure!(head.starts_with("HTTP/1.1 101"), "an upgrade was answered {head}");
    Ok(())
}

/// The head of an answer. Nothing is read beyond it: frames may follow.
async fn head(socket: &mut TcpStream) -> anyhow::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        anyhow::ensure!(head.len() < HEAD_MAX, "an answer without end");
        head.push(socket.read_u8().await?);
    }
    Ok(String::from_utf8(head)?)
}

/// The first frame, if it is there as a whole: its opcode, the length of its payload and its own.
pub fn frame(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let [first, second, rest @ ..] = bytes else { return None };
    let (payload, header) = match (second & 0x7f, rest) {
        (126, [high, low, ..]) => (usize::from(u16::from_be_bytes([*high, *low])), 4),
        (126 | 127, _) => return None,
        (short, _) => (usize::from(short), 2),
    };
    (bytes.len() >= header + payload).then_some((first & 0x0f, payload, header + payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_one_after_the_other() {
        assert_eq!(frame(&[0x81]), None);
        assert_eq!(frame(&[0x81, 2, b'a']), None);
        assert_eq!(frame(&[0x81, 2, b'a', b'b', 0x89]), Some((1, 2, 4)));
        let long = [&[0x81, 126, 1, 0][..], &[b'x'; 256]].concat();
        assert_eq!(frame(&long), Some((1, 256, 260)));
        assert_eq!(frame(&long[..259]), None);
    }
}
