//! How a room's page looks beside Rushline's own look: what an operator may set, and what is wrong with it. Pure.
//!
//! Nothing here is trusted: colours are six hex digits, the logo is an image and nothing else, texts are texts. The
//! page puts them in escaped, under a policy that lets no script run.

use serde::{Deserialize, Serialize};

use super::rules::Wrong;

/// Longest logo given as data, in characters: about 12 KB of image.
const LOGO_LEN_MAX: usize = 16 * 1024;
/// Images that a logo given as data may be. An SVG in an `<img>` runs no script.
const LOGO_KINDS: [&str; 4] = ["png", "jpeg", "webp", "svg+xml"];
/// Longest name of the organiser and longest text, in characters.
const NAME_LEN_MAX: usize = 60;
const TEXT_LEN_MAX: usize = 1000;
/// The contrast that text needs (WCAG 2.2, 1.4.3).
const CONTRAST_MIN: f64 = 4.5;
/// The page's dark and light text.
const INK: Colour = Colour([0x17, 0x13, 0x1f]);
const PAPER: Colour = Colour([0xf5, 0xf2, 0xfa]);

/// A room's own look. Whatever is left out is Rushline's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Who sells: shown in place of the wordmark, and said in place of the logo.
    #[serde(default)]
    pub name: Option<String>,
    /// A picture: `https://…`, a path of this site, or `data:image/…;base64,…` of at most 16,384 characters.
    #[serde(default)]
    pub logo: Option<String>,
    /// Colour of the main button and the progress bar, as `#rrggbb`.
    #[serde(default)]
    pub brand: Option<String>,
    /// Colour behind the event's name, as `#rrggbb`.
    #[serde(default)]
    pub header: Option<String>,
    /// What the house has to say to everybody, such as rules of entry. Plain text.
    #[serde(default)]
    pub text: Option<String>,
}

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// The colour of `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// The page's dark or light text, whichever can be read better on this colour; `None` when neither can.
    pub fn text_on(self) -> Option<Self> {
        let best = if self.contrast(INK) >= self.contrast(PAPER) { INK } else { PAPER };
        (self.contrast(best) >= CONTRAST_MIN).then_some(best)
    }

    /// Contrast of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio).
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2, definition of relative luminance).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Theme {
    /// The first thing wrong with this look, if any.
    pub fn check(&self) -> Result<(), Wrong> {
        text("theme/name", self.name.as_deref(), NAME_LEN_MAX)?;
        text("theme/text", self.text.as_deref(), TEXT_LEN_MAX)?;
        colour("theme/brand", self.brand.as_deref())?;
        colour("theme/header", self.header.as_deref())?;
        if self.logo.as_deref().is_none_or(is_picture) {
            return Ok(());
        }
        let detail = "`theme.logo` must be an https address, a path that begins with “/”, or `data:image/png;base64,…` (also jpeg, webp, svg+xml) of at most 16384 characters.";
        Err(Wrong { field: "theme/logo", code: "bad-address", detail: detail.to_owned() })
    }

    /// The look as everybody may know it from the room's document: a logo given as data is in the page only, because
    /// many ask for the document often.
    pub fn without_data(mut self) -> Self {
        self.logo = self.logo.filter(|logo| !logo.starts_with("data:"));
        self
    }
}

fn text(field: &'static str, value: Option<&str>, len_max: usize) -> Result<(), Wrong> {
    let value = value.unwrap_or_default();
    if value.chars().count() <= len_max && !value.chars().any(|c| c.is_control() && c != '\n') {
        return Ok(());
    }
    let name = field.replace('/', ".");
    let detail = format!("`{name}` must have at most {len_max} characters and no control characters.");
    Err(Wrong { field, code: "bad-text", detail })
}

fn colour(field: &'static str, value: Option<&str>) -> Result<(), Wrong> {
    let Some(value) = value else { return Ok(()) };
    let name = field.replace('/', ".");
    let Some(colour) = Colour::parse(value) else {
        let detail = format!("`{name}` must be a colour such as #ff5a36.");
        return Err(Wrong { field, code: "bad-colour", detail });
    };
    if colour.text_on().is_some() {
        return Ok(());
    }
    let detail = format!(
        "Neither dark nor light text can be read on `{name}` {value}: it must reach a contrast of {CONTRAST_MIN}. Make it darker or lighter."
    );
    Err(Wrong { field, code: "low-contrast", detail })
}

/// Whether an address is that of a picture which cannot leave the attribute or the policy it is put into.
fn is_picture(url: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?&=%@+,".contains(c);
    let path = url.starts_with('/') && !url.starts_with("//");
    let web =
        url.strip_prefix("https://").is_some_and(|rest| !rest.starts_with(['/', ':']) && !rest.is_empty());
    if path || web {
        return url.len() <= 2000 && url.chars().all(|c| plain(c) && c != ',');
    }
    let Some((kind, data)) = url.strip_prefix("data:image/").and_then(|rest| rest.split_once(";base64,"))
    else {
        return false;
    };
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    LOGO_KINDS.contains(&kind) && url.len() <= LOGO_LEN_MAX && data.bytes().all(base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_standard() {
        let contrast = |a, b| Colour::parse(a).unwrap().contrast(Colour::parse(b).unwrap());
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.001);
        assert!((contrast("#777777", "#ffffff") - 4.478).abs() < 0.001);
    }

    #[test]
    fn text_takes_the_side_that_can_be_read() {
        let on = |text| Colour::parse(text).unwrap().text_on();
        assert_eq!(on("#ff5a36"), Some(INK));
        assert_eq!(on("#00335a"), Some(PAPER));
        assert_eq!(on("#7c7c7c"), None, "the middle is too near to both");
    }

    #[test]
    fn what_could_break_out_of_the_page_is_refused() {
        let of = |field: &str, value: &str| {
            let mut theme = serde_json::json!({});
            theme[field] = value.into();
            serde_json::from_value::<Theme>(theme).unwrap().check().map_err(|wrong| wrong.code)
        };
        for bad in [
            "javascript:alert(1)",
            "http://plain.example/a.png",
            "//evil.example/a.png",
            "https://",
            "https:///x",
            "https://a.example/x\"onerror=alert(1)",
            "https://a.example/x;script-src *",
            "https://a.example/a b",
            "https://a.example/a,b",
            "data:text/html;base64,PGI+",
            "data:image/png;base64,a\"b",
            "data:image/png,xx",
            "",
        ] {
            assert_eq!(of("logo", bad), Err("bad-address"), "{bad}");
        }
        assert_eq!(
            of("logo", &format!("data:image/png;base64,{}", "A".repeat(LOGO_LEN_MAX))),
            Err("bad-address")
        );
        for bad in ["red", "#fff", "#ff5a3g", "#ff5a36;}", "url(x)", "#+f5a36"] {
            assert_eq!(of("brand", bad), Err("bad-colour"), "{bad}");
        }
        assert_eq!(of("header", "#7c7c7c"), Err("low-contrast"));
        assert_eq!(of("text", "\u{7}"), Err("bad-text"));
        assert_eq!(of("name", &"x".repeat(61)), Err("bad-text"));
        for good in
            ["https://cdn.example/logo.svg?v=2", "/files/logo.png", "data:image/svg+xml;base64,PHN2Zy8+"]
        {
            assert_eq!(of("logo", good), Ok(()), "{good}");
        }
    }
}
