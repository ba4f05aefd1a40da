//! A room's own look, put into the page. Pure.
//!
//! The page carries marks (`<!--logo-->…<!--/logo-->` and so on); what stands between two of a kind is replaced. Styles
//! are allowed by their hash and a logo on another site by its origin, so the page's policy stays as tight as it was.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::noscript::{escape, origin};
use crate::rooms::theme::{Colour, Theme};

/// What a theme puts into the page.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// In place of the wordmark, if anything.
    pub logo: Option<String>,
    /// The house's text, or nothing.
    pub house: String,
    /// A `<style>` element, or nothing.
    pub style: String,
    /// Additions to the policy: directive and source.
    pub allowed: Vec<(&'static str, String)>,
}

/// The parts of a theme that was checked.
pub fn parts(theme: &Theme) -> Parts {
    let mut parts = Parts::default();
    let name = theme.name.as_deref().unwrap_or_default();
    parts.logo = match &theme.logo {
        Some(logo) => Some(format!("<img src=\"{}\" alt=\"{}\">", escape(logo), escape(name))),
        None if name.is_empty() => None,
        None => Some(escape(name)),
    };
    match theme.logo.as_deref() {
        Some(logo) if logo.starts_with('/') => parts.allowed.push(("img-src", "'self'".to_owned())),
        Some(logo) => parts.allowed.extend(origin(logo).map(|origin| ("img-src", origin.to_owned()))),
        None => {}
    }
    if let Some(text) = theme.text.as_deref().filter(|text| !text.trim().is_empty()) {
        let _ = write!(parts.house, "<p class=\"house\" dir=\"auto\">{}</p>", escape(text));
    }
    let pairs = [("flare", &theme.brand), ("head", &theme.header)];
    let rules: Vec<String> =
        pairs.into_iter().filter_map(|(name, value)| rule(name, value.as_deref()?)).collect();
    if !rules.is_empty() {
        let style = format!(":root{{{}}}", rules.join(";"));
        let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
        parts.allowed.push(("style-src", format!("'sha256-{hash}'")));
        parts.style = format!("<style>{style}</style>");
    }
    parts
}

/// A colour and the text that can be read on it.
fn rule(name: &str, value: &str) -> Option<String> {
    let colour = Colour::parse(value)?;
    Some(format!("--{name}:{colour};--on-{name}:{}", colour.text_on()?))
}

/// The page with what the theme puts into it.
pub fn dress(page: String, parts: &Parts) -> String {
    let page = match &parts.logo {
        Some(logo) => between(page, "logo", logo),
        None => page,
    };
    between(between(page, "house", &parts.house), "style", &parts.style)
}

/// The page with `text` between the two marks of a kind; as it was when it has none.
pub fn between(page: String, mark: &str, text: &str) -> String {
    let (open, close) = (format!("<!--{mark}-->"), format!("<!--/{mark}-->"));
    let Some(from) = page.find(&open) else { return page };
    let Some(to) = page[from..].find(&close) else { return page };
    format!("{}{text}{}", &page[..from], &page[from + to + close.len()..])
}

/// A policy with sources added to directives it has.
pub fn allow(policy: &str, additions: &[(&'static str, String)]) -> String {
    let directives = policy.split(';').map(|directive| {
        let mut directive = directive.trim().to_owned();
        let added = additions.iter().filter(|(name, _)| directive.split(' ').next() == Some(*name));
        let added: Vec<&str> = added.map(|(_, source)| source.as_str()).collect();
        for source in added {
            directive.push(' ');
            directive.push_str(source);
        }
        directive
    });
    directives.collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn harbour() -> Theme {
        Theme {
            name: Some("Harbour & Sons".into()),
            logo: Some("data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCA0MCAyMCI+PHJlY3Qgd2lkdGg9IjQwIiBoZWlnaHQ9IjIwIiByeD0iNCIgZmlsbD0iI2ZmZjAwMCIvPjwvc3ZnPg==".into()),
            brand: Some("#00704A".into()),
            header: Some("#fff4d6".into()),
            text: Some("Doors open at seven.\nNo bags <over> 20 litres.".into()),
        }
    }

    /// The browser tests of the page show a room dressed like this and look at its contrast.
    #[test]
    fn the_browser_tests_see_what_is_put_into_the_page() {
        harbour().check().unwrap();
        let seen: serde_json::Value =
            serde_json::from_str(include_str!("../../web/tests/page/theme.json")).unwrap();
        let parts = parts(&harbour());
        assert_eq!(seen["logo"], parts.logo.unwrap());
        assert_eq!(seen["house"], parts.house);
        assert_eq!(seen["style"], parts.style);
    }

    #[test]
    fn a_page_is_dressed_between_its_marks() {
        let page = "<!--style--><!--/style--><b><!--logo-->Rushline<!--/logo--></b><!--house--><!--/house-->";
        assert_eq!(dress(page.into(), &parts(&Theme::default())), "<b><!--logo-->Rushline<!--/logo--></b>");
        let theme = Theme { name: Some("A<b".into()), ..Theme::default() };
        assert_eq!(dress(page.into(), &parts(&theme)), "<b>A&lt;b</b>");
    }

    #[test]
    fn the_policy_allows_what_the_theme_needs_and_nothing_more() {
        let policy = "default-src 'none';style-src 'sha256-a';img-src data:";
        let web = Theme { logo: Some("https://cdn.example/x/logo.png".into()), ..Theme::default() };
        assert_eq!(
            allow(policy, &parts(&web).allowed),
            "default-src 'none';style-src 'sha256-a';img-src data: https://cdn.example"
        );
        assert_eq!(allow(policy, &parts(&Theme::default()).allowed), policy);
        let hash = STANDARD.encode(Sha256::digest(b":root{--flare:#00704a;--on-flare:#f5f2fa}"));
        let brand = Theme { brand: Some("#00704a".into()), ..Theme::default() };
        assert!(
            allow(policy, &parts(&brand).allowed).contains(&format!("style-src 'sha256-a' 'sha256-{hash}';"))
        );
    }
}
