//! Sets the stage for tests and benchmarks through the public API: an event, a room before it, shoppers.

use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::api::{Answer, Api};

/// The first admin of a server that is tested or measured.
pub const ADMIN_EMAIL: &str = "admin@stage.example";
/// The password that goes with it.
pub const ADMIN_PASSWORD: &str = "Only for tests and benchmarks 1";
/// Where rooms are administered.
pub const ROOMS: &str = "/api/v1/admin/rooms";

/// An admin at work.
pub struct Stage {
    /// The server.
    pub api: Api,
    /// Where its waiting room answers.
    rooms: Api,
    token: String,
}

/// An event that is on sale.
#[derive(Debug, Clone, Copy)]
pub struct Show {
    /// The event.
    pub event: i64,
    /// Its only session.
    pub session: i64,
    /// Its first ticket type.
    pub ticket_type: i64,
}

/// How a room lets people in; a turn stands for a minute, a visit lasts ten.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Most booking sessions at once.
    pub cap: u32,
    /// Most admissions in any sliding minute.
    pub rate_per_minute: u32,
}

impl Stage {
    /// Logs the admin in.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn open(api: Api) -> anyhow::Result<Self> {
        let token = log_in(&api, ADMIN_EMAIL, ADMIN_PASSWORD).await?;
        Ok(Self { rooms: api.clone(), api, token })
    }

    /// The same where the waiting room answers elsewhere.
    pub fn with_rooms_at(self, rooms: Api) -> Self {
        Self { rooms, ..self }
    }

    /// The admin's access token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A published event with `total` places of general admission, behind `room` if there is one.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn general_admission(
        &self,
        name: &str,
        total: u32,
        room: Option<&str>,
    ) -> anyhow::Result<Show> {
        let types = json!([{ "name": "General Admission", "price_minor": 1000, "quantity": total }]);
        self.show(name, Value::Null, types, room).await
    }

    /// A published event with `types` ticket types of general admission, each with `total` places; a show of each.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn general_admissions(&self, name: &str, total: u32, types: u32) -> anyhow::Result<Vec<Show>> {
        let kind = |n| json!({ "name": format!("Area {n}"), "price_minor": 1000, "quantity": total });
        let first = self.show(name, Value::Null, (0..types).map(kind).collect(), None).await?;
        let detail: Value = self.get(&format!("/api/v1/events/{}", first.event)).await?;
        let known = detail["sessions"][0]["ticket_types"].as_array().cloned().unwrap_or_default();
        let ids = known.iter().filter_map(|kind| kind["id"].as_i64());
        Ok(ids.map(|ticket_type| Show { ticket_type, ..first }).collect())
    }

    /// A published event with `rows` × `columns` numbered seats, behind `room` if there is one.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn seated(
        &self,
        name: &str,
        rows: u32,
        columns: u32,
        room: Option<&str>,
    ) -> anyhow::Result<Show> {
        let venue = json!({ "name": format!("{name} Hall"), "address": "1 Stage Door", "time_zone": "Europe/Berlin" });
        let venue: Value = self.post("/api/v1/venues", &venue).await?;
        let plan =
            json!({ "name": "Hall", "sections": [{ "name": "Stalls", "rows": rows, "columns": columns }] });
        let layout: Value = self.post(&format!("/api/v1/venues/{}/layouts", venue["id"]), &plan).await?;
        let types = json!([{ "name": "Stalls", "price_minor": 5000, "section": "Stalls" }]);
        self.show(name, json!({ "venue": venue["id"], "layout": layout["id"] }), types, room).await
    }

    async fn show(&self, name: &str, hall: Value, types: Value, room: Option<&str>) -> anyhow::Result<Show> {
        let mut session = json!({ "starts_at": "2099-06-01T18:00:00Z", "ticket_types": types });
        let mut event = json!({
            "name": name, "description": "A show to sell out", "event_date": "2099-06-01T18:00:00Z",
            "category": "concert", "per_person_limit": 1000, "room": room,
        });
        match hall.get("venue") {
            Some(venue) => {
                event["venue_id"] = venue.clone();
                session["layout_id"] = hall["layout"].clone();
            }
            None => event["venue"] = json!("Stage Arena"),
        }
        event["sessions"] = json!([session]);
        let made: Value = self.post("/api/v1/events", &event).await?;
        let event = made["id"].as_i64().ok_or_else(|| anyhow::anyhow!("no id in {made}"))?;
        let detail: Value = self.get(&format!("/api/v1/events/{event}")).await?;
        let session = &detail["sessions"][0];
        let id = |value: &Value| value.as_i64().ok_or_else(|| anyhow::anyhow!("no id in {detail}"));
        Ok(Show { event, session: id(&session["id"])?, ticket_type: id(&session["ticket_types"][0]["id"])? })
    }

    /// An open room before `show`.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn room(&self, id: &str, show: Show, pace: Pace) -> anyhow::Result<()> {
        self.put_room(id, show, pace, None).await?;
        self.post::<Value>(&format!("{ROOMS}/{id}/open"), &json!({})).await?;
        Ok(())
    }

    /// Sets a room before `show`, with a word to its line if there is one. What it is doing stays.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn put_room(
        &self,
        id: &str,
        show: Show,
        pace: Pace,
        message: Option<&str>,
    ) -> anyhow::Result<()> {
        let settings = json!({
            "name": format!("Room {id}"), "event": show.event.to_string(), "booking_url": format!("/sessions/{}", show.session),
            "rate_per_minute": pace.rate_per_minute, "cap": pace.cap, "claim_window_s": 60, "session_length_s": 600,
            "message": message,
        });
        let request = self.rooms.request(Method::PUT, &format!("{ROOMS}/{id}")).json(&settings);
        read::<Value>(self.rooms.insist(request.bearer_auth(&self.token)).await?)?;
        Ok(())
    }

    /// Registers and logs in a shopper; the access token.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn shopper(&self, name: &str) -> anyhow::Result<String> {
        let (email, password) = (format!("{name}@stage.example"), format!("Password of {name} 1"));
        let person = json!({ "name": name, "email": email, "password": password });
        self.post::<Value>("/api/v1/users/register", &person).await?;
        log_in(&self.api, &email, &password).await
    }

    /// `GET` as the admin.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        read(self.api.insist(self.api.request(Method::GET, path).bearer_auth(&self.token)).await?)
    }

    /// `POST` as the admin.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> anyhow::Result<T> {
        let api = if path.starts_with(ROOMS) { &self.rooms } else { &self.api };
        let request = api.request(Method::POST, path).json(body).bearer_auth(&self.token);
        read(api.insist(request).await?)
    }
}

async fn log_in(api: &Api, email: &str, password: &str) -> anyhow::Result<String> {
    let credentials = json!({ "email": email, "password": password });
    let login: Value =
        read(api.insist(api.request(Method::POST, "/api/v1/users/login").json(&credentials)).await?)?;
    login["token"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| anyhow::anyhow!("the login of {email} has no token"))
}

/// A successful answer's body; the problem as an error otherwise.
///
/// # Errors
/// When the answer is no success or not a `T`.
pub fn read<T: DeserializeOwned>(answer: Answer) -> anyhow::Result<T> {
    let said = || format!("answered {}: {}", answer.status, String::from_utf8_lossy(&answer.bytes));
    answer.read().ok_or_else(|| anyhow::anyhow!(said()))
}
