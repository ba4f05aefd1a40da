//! Tokens that were seen to be genuine: somebody who buys shows the same token with every request, and one look at a
//! signature costs more than most of what is asked for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Claims;
use super::public::TOKEN_LIMIT;

/// Tokens remembered at most; beyond it all are forgotten and looked at anew.
const TOKENS_MAX: usize = 4096;

/// Whole tokens, each with the kind it was verified as. They belong to the keys that verified them and go with these: a
/// token of a key that was taken away is not known here.
#[derive(Default)]
pub(super) struct Verified(Mutex<HashMap<Box<str>, &'static str>>);

impl Verified {
    /// The claims of a token that was verified as of this kind before. Audience and time are still to be judged.
    pub fn claims<C: Claims>(&self, token: &str) -> Option<C> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(token) == Some(&C::TYP);
        let claims = token.split('.').nth(1).filter(|_| known)?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// Notes a token that was verified as of this kind.
    pub fn note<C: Claims>(&self, token: &str) {
        if token.len() > TOKEN_LIMIT {
            return;
        }
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= TOKENS_MAX {
            tokens.clear();
        }
        tokens.insert(token.into(), C::TYP);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Note {
        n: i64,
    }

    impl Claims for Note {
        const TYP: &'static str = "note+jwt";
        fn audience(&self) -> &str {
            ""
        }
        fn not_before(&self) -> i64 {
            0
        }
        fn expires(&self) -> i64 {
            self.n
        }
    }

    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Other {
        n: i64,
    }

    impl Claims for Other {
        const TYP: &'static str = "other+jwt";
        fn audience(&self) -> &str {
            ""
        }
        fn not_before(&self) -> i64 {
            0
        }
        fn expires(&self) -> i64 {
            self.n
        }
    }

    #[test]
    fn only_whole_tokens_of_their_kind_are_known_and_not_for_ever() {
        let (verified, claims) = (Verified::default(), Note { n: 7 });
        let token = format!("head.{}.sign", URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims).unwrap()));
        assert_eq!(verified.claims::<Note>(&token), None);
        verified.note::<Note>(&token);
        assert_eq!(verified.claims::<Note>(&token), Some(Note { n: 7 }));
        assert!(verified.claims::<Other>(&token).is_none(), "another kind");
        assert_eq!(verified.claims::<Note>(&token.replace("sign", "sigh")), None);
        for other in 0..TOKENS_MAX {
            verified.note::<Note>(&other.to_string());
        }
        assert_eq!(verified.claims::<Note>(&token), None);
    }
}
