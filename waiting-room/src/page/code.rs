//! The page that asks for an access code: a form without a script. Pure.

use std::fmt::Write;

use super::noscript::escape;
use crate::rooms::rules::Room;
use crate::words::Words;

/// Longest code that fits into the field.
const TYPED_MAX: usize = 100;

/// The page's `<main>` in somebody's words; `refused` after a code that opened nothing.
pub fn main(words: &Words, room: &Room, refused: bool) -> String {
    let texts = &words.code_form;
    let mut html = format!("<h1>{}</h1>", escape(&room.name));
    if refused {
        let _ = write!(html, "<p role=\"alert\">{}</p>", texts.refused);
    }
    let _ = write!(
        html,
        "<p>{}</p><form method=\"post\" action=\"/queue/{}\"><label for=\"code\">{}</label>\
         <input id=\"code\" name=\"code\" required maxlength=\"{TYPED_MAX}\" autocomplete=\"off\" \
         autocapitalize=\"characters\" spellcheck=\"false\"><button>{}</button></form>",
        texts.intro, room.id, texts.label, words.line.join
    );
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::rules::tests::open_room;
    use crate::words::tests::asking;

    #[test]
    fn it_speaks_the_visitors_language_and_quotes_the_rooms_name() {
        let room = Room { name: "<b>".into(), ..open_room() };
        let html = main(Words::asked(&asking("xx, ar-EG, de;q=0.9")), &room, true);
        assert!(html.contains("رمز الدخول") && html.contains("انضم إلى الطابور"), "{html}");
        assert!(html.contains("&lt;b&gt;") && !html.contains("<b>") && html.contains("role=\"alert\""));
        let html = main(Words::english(), &open_room(), false);
        assert!(html.contains("action=\"/queue/rock-night\"") && !html.contains("role=\"alert\""));
    }
}
