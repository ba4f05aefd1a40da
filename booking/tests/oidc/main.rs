//! Logging in with an account elsewhere: a whole round trip through a certified provider, and everything that must not
//! work, against one that lies.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod liar;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use booking::q;
use common::buying::slug;
use common::{Answer, Engine, Shop};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha1::Sha1;
use shared::access::Role;
use shared::clock::Ts;
use shared::peer::Peer;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// Where tests' shops say that they are; the port is put in by the browser.
const SHOP: &str = "http://127.0.0.1:0";
const START: &str = "/api/v1/users/oidc/start";
const FINISH: &str = "/api/v1/users/oidc/finish";
const SECRET: &str = "s3cr:t/+";

/// The package `oidc-provider`, run by node; it ends with this process, which holds its standard input.
struct Certified {
    issuer: String,
    _process: Child,
    /// It ends when nobody listens to what it says.
    _said: BufReader<ChildStdout>,
}

impl Certified {
    /// The one of this test process; `None` where it is not installed (`scripts/test` installs it).
    fn shared() -> Option<&'static Self> {
        static PROVIDER: OnceLock<Option<Certified>> = OnceLock::new();
        PROVIDER.get_or_init(Self::start).as_ref()
    }

    fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc");
        if !folder.join("node_modules").exists() {
            assert!(option_env!("REQUIRE_TOOLS").is_none(), "run npm ci in booking/tests/oidc");
            eprintln!("the provider is not installed (npm ci in booking/tests/oidc): not tested with it");
            return None;
        }
        let mut node = Command::new("node");
        node.arg("provider.js").arg(format!("{SHOP}/api/v1/users/oidc/callback")).current_dir(folder);
        let mut process =
            node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let mut issuer = String::new();
        said.read_line(&mut issuer).unwrap();
        assert!(issuer.starts_with("http://"), "the provider did not start: {issuer}");
        Some(Self { issuer: issuer.trim().to_owned(), _process: process, _said: said })
    }
}

/// A shop that offers to log in at `issuer`, with its clock at the true time.
async fn shop(engine: Engine, issuer: &str) -> Option<Shop> {
    let shop = Shop::start_with(engine, Peer::in_process(), |settings| {
        settings.oidc.issuer = issuer.to_owned();
        settings.oidc.client_id = "shop".into();
        settings.oidc.client_secret = SecretString::from(SECRET);
        settings.oidc.name = "Example ID".into();
    });
    let shop = shop.await?;
    let answer = reqwest::get(format!("{issuer}/.well-known/openid-configuration")).await.unwrap();
    let now = OffsetDateTime::parse(answer.headers()["date"].to_str().unwrap(), &Rfc2822).unwrap();
    shop.clock.advance(Ts::from(now) - shop.app.now());
    Some(shop)
}

/// Somebody's browser: it keeps cookies, and follows redirects one by one.
struct Browser {
    http: Client,
    shop: String,
}

impl Browser {
    fn new(shop: &Shop) -> Self {
        let http = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        Self { http, shop: shop.url.clone() }
    }

    /// An address of the shop by its true port.
    fn true_address(&self, address: &str) -> String {
        address.replace(SHOP, &self.shop)
    }

    /// Where a page leads to.
    async fn location(&self, address: &str) -> String {
        let answer = self.http.get(self.true_address(address)).send().await.unwrap();
        let status = answer.status();
        let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let Some(location) = location else { panic!("{address}: {status} {}", answer.text().await.unwrap()) };
        location
    }

    /// Begins to log in: the provider's address.
    async fn start(&self, return_to: &str) -> String {
        self.location(&format!("{}{START}?return_to={return_to}", self.shop)).await
    }

    /// Fills in the provider's forms as `name`, until it leads back to the shop: that address.
    async fn log_in_at_the_provider(&self, address: &str, name: &str) -> String {
        let mut address = Url::parse(address).unwrap();
        for _ in 0..12 {
            let answer = self.http.get(address.clone()).send().await.unwrap();
            let answer = if answer.status().is_success() {
                let page = answer.text().await.unwrap();
                let between =
                    |from: &str| page.split(from).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
                let (action, prompt) = (between("action=\""), between("name=\"prompt\" value=\""));
                let body = format!("prompt={prompt}&login={name}&password=any");
                let form = self.http.post(action).header("content-type", "application/x-www-form-urlencoded");
                form.body(body).send().await.unwrap()
            } else {
                answer
            };
            assert!(
                answer.status().is_redirection(),
                "{}: {}",
                answer.status(),
                answer.text().await.unwrap()
            );
            address = address.join(answer.headers()["location"].to_str().unwrap()).unwrap();
            if address.as_str().starts_with(SHOP) {
                return address.into();
            }
        }
        panic!("the provider leads nowhere: {address}");
    }

