//! The page that asks for an access code: a form without a script. Pure.

use std::fmt::Write;

use super::asked_languages;
use super::noscript::escape;
use crate::rooms::rules::RoomId;

/// A page without script or anything from elsewhere, but with a style of its own.
pub const POLICY: &str =
    "default-src 'none';style-src 'unsafe-inline';base-uri 'none';form-action 'self';frame-ancestors 'none'";
/// The queue page's colours and shapes, as far as a form needs them.
const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;background:light-dark(#f4f4f6,#15121c);color:light-dark(#17131f,#f4f2f8);\
    margin:0;padding:12vh 1.25rem}main{max-width:26rem;margin:auto;padding:2rem;border-radius:1.4rem;background:light-dark(#fff,#211c2b)}\
    h1{margin:0;font-size:2rem;line-height:1.1;text-wrap:balance}label{font-weight:600}\
    input,button{box-sizing:border-box;width:100%;min-height:3rem;padding:0 1rem;font:inherit;border-radius:.75rem}\
    input{margin-bottom:.75rem;border:1px solid #837c90;background:transparent;color:inherit;font-family:ui-monospace,monospace}\
    button{border:0;background:#b3260b;color:#fff;font-weight:700;cursor:pointer}\
    [role=alert]{padding:.75rem 1rem;border-radius:.75rem;background:light-dark(#fde4e0,#4a1710)}\
    :focus-visible{outline:3px solid #3b6cf6;outline-offset:2px}";
/// Longest code that fits into the field.
const TYPED_MAX: usize = 100;

/// Texts in one language.
struct Texts {
    language: &'static str,
    intro: &'static str,
    label: &'static str,
    button: &'static str,
    /// Said above the form after a code that opens nothing.
    refused: &'static str,
}

/// English first: what everybody gets whose language is not here.
const TEXTS: [Texts; 12] = [
    Texts {
        language: "en",
        intro: "You need an access code to join this line.",
        label: "Access code",
        button: "Join the line",
        refused: "This code opens nothing here. Please check it.",
    },
    Texts {
        language: "ar",
        intro: "تحتاج إلى رمز دخول للانضمام إلى هذا الطابور.",
        label: "رمز الدخول",
        button: "انضم إلى الطابور",
        refused: "هذا الرمز غير صالح هنا. يرجى التحقق منه.",
    },
    Texts {
        language: "de",
        intro: "Für diese Warteschlange brauchen Sie einen Zugangscode.",
        label: "Zugangscode",
        button: "Anstellen",
        refused: "Dieser Code gilt hier nicht. Bitte prüfen Sie ihn.",
    },
    Texts {
        language: "es",
        intro: "Necesita un código de acceso para unirse a esta cola.",
        label: "Código de acceso",
        button: "Unirse a la cola",
        refused: "Este código no es válido aquí. Compruébelo.",
    },
    Texts {
        language: "fr",
        intro: "Il faut un code d’accès pour rejoindre cette file.",
        label: "Code d’accès",
        button: "Rejoindre la file",
        refused: "Ce code n’est pas valable ici. Veuillez le vérifier.",
    },
    Texts {
        language: "it",
        intro: "Per entrare in questa coda serve un codice di accesso.",
        label: "Codice di accesso",
        button: "Mettiti in coda",
        refused: "Questo codice qui non è valido. Controllalo.",
    },
    Texts {
        language: "ja",
        intro: "この列に並ぶにはアクセスコードが必要です。",
        label: "アクセスコード",
        button: "列に並ぶ",
        refused: "このコードはここでは使えません。ご確認ください。",
    },
    Texts {
        language: "nl",
        intro: "Voor deze wachtrij hebt u een toegangscode nodig.",
        label: "Toegangscode",
        button: "In de rij gaan staan",
        refused: "Deze code geldt hier niet. Controleer hem.",
    },
    Texts {
        language: "pl",
        intro: "Aby dołączyć do tej kolejki, potrzebny jest kod dostępu.",
        label: "Kod dostępu",
        button: "Dołącz do kolejki",
        refused: "Ten kod jest tu nieważny. Sprawdź go.",
    },
    Texts {
        language: "pt",
        intro: "É preciso um código de acesso para entrar nesta fila.",
        label: "Código de acesso",
        button: "Entrar na fila",
        refused: "Este código não vale aqui. Verifique-o.",
    },
    Texts {
        language: "tr",
        intro: "Bu sıraya girmek için bir erişim kodu gerekir.",
        label: "Erişim kodu",
        button: "Sıraya gir",
        refused: "Bu kod burada geçerli değil. Lütfen kontrol edin.",
    },
    Texts {
        language: "zh",
        intro: "加入此队列需要访问码。",
        label: "访问码",
        button: "加入队列",
        refused: "此访问码在这里无效，请检查。",
    },
];

/// The page, in the first language of `accept_language` that it knows; `refused` after a code that opened nothing.
pub fn page(room: &RoomId, name: &str, accept_language: &str, refused: bool) -> String {
    let texts = texts(accept_language);
    let (language, direction) = (texts.language, if texts.language == "ar" { "rtl" } else { "ltr" });
    let mut html = format!(
        "<!doctype html><html lang=\"{language}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{0}</title><style>{STYLE}</style></head><body><main><h1>{0}</h1>",
        escape(name)
    );
    let intro = if refused { format!("<p role=\"alert\">{}</p>", texts.refused) } else { String::new() };
    let _ = write!(
        html,
        "{intro}<p>{}</p><form method=\"post\" action=\"/queue/{room}\"><p><label for=\"code\">{}</label></p>\
         <p><input id=\"code\" name=\"code\" required maxlength=\"{TYPED_MAX}\" autocomplete=\"off\" \
         autocapitalize=\"characters\" spellcheck=\"false\"> <button>{}</button></p></form></main></body></html>",
        texts.intro, texts.label, texts.button
    );
    html
}

fn texts(accept_language: &str) -> &'static Texts {
    let known = |wish: &str| TEXTS.iter().find(|texts| texts.language.eq_ignore_ascii_case(wish));
    asked_languages(accept_language).filter_map(known).next().unwrap_or(&TEXTS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_speaks_the_visitors_language_and_quotes_the_rooms_name() {
        let room = RoomId::parse("rock-night").unwrap();
        let html = page(&room, "<b>", "xx, ar-EG;q=0.9, de", true);
        assert!(
            html.contains("lang=\"ar\" dir=\"rtl\"") && html.contains("&lt;b&gt;") && !html.contains("<b>")
        );
        assert!(html.contains("role=\"alert\""));
        let html = page(&room, "Rock", "", false);
        assert!(html.contains("lang=\"en\"") && html.contains("action=\"/queue/rock-night\""));
        assert!(!html.contains("role=\"alert\""));
    }
}
