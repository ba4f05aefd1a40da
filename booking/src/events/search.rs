//! Lists of events: what may be asked, cursors, and the query.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::clock::Ts;
use shared::problem::Problem;
use sqlx::QueryBuilder;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::Status;
use super::times;
use crate::charges::Terms;
use crate::error::Result;
use crate::extract::{Params, invalid_cursor};
use crate::money::Decimal;
use crate::{app::App, on, text};

/// Parameters of the list.
pub const PARAMETERS: [&str; 12] = [
    "q",
    "category",
    "from",
    "to",
    "min_price",
    "max_price",
    "ticket_type",
    "available",
    "sort",
    "cursor",
    "limit",
    "mine",
];
/// Events on one page at most, and when nobody says.
const LIMIT_MAX: i64 = 100;
const LIMIT: i64 = 50;
/// Words of a search that count.
const WORDS_MAX: usize = 8;

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum By {
    Date,
    Price,
    Name,
}

/// Where the next page starts: behind this event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Key {
    Date(Ts),
    Price(i64),
    Name(String),
}

/// A valid search.
#[derive(Debug)]
pub struct Search {
    pub(super) words: Vec<String>,
    pub(super) category: Option<String>,
    pub(super) from: Option<Ts>,
    pub(super) to: Option<Ts>,
    pub(super) min_price: Option<i64>,
    pub(super) max_price: Option<i64>,
    pub(super) ticket_type: Option<String>,
    pub(super) available: bool,
    by: By,
    descending: bool,
    after: Option<(Key, i64)>,
    limit: i64,
    /// Binds cursors to this search.
    digest: [u8; 32],
}

/// Whose events are listed.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// Published ones.
    Public,
    /// All of one owner.
    Of(Uuid),
    /// All.
    Everything,
}

/// An event with its venue and owner.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs)]
pub struct EventRow {
    pub id: i64,
    pub name: String,
    pub description: String,
    pub category: String,
    pub venue_id: i64,
    pub status: Status,
    pub currency: String,
    pub room: Option<String>,
    pub image: Option<String>,
    pub per_person_limit: i64,
    pub sales_open_at: Option<Ts>,
    pub sales_close_at: Option<Ts>,
    pub full_refund_h: i64,
    pub half_refund_h: i64,
    pub starts_at: Ts,
    pub price_from_minor: i64,
    pub charges: Option<Json<Terms>>,
    pub created_by: Option<Uuid>,
    pub updated_at: Ts,
    pub venue_name: String,
    pub venue_address: String,
    pub time_zone: String,
    pub organiser: Option<String>,
}

/// Pushes what a search asks of an event `e` onto a query: the builders of the two engines are two types.
macro_rules! push_filter {
    ($b:ident, $search:expr, $now:expr) => {{
        let search = $search;
        for word in &search.words {
            $b.push(" AND e.search_text LIKE ").push_bind($crate::text::like(word)).push(" ESCAPE '!'");
        }
        if let Some(category) = &search.category {
            $b.push(" AND e.category = ").push_bind(category);
        }
        if search.from.is_some() || search.to.is_some() {
            $b.push(" AND EXISTS (SELECT 1 FROM sessions s WHERE s.event_id = e.id");
            if let Some(from) = search.from { $b.push(" AND s.starts_at >= ").push_bind(from); }
            if let Some(to) = search.to { $b.push(" AND s.starts_at < ").push_bind(to); }
            $b.push(")");
        }
        if search.min_price.is_some() || search.max_price.is_some() || search.ticket_type.is_some() {
            $b.push(" AND EXISTS (SELECT 1 FROM ticket_types t JOIN sessions s ON s.id = t.session_id WHERE s.event_id = e.id AND NOT t.hidden");
            if let Some(least) = search.min_price { $b.push(" AND t.price_minor >= ").push_bind(least); }
            if let Some(most) = search.max_price { $b.push(" AND t.price_minor <= ").push_bind(most); }
            if let Some(name) = &search.ticket_type { $b.push(" AND lower(t.name) LIKE ").push_bind(name).push(" ESCAPE '!'"); }
            $b.push(")");
        }
        if search.available {
            $b.push(" AND EXISTS (SELECT 1 FROM seats x JOIN sessions s ON s.id = x.session_id
                     JOIN ticket_types t ON t.id = x.ticket_type_id WHERE s.event_id = e.id AND NOT t.hidden
                     AND (x.state = 'free' OR (x.state = 'held' AND x.held_until <= ").push_bind($now).push(")))");
        }
    }};
}
pub(super) use push_filter;

