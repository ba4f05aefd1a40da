//! The ceiling: a server that accepts, answers the upgrade without looking, and then writes one frame to each socket every so
//! many seconds, spread over hundredths of a second. One thread, nothing but system calls; a full socket misses its frame.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// Parts that a second is divided into, as in the product.
const SLOTS: usize = 100;
/// Longest request that is waited for, in bytes.
const REQUEST_MAX: usize = 4096;
/// The answer to every upgrade.
const SWITCH: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

/// How it is started; by the benchmark itself.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Where to listen.
    #[arg(long)]
    pub listen: String,
    /// Length of a frame's payload.
    #[arg(long)]
    pub frame_bytes: usize,
    /// Seconds from one frame of a socket to the next.
    #[arg(long)]
    pub every_s: usize,
}

/// Serves until it is killed.
///
/// # Errors
/// When the address is taken, or no more files can be opened.
pub fn serve(options: &Options) -> anyhow::Result<()> {
    let listener = TcpListener::bind(&options.listen)?;
    listener.set_nonblocking(true)?;
    let count_of_slots = SLOTS * options.every_s.max(1);
    let mut slots: Vec<Vec<TcpStream>> = (0..count_of_slots).map(|_| Vec::new()).collect();
    let (mut count, mut frame) = (0_usize, frame(options.frame_bytes));
    let began = Instant::now();
    for tick in 0_u32.. {
        let due = began + Duration::from_secs(1) / SLOTS as u32 * tick;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        loop {
            match listener.accept() {
                Ok((socket, _)) => {
                    slots[count % count_of_slots].push(upgraded(socket)?);
                    count += 1;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        let slot = &mut slots[tick as usize % count_of_slots];
        for (n, socket) in slot.iter_mut().enumerate() {
            // Every frame is its own, as positions are.
            let digits = frame.len() - 10;
            write!(&mut frame[digits..], "{n:010}")?;
            // One that is full or gone misses it.
            let _ = socket.write(&frame);
        }
    }
    Ok(())
}

/// A text frame of the server's (RFC 6455 §5.2) with a payload of `len` bytes, at least ten and below 65,536.
fn frame(len: usize) -> Vec<u8> {
    let len = len.clamp(10, usize::from(u16::MAX));
    let mut frame = vec![0x81];
    match u8::try_from(len) {
        Ok(short) if short < 126 => frame.push(short),
        _ => {
            frame.push(126);
            frame.extend(u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    frame.resize(frame.len() + len, b'x');
    frame
}

/// Reads the request and answers it.
fn upgraded(mut socket: TcpStream) -> std::io::Result<TcpStream> {
    let (mut request, mut piece) = (Vec::new(), [0; 1024]);
    while !request.ends_with(b"\r\n\r\n") && request.len() < REQUEST_MAX {
        match socket.read(&mut piece)? {
            0 => break,
            n => request.extend_from_slice(&piece[..n]),
        }
    }
    socket.set_nodelay(true)?;
    socket.write_all(SWITCH)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}
