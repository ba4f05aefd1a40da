//! Frames of the WebSocket protocol (RFC 6455 §5): ours are written, a browser's are taken apart as they come.

mod heard;
mod utf8;

pub use heard::{Frames, Refusal, Said};

/// Longest payload of a control frame, in bytes (RFC 6455 §5.5).
const CONTROL_MAX: usize = 125;

const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;
/// First byte of a frame that ends its message.
const FINAL: u8 = 0x80;
/// Second byte of a frame with a mask, which a client's must have.
const MASKED: u8 = 0x80;
/// A length that says that the length follows, in two bytes; one more: in eight.
const LONG: u8 = 126;

/// Appends a text frame whose payload `write` appends, and gives back what that does; nothing if that is nothing.
pub fn text<T>(frames: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Option<T>) -> Option<T> {
    let start = frames.len();
    // The length is known afterwards; nearly all documents need two bytes for it.
    frames.extend([FINAL | TEXT, LONG, 0, 0]);
    let body = frames.len();
    let Some(written) = write(frames) else {
        frames.truncate(start);
        return None;
    };
    let len = frames.len() - body;
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(len), _) if usize::from(len) <= CONTROL_MAX => drop(frames.splice(start + 1..body, [len])),
        (_, Ok(len)) => frames[start + 2..body].copy_from_slice(&len.to_be_bytes()),
        _ => {
            let len = (len as u64).to_be_bytes();
            drop(frames.splice(start + 1..body, std::iter::once(LONG + 1).chain(len)));
        }
    }
    Some(written)
}

/// Appends a ping.
pub fn ping(frames: &mut Vec<u8>) {
    frames.extend([FINAL | PING, 0]);
}

/// Appends the answer to a ping.
pub fn pong(frames: &mut Vec<u8>, payload: &[u8]) {
    control(frames, PONG, &[payload]);
}

/// Appends the last frame: a code with the reason, or without either.
pub fn close(frames: &mut Vec<u8>, code: Option<u16>, reason: &str) {
    match code {
        Some(code) => control(frames, CLOSE, &[&code.to_be_bytes(), reason.as_bytes()]),
        None => control(frames, CLOSE, &[]),
    }
}

fn control(frames: &mut Vec<u8>, kind: u8, payload: &[&[u8]]) {
    let start = frames.len();
    frames.extend([FINAL | kind, 0]);
    payload.iter().for_each(|part| frames.extend_from_slice(part));
    frames.truncate(start + 2 + CONTROL_MAX);
    frames[start + 1] = (frames.len() - start - 2) as u8;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_frames_have_the_shortest_length_and_no_mask() {
        for (len, head) in [
            (0, &[0x81, 0][..]),
            (125, &[0x81, 125]),
            (126, &[0x81, 126, 0, 126]),
            (65_535, &[0x81, 126, 0xff, 0xff]),
            (65_536, &[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let mut frame = vec![7];
            text(&mut frame, |frame| {
                frame.resize(frame.len() + len, b'x');
                Some(())
            })
            .unwrap();
            assert_eq!(&frame[1..=head.len()], head);
            assert_eq!(frame.len(), 1 + head.len() + len);
        }
        let mut frames = Vec::new();
        assert_eq!(text(&mut frames, |_| None::<()>), None);
        ping(&mut frames);
        pong(&mut frames, b"!");
        close(&mut frames, Some(1000), "bye");
        close(&mut frames, None, "");
        assert_eq!(frames, [0x89, 0, 0x8a, 1, b'!', 0x88, 5, 3, 0xe8, b'b', b'y', b'e', 0x88, 0]);
    }
}
