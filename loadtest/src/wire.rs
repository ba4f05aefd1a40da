//! WebSockets by hand: one connection joins, upgrades and reads frames, with nothing of a library in between, so that tens of thousands
//! fit into a process.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Longest head of an answer, in bytes.
const HEAD_MAX: usize = 16 * 1024;
/// Ports that connections come from.
const PORTS: Range<u16> = 5_000..65_000;
/// Ports that are tried for one connection.
const PORTS_TRIED: usize = 1000;
/// What a head ends with.
const END: &[u8] = b"\r\n\r\n";
/// A pong with an empty payload and a mask of zeros (RFC 6455 §5.5.3).
pub const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];

/// A loopback address that connections come from.
///
/// It chooses the ports itself: the kernel's search for a free one takes the longer the more are taken, and from ten thousand on takes more
/// of the processor than everything that is measured.
pub struct Source {
    address: Ipv4Addr,
    next: AtomicU32,
}

impl Source {
    /// The address `127.0.0.x`, as text; one process each.
    ///
    /// # Errors
    /// When it is not an address.
    pub fn at(address: &str) -> anyhow::Result<Self> {
        Ok(Self { address: address.parse()?, next: AtomicU32::new(0) })
    }

    /// A connection to a server.
    ///
    /// # Errors
    /// When it is refused, or no port is free.
    pub async fn connect(&self, server: SocketAddr) -> anyhow::Result<TcpStream> {
        for _ in 0..PORTS_TRIED {
            let socket = TcpSocket::new_v4()?;
            // Ports of connections that have just ended may be used again.
            socket.set_reuseaddr(true)?;
            let connected = match socket.bind(self.next_port()) {
                Ok(()) => socket.connect(server).await,
                Err(error) => Err(error),
            };
            match connected {
                Err(error) if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable) => {}
                connected => return Ok(connected?),
            }
        }
        anyhow::bail!("{PORTS_TRIED} ports of {} one after the other are taken", self.address)
    }

    fn next_port(&self) -> SocketAddr {
        let count = u32::from(PORTS.end - PORTS.start);
        let port = PORTS.start + (self.next.fetch_add(1, Ordering::Relaxed) % count) as u16;
        (self.address, port).into()
    }
}

/// Joins a room with the cookies of a browser, which are added to: also by an answer that refuses, so that whoever tries again is the same
/// browser and has one place.
///
/// # Errors
/// When the join is refused.
pub async fn join(
    socket: &mut TcpStream,
    server: SocketAddr,
    room: &str,
    cookies: &mut String,
) -> anyhow::Result<()> {
    let join = format!(
        "POST /api/v1/rooms/{room}/places HTTP/1.1\r\nHost: {server}\r\nCookie: {cookies}\r\nContent-Length: 0\r\n\r\n"
    );
    socket.write_all(join.as_bytes()).await?;
    let (head, body) = head(socket).await?;
    let cookie = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        let is_one = name.eq_ignore_ascii_case("set-cookie");
        value.split(';').next().filter(|_| is_one).map(str::to_owned)
    };
    for cookie in head.lines().filter_map(cookie) {
        cookies.push_str(if cookies.is_empty() { "" } else { "; " });
        cookies.push_str(&cookie);
    }
    let is_in = head.starts_with("HTTP/1.1 201") || head.starts_with("HTTP/1.1 200");
    anyhow::ensure!(is_in, "a join was answered {head}");
    let length =
        |line: &str| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok();
    let length = head.lines().find_map(length).unwrap_or(0);
    let missing = length.checked_sub(body.len()).ok_or_else(|| anyhow::anyhow!("more than the answer"))?;
    socket.read_exact(&mut vec![0; missing]).await?;
    Ok(())
}

/// Makes the connection a WebSocket on which a place is watched; what has been read of its frames.
///
/// # Errors
/// When the upgrade is refused.
pub async fn watch(
    socket: &mut TcpStream,
    server: SocketAddr,
    room: &str,
    cookies: &str,
) -> anyhow::Result<Vec<u8>> {
    let upgrade = format!(
        "GET /api/v1/rooms/{room}/live HTTP/1.1\r\nHost: {server}\r\nOrigin: http://{server}\r\nCookie: {cookies}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: rushline.v1\r\n\
         Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    socket.write_all(upgrade.as_bytes()).await?;
    let (head, frames) = head(socket).await?;
    anyhow::ensure!(head.starts_with("HTTP/1.1 101"), "an upgrade was answered {head}");
    Ok(frames)
}

/// The head of an answer, and what was read beyond it.
async fn head(socket: &mut TcpStream) -> anyhow::Result<(String, Vec<u8>)> {
    let mut head = Vec::with_capacity(2048);
    loop {
        anyhow::ensure!(head.len() < HEAD_MAX, "an answer without end");
        anyhow::ensure!(socket.read_buf(&mut head).await? > 0, "the server has ended the connection");
        if let Some(end) = head.windows(END.len()).position(|window| window == END) {
            let rest = head.split_off(end + END.len());
            return Ok((String::from_utf8(head)?, rest));
        }
    }
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
