//! The small pages beside the queue page: written by the server, readable without a script, all in one look.

use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use super::noscript::escape;
use super::theme::{self, Parts};
use crate::rooms::rules::Room;
use crate::words::Words;

/// The look of every small page: the queue page's colours, and shapes for forms, lists, figures and tables.
const STYLE: &str = include_str!("small.css");
/// Nothing from elsewhere, and no script.
const POLICY: &str = "default-src 'none';style-src 'unsafe-inline';img-src data:;base-uri 'none';form-action 'self';frame-ancestors 'none'";
/// For pages with a script of ours.
const SCRIPTED: &str = ";script-src 'self';connect-src 'self'";

/// A small page, about a room or about none.
#[derive(Debug, Clone, Copy)]
pub struct Small<'a> {
    /// The room, whose look it has and to whose line it leads.
    pub room: Option<&'a Room>,
    /// The language of what it says.
    pub words: &'a Words,
    /// What it is called in the tab.
    pub title: &'a str,
    /// What stands in its `<main>`, as HTML: a heading of the first rank, then paragraphs, `<form>`, `<section>`, `<ul>`,
    /// `<dl>` of figures or `<table>` (in a `<div class="scroll">`).
    pub main: &'a str,
    /// Whether scripts of this site may run in it.
    pub is_scripted: bool,
}

impl Small<'_> {
    /// The page.
    pub fn html(&self) -> String {
        let Self { room, words, title, main, .. } = self;
        let look = self.look();
        let line = room.map_or_else(String::new, |Room { id, name, .. }| {
            format!("<a href=\"/queue/{id}\">{}</a>", escape(name))
        });
        let logo = look.logo.unwrap_or_else(|| "<i>Rush</i>line".to_owned());
        format!(
            "<!doctype html><html {}><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\">\
             <title>{}</title><style>{STYLE}</style>{}</head><body><header><div><b class=\"logo\">{logo}</b>\
             {line}</div></header><main>{main}</main></body></html>",
            words.attributes(),
            escape(title),
            look.style,
        )
    }

    fn look(&self) -> Parts {
        self.room.map(|room| theme::parts(&room.theme)).unwrap_or_default()
    }

    /// The page with its policy.
    pub fn response(&self) -> Response {
        let mut response = Html(self.html()).into_response();
        if let Ok(policy) = HeaderValue::from_str(&self.policy()) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    /// The content security policy it is served with.
    pub fn policy(&self) -> String {
        let pictures = self.look().allowed.into_iter();
        // Its styles need no hashes: they are allowed inline.
        let pictures: Vec<_> = pictures.filter(|(directive, _)| *directive == "img-src").collect();
        theme::allow(POLICY, &pictures) + if self.is_scripted { SCRIPTED } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::rules::tests::open_room;
    use crate::rooms::theme::Theme;
    use crate::words::tests::asking;

    #[test]
    fn a_small_page_has_its_rooms_look_and_quotes_what_was_typed() {
        let logo = Some("https://cdn.example/logo.png".to_owned());
        let theme = Theme { brand: Some("#00704a".into()), logo, ..Theme::default() };
        let room = Room { name: "<b>".into(), theme, ..open_room() };
        let words = Words::asked(&asking("ar"));
        let small = Small { room: Some(&room), words, title: "A<", main: "<h1>A</h1>", is_scripted: true };
        let html = small.html();
        assert!(
            html.contains("<html lang=\"ar\" dir=\"rtl\">") && html.contains("<title>A&lt;</title>"),
            "{html}"
        );
        assert!(html.contains("&lt;b&gt;</a>") && html.contains("<style>:root{--flare:#00704a;"), "{html}");
        let policy = small.policy();
        assert!(policy.contains("img-src data: https://cdn.example;"), "{policy}");
        assert!(policy.contains("style-src 'unsafe-inline';") && policy.ends_with(SCRIPTED), "{policy}");
        assert!(!Small { is_scripted: false, ..small }.policy().contains("script-src"));
        assert!(!Small { room: None, ..small }.html().contains("<a "));
    }
}
