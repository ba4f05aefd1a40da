//! How a mail leaves the house: over SMTP, or as files in a folder where a person can open them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Mechanism;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;
use shared::clock::Ts;
use shared::config::Settings;
use shared::problem::Problem;
use time::macros::format_description;
use uuid::Uuid;

use super::letter::{Letter, one_line};
use super::store::Reader;
use crate::error::{Error, Result};

/// Longest wait for one answer of the mail server.
const SMTP_TIMEOUT: Duration = Duration::from_secs(10);

/// A file that goes with a mail.
pub struct File {
    /// Its name; for pictures inside the text, their content id.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it is a picture inside the text.
    pub is_inline: bool,
}

/// A mail ready to be sent.
pub struct Mail {
    /// Stable over retries: it becomes the Message-ID, by which mail programs recognise a repetition.
    pub id: Uuid,
    /// To whom.
    pub to: Reader,
    /// What it says.
    pub letter: Letter,
    /// What goes with it.
    pub files: Vec<File>,
}

/// Sends mails as the settings say.
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
}

enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Mailer {
    /// Reads the settings; connects to nothing yet.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        let from = settings.mail.from.parse().context("mail.from must look like “Name <address@host>”")?;
        let url = settings.mail.smtp_url.expose_secret();
        let transport = if url.is_empty() {
            Transport::Folder(settings.data_dir.join("mails"))
        } else {
            let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                .context("mail.smtp_url must look like smtp://user:password@host:587")?;
            let mechanisms = vec![Mechanism::Plain, Mechanism::Login];
            Transport::Smtp(builder.authentication(mechanisms).timeout(Some(SMTP_TIMEOUT)).build())
        };
        Ok(Self { from, transport })
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// [`Error::Refused`] when the address or the server says that it will never be delivered. No error text holds the
    /// address: it goes to the log and the job table.
    pub async fn send(&self, mail: &Mail, now: Ts) -> Result<()> {
        let message = self.message(mail, now)?;
        match &self.transport {
            Transport::Smtp(smtp) => match smtp.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(undeliverable(error.status()).into()),
                Err(error) => Err(Error::Internal(smtp_failure(&error))),
            },
            Transport::Folder(dir) => write_files(dir, mail, &message.formatted(), now)
                .await
                .map_err(|error| Error::Internal(format!("{} could not be written: {error}", dir.display()))),
        }
    }

    /// The mail as MIME: text and HTML as alternatives, the pictures with the HTML, the files beside.
    fn message(&self, mail: &Mail, now: Ts) -> Result<Message> {
        let to: Address = mail.to.email.parse().map_err(|_| undeliverable(None))?;
        let host = self.from.email.domain().to_owned();
        let builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(mail.to.name.as_deref().map(one_line), to))
            .subject(one_line(&mail.letter.subject))
            .date(now.datetime().into())
            .message_id(Some(format!("<{}@{host}>", mail.id)));
        let mut html = MultiPart::related().singlepart(SinglePart::html(mail.letter.html()));
        for file in mail.files.iter().filter(|file| file.is_inline) {
            html = html.singlepart(
                Attachment::new_inline(file.name.clone()).body(file.bytes.clone(), content_type(file)?),
            );
        }
        let words =
            MultiPart::alternative().singlepart(SinglePart::plain(mail.letter.text())).multipart(html);
        let mut whole = MultiPart::mixed().multipart(words);
        for file in mail.files.iter().filter(|file| !file.is_inline) {
            whole = whole
                .singlepart(Attachment::new(file.name.clone()).body(file.bytes.clone(), content_type(file)?));
        }
        builder
            .multipart(whole)
            .map_err(|error| Error::Internal(format!("the mail could not be written: {error}")))
    }
}

fn content_type(file: &File) -> Result<ContentType> {
    ContentType::parse(file.media_type).map_err(|error| Error::Internal(error.to_string()))
}

fn undeliverable(code: Option<lettre::transport::smtp::response::Code>) -> Problem {
    let code = code.map(|code| format!(" (SMTP {code})")).unwrap_or_default();
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "undeliverable", "The mail cannot be delivered").detail(format!(
        "The mail server refuses this mail for good{code}. Correct the account's address, then redrive the job."
    ))
}

/// What went wrong, without the server's own words: they may quote the address.
fn smtp_failure(error: &lettre::transport::smtp::Error) -> String {
    let what = match error.status() {
        Some(code) => format!("it answered {code}"),
        None if error.is_timeout() => "it did not answer in time".to_owned(),
        None if error.is_tls() => "TLS could not be agreed".to_owned(),
        None if error.is_response() => "its answer could not be read".to_owned(),
        None => "it could not be reached, or broke off".to_owned(),
    };
    format!("the mail server failed: {what}")
}

/// `<time>-<to>-<part of the id>.eml`, and the HTML beside it with its pictures inside.
async fn write_files(dir: &Path, mail: &Mail, eml: &[u8], now: Ts) -> anyhow::Result<()> {
    let format = format_description!("[year]-[month]-[day]T[hour]-[minute]-[second]Z");
    let to: String = mail
        .to
        .email
        .chars()
        .map(|c| if c.is_alphanumeric() || "@.-_+".contains(c) { c } else { '_' })
        .take(80)
        .collect();
    // The last digits are the random ones. A retry overwrites what it repeats.
    let id = mail.id.simple().to_string();
    let name = format!("{}-{to}-{}", now.datetime().format(format)?, &id[id.len() - 8..]);
    // Whoever reads these mails can reset passwords.
    tokio::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).await?;
    write_whole(&dir.join(format!("{name}.html")), html_with_pictures(mail).as_bytes()).await?;
    write_whole(&dir.join(format!("{name}.eml")), eml).await
}

/// Nobody who watches the folder sees half a mail.
async fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let aside = path.with_extension("part");
    tokio::fs::write(&aside, bytes).await?;
    Ok(tokio::fs::rename(&aside, path).await?)
}

fn html_with_pictures(mail: &Mail) -> String {
    mail.files.iter().filter(|file| file.is_inline).fold(mail.letter.html(), |html, file| {
        let data = format!("data:{};base64,{}", file.media_type, STANDARD.encode(&file.bytes));
        html.replace(&format!("cid:{}", file.name), &data)
    })
}