/// Columns of an [`EventRow`].
const SELECT: &str = "SELECT e.id, e.name, e.description, e.category, e.venue_id, e.status, e.currency, e.room, e.image,
    e.per_person_limit, e.sales_open_at, e.sales_close_at, e.full_refund_h, e.half_refund_h, e.starts_at,
    e.price_from_minor, c.terms AS charges, e.created_by, e.updated_at, v.name AS venue_name, v.address AS venue_address, v.time_zone,
    u.name AS organiser
    FROM events e JOIN venues v ON v.id = e.venue_id LEFT JOIN users u ON u.id = e.created_by
    LEFT JOIN charges c ON c.id = e.charges_id WHERE ";

/// Figures of an event's sessions.
#[derive(Debug, Clone, Copy, Default, sqlx::FromRow)]
pub struct Figures {
    /// Whose.
    pub event_id: i64,
    /// Number of sessions.
    pub sessions: i64,
    /// Places.
    pub total: i64,
    /// Places still to be had.
    pub remaining: i64,
}

impl Search {
    /// Reads the parameters; `currency` is the one prices are asked in, `secret` signs cursors.
    pub fn read(params: &Params, currency: &str, secret: &[u8]) -> Result<Self, Problem> {
        let price = |name: &str| -> Result<Option<i64>, Problem> {
            let text = params.get(name).map(|t| Decimal::Text(t.to_owned()));
            text.map(|text| text.minor(&format!("/{name}"), currency)).transpose()
        };
        let bound = |name: &str| params.get(name).map(|t| times::bound(&format!("/{name}"), t)).transpose();
        let (by, descending) = sort(params.get("sort").unwrap_or("date"))?;
        let digest = params.digest(&["cursor", "limit"]);
        Ok(Self {
            words: words(params.get("q").unwrap_or_default())?,
            category: params.get("category").map(text::fold),
            from: bound("from")?,
            to: bound("to")?,
            min_price: price("min_price")?,
            max_price: price("max_price")?,
            ticket_type: params.get("ticket_type").map(|name| text::like(&name.to_lowercase())),
            available: flag(params, "available")?,
            by,
            descending,
            after: params.get("cursor").map(|c| open_cursor(c, by, &digest, secret)).transpose()?,
            limit: params.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT),
            digest,
        })
    }

    /// The cursor behind `last`.
    pub fn cursor_after(&self, last: &EventRow, secret: &[u8]) -> String {
        let key = match self.by {
            By::Date => Key::Date(last.starts_at),
            By::Price => Key::Price(last.price_from_minor),
            By::Name => Key::Name(last.name.clone()),
        };
        let payload = serde_json::to_vec(&(key, last.id)).unwrap_or_default();
        let tag = cursor_tag(&payload, &self.digest, secret);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&payload), URL_SAFE_NO_PAD.encode(tag))
    }

    /// One page, and whether more follow.
    pub async fn page(&self, app: &App, scope: Scope, now: Ts) -> Result<(Vec<EventRow>, bool)> {
        let mut rows = self.rows(app, scope, now).await?;
        let more = rows.len() as i64 > self.limit;
        rows.truncate(self.limit as usize);
        Ok((rows, more))
    }

    async fn rows(&self, app: &App, scope: Scope, now: Ts) -> Result<Vec<EventRow>> {
        let column = match self.by {
            By::Date => "e.starts_at",
            By::Price => "e.price_from_minor",
            By::Name => "e.name",
        };
        let (ahead, order) = if self.descending { (" < ", " DESC") } else { (" > ", " ASC") };
        let rows = on!(app.db.ex(), c => {
            let mut b = QueryBuilder::new(SELECT);
            match scope {
                Scope::Public => { b.push("e.status = 'published'"); }
                Scope::Of(owner) => { b.push("e.created_by = ").push_bind(owner); }
                Scope::Everything => { b.push("e.id > 0"); }
            }
            push_filter!(b, self, now);
            if let Some((key, id)) = &self.after {
                b.push(" AND (").push(column).push(", e.id)").push(ahead).push("(");
                match key {
                    Key::Date(at) => b.push_bind(*at),
                    Key::Price(minor) => b.push_bind(*minor),
                    Key::Name(name) => b.push_bind(name),
                };
                b.push(", ").push_bind(*id).push(")");
            }
            b.push(" ORDER BY ").push(column).push(order).push(", e.id").push(order);
            b.push(" LIMIT ").push_bind(self.limit + 1);
            b.build_query_as::<EventRow>().fetch_all(c).await
        })?;
        Ok(rows)
    }
}

