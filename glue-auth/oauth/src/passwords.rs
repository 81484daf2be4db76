//! Passwords: argon2id for new hashes, bcrypt understood for migrated ones, on threads of their own.
//!
//! Hashing is the most expensive thing that a stranger can ask for. It runs on few threads of low priority with one
//! reused block of memory each, behind a bounded queue, so that a storm of logins takes neither the processors nor the
//! memory from other requests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;

use crate::random;
use crate::settings::AuthSettings;

/// The queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The password is not the one.
    Wrong,
    /// It is; `stronger` is a new hash of it when the stored one is of an older kind.
    Right {
        /// The hash to store instead.
        stronger: Option<String>,
    },
}

/// A handle to the hashing threads. Cheap to clone; the threads end with the last handle.
#[derive(Clone)]
pub struct PasswordPool {
    queue: Sender<Job>,
}

type Job = Box<dyn FnOnce(&mut Hasher) + Send>;

/// The cost of new hashes.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// The cost that the settings ask for.
    #[must_use]
    pub fn of(settings: &AuthSettings) -> Self {
        Self { memory_kib: settings.hash_memory_kib.max(8), passes: settings.hash_passes.max(1) }
    }
}

/// No honest password is longer; hashing a longer one is refused at the cost of a wrong one.
const MAX_PASSWORD: usize = 4096;

/// An idle thread gives its block of memory back.
const IDLE: Duration = Duration::from_secs(10);

impl PasswordPool {
    /// Starts the threads.
    ///
    /// # Errors
    /// What the system says when a thread cannot be started.
    pub fn start(settings: &AuthSettings) -> std::io::Result<Self> {
        let (queue, jobs) = bounded::<Job>(settings.hash_queue.max(1));
        let cost = Cost::of(settings);
        for number in 0..settings.hashing_threads() {
            let jobs = jobs.clone();
            std::thread::Builder::new().name(format!("password-{number}")).spawn(move || work(&jobs, cost))?;
        }
        Ok(Self { queue })
    }

    /// Compares `password` with a stored hash. Without one the answer is [`Verdict::Wrong`] after the same work.
    ///
    /// # Errors
    /// [`Busy`] when the queue is full.
    pub async fn verify(&self, password: SecretString, stored: Option<String>) -> Result<Verdict, Busy> {
        self.run(move |hasher| hasher.verify(password.expose_secret().as_bytes(), stored.as_deref())).await
    }

    /// A new argon2id hash in PHC form.
    ///
    /// # Errors
    /// [`Busy`] when the queue is full or the system gives no randomness.
    pub async fn hash(&self, password: SecretString) -> Result<String, Busy> {
        self.run(move |hasher| hasher.hash(password.expose_secret().as_bytes())).await?.ok_or(Busy)
    }

    /// Runs other expensive work of a credential check on the same threads.
    ///
    /// # Errors
    /// [`Busy`] when the queue is full.
    pub(crate) async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        self.run(move |_| work()).await
    }

    async fn run<T: Send + 'static>(&self, job: impl FnOnce(&mut Hasher) -> T + Send + 'static) -> Result<T, Busy> {
        let (answer, reply) = oneshot::channel();
        let job: Job = Box::new(move |hasher| {
            let _ = answer.send(job(hasher));
        });
        self.queue.try_send(job).map_err(|_| Busy)?;
        reply.await.map_err(|_| Busy)
    }
}

