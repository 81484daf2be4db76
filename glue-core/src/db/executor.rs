//! A fixed number of threads, each owning one connection, behind one bounded queue.
//!
//! A full queue is an answer (503), not a backlog; a job runs to its end on one connection even when the client hangs
//! up; nothing that hashes passwords can take these threads away from a read.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use super::conn::{Conn, SqlDialect, SqliteSync};
use super::error::DbError;

/// Where the database is and how much of it this process may use at once.
#[derive(Clone, Debug)]
pub struct DbSettings {
    /// `sqlite://path`, `postgres://…` or `mysql://…`.
    pub url: String,
    /// Connections, each with a thread of its own.
    pub connections: usize,
    /// Jobs that may wait; one more is refused with [`DbError::Unavailable`].
    pub queue: usize,
    /// From hand-over to answer; afterwards the caller is told [`DbError::Unavailable`] and the job runs to its end.
    pub deadline: Duration,
    /// How SQLite commits.
    pub sync: SqliteSync,
}

type Job = Box<dyn FnOnce(Result<&mut Conn, DbError>) -> Doubt + Send>;

/// Whether a job met an error that leaves its connection in doubt.
#[derive(PartialEq)]
enum Doubt {
    No,
    Yes,
}

/// A handle to the executor. Cheap to clone; the threads end when the last handle is dropped, which waits for them.
#[derive(Clone)]
pub struct Db {
    reads: Sender<Job>,
    writes: Sender<Job>,
    deadline: Duration,
    /// Behind the queues: whoever drops the last of these has closed them.
    _threads: Arc<Threads>,
}

/// The threads, waited for when they are no longer needed: a process that ends while one of them closes its connection
/// frees what the database's library is still using.
struct Threads {
    handles: Vec<JoinHandle<()>>,
    /// Disconnected once every thread has closed its connection.
    closed: Receiver<Infallible>,
}

/// How long the last handle waits for jobs that are still running.
const CLOSING: Duration = Duration::from_secs(1);

impl Drop for Threads {
    fn drop(&mut self) {
        if self.closed.recv_timeout(CLOSING) == Err(RecvTimeoutError::Disconnected) {
            let here = std::thread::current().id();
            for handle in self.handles.drain(..).filter(|handle| handle.thread().id() != here) {
                // A panic of a job is caught; there is nobody to tell of another one.
                let _ = handle.join();
            }
        }
    }
}

/// The jobs that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queued {
    /// For a reading connection.
    pub reads: usize,
    /// For a writing one; the same queue as for reads where the dialect has many writers.
    pub writes: usize,
}

/// An idle connection is probed before it is used again.
const PROBE_AFTER: Duration = Duration::from_secs(30);

impl Db {
    /// Starts the threads. Connections are opened by the first job that needs one, so a database that is down does not
    /// keep the process from starting.
    ///
    /// # Errors
    /// [`DbError::Defect`] when no dialect speaks the URL's scheme or a thread cannot be started.
    pub fn start(settings: DbSettings) -> Result<Self, DbError> {
        let dialect = SqlDialect::of(&settings.url)
            .ok_or_else(|| DbError::Defect("the database URL has no known scheme (sqlite, postgres, mysql)".into()))?;
        if !dialect.is_built_in() {
            return Err(DbError::Defect(format!(
                "this build does not speak {dialect:?}; enable the feature of that name"
            )));
        }
        let (open, closed) = bounded(0);
        let (reads, mut handles) = threads("db", settings.connections.max(1), &settings, &open)?;
        // SQLite has one writer at a time: those that wait for it must not hold the connections that reads need.
        let writes = match dialect {
            SqlDialect::Sqlite => {
                let (writes, writer) = threads("db-writer", 1, &settings, &open)?;
                handles.extend(writer);
                writes
            }
            SqlDialect::Postgres | SqlDialect::Mysql => reads.clone(),
        };
        Ok(Self { reads, writes, deadline: settings.deadline, _threads: Arc::new(Threads { handles, closed }) })
    }

