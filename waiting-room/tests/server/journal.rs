//! The journal of a room over HTTP: what is written, proofs, and each kind of tampering by its name.

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::access::Role;
use uuid::Uuid;
use waiting_room::draw::document::hash_of;
use waiting_room::log::verify::{self, Published};
use waiting_room::merkle::{is_consistent, is_included};
use waiting_room::rooms::rules::RoomId;

use crate::live::Watcher;
use crate::world::{ROOM, World, problem};

async fn get(world: &World, path: &str) -> Value {
    let answer = world.browser().get(format!("/api/v1/rooms/{ROOM}/{path}")).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.unwrap()
}

async fn lines(world: &World) -> Vec<String> {
    let answer = world.browser().get(format!("/api/v1/rooms/{ROOM}/journal/entries/0")).await;
    answer.text().await.unwrap().lines().map(str::to_owned).collect()
}

/// The journal once it has an entry for which `is` is true.
async fn lines_when(world: &World, is: impl Fn(&Value) -> bool) -> Vec<String> {
    for _ in 0..1000 {
        let lines = lines(world).await;
        if lines.iter().any(|line| is(&serde_json::from_str(line).unwrap())) {
            return lines;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it was never written: {:?}", lines(world).await);
}

/// A world in which an operator, two visitors and a ghost have done something, and its journal.
async fn lived_in() -> (World, Published) {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 2, "renewals_max": 1})).await;
    let [first, second, ghost] = [world.visitor().await, world.visitor().await, world.visitor().await];
    first.enter().await;
    lines_when(&world, |entry| !entry["admitted"].is_null()).await;
    second.enter().await;
    let longer = second.post(format!("/api/v1/rooms/{ROOM}/places/me/admission/renewal"), None).await;
    assert_eq!(longer.status(), StatusCode::OK);
    world.press("pause").await;
    world.press("resume").await;
    world.put_room(ROOM, json!({"cap": 3, "rate_per_minute": 100})).await;
    ghost.place_when("called").await;
    world.advance(60);
    lines_when(&world, |entry| !entry["missed"].is_null()).await;
    let published = verify::read(&format!("{}/api/v1/rooms/{ROOM}", world.url)).await.unwrap();
    (world, published)
}

#[tokio::test]
async fn acts_settings_states_calls_admissions_and_skips_are_written() {
    let (_world, published) = lived_in().await;
    assert_eq!(verify::verify(&published).broken, []);
    let entries: Vec<Value> =
        published.lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str| entries.iter().filter(|entry| entry["kind"] == kind).collect::<Vec<_>>();
    // The act that makes a room is written before it is done, and so perhaps before there is a line.
    let first = entries.iter().find(|entry| entry["kind"] != "act").unwrap();
    assert_eq!((of("begun").len(), &first["kind"]), (1, &json!("begun")));
    let acts: Vec<&Value> = of("act").into_iter().map(|entry| &entry["act"]).collect();
    assert_eq!(acts, ["create", "set", "pause", "resume", "set"]);
    assert!(of("settings").iter().any(|entry| entry["rate_per_minute"] == 100));
    let all = |list: &str| -> Vec<&Value> {
        of("moved").into_iter().flat_map(|entry| entry[list].as_array().into_iter().flatten()).collect()
    };
    let (called, admitted, missed) = (all("called"), all("admitted"), all("missed"));
    assert_eq!((called.len(), admitted.len(), missed.len()), (3, 2, 1), "{entries:#?}");
    assert_eq!([called[0], called[1], called[2]], [admitted[0], admitted[1], missed[0]]);
    assert_eq!(all("renewed"), [admitted[1]]);
    let text = published.lines.join("\n");
    assert!(!text.contains(&uuid::Uuid::nil().to_string()), "operators are hashes too: {text}");
}

