//! Ending a started payment: authorise → confirm, whatever the gateway says and however often it says it. See the order of
//! steps in [`super`].

use std::sync::Arc;

use serde_json::json;
use shared::clock::Ts;
use shared::problem::Problem;
use shared::traces;

use super::checkout::end_unpaid;
use super::confirmations::{self, Confirmation};
use super::documents::Facts;
use super::form::Form;
use super::rescue::{self, Seats};
use super::rules::{self, Status};
use super::{store, told};
use crate::admissions;
use crate::app::App;
use crate::db::{Tx, lacks_value};
use crate::error::{Error, Result};
use crate::idempotency::{self, Answer, Attempt};
use crate::jobs;
use crate::notifications::{self, Message};
use crate::payments::gateway::{CardNumber, Charge, NoAnswer, Standing};
use crate::payments::{self, PaymentRow};
use crate::seats::holds::{self, HoldRow};
use crate::tickets::{self, TicketCard, TicketRow, TicketStatus};

/// What a booking that costs nothing is said to be paid with.
const FREE: &str = "free";

/// Asks for the money of a started payment and ends it, in a task of its own: a shopper who hangs up meanwhile has paid
/// and gets the tickets.
pub async fn pay(
    app: &App,
    facts: Arc<Facts>,
    payment: PaymentRow,
    card_number: CardNumber,
    attempt: Attempt,
    form: Form,
) -> Result<Answer> {
    let app = app.clone();
    let task = tokio::spawn(traces::carried(async move {
        let standing = authorise(&app, &payment, card_number).await;
        settle(&app, facts, payment, standing, attempt, form).await
    }));
    task.await.map_err(|broken| Error::Internal(format!("a payment broke off: {broken}")))?
}

/// Asks the gateway for the money. No reliable answer counts as "not known yet".
async fn authorise(app: &App, payment: &PaymentRow, card_number: CardNumber) -> Standing {
    if payment.amount_minor == 0 {
        return Standing::Authorised { transaction_id: FREE.into() };
    }
    let charge = Charge {
        key: payment.key(),
        amount_minor: payment.amount_minor,
        currency: payment.currency.clone(),
        card_number,
    };
    #[cfg(feature = "testing")]
    app.guards.reached(crate::guards::CrashPoint::Started);
    let asked = traces::part("gateway authorise", traces::Kind::Client, app.gateway.authorise(&charge));
    let standing = tokio::time::timeout(payments::AUTHORISE_MAX, asked).await;
    #[cfg(feature = "testing")]
    app.guards.reached(crate::guards::CrashPoint::Authorised);
    let standing = standing.unwrap_or_else(|_| Err(NoAnswer("it took too long".into())));
    standing.unwrap_or_else(|error| {
        tracing::warn!(%error, payment = %payment.id, "a payment has no outcome yet; it will be looked into");
        Standing::Pending
    })
}

/// Ends a started payment as the gateway says it stands, and answers the request. Safe to run any number of times and
/// beside itself: the payment leaves `started` once.
pub async fn settle(
    app: &App,
    facts: Arc<Facts>,
    payment: PaymentRow,
    standing: Standing,
    attempt: Attempt,
    form: Form,
) -> Result<Answer> {
    metrics::counter!("payments_total", "outcome" => standing.name()).increment(1);
    let settling = Settling { app: app.clone(), facts, payment, attempt, form, rescued: None };
    let answer = match standing {
        Standing::Authorised { transaction_id } | Standing::Captured { transaction_id } => {
            settling.authorised(transaction_id).await
        }
        Standing::Declined { failure } => settling.failed(failure, false).await,
        Standing::Voided => settling.failed("Payment gateway timeout".into(), false).await,
        // What the gateway has not heard of it may hear yet.
        Standing::Unknown => settling.failed("Payment gateway timeout".into(), true).await,
        Standing::Pending => settling.pending().await,
    };
    #[cfg(feature = "testing")]
    app.guards.reached(crate::guards::CrashPoint::Confirmed);
    app.wake_jobs();
    answer
}

