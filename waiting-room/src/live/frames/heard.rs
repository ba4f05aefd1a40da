//! A browser's frames.
//!
//! A browser has nothing to say here, so of its messages only the kind and the length are noted, and whether they are
//! UTF-8; nothing is kept of them, whatever is sent.

use super::utf8::Utf8;
use super::{BINARY, CLOSE, CONTINUATION, CONTROL_MAX, FINAL, LONG, MASKED, PING, PONG, TEXT};

/// Longest message that is listened to, in bytes: nothing a browser may say is longer.
pub const MESSAGE_MAX: u32 = 4096;
/// Bits of the first byte that mean nothing without an extension.
const RESERVED: u8 = 0x70;

/// Something whole that a browser has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A text; what it said is not kept.
    Text,
    /// Show that you are there, with this.
    Ping(Vec<u8>),
    /// The answer to a ping of ours, or a word unasked.
    Pong,
    /// It goes, with this code if any.
    Close(Option<u16>),
}

/// Why a browser is not listened to any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// This is not the protocol.
    Protocol,
    /// Longer than [`MESSAGE_MAX`].
    TooLong,
    /// Text that is not UTF-8.
    NotUtf8,
    /// Binary data.
    NotText,
}

/// Takes a browser's frames apart, in whatever pieces they come. After a [`Refusal`] it is of no more use.
#[derive(Debug, Default)]
pub struct Frames {
    head: Head,
    /// What is left of the payload that is being read, in bytes; `None` while the head is.
    left: Option<u16>,
    /// The text under way, which may come in fragments: its length so far.
    text: Option<u32>,
    utf8: Utf8,
    /// The payload of the control frame that is being read.
    control: Vec<u8>,
}

/// The beginning of a frame, as far as it has come: kind, length and mask. Frames whose length takes eight bytes are refused
/// before it is read.
#[derive(Debug, Default, Clone, Copy)]
struct Head {
    bytes: [u8; 8],
    len: u8,
}

impl Head {
    fn kind(&self) -> u8 {
        self.bytes[0] & 0x0f
    }

    fn is_control(&self) -> bool {
        self.kind() >= CLOSE
    }

    fn is_final(&self) -> bool {
        self.bytes[0] & FINAL != 0
    }

    /// The length as the second byte has it.
    fn short_len(&self) -> u8 {
        self.bytes[1] & !MASKED
    }

    /// How many bytes it has in all, as far as that is known.
    fn wanted(&self) -> u8 {
        match (self.len, self.short_len()) {
            (0 | 1, _) => 2,
            (_, LONG) => 8,
            _ => 6,
        }
    }

    /// The length of the payload.
    fn payload(&self) -> u16 {
        match self.short_len() {
            LONG => u16::from_be_bytes([self.bytes[2], self.bytes[3]]),
            short => short.into(),
        }
    }

    /// The mask, whose four bytes are used in turn from the first byte of the payload on.
    fn mask(&self) -> [u8; 4] {
        let [.., a, b, c, d] = self.bytes;
        let [_, _, e, f, g, h, ..] = self.bytes;
        if self.short_len() == LONG { [a, b, c, d] } else { [e, f, g, h] }
    }
}

impl Frames {
    /// Reads on in `bytes`, which is shortened by what was read, up to the next thing that is whole; `None` when there is
    /// more to come first.
    ///
    /// # Errors
    /// Why what came cannot be listened to.
    pub fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Said>, Refusal> {
        loop {
            if self.left.is_none() && !self.begin(bytes)? {
                return Ok(None);
            }
            let left = self.left.unwrap_or(self.head.payload());
            let (payload, rest) = bytes.split_at(bytes.len().min(left.into()));
            *bytes = rest;
            self.take_in(payload, self.head.payload() - left)?;
            // No more than `left`, which is that small.
            let left = left - payload.len() as u16;
            if left > 0 {
                self.left = Some(left);
                return Ok(None);
            }
            let said = self.end()?;
            (self.left, self.head) = (None, Head::default());
            if said.is_some() {
                return Ok(said);
            }
        }
    }

    /// Reads the head of a frame; whether it is whole.
    fn begin(&mut self, bytes: &mut &[u8]) -> Result<bool, Refusal> {
        while self.head.len < self.head.wanted() {
            let Some((byte, rest)) = bytes.split_first() else { return Ok(false) };
            *bytes = rest;
            self.head.bytes[usize::from(self.head.len)] = *byte;
            self.head.len += 1;
            match self.head.len {
                1 => self.judge_kind()?,
                2 => self.judge_length()?,
                _ => {}
            }
        }
        let payload = self.head.payload();
        if self.head.short_len() == LONG && payload < u16::from(LONG) {
            // Not written in the shortest way.
            return Err(Refusal::Protocol);
        }
        if let Some(text) = self.text.as_mut().filter(|_| !self.head.is_control()) {
            *text += u32::from(payload);
            if *text > MESSAGE_MAX {
                return Err(Refusal::TooLong);
            }
        }
        Ok(true)
    }

