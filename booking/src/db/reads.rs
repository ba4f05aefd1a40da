//! Reading on PostgreSQL outside of transactions: on a connection that turns out to be dead a statement is tried once
//! more on a live one, and on a server that does not answer nobody waits.

use std::fmt;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt, TryStreamExt};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Connection, Describe, Either, Execute, Executor, PgConnection, PgPool, Postgres, SqlStr};

use super::pulse::Pulse;
use crate::error::is_broken_connection;

/// Connections for reads. A statement may run twice, so it must change nothing.
#[derive(Clone, Copy)]
pub struct Reads<'p> {
    pub(super) pool: &'p PgPool,
    pub(super) pulse: Option<&'p Pulse>,
}

/// A statement with its arguments, which can be sent again.
type Prepared = (SqlStr, Option<PgArguments>);
/// What comes of a statement.
type Step = Either<PgQueryResult, PgRow>;
/// How a statement's answer is read.
type Read<T> = for<'c> fn(&'c mut PgConnection, Prepared) -> BoxFuture<'c, sqlx::Result<T>>;

impl<'p> Reads<'p> {
    /// The connections themselves, for what is no read.
    pub fn pool(self) -> &'p PgPool {
        self.pool
    }

    /// Reads, and once more on a connection that was seen to live when the first had broken.
    async fn read<T>(self, prepared: sqlx::Result<Prepared>, read: Read<T>) -> sqlx::Result<T> {
        let prepared = prepared?;
        let connection = self.as_long_as_it_answers(self.pool.acquire()).await?;
        match self.read_on(connection, prepared.clone(), read).await {
            Err(error) if is_broken_connection(&error) => {
                self.read_on(self.living().await?, prepared, read).await
            }
            outcome => outcome,
        }
    }

    /// Reads on this connection, which does not come back when it broke or was waited for in vain.
    async fn read_on<T>(
        self,
        mut connection: PoolConnection<Postgres>,
        prepared: Prepared,
        read: Read<T>,
    ) -> sqlx::Result<T> {
        let outcome = self.as_long_as_it_answers(read(&mut connection, prepared)).await;
        if outcome.as_ref().is_err_and(is_broken_connection) {
            drop(connection.detach());
        }
        outcome
    }

    /// A connection that has just answered. Where one was dead, so may others be: each costs one question, and is gone.
    async fn living(self) -> sqlx::Result<PoolConnection<Postgres>> {
        let mut connection = self.as_long_as_it_answers(self.pool.acquire()).await?;
        for _ in 0..self.pool.options().get_max_connections() {
            if self.as_long_as_it_answers(connection.ping()).await.is_ok() {
                break;
            }
            drop(connection.detach());
            connection = self.as_long_as_it_answers(self.pool.acquire()).await?;
        }
        Ok(connection)
    }

    async fn as_long_as_it_answers<T>(self, work: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
        match self.pulse {
            Some(pulse) => pulse.during(work).await,
            None => work.await,
        }
    }
}

fn prepared<'q>(mut query: impl Execute<'q, Postgres>) -> sqlx::Result<Prepared> {
    let arguments = query.take_arguments().map_err(sqlx::Error::Encode)?;
    Ok((query.sql(), arguments))
}

impl fmt::Debug for Reads<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reads")
    }
}

impl<'p> Executor<'p> for Reads<'p> {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, sqlx::Result<Step>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let all = self.read(prepared(query), |connection, prepared| {
            connection.fetch_many(prepared).try_collect::<Vec<Step>>().boxed()
        });
        stream::once(all).map_ok(|steps| stream::iter(steps.into_iter().map(Ok))).try_flatten().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, sqlx::Result<Option<PgRow>>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        self.read(prepared(query), |connection, prepared| connection.fetch_optional(prepared)).boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, sqlx::Result<PgStatement>>
    where
        'p: 'e,
    {
        self.pool.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, sqlx::Result<Describe<Postgres>>>
    where
        'p: 'e,
    {
        self.pool.describe(sql)
    }
}
