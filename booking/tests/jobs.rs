//! Jobs: done once, retried, given up, redriven, and never by two workers.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;
use std::time::Duration;

use booking::jobs::{self, ATTEMPTS_MAX, Kind, NewJob};
use booking::notifications::{self, Message};
use serde_json::{Value, json};
use shared::access::Role;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use common::Shop;

const JOBS: &str = "/api/v1/admin/jobs";

async fn enqueue(shop: &Shop, count: usize, key: Option<&'static str>) {
    let (entropy, now) = (shop.app.entropy.clone(), shop.app.now());
    shop.app
        .db
        .write("test_enqueue", move |tx| {
            let entropy = entropy.clone();
            Box::pin(async move {
                for _ in 0..count {
                    // The waiting room of these tests never answers.
                    let ended = json!({ "room": "r", "place": Uuid::nil(), "jti": Uuid::nil(), "reason": "finished" });
                    let job = NewJob::now(Kind::Departure, &ended, now);
                    let job = match key {
                        Some(key) => job.once(key.to_owned()),
                        None => job,
                    };
                    jobs::enqueue(tx, job, &entropy, now).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
}

async fn mail(shop: &Shop, message: fn(Uuid) -> Message) {
    let user = shop.user(Role::Guest).await.0;
    let (app, now) = (shop.app.clone(), shop.app.now());
    shop.app
        .db
        .write("test_mail", move |tx| {
            let app = app.clone();
            Box::pin(async move { notifications::enqueue(tx, &app, &message(user), now).await })
        })
        .await
        .unwrap();
}

async fn list(shop: &Shop, query: &str) -> Vec<Value> {
    let admin = shop.user(Role::Admin).await.1;
    let (status, jobs) = shop.get(&format!("{JOBS}?{query}"), &admin).await;
    assert_eq!(status, 200, "{jobs}");
    jobs.as_array().unwrap().clone()
}

on_both_engines! {
    async fn a_failing_job_is_retried_then_given_up_then_redriven(shop) {
        enqueue(&shop, 1, None).await;
        for attempt in 1..=ATTEMPTS_MAX {
            assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 1, "attempt {attempt}");
            assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 0, "it does not come back at once");
            shop.advance_s(3 * 3600);
        }
        assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 0);
        let dead = list(&shop, "status=dead").await;
        assert_eq!(dead.len(), 1);
        assert_eq!(dead[0]["attempts"], ATTEMPTS_MAX);
        assert!(dead[0]["last_error"].as_str().unwrap().contains("did not answer"), "{dead:?}");

        let redrive = format!("{JOBS}/{}/redrive", dead[0]["id"].as_str().unwrap());
        let (admin, organizer) = (shop.user(Role::Admin).await.1, shop.user(Role::Organizer).await.1);
        assert_eq!(shop.get(JOBS, &organizer).await.0, 403);
        assert_eq!(shop.post(&redrive, &organizer, Value::Null).await.0, 403);
        let (status, job) = shop.post(&redrive, &admin, Value::Null).await;
        assert_eq!((status, job["status"].as_str(), job["attempts"].as_i64()), (200, Some("ready"), Some(0)));
        assert_eq!(shop.post(&redrive, &admin, Value::Null).await.0, 409);
        assert_eq!(shop.post(&format!("{JOBS}/{}/redrive", Uuid::nil()), &admin, Value::Null).await.0, 404);
        assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 1);
    }

    async fn who_lost_the_lease_changes_nothing(shop) {
        enqueue(&shop, 1, None).await;
        let frozen = jobs::claim(&shop.app, Kind::Departure, 5).await.unwrap().remove(0);
        assert!(jobs::claim(&shop.app, Kind::Departure, 5).await.unwrap().is_empty());
        shop.advance_s(600);
        let taken_over = jobs::claim(&shop.app, Kind::Departure, 5).await.unwrap().remove(0);
        assert_eq!((taken_over.id, taken_over.attempts), (frozen.id, 2));
        assert!(!jobs::settle(&shop.app, frozen.clone(), Ok(())).await.unwrap());
        assert_eq!(list(&shop, "status=running").await.len(), 1);
        assert!(jobs::settle(&shop.app, taken_over, Ok(())).await.unwrap());
        assert!(!jobs::settle(&shop.app, frozen, Ok(())).await.unwrap());
        assert_eq!(list(&shop, "status=done").await.len(), 1);
    }

    async fn a_job_that_kills_its_workers_is_given_up(shop) {
        enqueue(&shop, 1, None).await;
        for _ in 0..ATTEMPTS_MAX {
            assert_eq!(jobs::claim(&shop.app, Kind::Departure, 1).await.unwrap().len(), 1);
            shop.advance_s(600);
        }
        assert!(jobs::claim(&shop.app, Kind::Departure, 1).await.unwrap().is_empty());
        assert_eq!(list(&shop, "status=dead").await.len(), 1);
    }

    async fn no_job_is_leased_to_two_workers(shop) {
        enqueue(&shop, 60, None).await;
        let workers = (0..12).map(|_| jobs::claim(&shop.app, Kind::Departure, 10));
        let claims = futures_util::future::join_all(workers).await;
        let claimed: Vec<Uuid> = claims.into_iter().flat_map(Result::unwrap).map(|job| job.id).collect();
        assert_eq!(claimed.len(), claimed.iter().collect::<HashSet<_>>().len());
        // Skipping what others are claiming may leave some for the next look.
        let rest = jobs::claim(&shop.app, Kind::Departure, 60).await.unwrap();
        assert_eq!(claimed.len() + rest.len(), 60);
    }

    async fn the_same_key_is_queued_once(shop) {
        enqueue(&shop, 3, Some("k")).await;
        enqueue(&shop, 2, Some("k")).await;
        assert_eq!(list(&shop, "kind=departure").await.len(), 1);
        assert_eq!(shop.get(&format!("{JOBS}?kind=nonsense"), &shop.user(Role::Admin).await.1).await.0, 422);
    }

    async fn pages_of_jobs_follow_one_another(shop) {
        enqueue(&shop, 5, None).await;
        let first = list(&shop, "limit=3").await;
        let second = list(&shop, &format!("limit=3&before={}", first[2]["id"].as_str().unwrap())).await;
        let ids: HashSet<_> = first.iter().chain(&second).map(|job| job["id"].to_string()).collect();
        assert_eq!((first.len(), second.len(), ids.len()), (3, 2, 5));
    }

    async fn secrets_are_never_shown_and_do_not_stay(shop) {
        mail(&shop, |user| Message::VerifyEmail { user, token: "the-secret".into() }).await;
        let waiting = list(&shop, "kind=mail").await;
        assert_eq!(waiting[0]["payload"]["message"], "verify-email");
        assert!(waiting[0]["payload"]["token"].is_null());
        assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 1);
        let kept = booking::q!(shop.app.db.ex(), vals String, "SELECT CAST(payload AS TEXT) FROM jobs WHERE status = 'done'").unwrap();
        assert!(kept.len() == 1 && !kept[0].contains("the-secret"), "{kept:?}");
    }

    async fn workers_start_on_a_wake_and_stop_when_told(shop) {
        let stop = CancellationToken::new();
        let workers = jobs::spawn_workers(shop.app.clone(), stop.clone());
        mail(&shop, |user| Message::AlreadyRegistered { user }).await;
        shop.app.wake_jobs();
        let done = async {
            while list(&shop, "status=done").await.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), done).await.expect("the mail is sent");
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(20), workers).await.expect("the workers stop").unwrap();
    }
}