/// One event, whatever its status.
pub async fn event(app: &App, id: i64) -> Result<Option<EventRow>> {
    Ok(on!(app.db.ex(), c => {
        let mut b = QueryBuilder::new(SELECT);
        b.push("e.id = ").push_bind(id);
        b.build_query_as::<EventRow>().fetch_optional(c).await
    })?)
}

/// Figures of these events; one without sessions is missing.
pub async fn figures(app: &App, events: &[i64], now: Ts) -> Result<Vec<Figures>> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(app.db.ex(), c => {
        let mut b = QueryBuilder::new(
            "SELECT s.event_id, count(*) AS sessions,
                    CAST(coalesce(sum((SELECT sum(t.total) FROM ticket_types t WHERE t.session_id = s.id AND NOT t.hidden)), 0) AS BIGINT) AS total,
                    CAST(coalesce(sum((SELECT count(*) FROM seats x WHERE x.session_id = s.id AND x.state = 'free')
                        + (SELECT count(*) FROM seats x WHERE x.session_id = s.id AND x.state = 'held' AND x.held_until <= ");
        b.push_bind(now).push(")
                        - (SELECT count(*) FROM ticket_types t JOIN seats x ON x.session_id = t.session_id AND x.ticket_type_id = t.id
                           WHERE t.session_id = s.id AND t.hidden AND (x.state = 'free' OR (x.state = 'held' AND x.held_until <= ");
        b.push_bind(now).push(")))), 0) AS BIGINT) AS remaining FROM sessions s WHERE s.event_id IN (");
        let mut list = b.separated(", ");
        for id in events { list.push_bind(*id); }
        b.push(") GROUP BY s.event_id");
        b.build_query_as::<Figures>().fetch_all(c).await
    })?)
}

fn sort(name: &str) -> Result<(By, bool), Problem> {
    match name {
        "date" => Ok((By::Date, false)),
        "-date" => Ok((By::Date, true)),
        "price" => Ok((By::Price, false)),
        "-price" => Ok((By::Price, true)),
        "name" => Ok((By::Name, false)),
        _ => Err(Problem::invalid("/sort", "unknown-sort", "Sort by date, -date, price, -price or name.")),
    }
}

fn words(q: &str) -> Result<Vec<String>, Problem> {
    let q = text::paragraphs("/q", q, 200)?;
    Ok(text::fold(&q).split(' ').filter(|w| !w.is_empty()).take(WORDS_MAX).map(str::to_owned).collect())
}

fn flag(params: &Params, name: &str) -> Result<bool, Problem> {
    match params.get(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::invalid(&format!("/{name}"), "validation", "Write true or false.")),
    }
}

fn open_cursor(cursor: &str, by: By, digest: &[u8; 32], secret: &[u8]) -> Result<(Key, i64), Problem> {
    let open = || {
        let (payload, tag) = cursor.split_once('.')?;
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let genuine = URL_SAFE_NO_PAD.decode(tag).ok()? == cursor_tag(&payload, digest, secret);
        let (key, id) = serde_json::from_slice::<(Key, i64)>(&payload).ok().filter(|_| genuine)?;
        let fits = matches!(
            (&key, by),
            (Key::Date(_), By::Date) | (Key::Price(_), By::Price) | (Key::Name(_), By::Name)
        );
        fits.then_some((key, id))
    };
    open().ok_or_else(invalid_cursor)
}

/// A keyed hash: inner digest first, so that nothing can be appended to what was signed.
fn cursor_tag(payload: &[u8], digest: &[u8; 32], secret: &[u8]) -> Vec<u8> {
    let inner = Sha256::new().chain_update(secret).chain_update(digest).chain_update(payload).finalize();
    Sha256::new().chain_update(secret).chain_update(inner).finalize()[..12].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Search, &'static str> {
        let params = Params::parse(query, &PARAMETERS).map_err(|p| p.slug())?;
        Search::read(&params, "USD", b"secret").map_err(|p| p.slug())
    }

    fn row() -> EventRow {
        EventRow {
            id: 7,
            name: "Rock Night".into(),
            description: String::new(),
            category: "concert".into(),
            venue_id: 1,
            status: Status::Published,
            currency: "USD".into(),
            room: None,
            image: None,
            per_person_limit: 6,
            sales_open_at: None,
            sales_close_at: None,
            full_refund_h: 0,
            half_refund_h: 0,
            starts_at: Ts::from_seconds(1),
            price_from_minor: 7500,
            charges: None,
            created_by: None,
            updated_at: Ts::from_seconds(1),
            venue_name: "City Arena".into(),
            venue_address: String::new(),
            time_zone: "UTC".into(),
            organiser: None,
        }
    }

    #[test]
    fn each_bad_parameter_has_its_slug() {
        for (query, slug) in [
            ("limit=0", "out-of-range"),
            ("limit=-1", "out-of-range"),
            ("limit=1000000000", "out-of-range"),
            ("limit=x", "out-of-range"),
            ("sort=password", "unknown-sort"),
            ("sort=id;drop", "unknown-sort"),
            ("q=a&q=b", "ambiguous-parameter"),
            ("a[]=1", "unknown-parameter"),
            ("cursor=zzz", "invalid-cursor"),
            ("min_price=1e2", "money-format"),
            ("from=2026-02-30", "invalid-date"),
            ("available=maybe", "validation"),
        ] {
            assert_eq!(read(query).unwrap_err(), slug, "{query}");
        }
        assert!(read("q=%27%3B+DROP+TABLE+users%3B+%7B%7B7*7%7D%7D&limit=100").is_ok());
    }

    #[test]
    fn a_cursor_belongs_to_its_search() {
        let cursor = read("q=rock&sort=price").unwrap().cursor_after(&row(), b"secret");
        assert!(read(&format!("q=rock&sort=price&limit=5&cursor={cursor}")).is_ok());
        for other in ["q=rock&sort=date", "q=jazz&sort=price", "sort=price"] {
            assert_eq!(read(&format!("{other}&cursor={cursor}")).unwrap_err(), "invalid-cursor", "{other}");
        }
        let edited = cursor.replacen(|c: char| c.is_ascii_lowercase(), "A", 1);
        assert_eq!(read(&format!("q=rock&sort=price&cursor={edited}")).unwrap_err(), "invalid-cursor");
    }

    #[test]
    fn mutated_searches_and_cursors_are_read_or_refused() {
        let cursor = read("q=rock&sort=price").unwrap().cursor_after(&row(), b"secret");
        let good = format!("q=rock&sort=price&limit=5&cursor={cursor}");
        let other = "category=concert&from=2026-12-10&to=2026-12-11T20:00:00Z&min_price=1.50&available=true";
        shared::testing::mutations::feed_text(&[&good, other], |query| {
            let _ = read(query);
        });
    }
}
