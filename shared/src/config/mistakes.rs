//! Whether settings make sense: every mistake in a sentence.

use std::net::SocketAddr;

use secrecy::ExposeSecret;

use super::{DEMO_PASSWORD, Settings};
use crate::limits::Block;

/// How an address of Redis may begin.
const REDIS_SCHEMES: [&str; 5] =
    ["redis://", "rediss://", "redis+unix://", "redis+cluster://", "rediss+cluster://"];

/// Characters of a secret that messages are signed with: its prefix, and 24 octets in base64.
const SIGNING_SECRET_MIN: usize = 6 + 32;

/// Everything that is wrong with the settings, one sentence each.
#[derive(Debug, thiserror::Error)]
#[error("the settings have {} mistake(s):\n  - {}", .0.len(), .0.join("\n  - "))]
pub struct Mistakes(pub Vec<String>);

impl Settings {
    /// What is wrong.
    pub(super) fn mistakes(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut check = |ok: bool, sentence: &str| {
            if !ok {
                wrong.push(sentence.to_owned());
            }
        };
        self.check_server(&mut check);
        self.check_booking(&mut check);
        self.check_waiting_room(&mut check);
        self.check_oidc(&mut check);
        self.check_sms(&mut check);
        if self.is_production() {
            wrong.extend(self.mistakes_in_production());
        }
        wrong
    }

    fn check_server(&self, check: &mut impl FnMut(bool, &str)) {
        let url = self.public_url();
        check(
            url.starts_with("http://") || url.starts_with("https://"),
            "public_url must start with http:// or https://.",
        );
        let database = self.database_url.expose_secret();
        check(
            database.is_empty()
                || ["postgres://", "postgresql://", "sqlite:"].iter().any(|p| database.starts_with(p)),
            "database_url must be empty, postgres://… or sqlite:path.",
        );
        for text in &self.server.trusted_proxies {
            if let Err(error) = text.parse::<Block>() {
                check(false, &format!("server.trusted_proxies: {error}."));
            }
        }
        let operations = &self.server.operations_listen;
        check(
            operations.is_empty() || operations.parse::<SocketAddr>().is_ok(),
            "server.operations_listen must be empty or an address and port such as 127.0.0.1:9464.",
        );
        check(self.server.drain_s <= 300, "server.drain_s must be 0 to 300.");
        check(self.server.connections_max > 0, "server.connections_max must be at least 1.");
    }

