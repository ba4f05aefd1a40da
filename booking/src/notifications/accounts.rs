//! The letters about accounts. Pure: facts in, letter out.

use super::letter::{Block, Letter};
use super::letters::hello;

/// Proves the address of a new account.
pub fn verify_email(name: &str, url: String) -> Letter {
    Letter {
        subject: "Confirm your mail address".into(),
        title: "Confirm your mail address".into(),
        blocks: vec![
            hello(name, "welcome to Rushline. One click and your tickets know where to go."),
            Block::Button { label: "Confirm my address", url },
            Block::Note(
                "If you did not make an account, do nothing: without the click it stays unconfirmed.".into(),
            ),
        ],
    }
}

/// Sets a new password.
pub fn reset_password(name: &str, url: String) -> Letter {
    Letter {
        subject: "Set a new password".into(),
        title: "Set a new password".into(),
        blocks: vec![
            hello(name, "somebody, probably you, asked for a new password for this account."),
            Block::Button { label: "Choose a new password", url },
            Block::Note(
                "The link works once and not for long. If it was not you, do nothing: your password stays."
                    .into(),
            ),
        ],
    }
}

/// Tells the owner of an account that its address was registered again.
pub fn already_registered(name: &str, url: String) -> Letter {
    Letter {
        subject: "You already have an account".into(),
        title: "You already have an account".into(),
        blocks: vec![
            hello(name, "somebody, probably you, tried to register with this address. It has an account already: log in instead."),
            Block::Button { label: "Log in", url },
            Block::Note("Forgot the password? The login page sends you a link for a new one. If it was not you, do nothing.".into()),
        ],
    }
}

/// Tells that a login was ended, because its renewal was used twice.
pub fn login_ended(name: &str, url: String) -> Letter {
    Letter {
        subject: "One of your logins was ended".into(),
        title: "One of your logins was ended".into(),
        blocks: vec![
            hello(
                name,
                "a login of your account was renewed twice in a way that one browser alone does not do. Somebody may have \
                 copied it, so we have ended it. Log in again where you were logged in.",
            ),
            Block::Text(
                "If you do not know why, set a new password: it ends every other login as well.".into(),
            ),
            Block::Button { label: "Set a new password", url },
        ],
    }
}

/// Tells what an admin has decided of a request to organise. `answer` may be empty.
pub fn organiser_decided(name: &str, is_approved: bool, answer: String, url: String) -> Letter {
    let (title, text, label) = if is_approved {
        (
            "You may organise events",
            "you are an organiser now. Log in again, and make your first event.",
            "Begin",
        )
    } else {
        (
            "You may not organise events yet",
            "we have not approved your request to organise events.",
            "Your account",
        )
    };
    let mut blocks = vec![hello(name, text)];
    if !answer.is_empty() {
        blocks.push(Block::Text(format!("What was said to it: {answer}")));
    }
    blocks.push(Block::Button { label, url });
    Letter { subject: title.into(), title: title.into(), blocks }
}