/// Whoever takes the act out of a handler is told here.
#[tokio::test]
async fn revocations_and_codes_are_written_down_too() {
    let world = World::start().await;
    let operator = world.operator(Role::Admin);
    let admin = format!("/api/v1/admin/rooms/{ROOM}");
    let visitor = world.visitor().await;
    let claims = visitor.enter().await["admission_token"].as_str().unwrap().to_owned();
    let place = Watcher::claims(&claims)["sub"].clone();
    let made = operator.post(format!("{admin}/codes"), Some(json!({"count": 1}))).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let codes: Vec<Value> = operator.get(format!("{admin}/codes")).await.json().await.unwrap();
    let gone = operator.delete(format!("{admin}/codes/{}", codes[0]["id"].as_str().unwrap())).await;
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    let revoked = operator.post(format!("{admin}/revoke"), Some(json!({"place": place}))).await;
    assert_eq!(revoked.status(), StatusCode::NO_CONTENT);
    let lines =
        lines_when(&world, |entry| entry["revoked"].as_array().is_some_and(|all| all.len() == 1)).await;
    let entries = lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let acts: Vec<Value> =
        entries.filter(|entry| entry["kind"] == "act").map(|entry| entry["act"].clone()).collect();
    assert_eq!(acts, ["create", "make-codes", "revoke-code", "revoke"]);
    assert!(!lines.join("\n").contains(place.as_str().unwrap()), "visitors are hashes");
}

