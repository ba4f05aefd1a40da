//! What a mail says, as structure; written as HTML and as plain text.
//!
//! Letters are values: whoever composes one never touches markup, and everything that is shown goes through one
//! escaping function here. Nothing in a name or a description is ever evaluated.

use std::fmt::Write;

/// A mail without its addresses.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The subject line; line breaks become spaces.
    pub subject: String,
    /// The heading.
    pub title: String,
    /// What stands below it, in order.
    pub blocks: Vec<Block>,
}

/// A piece of a letter.
#[derive(Debug, Clone)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// Small print.
    Note(String),
    /// Names and values, one pair a line.
    Facts(Vec<(&'static str, String)>),
    /// The one thing to do next.
    Button {
        /// What happens.
        label: &'static str,
        /// Where.
        url: String,
    },
    /// A picture from the mail's own attachments, with a caption.
    Picture {
        /// Content id of the attachment.
        id: String,
        /// What it shows.
        caption: String,
    },
}

// The shop's colours: mail programs know neither style sheets nor variables, so they stand in each element.
const PAPER: &str = "#f4f3f6";
const CARD: &str = "#ffffff";
const INK: &str = "#17131f";
const SOFT: &str = "#585166";
const LINE: &str = "#d9d6e0";
const FLARE: &str = "#ff5a36";
const FONT: &str = "Archivo,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/// Text as HTML: the characters that could open a tag, an entity or an attribute are named.
fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

/// Text on one line: what goes into a header or a file name.
pub fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

impl Letter {
    /// The letter as one HTML document without references to the outside.
    pub fn html(&self) -> String {
        let subject = escape(&one_line(&self.subject));
        let title = escape(&self.title);
        let blocks: String = self.blocks.iter().map(Block::html).collect();
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light\">\
             <title>{subject}</title></head>\
             <body style=\"margin:0;padding:24px 12px;background:{PAPER};color:{INK};font-family:{FONT}\">\
             <div style=\"max-width:560px;margin:0 auto;background:{CARD};border-radius:16px;overflow:hidden;border:1px solid {LINE}\">\
             <div style=\"background:{INK};color:#ffffff;padding:18px 28px;font-weight:800;font-size:20px;\
             letter-spacing:0.02em;border-bottom:5px solid {FLARE}\">Rushline</div>\
             <div style=\"padding:28px\"><h1 style=\"margin:0 0 16px;font-size:26px;line-height:1.15\">{title}</h1>{blocks}</div></div>\
             <p style=\"max-width:560px;margin:16px auto 0;text-align:center;font-size:12px;color:{SOFT}\">\
             Sent by Rushline because of your account or booking.</p></body></html>\n"
        )
    }

    /// The letter as plain text.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n\n", one_line(&self.title));
        for block in &self.blocks {
            block.write_text(&mut text);
            text.push('\n');
        }
        text.push_str("--\nSent by Rushline because of your account or booking.\n");
        text
    }
}

impl Block {
    fn html(&self) -> String {
        match self {
            Block::Text(text) => {
                format!("<p style=\"margin:0 0 16px;font-size:16px;line-height:1.55\">{}</p>", escape(text))
            }
            Block::Note(text) => {
                format!(
                    "<p style=\"margin:0 0 12px;font-size:13px;line-height:1.5;color:{SOFT}\">{}</p>",
                    escape(text)
                )
            }
            Block::Facts(facts) => {
                let rows: String = facts.iter().map(|(name, value)| fact_row(name, value)).collect();
                format!(
                    "<table role=\"presentation\" cellspacing=\"0\" style=\"width:100%;margin:0 0 20px;border-collapse:collapse\">{rows}</table>"
                )
            }
            Block::Button { label, url } => format!(
                "<p style=\"margin:0 0 20px\"><a href=\"{}\" style=\"display:inline-block;background:{FLARE};color:{INK};\
                 font-weight:700;font-size:16px;text-decoration:none;padding:13px 22px;border-radius:10px\">{}</a></p>",
                escape(url),
                escape(label)
            ),
            Block::Picture { id, caption } => format!(
                "<p style=\"margin:0 0 20px;text-align:center\"><img src=\"cid:{}\" alt=\"{caption}\" width=\"212\" \
                 style=\"display:block;margin:0 auto 8px;border:1px solid {LINE};border-radius:10px\">\
                 <span style=\"font-size:14px;color:{SOFT}\">{caption}</span></p>",
                escape(id),
                caption = escape(caption)
            ),
        }
    }

    fn write_text(&self, text: &mut String) {
        // Writing to a String cannot fail.
        let _ = match self {
            Block::Text(line) | Block::Note(line) => writeln!(text, "{line}"),
            Block::Facts(facts) => {
                for (name, value) in facts {
                    let _ = writeln!(text, "{name}: {}", one_line(value));
                }
                Ok(())
            }
            Block::Button { label, url } => writeln!(text, "{label}:\n{url}"),
            Block::Picture { caption, .. } => writeln!(text, "[{}]", one_line(caption)),
        };
    }
}

fn fact_row(name: &str, value: &str) -> String {
    format!(
        "<tr><td style=\"padding:8px 12px 8px 0;border-bottom:1px solid {LINE};font-size:13px;color:{SOFT};\
         vertical-align:top;white-space:nowrap\">{}</td><td style=\"padding:8px 0;border-bottom:1px solid {LINE};\
         font-size:15px;font-weight:600\">{}</td></tr>",
        escape(name),
        escape(value)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_templates_in_names_are_shown_and_not_obeyed() {
        let nasty = "<script>alert('1')</script> & {{name}} \" onload=x";
        let letter = Letter {
            subject: format!("{nasty}\r\nBcc: all@example.com"),
            title: nasty.into(),
            blocks: vec![
                Block::Text(nasty.into()),
                Block::Note(nasty.into()),
                Block::Facts(vec![("Event", nasty.into())]),
                Block::Button { label: "Go", url: format!("https://example.com/{nasty}") },
                Block::Picture { id: nasty.into(), caption: nasty.into() },
            ],
        };
        let html = letter.html();
        assert!(
            !html.contains("<script") && !html.contains("\" onload") && html.contains("{{name}}"),
            "{html}"
        );
        // Title, heading, text, note, fact, link, and the picture's id, text and caption.
        assert_eq!(html.matches("&lt;script&gt;").count(), 9);
        assert!(letter.text().contains("Event: <script>"));
        assert_eq!(one_line("a\r\nBcc: b\u{0}\tc"), "a Bcc: b c");
    }
}