/// What a settling transaction needs; it may run more than once.
#[derive(Clone)]
struct Settling {
    app: App,
    facts: Arc<Facts>,
    payment: PaymentRow,
    attempt: Attempt,
    form: Form,
    /// Which seats it has got, when the money came late.
    rescued: Option<Seats>,
}

impl Settling {
    async fn authorised(self, transaction_id: String) -> Result<Answer> {
        #[cfg(feature = "testing")]
        if self.app.guards.is_off(crate::guards::Guard::SettledOnce) {
            self.app.guards.meet().await;
        }
        let mut confirmed = Ok(None);
        if self.goes_together() {
            confirmed = self.sell_at_once(&transaction_id).await;
        }
        let confirmed = match confirmed.transpose() {
            Some(Ok(answer)) => {
                self.app.seats_are_sold(self.facts.row.session_id, &self.facts.seats);
                return Ok(answer);
            }
            Some(refused) => refused,
            None => self.confirm_in_steps(transaction_id.clone()).await,
        };
        let answer = match confirmed {
            // The seats were gone: nothing was written.
            Err(Error::Refused(problem)) if problem.slug() == "hold-expired" => {
                self.came_late(transaction_id, problem).await
            }
            other => other,
        };
        self.app.seats_have_changed(self.facts.row.session_id);
        answer
    }

    /// The money came when the seats were kept no longer: they, or others as good, are sold all the same, or it goes back.
    async fn came_late(&self, transaction_id: String, problem: Problem) -> Result<Answer> {
        if let Some((facts, seats)) = rescue::rescue(&self.app, &self.facts, self.payment.id).await? {
            let rescued = Self { facts, rescued: Some(seats), ..self.clone() };
            return match rescued.confirm_in_steps(transaction_id).await {
                Err(Error::Refused(problem)) if problem.slug() == "hold-expired" => {
                    rescued.give_up(problem).await
                }
                other => other,
            };
        }
        self.give_up(problem).await
    }

    /// On SQLite the statement that sells the seats keeps no answer and ends no booking session.
    fn goes_together(&self) -> bool {
        let is_alone = !self.attempt.is_keyed() && self.facts.row.booking_session_id.is_none();
        is_alone || self.app.db.is_postgres()
    }

    async fn confirm_in_steps(&self, transaction_id: String) -> Result<Answer> {
        let this = self.clone();
        let confirmed = self.app.db.write("confirm_booking", move |tx| {
            let (this, transaction_id) = (this.clone(), transaction_id.clone());
            Box::pin(async move { this.confirm(tx, &transaction_id).await })
        });
        confirmed.await
    }

    /// Sells the seats, or finds out why not; ends the booking session and keeps the answer.
    async fn confirm(&self, tx: &mut Tx, transaction_id: &str) -> Result<Answer> {
        let row = &self.facts.row;
        let mut sold = self.sell(tx, transaction_id).await?;
        if sold.is_none() {
            // Somebody may be at these rows, to no avail: what is paid for waits for them and looks again.
            confirmations::lock(tx, row.id, self.payment.id).await?;
            sold = self.sell(tx, transaction_id).await?;
        }
        let Some(answer) = sold else {
            let status = store::lock(tx, row.id).await?;
            return match status {
                // The payment was called failed meanwhile, or another one pays the booking: this one's money goes back.
                Status::Pending => Err(rules::paid_too_late().into()),
                status => self.overtaken(tx, status).await,
            };
        };
        if let Some(session) = row.booking_session_id {
            admissions::finish(tx, &self.app, session, self.app.now()).await?;
        }
        idempotency::keep(tx, &self.attempt, &answer).await?;
        Ok(answer)
    }

