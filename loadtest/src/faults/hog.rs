//! Takes every connection that PostgreSQL has to give, and keeps them.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use shared::testing::Postgres;

/// How the hog's sessions call themselves.
const NAME: &str = "hog";
/// More than any test server has.
const CONNECTIONS_MAX: usize = 1000;
/// Longest until a session is there, or refused.
const PATIENCE: Duration = Duration::from_secs(5);
/// Version 3.0 of the protocol.
const PROTOCOL: u32 = 196_608;

/// Open sessions that do nothing.
pub struct Hog(Vec<UnixStream>);

impl Hog {
    /// Ends all other sessions of `database` and takes their connections, and all that were free. Whoever is quick gets
    /// one in between; that is as it would be.
    pub fn take_all(postgres: &Postgres, database: &str) -> Self {
        let mut hog = Self(Vec::new());
        hog.take_free(postgres, database);
        // One is needed to say the next sentence.
        hog.0.pop();
        let end = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = '{database}' AND application_name <> '{NAME}' AND pid <> pg_backend_pid()"
        );
        postgres.query(&end);
        hog.take_free(postgres, database);
        hog
    }

    fn take_free(&mut self, postgres: &Postgres, database: &str) {
        while self.0.len() < CONNECTIONS_MAX
            && let Ok(session) = begin(postgres, database)
        {
            self.0.push(session);
        }
    }
}

/// Begins a session; an error when it is refused. The server trusts whoever reaches its socket.
fn begin(postgres: &Postgres, database: &str) -> std::io::Result<UnixStream> {
    let mut stream = UnixStream::connect(postgres.socket())?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let words = ["user", "postgres", "database", database, "application_name", NAME, ""];
    let parameters: Vec<u8> = words.iter().flat_map(|word| word.bytes().chain([0])).collect();
    let mut message = (parameters.len() as u32 + 8).to_be_bytes().to_vec();
    message.extend(PROTOCOL.to_be_bytes());
    message.extend(parameters);
    stream.write_all(&message)?;
    loop {
        // A kind, a length that counts itself, and that many bytes.
        let mut head = [0; 5];
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]).saturating_sub(4);
        std::io::copy(&mut (&stream).take(length.into()), &mut std::io::sink())?;
        match head[0] {
            b'Z' => return Ok(stream),
            b'E' => return Err(std::io::Error::other("refused")),
            _ => {}
        }
    }
}
