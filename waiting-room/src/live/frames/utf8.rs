//! Whether bytes are UTF-8, told byte by byte, so that text may come in any pieces.

/// Follows a text. Table 3-7 of the Unicode Standard, “Well-Formed UTF-8 Byte Sequences”.
#[derive(Debug, Default)]
pub struct Utf8 {
    /// Bytes that the character under way still wants.
    wanted: u8,
    /// Bounds of the next of them, both included.
    low: u8,
    high: u8,
}

impl Utf8 {
    /// Takes the next byte; whether the text can still be UTF-8.
    pub fn push(&mut self, byte: u8) -> bool {
        if self.wanted > 0 {
            if !(self.low..=self.high).contains(&byte) {
                return false;
            }
            (self.wanted, self.low, self.high) = (self.wanted - 1, 0x80, 0xbf);
            return true;
        }
        (self.wanted, self.low, self.high) = match byte {
            0x00..=0x7f => (0, 0, 0),
            0xc2..=0xdf => (1, 0x80, 0xbf),
            0xe0 => (2, 0xa0, 0xbf),
            0xe1..=0xec | 0xee..=0xef => (2, 0x80, 0xbf),
            0xed => (2, 0x80, 0x9f),
            0xf0 => (3, 0x90, 0xbf),
            0xf1..=0xf3 => (3, 0x80, 0xbf),
            0xf4 => (3, 0x80, 0x8f),
            _ => return false,
        };
        true
    }

    /// Whether the text may end here.
    pub fn is_whole(&self) -> bool {
        self.wanted == 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_utf8(bytes: &[u8]) -> bool {
        let mut text = Utf8::default();
        bytes.iter().all(|byte| text.push(*byte)) && text.is_whole()
    }

    #[test]
    fn all_short_sequences_are_judged_as_the_standard_library_judges_them() {
        let edges = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
        for first in 0..=255u8 {
            for second in edges {
                for bytes in [vec![first], vec![first, second]] {
                    assert_eq!(is_utf8(&bytes), std::str::from_utf8(&bytes).is_ok(), "{bytes:x?}");
                }
                for (third, fourth) in edges.into_iter().flat_map(|third| edges.map(|fourth| (third, fourth)))
                {
                    for bytes in [vec![first, second, third], vec![first, second, third, fourth]] {
                        assert_eq!(is_utf8(&bytes), std::str::from_utf8(&bytes).is_ok(), "{bytes:x?}");
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn texts_pass_and_noise_does_not(text in ".{0,40}", noise in prop::collection::vec(any::<u8>(), 0..12)) {
            prop_assert!(is_utf8(text.as_bytes()));
            prop_assert_eq!(is_utf8(&noise), std::str::from_utf8(&noise).is_ok());
        }
    }
}