    /// The whole way to the login page.
    async fn log_in(&self, name: &str) -> String {
        let there = self.start("/events/7").await;
        self.location(&self.log_in_at_the_provider(&there, name).await).await
    }

    /// What the login page does then.
    async fn finish(&self, body: Value) -> Answer {
        common::answer(self.http.post(format!("{}{FINISH}", self.shop)).json(&body)).await
    }
}

/// Stamps each test for both engines, with a shop and the certified provider.
macro_rules! with_the_provider {
    ($($(#[$meta:meta])* async fn $name:ident($shop:ident) $body:block)+) => {
        $(mod $name {
            use super::*;
            $(#[$meta])*
            async fn run($shop: Shop) $body
            async fn on(engine: Engine) {
                let Some(provider) = Certified::shared() else { return };
                let Some(shop) = shop(engine, &provider.issuer).await else { return };
                run(shop.clone()).await;
                shop.verify().await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                on(Engine::Sqlite).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                on(Engine::Postgres).await;
            }
        })+
    };
}

with_the_provider! {
    async fn a_newcomer_gets_an_account_and_comes_back_to_it(shop) {
        let (status, offered) = shop.get("/api/v1/users/oidc", "").await;
        assert_eq!((status, &offered), (200, &json!({ "enabled": true, "name": "Example ID", "start_url": START })));
        let browser = Browser::new(&shop);
        assert_eq!(browser.log_in("alice").await, "/login?oidc=done&return_to=%2Fevents%2F7");
        let (status, login) = browser.finish(json!({})).await;
        assert_eq!(status, 200, "{login}");
        assert_eq!(
            (&login["user"]["name"], &login["user"]["email"], &login["user"]["user_type"], &login["user"]["email_verified"]),
            (&json!("Alice Elsewhere"), &json!("alice@example.com"), &json!("guest"), &json!(true))
        );
        assert_eq!(shop.get("/api/v1/users/me", login["token"].as_str().unwrap()).await.0, 200);
        // Fetched once; a page that asks again must begin again.
        assert_eq!(slug(&browser.finish(json!({})).await.1), "oidc-over");
        // The cookie renews it, as any login.
        let renewed = browser.http.post(format!("{}/api/v1/users/refresh", shop.url)).json(&json!({}));
        assert_eq!(common::answer(renewed).await.0, 200);
        // Another day, another browser, the same account.
        let again = Browser::new(&shop);
        again.log_in("alice").await;
        assert_eq!(again.finish(json!({})).await.1["user"]["id"], login["user"]["id"]);
        assert_eq!(q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM users").unwrap(), 1);
        // There is no password to guess.
        let guess = json!({ "email": "alice@example.com", "password": "none none" });
        assert_eq!(slug(&shop.post("/api/v1/users/login", "", guess).await.1), "login-failed");
    }

    async fn a_code_works_once_and_an_answer_in_its_own_browser_alone(shop) {
        let browser = Browser::new(&shop);
        let there = browser.start("/").await;
        let back = browser.log_in_at_the_provider(&there, "alice").await;
        // Somebody else's browser, with a flow of its own or without.
        let thief = Browser::new(&shop);
        assert_eq!(thief.location(&back).await, "/login?oidc=oidc-invalid");
        thief.start("/").await;
        assert_eq!(thief.location(&back).await, "/login?oidc=oidc-invalid");
        assert_eq!(slug(&thief.finish(json!({})).await.1), "oidc-over");
        // An altered state, another issuer's answer, and none at all.
        for (from, to) in [("state=", "state=x"), ("iss=", "iss=x")] {
            let other = Browser::new(&shop);
            let back = other.log_in_at_the_provider(&other.start("/").await, "alice").await;
            assert!(back.contains(from), "{back}");
            assert_eq!(other.location(&back.replace(from, to)).await, "/login?oidc=oidc-invalid");
        }
        let wrong = format!("{}/api/v1/users/oidc/callback", shop.url);
        assert_eq!(thief.location(&wrong).await, "/login?oidc=oidc-invalid");
        assert_eq!(browser.location(&back).await, "/login?oidc=done&return_to=%2F");
        // The same code again: this browser's flow is over, and with its cookie put back the provider refuses the code.
        assert_eq!(browser.location(&back).await, "/login?oidc=oidc-invalid");
        let cookie = kept_cookie(&shop).await;
        let answer = cookie.browser.location(&cookie.back).await;
        assert!(answer.starts_with("/login?oidc=done"), "{answer}");
        let replayed = cookie.browser.http.get(browser.true_address(&cookie.back)).header("cookie", &cookie.value);
        let replayed = replayed.send().await.unwrap();
        assert_eq!(replayed.headers()["location"], "/login?oidc=oidc-invalid");
    }

    async fn who_is_refused_at_the_provider_is_told(shop) {
        let browser = Browser::new(&shop);
        let there = browser.start("/").await;
        let state = Url::parse(&there).unwrap().query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let refused = format!("{SHOP}/api/v1/users/oidc/callback?error=access_denied&error_description=no&state={state}");
        assert_eq!(browser.location(&refused).await, "/login?oidc=oidc-refused");
    }

    /// Without a verified address, whose account would it be?
    async fn an_unverified_address_opens_nothing(shop) {
        let browser = Browser::new(&shop);
        assert_eq!(browser.log_in("unverified-mallory").await, "/login?oidc=oidc-email-unverified");
        assert_eq!(slug(&browser.finish(json!({})).await.1), "oidc-over");
        assert_eq!(q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM users").unwrap(), 0);
    }

    async fn it_opens_the_account_with_its_verified_address_and_keeps_what_guards_it(shop) {
        let id = booking::users::create_account(&shop.app, "Bob", "Bob@Example.com", "correct horse", Role::Organizer);
        let id = id.await.unwrap().unwrap();
        let secret = second_factor(&shop, &shop.token(id, Role::Organizer)).await;
        let browser = Browser::new(&shop);
        assert!(browser.log_in("bob").await.starts_with("/login?oidc=done"));
        let (status, refused) = browser.finish(json!({})).await;
        assert_eq!((status, slug(&refused)), (401, "totp-required"));
        assert_eq!(slug(&browser.finish(json!({ "code": "000000" })).await.1), "totp-wrong");
        shop.advance_s(30);
        let (status, login) = browser.finish(json!({ "code": code(&shop, &secret) })).await;
        assert_eq!(status, 200, "{login}");
        assert_eq!((&login["user"]["id"], &login["user"]["user_type"]), (&json!(id), &json!("organizer")));
        // The password still works, too.
        shop.advance_s(30);
        let password = json!({ "email": "bob@example.com", "password": "correct horse", "code": code(&shop, &secret) });
        assert_eq!(shop.post("/api/v1/users/login", "", password).await.0, 200);
    }

    /// Somebody registers an address that is not hers, and waits for its owner.
    async fn whoever_waits_in_an_account_with_an_unproven_address_is_shut_out(shop) {
        let trap = json!({ "name": "Mallory", "email": "carol@example.com", "password": "mallory waits" });
        assert_eq!(shop.post("/api/v1/users/register", "", trap).await.0, 201);
        let enter = json!({ "email": "carol@example.com", "password": "mallory waits" });
        let (_, mallory) = shop.post("/api/v1/users/login", "", enter.clone()).await;
        second_factor(&shop, mallory["token"].as_str().unwrap()).await;
        let browser = Browser::new(&shop);
        browser.log_in("carol").await;
        let (status, carol) = browser.finish(json!({})).await;
        assert_eq!((status, &carol["user"]["id"]), (200, &mallory["user"]["id"]), "{carol}");
        assert_eq!(slug(&shop.post("/api/v1/users/login", "", enter).await.1), "login-failed");
        let renewal = json!({ "refresh_token": mallory["refresh_token"] });
        assert_eq!(shop.post("/api/v1/users/refresh", "", renewal).await.0, 401);
    }

    async fn a_deleted_account_is_not_opened_again(shop) {
        let browser = Browser::new(&shop);
        browser.log_in("dave").await;
        let (_, login) = browser.finish(json!({})).await;
        assert_eq!(shop.delete("/api/v1/users/me", login["token"].as_str().unwrap()).await.0, 204);
        let again = Browser::new(&shop);
        again.log_in("dave").await;
        let (_, anew) = again.finish(json!({})).await;
        assert_ne!(anew["user"]["id"], login["user"]["id"]);
        assert_eq!(anew["user"]["name"], "Dave Elsewhere");
    }
}

/// A browser that is about to come back, and its cookie, which it would lose then.
struct Kept {
    browser: Browser,
    back: String,
    value: String,
}

async fn kept_cookie(shop: &Shop) -> Kept {
    let browser = Browser::new(shop);
    let answer = browser.http.get(format!("{}{START}", shop.url)).send().await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    let value = header("set-cookie").split(';').next().unwrap().to_owned();
    let back = browser.log_in_at_the_provider(&header("location"), "erin").await;
    Kept { browser, back, value }
}

/// Sets a second factor up; its secret.
async fn second_factor(shop: &Shop, token: &str) -> String {
    let (_, shown) = shop.post("/api/v1/users/me/totp", token, json!({})).await;
    let secret = shown["secret"].as_str().unwrap().to_owned();
    let confirm = json!({ "code": code(shop, &secret) });
    assert_eq!(shop.post("/api/v1/users/me/totp/confirm", token, confirm).await.0, 200);
    secret
}

/// What an authenticator app shows at the shop's time.
fn code(shop: &Shop, secret: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(&BASE32_NOPAD.decode(secret.as_bytes()).unwrap()).unwrap();
    mac.update(&(shop.app.now().seconds() / 30).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    format!("{:06}", (u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) & 0x7fff_ffff) % 1_000_000)
}
