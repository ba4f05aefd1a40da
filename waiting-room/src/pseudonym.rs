//! What the lines keep instead of a secret or a person. Pure.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::rooms::rules::RoomId;

/// 128 bits that stand for `whom` in one room: the first half of HMAC-SHA-256 (RFC 2104) under a secret of the keys
/// folder. Equal for equals, and nothing to find anybody by without the secret. Looking one up takes no time that
/// depends on what was sent, for nobody without the secret knows what is compared.
pub fn pseudonym(secret: &[u8; 32], room: &RoomId, whom: &[u8]) -> Uuid {
    // HMAC fills a short key up with zeros.
    let mut block = [0; 64];
    block[..32].copy_from_slice(secret);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(room.as_str().as_bytes());
    mac.update(b"\0");
    mac.update(whom);
    let mut half = [0; 16];
    half.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    Uuid::from_bytes(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_belongs_to_one_room_and_one_secret() {
        let [one, two] = ["one", "two"].map(|id| RoomId::parse(id).unwrap());
        let same = pseudonym(&[1; 32], &one, b"CODE");
        assert_eq!(same, pseudonym(&[1; 32], &one, b"CODE"));
        assert!(
            [pseudonym(&[1; 32], &two, b"CODE"), pseudonym(&[2; 32], &one, b"CODE")]
                .iter()
                .all(|it| *it != same)
        );
    }
}