    /// What the first byte says alone.
    fn judge_kind(&mut self) -> Result<(), Refusal> {
        if self.head.bytes[0] & RESERVED != 0 {
            // No extension was agreed on.
            return Err(Refusal::Protocol);
        }
        match (self.head.kind(), self.text) {
            (CONTINUATION, Some(_)) => Ok(()),
            (TEXT, None) => {
                self.text = Some(0);
                Ok(())
            }
            (BINARY, None) => Err(Refusal::NotText),
            (CLOSE | PING | PONG, _) if self.head.is_final() => Ok(()),
            _ => Err(Refusal::Protocol),
        }
    }

    /// What the second byte says alone.
    fn judge_length(&self) -> Result<(), Refusal> {
        let is_masked = self.head.bytes[1] & MASKED != 0;
        if !is_masked || self.head.is_control() && usize::from(self.head.short_len()) > CONTROL_MAX {
            return Err(Refusal::Protocol);
        }
        if self.head.short_len() > LONG { Err(Refusal::TooLong) } else { Ok(()) }
    }

    /// Reads a piece of a payload that begins `at` so many bytes.
    fn take_in(&mut self, payload: &[u8], at: u16) -> Result<(), Refusal> {
        let mask = self.head.mask().into_iter().cycle().skip(usize::from(at % 4));
        for byte in payload.iter().zip(mask).map(|(byte, mask)| byte ^ mask) {
            if self.head.is_control() {
                self.control.push(byte);
            } else if !self.utf8.push(byte) {
                return Err(Refusal::NotUtf8);
            }
        }
        Ok(())
    }

    /// A frame is whole; what it says, unless it is a fragment.
    fn end(&mut self) -> Result<Option<Said>, Refusal> {
        let control = std::mem::take(&mut self.control);
        match self.head.kind() {
            CLOSE => closing(&control).map(Some),
            PING => Ok(Some(Said::Ping(control))),
            PONG => Ok(Some(Said::Pong)),
            _ if !self.head.is_final() => Ok(None),
            _ if !self.utf8.is_whole() => Err(Refusal::NotUtf8),
            _ => {
                self.text = None;
                Ok(Some(Said::Text))
            }
        }
    }
}

