//! Pages that the server writes, in the reader's language.

use reqwest::StatusCode;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, VARY};
use serde_json::json;

use crate::world::{Browser, ROOM, World};

/// Each language, and a word of hers on each page: outside the line, in it, the draw, the report, a code asked for.
const LANGUAGES: [(&str, [&str; 5]); 12] = [
    ("en", ["You are not in the line yet", "Ahead of you", "Your browser checks", "Who came", "Access code"]),
    ("ar", ["لم تنضم إلى الطابور بعد", "أمامك", "متصفحك يتحقق", "من جاء", "رمز الدخول"]),
    ("de", ["noch nicht in der Schlange", "Vor dir", "Dein Browser prüft", "Wer kam", "Zugangscode"]),
    ("es", ["Aún no estás en la fila", "Delante de ti", "Tu navegador", "Quién vino", "Código de acceso"]),
    ("fr", ["pas encore dans la file", "Devant vous", "Votre navigateur", "Qui est venu", "Code d’accès"]),
    ("it", ["Non sei ancora in fila", "Davanti a te", "Il tuo browser", "Chi è venuto", "Codice di accesso"]),
    ("ja", ["まだ列に並んでいません", "前の人数", "お使いのブラウザー", "来られた方", "アクセスコード"]),
    ("nl", ["nog niet in de rij", "Voor je", "Je browser", "Wie kwam", "Toegangscode"]),
    (
        "pl",
        ["Nie stoisz jeszcze w kolejce", "Przed tobą", "Twoja przeglądarka", "Kto przyszedł", "Kod dostępu"],
    ),
    ("pt", ["Ainda não está na fila", "À sua frente", "O seu navegador", "Quem veio", "Código de acesso"]),
    ("tr", ["Henüz sırada değilsin", "Önünde", "Tarayıcın", "Kimler geldi", "Erişim kodu"]),
    ("zh", ["您还没有排队", "前面人数", "您的浏览器", "来了多少人", "访问码"]),
];

/// A page as a browser gets it that asks for languages.
async fn page(browser: &Browser, path: &str, languages: &str) -> reqwest::Response {
    let asked = browser.client.get(format!("{}{path}", browser.url)).header(ACCEPT_LANGUAGE, languages);
    let page = browser.send(asked).await;
    assert_eq!(page.status(), StatusCode::OK, "{path}");
    page
}

#[tokio::test]
async fn every_page_answers_in_the_language_that_the_browser_asks_for() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let coded = json!({"lanes": [{"name": "general", "weight": 1, "needs_code": true}]});
    world.put_room("by-invitation", coded).await;
    world.visitor().await.place_when("called").await;
    let (waiting, stranger) = (world.visitor().await, world.browser());
    let line = format!("/queue/{ROOM}");
    let (draw, report) = (format!("{line}/draw"), format!("{line}/report"));
    for (language, words) in LANGUAGES {
        let direction = if language == "ar" { "rtl" } else { "ltr" };
        let asked = format!("xx, {language}-ZZ;q=0.9, en;q=0.1");
        let pages = [
            (&stranger, line.as_str()),
            (&waiting, &line),
            (&stranger, &draw),
            (&stranger, &report),
            (&stranger, "/queue/by-invitation"),
        ];
        for ((browser, path), word) in pages.into_iter().zip(words) {
            let html = page(browser, path, &asked).await.text().await.unwrap();
            let begins = format!("<!doctype html><html lang=\"{language}\" dir=\"{direction}\">");
            assert!(html.starts_with(&begins), "{path} does not begin with {begins}: {html}");
            assert!(html.contains(word), "{path} in {language}: no “{word}” in {html}");
        }
    }
}

#[tokio::test]
async fn pages_that_are_kept_are_kept_for_each_language_and_take_one_in_their_address() {
    let world = World::start().await;
    let browser = world.browser();
    for path in ["draw", "report"] {
        let answer = page(&browser, &format!("/queue/{ROOM}/{path}"), "de").await;
        let vary: Vec<&str> =
            answer.headers().get_all(VARY).iter().map(|value| value.to_str().unwrap()).collect();
        assert!(vary.concat().contains("accept-language"), "{path}: {vary:?}");
        for (wish, language) in
            [("?lang=ar", "ar"), ("?lang=tr-TR", "tr"), ("?lang=xx", "de"), ("?lang=", "de")]
        {
            let html =
                page(&browser, &format!("/queue/{ROOM}/{path}{wish}"), "de").await.text().await.unwrap();
            assert!(html.contains(&format!("<html lang=\"{language}\"")), "{path}{wish}: {html}");
        }
    }
}

/// What a form without a script is answered with, when it is refused.
async fn sent(browser: &Browser, path: &str, body: &'static str) -> (StatusCode, String) {
    let form = browser
        .client
        .post(format!("{}{path}", browser.url))
        .header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
        .header(ACCEPT_LANGUAGE, "ar")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body);
    let answer = browser.send(form).await;
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_refused_form_is_answered_with_a_page_that_leads_back() {
    let world = World::start().await;
    world.press("pause").await;
    let (waiting, stranger) = (world.visitor().await, world.browser());
    let line = format!("/queue/{ROOM}");
    for (browser, form, body, status, said) in [
        (&stranger, "leave", "", 401, "لم ينجح ذلك"),
        (&waiting, "mail", "", 422, "تحقق من العنوان"),
        (&waiting, "defer", "", 303, ""),
    ] {
        let (answered, html) = sent(browser, &format!("{line}/{form}"), body).await;
        assert_eq!(answered, status, "{form}: {html}");
        if answered != 303 {
            assert!(
                html.starts_with("<!doctype html><html lang=\"ar\" dir=\"rtl\">") && html.contains(said),
                "{html}"
            );
            assert!(
                html.contains("العودة إلى الطابور") && html.contains(&format!("href=\"{line}\"")),
                "{html}"
            );
        }
    }
    world.press("close").await;
    let (status, html) = sent(&stranger, &line, "").await;
    assert!(status == StatusCode::GONE && html.contains("هذا الطابور مغلق"), "{html}");
    let (status, html) = sent(&stranger, "/queue/nowhere", "").await;
    assert!(
        status == StatusCode::NOT_FOUND && html.contains("لا يوجد طابور كهذا") && !html.contains("<a "),
        "{html}"
    );
    let script = stranger.post(format!("{line}/leave"), None).await;
    crate::world::problem(script, 401, "place-invalid").await;
}

#[tokio::test]
async fn what_was_typed_writes_no_html_in_any_page() {
    let world = World::start().await;
    world
        .put_room(ROOM, json!({"cap": 1, "name": "<i>Rock</i> {intro}", "message": "<b>Soon</b> {0}"}))
        .await;
    world.visitor().await.place_when("called").await;
    let waiting = world.visitor().await;
    for path in ["", "/draw", "/report"] {
        let html = page(&waiting, &format!("/queue/{ROOM}{path}"), "ar").await.text().await.unwrap();
        assert!(html.contains("&lt;i&gt;Rock&lt;/i&gt; {intro}"), "{html}");
        assert!(!html.contains("<i>Rock") && !html.contains("<b>Soon"), "{html}");
    }
}