    /// Runs one unit of work on one connection.
    ///
    /// # Errors
    /// What the work returned, or [`DbError::Unavailable`] when the queue is full, no connection can be opened or the
    /// deadline passes.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        self.submit(&self.reads, |conn, _| work(conn)).await
    }

    /// How many jobs wait for a connection now.
    #[must_use]
    pub fn queued(&self) -> Queued {
        Queued { reads: self.reads.len(), writes: self.writes.len() }
    }

    async fn submit<T: Send + 'static>(
        &self,
        queue: &Sender<Job>,
        work: impl FnOnce(&mut Conn, &dyn Fn() -> bool) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let (answer, reply) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            if answer.is_closed() {
                // Nobody waits for it any more and nothing was begun: a write must not happen after its refusal.
                return Doubt::No;
            }
            let outcome = conn.and_then(|conn| work(conn, &|| !answer.is_closed()));
            let doubt = match &outcome {
                Err(error) if error.doubts_connection() => Doubt::Yes,
                _ => Doubt::No,
            };
            // The caller may have gone meanwhile.
            let _ = answer.send(outcome);
            doubt
        });
        match queue.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                return Err(DbError::Unavailable("the queue is full".into()));
            }
            Err(TrySendError::Disconnected(_)) => {
                return Err(DbError::Unavailable("the executor has stopped".into()));
            }
        }
        match tokio::time::timeout(self.deadline, reply).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(DbError::Defect("the job panicked".into())),
            Err(_) => Err(DbError::Unavailable("the deadline passed".into())),
        }
    }

    /// Runs one unit of work inside one write transaction ([`Conn::write`]).
    ///
    /// # Errors
    /// As [`Db::run`].
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        self.submit(&self.writes, move |conn, wanted| conn.write_while(wanted, work)).await
    }

    /// Whether a connection answers now.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when none does.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.run(|conn| if conn.answers() { Ok(()) } else { Err(DbError::Unavailable("no answer".into())) }).await
    }
}

/// Starts `count` threads on one queue; each holds `open` as long as it may have a connection.
fn threads(
    name: &str,
    count: usize,
    settings: &DbSettings,
    open: &Sender<Infallible>,
) -> Result<(Sender<Job>, Vec<JoinHandle<()>>), DbError> {
    let (queue, jobs) = bounded::<Job>(settings.queue.max(1));
    let start = |number| {
        let (jobs, url, open) = (jobs.clone(), settings.url.clone(), open.clone());
        let worker = ConnectionThread { jobs, url, sync: settings.sync };
        let run = move || {
            worker.run();
            drop(open);
        };
        let started = std::thread::Builder::new().name(format!("{name}-{number}")).spawn(run);
        started.map_err(|error| DbError::Defect(error.to_string()))
    };
    let handles = (0..count).map(start).collect::<Result<_, _>>()?;
    Ok((queue, handles))
}

struct ConnectionThread {
    jobs: Receiver<Job>,
    url: String,
    sync: SqliteSync,
}

struct IdleConnection {
    conn: Conn,
    used: Instant,
    doubted: bool,
}

impl ConnectionThread {
    fn run(self) {
        let mut held: Option<IdleConnection> = None;
        while let Ok(job) = self.jobs.recv() {
            let ready = self.ready(held.take());
            held = match ready {
                Ok(mut conn) => {
                    // A panicking job may have left a transaction open: its connection is thrown away.
                    match catch_unwind(AssertUnwindSafe(|| job(Ok(&mut conn)))) {
                        Ok(doubt) => Some(IdleConnection { conn, used: Instant::now(), doubted: doubt == Doubt::Yes }),
                        Err(_) => None,
                    }
                }
                Err(error) => {
                    tracing::error!(error = %error, "no database connection");
                    job(Err(error));
                    None
                }
            };
        }
    }

    fn ready(&self, held: Option<IdleConnection>) -> Result<Conn, DbError> {
        if let Some(mut held) = held {
            let fresh = !held.doubted && held.used.elapsed() < PROBE_AFTER;
            if fresh || held.conn.answers() {
                return Ok(held.conn);
            }
        }
        Conn::open(&self.url, self.sync)
    }
}