fn work(jobs: &Receiver<Job>, cost: Cost) {
    // Below everything that answers requests: at nice 10, reads kept 54 % of their throughput in a storm of logins
    // (benches/requests). Failing to step back is no reason not to work.
    let _ = rustix::process::nice(19);
    let mut hasher = Hasher { cost, memory: Vec::new() };
    loop {
        match jobs.recv_timeout(IDLE) {
            Ok(job) => {
                let _ = catch_unwind(AssertUnwindSafe(|| job(&mut hasher)));
            }
            Err(RecvTimeoutError::Timeout) => hasher.memory = Vec::new(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Hashes on one thread, in one block of memory.
pub struct Hasher {
    cost: Cost,
    memory: Vec<Block>,
}

impl Hasher {
    /// A hasher outside the pool: for seeds and tests.
    #[must_use]
    pub fn new(settings: &AuthSettings) -> Self {
        Self { cost: Cost::of(settings), memory: Vec::new() }
    }

    /// A new argon2id hash in PHC form; `None` when the system gives no randomness.
    pub fn hash(&mut self, password: &[u8]) -> Option<String> {
        let salt: [u8; 16] = random::bytes()?;
        let Cost { memory_kib, passes } = self.cost;
        let hash = self.argon2(password, &salt, memory_kib, passes, 1)?;
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
        Some(format!("$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${hash}"))
    }

    fn verify(&mut self, password: &[u8], stored: Option<&str>) -> Verdict {
        let fits = (1..=MAX_PASSWORD).contains(&password.len());
        let known = stored.filter(|_| fits);
        let phc = known.and_then(Phc::parse);
        match (known, phc) {
            (Some(hash), _) if hash.starts_with("$2") => self.verify_bcrypt(password, hash),
            (_, Some(phc)) if self.matches(password, &phc) => {
                let weaker = phc.memory_kib < self.cost.memory_kib || phc.passes < self.cost.passes;
                Verdict::Right { stronger: if weaker { self.hash(password) } else { None } }
            }
            (_, Some(_)) => Verdict::Wrong,
            _ => self.refuse(password),
        }
    }

    /// The answer must cost what a wrong password costs: it must not reveal which accounts exist. A migrated hash costs
    /// what its own kind costs until its owner logs in.
    fn refuse(&mut self, password: &[u8]) -> Verdict {
        let Cost { memory_kib, passes } = self.cost;
        let _ = self.argon2(password.get(..MAX_PASSWORD).unwrap_or(password), &[0; 16], memory_kib, passes, 1);
        Verdict::Wrong
    }

    fn verify_bcrypt(&mut self, password: &[u8], hash: &str) -> Verdict {
        // bcrypt reads 72 bytes; a longer password is not the one that was stored.
        match bcrypt::non_truncating_verify(password, hash) {
            Ok(true) => Verdict::Right { stronger: self.hash(password) },
            Ok(false) => Verdict::Wrong,
            // Too long or not a hash: refused at once, which must not show.
            Err(_) => self.refuse(password),
        }
    }

    fn matches(&mut self, password: &[u8], phc: &Phc) -> bool {
        let computed = self.argon2(password, &phc.salt, phc.memory_kib, phc.passes, phc.lanes);
        computed.is_some_and(|computed| computed.as_slice().ct_eq(&phc.hash).into())
    }

    fn argon2(&mut self, password: &[u8], salt: &[u8], memory_kib: u32, passes: u32, lanes: u32) -> Option<[u8; 32]> {
        let params = Params::new(memory_kib, passes, lanes, Some(32)).ok()?;
        self.memory.resize(params.block_count().max(self.memory.len()), Block::new());
        let mut out = [0_u8; 32];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into_with_memory(password, salt, &mut out, self.memory.as_mut_slice()).ok()?;
        Some(out)
    }
}

/// `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, with bounds that a database cannot be talked out of.
struct Phc {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Phc {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
        let (params, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
        let mut values = params.split(',');
        let mut value = |name: &str| values.next()?.strip_prefix(name)?.parse::<u32>().ok();
        let (memory_kib, passes, lanes) = (value("m=")?, value("t=")?, value("p=")?);
        let (salt, hash) = (STANDARD_NO_PAD.decode(salt).ok()?, STANDARD_NO_PAD.decode(hash).ok()?);
        let bounded = memory_kib <= 262_144 && passes <= 16 && lanes <= 4 && hash.len() == 32 && parts.next().is_none();
        bounded.then_some(Self { memory_kib, passes, lanes, salt, hash })
    }
}