    /// Sells the seats, issues the tickets, confirms the booking and queues what follows, with one statement; `None`
    /// when booking, hold or payment do not stand so any more.
    async fn sell(&self, tx: &mut Tx, transaction_id: &str) -> Result<Option<Answer>> {
        let now = self.app.now();
        let new = self.confirmation(transaction_id, now);
        #[cfg(feature = "testing")]
        if self.app.guards.is_off(crate::guards::Guard::SettledOnce) {
            // It was `started` when we looked.
            confirmations::issue_unguarded(tx, &new, now).await?;
            return self.success(&new, now).map(Some);
        }
        let sold = confirmations::confirm(tx, std::slice::from_ref(&new), now)
            .await
            .map(|mut sold| sold.pop().flatten());
        self.sold(sold, &new, now)
    }

    /// The same, together with other purchases that are sold at this moment.
    async fn sell_at_once(&self, transaction_id: &str) -> Result<Option<Answer>> {
        #[cfg(feature = "testing")]
        if self.app.guards.is_off(crate::guards::Guard::SettledOnce) {
            return Ok(None);
        }
        let now = self.app.now();
        let mut new = self.confirmation(transaction_id, now);
        new.booking_session = self.facts.row.booking_session_id;
        if self.attempt.is_keyed() {
            new.kept = self.attempt.kept(&self.success(&new, now)?)?;
        }
        let sold = self.app.steps.confirmations.one(new.clone()).await;
        self.sold(sold, &new, now)
    }

    fn sold(&self, sold: Result<Option<()>>, new: &Confirmation, now: Ts) -> Result<Option<Answer>> {
        match sold {
            Ok(sold) => sold.map(|()| self.success(new, now)).transpose(),
            // A seat was lost, and with it the ticket for it.
            Err(error) if lacks_value(&error) => Err(rules::paid_too_late().into()),
            Err(error) => Err(error),
        }
    }

    fn confirmation(&self, transaction_id: &str, now: Ts) -> Confirmation {
        let (app, row) = (&self.app, &self.facts.row);
        let is_free = self.payment.amount_minor == 0;
        let has_others = self.rescued == Some(Seats::Equal);
        let mut jobs = notifications::of_confirmed(row.id, has_others, self.facts.sale.starts_at, now);
        if !is_free {
            jobs.push(payments::capture_of(self.payment.id, now));
        }
        jobs.extend(told::confirmed(app, row, now));
        Confirmation {
            booking: row.id,
            hold: row.hold_id,
            event: row.event_id,
            session: row.session_id,
            user: row.user_id,
            holder_name: row.holder_name.clone(),
            payment: self.payment.id,
            transaction_id: transaction_id.to_owned(),
            paid_as: if is_free { "captured" } else { "authorised" },
            tickets: tickets::planned(app, &self.facts.seats, now),
            jobs: jobs::rows(&jobs, &app.entropy, now),
            subject: format!("booking:{}", row.id),
            detail: json!({ "payment": self.payment.id, "total_minor": row.total_minor, "seats": row.quantity }),
            booking_session: None,
            departure: app.entropy.uuid_v7(now),
            kept: None,
        }
    }

    fn success(&self, new: &Confirmation, now: Ts) -> Result<Answer> {
        let mut facts = (*self.facts).clone();
        facts.row.status = Status::Confirmed;
        facts.row.confirmed_at = Some(now);
        let mut payment = self.payment.clone();
        payment.status = new.paid_as.to_owned();
        payment.transaction_id = Some(new.transaction_id.clone());
        let seat_of = |ticket: &TicketRow| facts.seats.iter().find(|seat| seat.id == ticket.seat_id);
        let card = |one: &TicketRow| TicketCard::of_seat(&one.code, TicketStatus::Valid, seat_of(one));
        let cards = new.tickets.iter().map(card).collect();
        let booking = facts.document(cards, Some(payment.clone().into()), now);
        self.form.success(&booking, payment.into())
    }