#[tokio::test]
async fn proofs_hold_over_http() {
    let (world, published) = lived_in().await;
    let root = |head: &Value| hash_of(head["root"].as_str().unwrap()).unwrap();
    let path = |proof: &Value| -> Vec<[u8; 32]> {
        proof["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hash| hash_of(hash.as_str().unwrap()).unwrap())
            .collect()
    };
    let old = &published.heads[0];
    world.press("pause").await;
    lines_when(&world, |entry| entry["state"] == "paused" && entry["seq"].as_u64() >= Some(old.size)).await;
    let proof = get(&world, "journal/inclusion/1").await;
    let size = proof["head"]["size"].as_u64().unwrap();
    assert!(is_included(published.lines[1].as_bytes(), 1, size, root(&proof["head"]), &path(&proof)));
    assert!(!is_included(published.lines[2].as_bytes(), 1, size, root(&proof["head"]), &path(&proof)));
    let proof = get(&world, &format!("journal/consistency/{}", old.size)).await;
    let new = (proof["head"]["size"].as_u64().unwrap(), root(&proof["head"]));
    assert!(is_consistent((old.size, old.root.0), new, &path(&proof)));
    assert!(!is_consistent((old.size - 1, old.root.0), new, &path(&proof)));
    let older = get(&world, &format!("journal?size={}", old.size)).await;
    assert_eq!(root(&older), old.root.0);
    let proof = get(&world, &format!("journal/inclusion/1?size={}", old.size)).await;
    assert!(is_included(published.lines[1].as_bytes(), 1, old.size, old.root.0, &path(&proof)));
    for path in
        ["journal?size=99999", "journal/inclusion/99999", "journal/consistency/0", "journal/entries/x"]
    {
        problem(world.browser().get(format!("/api/v1/rooms/{ROOM}/{path}")).await, 404, "not-found").await;
    }
}

#[tokio::test]
async fn every_tampering_is_named() {
    let (world, published) = lived_in().await;
    let earlier = published.clone();
    world.press("drain").await;
    lines_when(&world, |entry| entry["state"] == "draining").await;
    let published = verify::read(&format!("{}/api/v1/rooms/{ROOM}", world.url)).await.unwrap();
    let named = |published: &Published| -> Vec<&str> {
        verify::verify(published).broken.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(named(&published), [""; 0]);
    let with = |change: fn(&mut Published)| {
        let mut changed = published.clone();
        changed.heads.insert(0, earlier.heads[0].clone());
        assert_eq!(named(&changed), [""; 0], "an earlier head fits");
        change(&mut changed);
        changed
    };
    let cases: [(&str, Published); 9] = [
        (
            "renewed-too-often",
            with(|journal| {
                let renewed = journal.lines.iter_mut().find(|line| line.contains("\"renewed\":[")).unwrap();
                let (before, rest) = renewed.split_once("\"renewed\":[").unwrap();
                let (who, after) = rest.split_once(']').unwrap();
                *renewed = format!("{before}\"renewed\":[{who},{who}]{after}");
            }),
        ),
        ("inserted", with(|journal| journal.lines.insert(3, journal.lines[1].clone()))),
        ("deleted", with(|journal| drop(journal.lines.remove(3)))),
        ("reordered", with(|journal| journal.lines.swap(2, 3))),
        (
            "altered",
            with(|journal| {
                journal.lines[2] = journal.lines[2].replace(":6", ":7").replace("\"at\"", "\"at\" ")
            }),
        ),
        ("truncated", with(|journal| drop(journal.lines.pop()))),
        (
            "rewound",
            with(|journal| {
                journal.heads.reverse();
                journal.lines.truncate(journal.heads[1].size as usize);
            }),
        ),
        (
            "forked",
            with(|journal| {
                let mut other = journal.heads[1].clone();
                other.root.0[0] ^= 1;
                journal.heads.insert(1, other);
            }),
        ),
        ("head-signature", with(|journal| journal.heads[1].signed.signature = "00".repeat(64))),
    ];
    for (name, journal) in cases {
        assert!(named(&journal).contains(&name), "{name} is not among {:?}", named(&journal));
    }
}

/// Whatever changes who gets in, or what the line is told, is in the journal; what has its usual value is not written out.
#[tokio::test]
async fn every_setting_that_decides_is_written_down() {
    let world = World::start().await;
    let plain = lines_when(&world, |entry| entry["kind"] == "settings").await;
    let plain = plain.iter().find(|line| line.contains("\"settings\"")).unwrap();
    let decides = json!({"grace_s": 30, "deferral_s": 40, "idle_percent": 50, "one_per_account": true,
        "entry": {"work": {"bits": 4, "free": 9}, "captcha": false}, "message": "Five minutes"});
    assert!(decides.as_object().unwrap().keys().all(|name| !plain.contains(name)), "{plain}");
    world.put_room(ROOM, decides.clone()).await;
    let lines = lines_when(&world, |entry| entry["message"] == "Five minutes").await;
    let told: Value = serde_json::from_str(lines.iter().find(|line| line.contains("Five")).unwrap()).unwrap();
    for (name, value) in decides.as_object().unwrap() {
        assert_eq!(&told[name], value, "{name}");
    }
    let published = verify::read(&format!("{}/api/v1/rooms/{ROOM}", world.url)).await.unwrap();
    assert_eq!(verify::verify(&published).broken, []);
}

/// With several lanes each call names its own, and entries of before there were any are read as they are.
#[tokio::test]
async fn each_call_names_its_lane_where_there_are_several() {
    let world = World::start().await;
    let lanes = json!([{"name": "general", "weight": 1}, {"name": "members", "weight": 1}]);
    world.put_room(ROOM, json!({"cap": 1})).await;
    world.visitor().await.place_when("called").await;
    lines_when(&world, |entry| !entry["called"].is_null()).await;
    world.put_room(ROOM, json!({"cap": 2, "lanes": lanes})).await;
    let member = world.browser();
    member.post(format!("/api/v1/rooms/{ROOM}/places"), Some(json!({"lane": "members"}))).await;
    member.place_when("called").await;
    lines_when(&world, |entry| entry["lanes"] == "1").await;
    let published = verify::read(&format!("{}/api/v1/rooms/{ROOM}", world.url)).await.unwrap();
    assert_eq!(verify::verify(&published).broken, []);
    let entries: Vec<Value> =
        published.lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let moved: Vec<&Value> = entries.iter().filter(|entry| !entry["called"].is_null()).collect();
    assert_eq!((moved.len(), &moved[0]["lanes"]), (2, &json!(null)), "one lane names none");
    assert!(
        entries.iter().any(|entry| entry["kind"] == "settings" && entry["lanes"][1]["name"] == "members")
    );
    let mut wrong = published;
    for line in &mut wrong.lines {
        *line = line.replace("\"lanes\":\"1\"", "\"lanes\":\"2\"");
    }
    let named: Vec<&str> = verify::verify(&wrong).broken.into_iter().map(|(name, _)| name).collect();
    assert!(named.contains(&"lanes-unknown"), "{named:?}");
}

/// What the entries themselves say, whatever their heads and numbers: each broken promise has a name.
#[tokio::test]
async fn a_past_that_cannot_have_been_is_named() {
    let (_world, published) = lived_in().await;
    let entries: Vec<Value> =
        published.lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lets_in: Vec<usize> = (0..entries.len()).filter(|&n| entries[n]["admitted"].is_array()).collect();
    let (first, last) = (lets_in[0], *lets_in.last().unwrap());
    assert!(first < last, "they went in one after the other: {entries:#?}");
    let broken = |at: usize, change: &dyn Fn(&mut Value)| -> Vec<&str> {
        let (mut journal, mut entry) = (published.clone(), entries[at].clone());
        change(&mut entry);
        journal.lines[at] = entry.to_string();
        let broken = verify::verify(&journal).broken;
        broken.into_iter().map(|(name, _)| name).filter(|name| *name != "altered").collect()
    };
    let let_in = |entry: &mut Value, who: &Value| entry["admitted"].as_array_mut().unwrap().push(who.clone());
    let named = broken(last, &|entry| entry["at"] = json!("2001-01-01T00:00:00Z"));
    assert_eq!(named, ["backdated"]);
    let again = entries[first]["admitted"][0].clone();
    assert_eq!(broken(last, &|entry| let_in(entry, &again)), ["admitted-twice"]);
    let nobody = json!("00112233445566778899aabbccddeeff");
    assert_eq!(broken(last, &|entry| let_in(entry, &nobody)), ["admitted-uncalled"]);
    let named = broken(last, &|entry| entry["since"] = json!(entry["since"].as_u64().unwrap() + 1));
    assert_eq!(named, ["hole"]);
}

/// Everything of a room that anybody may fetch, after people came by account and by code, asked for a mail, went in and were taken
/// away: nothing in it names a person.
#[tokio::test]
async fn nothing_that_is_published_names_anybody() {
    let world = World::start().await;
    let lanes = json!([{"name": "general", "weight": 1}, {"name": "fans", "weight": 1, "needs_code": true}]);
    world.put_room(ROOM, json!({"cap": 2, "one_per_account": true, "lanes": lanes})).await;
    let operator = world.operator_of(Role::Admin, Uuid::from_u128(0x0b5e_17ed_0000_4000_8000_0000_0000_0001));
    let admin = format!("/api/v1/admin/rooms/{ROOM}");
    let made = operator
        .post(format!("{admin}/codes"), Some(json!({"codes": ["FANCLUB2026"], "lane": "fans"})))
        .await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let (mut secrets, mut places) =
        (vec!["FANCLUB2026".to_owned(), "fan@example.com".to_owned()], Vec::new());
    secrets.extend(forms(Uuid::from_u128(0x0b5e_17ed_0000_4000_8000_0000_0000_0001)));
    for n in 1..=3_u128 {
        let account = Uuid::from_u128(0x0acc_0047_0000_4000_8000_0000_0000_0000 + n);
        let token = world.operator_of(Role::Guest, account).bearer.unwrap();
        let mut wish = json!({ "account_token": token });
        if n == 3 {
            wish["access_code"] = json!("FANCLUB2026");
        }
        let browser = world.browser();
        let joined = browser.post(format!("/api/v1/rooms/{ROOM}/places"), Some(wish)).await;
        assert_eq!(joined.status(), StatusCode::CREATED);
        let cookies = joined.headers().get_all("set-cookie").iter();
        secrets.extend(cookies.map(|cookie| {
            let (_, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            value.to_owned()
        }));
        secrets.extend(forms(account));
        places.push(browser);
    }
    let wish = json!({ "email": "fan@example.com" });
    let [first, second, third] = [&places[0], &places[1], &places[2]];
    let asked = third.post(format!("/api/v1/rooms/{ROOM}/places/me/mail"), Some(wish)).await;
    assert_eq!(asked.status(), StatusCode::NO_CONTENT);
    for visitor in [first, second] {
        let admission = visitor.enter().await["admission_token"].as_str().unwrap().to_owned();
        let place: Uuid = Watcher::claims(&admission)["sub"].as_str().unwrap().parse().unwrap();
        secrets.extend(forms(place));
        secrets.push(admission);
    }
    let place = secrets[secrets.len() - 2].clone();
    assert_eq!(operator.post(format!("{admin}/revoke"), Some(json!({ "place": place }))).await.status(), 204);
    lines_when(&world, |entry| !entry["revoked"].is_null()).await;
    let mut published = String::new();
    for path in [
        "",
        "/journal",
        "/journal/entries/0",
        "/journal/inclusion/0",
        "/journal/consistency/1",
        "/report",
        "/keys",
        "/draw",
    ] {
        let answer = world.browser().get(format!("/api/v1/rooms/{ROOM}{path}")).await;
        published.push_str(&answer.text().await.unwrap());
    }
    assert!(published.contains("\"admitted\":[\"") && published.contains("\"operator\":"), "{published}");
    for secret in secrets {
        assert!(secret.len() > 5 && !published.contains(&secret), "{secret} is in {published}");
    }
}

/// How an id may be written.
fn forms(id: Uuid) -> Vec<String> {
    vec![id.simple().to_string(), id.to_string().to_uppercase(), id.to_string()]
}

/// Two different pasts, each well signed: whoever kept a head of one sees that the other is not it.
#[tokio::test]
async fn a_second_past_is_named_by_whoever_kept_a_head_of_the_first() {
    let (_one, first) = lived_in().await;
    let other = World::start().await;
    other.put_room(ROOM, json!({"cap": 9})).await;
    lines_when(&other, |entry| entry["kind"] == "settings" && entry["cap"] == 9).await;
    let second = verify::read(&format!("{}/api/v1/rooms/{ROOM}", other.url)).await.unwrap();
    // Their first heads may cover what both have in common.
    let heads = vec![first.heads.last().unwrap().clone(), second.heads.last().unwrap().clone()];
    let mut keys = first.keys.clone();
    keys.keys.extend(second.keys.keys.clone());
    let told = Published { heads, keys, ..second };
    let named: Vec<&str> = verify::verify(&told).broken.into_iter().map(|(name, _)| name).collect();
    assert!(["altered", "forked", "rewound"].iter().any(|name| named.contains(name)), "{named:?}");
}

#[tokio::test]
async fn a_restart_goes_on_with_the_same_journal() {
    let (world, before) = lived_in().await;
    let world = world.restart().await;
    world.press("pause").await;
    let after = lines_when(&world, |entry| {
        entry["state"] == "paused" && entry["seq"].as_u64() > Some(before.lines.len() as u64)
    })
    .await;
    assert_eq!(after[..before.lines.len()], before.lines);
    let published = verify::read(&format!("{}/api/v1/rooms/{ROOM}", world.url)).await.unwrap();
    let with_old_head = Published { heads: [before.heads, published.heads.clone()].concat(), ..published };
    assert_eq!(verify::verify(&with_old_head).broken, []);
}

/// What a newer node has written means nothing to this one, and is kept.
#[tokio::test]
async fn an_entry_of_a_kind_that_is_not_known_is_kept_and_stops_nobody() {
    let world = World::start().await;
    let room = RoomId::parse(ROOM).unwrap();
    lines_when(&world, |entry| entry["kind"] == "state").await;
    let strange = loop {
        let from = world.app.store.log_len(&room).await.unwrap();
        let at = world.clock.now();
        let line = json!({ "seq": from, "at": at, "kind": "of_tomorrow", "what": [1, 2] }).to_string();
        if world.app.store.append_log(&room, from, vec![line.clone()]).await.unwrap() {
            break line;
        }
    };
    world.press("pause").await;
    let lines = lines_when(&world, |entry| entry["act"] == "pause").await;
    let at = lines.iter().position(|line| *line == strange).unwrap();
    assert!(lines[at + 1..].iter().any(|line| line.contains("\"act\"")), "{lines:?}");
    let world = world.restart().await;
    world.press("resume").await;
    let after = lines_when(&world, |entry| entry["act"] == "resume").await;
    assert!(after.starts_with(&lines), "{after:?}");
    let published = verify::read(&format!("{}/api/v1/rooms/{ROOM}", world.url)).await.unwrap();
    let verdict = verify::verify(&published);
    assert_eq!(verdict.broken, []);
    assert!(
        verdict.weaker.iter().any(|said| said.starts_with("1 entries are of a kind")),
        "{:?}",
        verdict.weaker
    );
}