/// What a closing frame says (RFC 6455 §5.5.1 and §7.4).
fn closing(payload: &[u8]) -> Result<Said, Refusal> {
    let (code, reason) = match payload {
        [] => return Ok(Said::Close(None)),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
        _ => return Err(Refusal::Protocol),
    };
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(Refusal::Protocol);
    }
    std::str::from_utf8(reason).map_err(|_| Refusal::NotUtf8)?;
    Ok(Said::Close(Some(code)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A frame as a browser sends it.
    fn masked(first: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![first];
        match u8::try_from(payload.len()) {
            Ok(len) if len < LONG => frame.push(MASKED | len),
            _ => {
                frame.push(MASKED | LONG);
                frame.extend((payload.len() as u16).to_be_bytes());
            }
        }
        frame.extend(mask);
        frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        frame
    }

    fn whole(kind: u8, payload: &[u8]) -> Vec<u8> {
        masked(FINAL | kind, [1, 2, 3, 4], payload)
    }

    /// All that is understood of bytes that come in these pieces.
    fn heard<'b>(pieces: impl IntoIterator<Item = &'b [u8]>) -> Result<Vec<Said>, Refusal> {
        let (mut frames, mut heard) = (Frames::default(), Vec::new());
        for mut piece in pieces {
            while let Some(said) = frames.next(&mut piece)? {
                heard.push(said);
            }
            assert!(piece.is_empty());
        }
        Ok(heard)
    }

    fn refusal(bytes: &[u8]) -> Option<Refusal> {
        heard([bytes]).err()
    }

    #[test]
    fn a_message_in_fragments_with_a_ping_between_is_understood_however_it_is_cut() {
        let euro = "€".as_bytes();
        let talk = [
            masked(TEXT, [9, 8, 7, 6], &[b"x".repeat(300).as_slice(), &euro[..1]].concat()),
            whole(PING, b"there?"),
            masked(CONTINUATION, [0; 4], &euro[1..2]),
            masked(FINAL | CONTINUATION, [255; 4], &euro[2..]),
            whole(PONG, b""),
            whole(TEXT, b""),
            whole(CLOSE, &[3, 0xe8, b'b', b'y', b'e']),
        ]
        .concat();
        let understood =
            vec![Said::Ping(b"there?".into()), Said::Text, Said::Pong, Said::Text, Said::Close(Some(1000))];
        for cut in 0..=talk.len() {
            assert_eq!(heard([&talk[..cut], &talk[cut..]]), Ok(understood.clone()), "cut at {cut}");
        }
        assert_eq!(heard(talk.chunks(1)), Ok(understood));
    }

    #[test]
    fn whatever_is_not_the_protocol_is_refused() {
        let long = |kind: u8, len: u16| [&[kind, MASKED | LONG], &len.to_be_bytes()[..], &[0; 4]].concat();
        let cases: [(&str, Vec<u8>, Refusal); 20] = [
            ("no mask", vec![FINAL | TEXT, 1], Refusal::Protocol),
            ("a reserved bit", whole(TEXT | 0x40, b"x"), Refusal::Protocol),
            ("another reserved bit", whole(PING | 0x10, b""), Refusal::Protocol),
            ("an unknown kind of data", whole(0x3, b"x"), Refusal::Protocol),
            ("an unknown kind of control", whole(0xb, b""), Refusal::Protocol),
            ("a ping in fragments", masked(PING, [0; 4], b""), Refusal::Protocol),
            ("a long ping", long(FINAL | PING, 126), Refusal::Protocol),
            ("a continuation of nothing", whole(CONTINUATION, b"x"), Refusal::Protocol),
            (
                "a text within a text",
                [masked(TEXT, [0; 4], b"x"), whole(TEXT, b"y")].concat(),
                Refusal::Protocol,
            ),
            ("a short length in long", long(FINAL | TEXT, 125), Refusal::Protocol),
            ("binary", whole(BINARY, b"x"), Refusal::NotText),
            ("a long text", long(FINAL | TEXT, 4097), Refusal::TooLong),
            ("a length in eight bytes", vec![FINAL | TEXT, MASKED | 127], Refusal::TooLong),
            (
                "a long text in two",
                [masked(TEXT, [0; 4], &[b'x'; 4096]), whole(0, b"x")].concat(),
                Refusal::TooLong,
            ),
            ("no UTF-8", whole(TEXT, &[0xff]), Refusal::NotUtf8),
            ("half a character", whole(TEXT, &[0xe2, 0x82]), Refusal::NotUtf8),
            ("half a code", whole(CLOSE, &[3]), Refusal::Protocol),
            ("a code nobody may send", whole(CLOSE, &1005_u16.to_be_bytes()), Refusal::Protocol),
            ("a code from nowhere", whole(CLOSE, &999_u16.to_be_bytes()), Refusal::Protocol),
            ("a reason that is no text", whole(CLOSE, &[3, 0xe8, 0xff]), Refusal::NotUtf8),
        ];
        for (what, bytes, why) in cases {
            assert_eq!(refusal(&bytes), Some(why), "{what}");
            assert_eq!(heard(bytes.chunks(1)).err(), Some(why), "{what}, byte by byte");
        }
        assert_eq!(refusal(&whole(TEXT, &[b'x'; 4096])), None, "as long as it may be");
    }

    #[test]
    fn nothing_of_a_long_message_is_kept() {
        let mut frames = Frames::default();
        let pieces = std::iter::repeat_n(masked(TEXT, [0; 4], &[b'x'; 1000]), 1)
            .chain(std::iter::repeat_n(masked(CONTINUATION, [0; 4], &[b'x'; 1000]), 3));
        for piece in pieces {
            assert_eq!(frames.next(&mut piece.as_slice()), Ok(None));
            assert_eq!(frames.control.capacity(), 0);
        }
    }

    proptest! {
        /// Noise, and talk with noise in it, is understood the same in any pieces, and never more than it says is kept.
        #[test]
        fn noise_is_judged_the_same_however_it_is_cut(
            talk in prop::collection::vec((any::<u8>(), any::<[u8; 4]>(), prop::collection::vec(any::<u8>(), 0..200)), 0..6),
            noise in prop::collection::vec(any::<u8>(), 0..20),
            at in any::<prop::sample::Index>(),
            size in 1usize..9,
        ) {
            let mut bytes: Vec<u8> =
                talk.iter().flat_map(|(first, mask, payload)| masked(*first, *mask, payload)).collect();
            let at = at.index(bytes.len() + 1);
            bytes.splice(at..at, noise);
            let at_once = heard([bytes.as_slice()]);
            prop_assert_eq!(&heard(bytes.chunks(size)), &at_once);
            prop_assert_eq!(&heard(bytes.chunks(1)), &at_once);
        }

        /// What a well-behaved browser says is understood.
        #[test]
        fn well_formed_talk_is_understood_in_any_pieces(
            talk in prop::collection::vec((0usize..4, ".{0,60}", any::<[u8; 4]>()), 0..8),
            size in 1usize..40,
        ) {
            let (mut bytes, mut meant) = (Vec::new(), Vec::new());
            for (what, words, mask) in talk {
                let words = &words.as_bytes()[..words.floor_char_boundary(CONTROL_MAX)];
                let (kind, said) = match what {
                    0 => (PING, Said::Ping(words.to_vec())),
                    1 => (PONG, Said::Pong),
                    2 => (TEXT, Said::Text),
                    _ => {
                        let (start, rest) = words.split_at(words.len() / 2);
                        bytes.extend(masked(TEXT, mask, start));
                        bytes.extend(masked(CONTINUATION, mask, b""));
                        bytes.extend(masked(FINAL, mask, rest));
                        meant.push(Said::Text);
                        continue;
                    }
                };
                bytes.extend(masked(FINAL | kind, mask, words));
                meant.push(said);
            }
            prop_assert_eq!(heard(bytes.chunks(size)), Ok(meant));
        }
    }
}