    fn check_booking(&self, check: &mut impl FnMut(bool, &str)) {
        check((1..=120).contains(&self.booking.hold_minutes), "booking.hold_minutes must be 1 to 120.");
        check(
            (5..=10_080).contains(&self.booking.waiting_list_offer_minutes),
            "booking.waiting_list_offer_minutes must be 5 to 10080.",
        );
        check(
            (1..=1000).contains(&self.booking.per_person_limit),
            "booking.per_person_limit must be 1 to 1000.",
        );
        check(
            self.booking.connections > 0 && self.booking.readers > 0,
            "booking needs at least one connection.",
        );
        let booking = &self.booking;
        check(
            [
                booking.connection_wait_ms,
                booking.lock_wait_ms,
                booking.statement_max_ms,
                booking.idle_transaction_max_ms,
                booking.database_answer_ms,
            ]
            .iter()
            .all(|wait_ms| (10..=60_000).contains(wait_ms)),
            "booking.connection_wait_ms, lock_wait_ms, statement_max_ms, idle_transaction_max_ms and database_answer_ms must be 10 to 60000.",
        );
        let currency = &self.booking.currency;
        check(
            currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()),
            "booking.currency must be three capital letters such as USD.",
        );
        check(self.payments.success_percent <= 100, "payments.success_percent must be 0 to 100.");
        check(
            self.payments.delay_min_ms <= self.payments.delay_max_ms,
            "payments.delay_min_ms must not exceed delay_max_ms.",
        );
        let traces = &self.server.traces_url;
        check(
            traces.is_empty() || traces.starts_with("https://") || traces.starts_with("http://"),
            "server.traces_url must be empty or an http(s) address.",
        );
        check(self.server.traces_percent <= 100, "server.traces_percent must be 0 to 100.");
        let secret = self.payments.webhook_secret.expose_secret();
        check(
            secret.is_empty() || (secret.starts_with("whsec_") && secret.len() >= SIGNING_SECRET_MIN),
            "payments.webhook_secret must be empty, or whsec_ and at least 24 octets in base64.",
        );
    }

    fn check_oidc(&self, check: &mut impl FnMut(bool, &str)) {
        let oidc = &self.oidc;
        let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        check(
            oidc.issuer.is_empty()
                || (is_web(&oidc.issuer) && !oidc.client_id.is_empty() && !oidc.name.is_empty()),
            "oidc.issuer must be empty or an http(s) address, with oidc.client_id and oidc.name.",
        );
    }

    fn check_sms(&self, check: &mut impl FnMut(bool, &str)) {
        let url = &self.sms.gateway_url;
        check(
            url.is_empty() || url.starts_with("https://") || url.starts_with("http://"),
            "sms.gateway_url must be empty or an http(s) address.",
        );
    }

    /// What development forgives.
    fn mistakes_in_production(&self) -> Vec<String> {
        let demands = [
            (self.public_url().starts_with("https://"), "production needs an https public_url."),
            (
                self.admin.password.expose_secret() != DEMO_PASSWORD,
                "production refuses the demo password: set RUSHLINE_ADMIN_PASSWORD to one of your own.",
            ),
            (
                !self.server.cors_origins.iter().any(|o| o == "*"),
                "production refuses cors_origins = [\"*\"]: name the origins.",
            ),
            (
                !self.webhooks.allow_private,
                "production refuses webhooks.allow_private: whoever registers an endpoint could call your own network.",
            ),
            (
                self.oidc.issuer.is_empty() || self.oidc.issuer.starts_with("https://"),
                "production needs an https oidc.issuer.",
            ),
        ];
        demands.iter().filter(|(met, _)| !met).map(|(_, sentence)| (*sentence).to_owned()).collect()
    }

    fn check_waiting_room(&self, check: &mut impl FnMut(bool, &str)) {
        check(
            (10..=10_000).contains(&self.waiting_room.tick_ms),
            "waiting_room.tick_ms must be 10 to 10000.",
        );
        check(
            (10..=10_000).contains(&self.waiting_room.redis_answer_ms),
            "waiting_room.redis_answer_ms must be 10 to 10000.",
        );
        check(
            (1..=600).contains(&self.waiting_room.rebuild_window_s),
            "waiting_room.rebuild_window_s must be 1 to 600.",
        );
        let captcha = (&self.waiting_room.captcha_verify_url, &self.waiting_room.captcha_page);
        let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        check(
            captcha.0.is_empty() || (is_web(captcha.0) && is_web(captcha.1)),
            "waiting_room.captcha_verify_url and captcha_page must be http(s) addresses, or verify_url empty.",
        );
        let beacon = self.waiting_room.draw_beacon.as_str();
        check(
            matches!(beacon, "drand" | "none") || beacon.starts_with("file:"),
            "waiting_room.draw_beacon must be drand, none or file:/path.",
        );
        check(
            beacon != "drand" || !self.waiting_room.draw_beacon_urls.is_empty(),
            "waiting_room.draw_beacon_urls must name an address of drand.",
        );
        check(
            (5..=600).contains(&self.waiting_room.draw_beacon_wait_s),
            "waiting_room.draw_beacon_wait_s must be 5 to 600.",
        );
        let redis = self.redis_url.expose_secret();
        check(
            redis.is_empty() || REDIS_SCHEMES.iter().any(|scheme| redis.starts_with(scheme)),
            "redis_url must be empty, redis://…, rediss://… (with TLS), redis+unix:///path, or for a cluster redis+cluster://host:port,host:port… (rediss+cluster://…).",
        );
    }
}
