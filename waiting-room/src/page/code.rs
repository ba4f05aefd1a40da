//! The page that asks for an access code: a form without a script. Pure.

use std::fmt::Write;

use super::asked_languages;
use super::noscript::escape;
use crate::rooms::rules::Room;

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
        intro: "Für diese Warteschlange brauchst du einen Zugangscode.",
        label: "Zugangscode",
        button: "Anstellen",
        refused: "Dieser Code gilt hier nicht. Bitte prüfe ihn.",
    },
    Texts {
        language: "es",
        intro: "Necesitas un código de acceso para unirte a esta cola.",
        label: "Código de acceso",
        button: "Unirse a la cola",
        refused: "Este código no es válido aquí. Compruébalo.",
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
        intro: "Voor deze wachtrij heb je een toegangscode nodig.",
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
        refused: "Bu kod burada geçerli değil. Lütfen kontrol et.",
    },
    Texts {
        language: "zh",
        intro: "加入此队列需要访问码。",
        label: "访问码",
        button: "加入队列",
        refused: "此访问码在这里无效，请检查。",
    },
];

/// What the page says: its language and its `<main>`, in the first language of `accept_language` that it knows; `refused`
/// after a code that opened nothing.
pub fn main(room: &Room, accept_language: &str, refused: bool) -> (&'static str, String) {
    let texts = texts(accept_language);
    let mut html = format!("<h1>{}</h1>", escape(&room.name));
    if refused {
        let _ = write!(html, "<p role=\"alert\">{}</p>", texts.refused);
    }
    let _ = write!(
        html,
        "<p>{}</p><form method=\"post\" action=\"/queue/{}\"><label for=\"code\">{}</label>\
         <input id=\"code\" name=\"code\" required maxlength=\"{TYPED_MAX}\" autocomplete=\"off\" \
         autocapitalize=\"characters\" spellcheck=\"false\"><button>{}</button></form>",
        texts.intro, room.id, texts.label, texts.button
    );
    (texts.language, html)
}

fn texts(accept_language: &str) -> &'static Texts {
    let known = |wish: &str| TEXTS.iter().find(|texts| texts.language.eq_ignore_ascii_case(wish));
    asked_languages(accept_language).filter_map(known).next().unwrap_or(&TEXTS[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::rules::tests::open_room;

    #[test]
    fn it_speaks_the_visitors_language_and_quotes_the_rooms_name() {
        let room = Room { name: "<b>".into(), ..open_room() };
        let (language, html) = main(&room, "xx, ar-EG;q=0.9, de", true);
        assert_eq!(language, "ar");
        assert!(html.contains("&lt;b&gt;") && !html.contains("<b>") && html.contains("role=\"alert\""));
        let (language, html) = main(&open_room(), "", false);
        assert_eq!(language, "en");
        assert!(html.contains("action=\"/queue/rock-night\"") && !html.contains("role=\"alert\""));
    }
}