    /// Somebody else settled the payment or ended the booking: say how it stands now.
    async fn overtaken(&self, tx: &mut Tx, status: Status) -> Result<Answer> {
        let live = payments::live_of(tx, self.facts.row.id).await?;
        let is_this = live.is_some_and(|live| live.id == self.payment.id && live.status != "started");
        if is_this && matches!(status, Status::Confirmed | Status::Completed) {
            let answer = self.processing()?;
            idempotency::keep(tx, &self.attempt, &answer).await?;
            return Ok(answer);
        }
        Err(rules::paid_too_late().into())
    }

    /// The gateway said yes, but to nothing we can sell: expires the booking, owes the money and says so.
    async fn give_up(&self, problem: Problem) -> Result<Answer> {
        let answer = self.attempt.refusal(&problem)?;
        let this = self.clone();
        self.app
            .db
            .write("refund_late_payment", move |tx| {
                let (this, answer) = (this.clone(), answer.clone());
                Box::pin(async move {
                    let (row, now) = (&this.facts.row, this.app.now());
                    store::lock(tx, row.id).await?;
                    let started =
                        payments::live_of(tx, row.id).await?.filter(|live| live.id == this.payment.id);
                    match started {
                        Some(live) if live.status == "started" => {
                            payments::owe_refund(tx, &this.app, &live, live.amount_minor, now).await?;
                            let told = Message::PaidTooLate { booking: row.id };
                            notifications::enqueue(tx, &this.app, &told, now).await?;
                        }
                        // It was called failed: the gateway is asked to let go of it all the same.
                        None => payments::enqueue_void(tx, &this.app, this.payment.id, now).await?,
                        Some(_) => {}
                    }
                    store::expire(tx, row.id, now).await?;
                    idempotency::keep(tx, &this.attempt, &answer).await?;
                    Ok(answer)
                })
            })
            .await
    }

    /// The gateway said no: the booking stays pending and its seats go back to the hold's own deadline.
    /// `may_come` when the gateway's yes may still come.
    async fn failed(self, failure: String, may_come: bool) -> Result<Answer> {
        let answer = self.attempt.refusal(&rules::payment_failed(&failure))?;
        let this = self.clone();
        let answer = self.app.db.write("fail_payment", move |tx| {
            let (this, answer, failure) = (this.clone(), answer.clone(), failure.clone());
            Box::pin(async move {
                let (row, now) = (&this.facts.row, this.app.now());
                store::lock(tx, row.id).await?;
                if payments::fail(tx, this.payment.id, &failure, now).await? {
                    this.end_grace(tx, now).await?;
                    if may_come {
                        payments::enqueue_late_void(tx, &this.app, this.payment.id, now).await?;
                    }
                }
                idempotency::keep(tx, &this.attempt, &answer).await?;
                Ok(answer)
            })
        });
        let answer = answer.await;
        self.app.seats_have_changed(self.facts.row.session_id);
        answer
    }

    async fn end_grace(&self, tx: &mut Tx, now: Ts) -> Result<()> {
        let row = &self.facts.row;
        let hold = holds::lock(tx, row.hold_id, row.user_id).await?;
        let Some(hold) = hold.filter(|hold| hold.status == "active" && hold.kept_until > now) else {
            return Ok(());
        };
        if self.form == Form::Order || hold.expires_at <= now {
            return end_unpaid(tx, row.id, hold.id, now).await;
        }
        holds::keep(tx, &HoldRow { kept_until: hold.expires_at, ..hold }, now).await
    }

    /// The gateway does not know yet: the callback or the reconciler will settle it.
    async fn pending(self) -> Result<Answer> {
        let answer = self.processing()?;
        self.attempt.end(&self.app, answer).await
    }

    fn processing(&self) -> Result<Answer> {
        let booking = self.facts.document(Vec::new(), Some(self.payment.clone().into()), self.app.now());
        self.form.processing(&booking)
    }
}
