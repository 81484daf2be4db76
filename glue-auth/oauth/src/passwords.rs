//! Passwords: argon2id for new hashes, bcrypt understood for migrated ones, on threads of their own.
//!
//! Hashing is the most expensive thing that a stranger can ask for. It runs on few threads of low priority with one
//! reused block of memory each, behind a bounded queue, so that a storm of logins takes neither the processors nor the
//! memory from other requests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
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
    /// Other expensive work, on a thread of its own: garbage of one kind does not hold up honest logins.
    work: Sender<Job>,
    /// The cost of the hashes of PHP that refusals have to match; 0 when there are none any more.
    bcrypt: Arc<AtomicU32>,
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
        let (cost, bcrypt) = (Cost::of(settings), Arc::new(AtomicU32::new(PHP_COST)));
        let queue = threads("password", settings.hashing_threads(), settings, (cost, &bcrypt))?;
        let work = threads("derivation", 1, settings, (cost, &bcrypt))?;
        Ok(Self { queue, work, bcrypt })
    }

    /// Says at which cost PHP's hashes are stored, if any are: as long as there are, every refusal costs as much as one of
    /// theirs and one of ours, so that it does not tell which kind an account has, or whether there is one. Until this is
    /// said, some are taken to be there.
    pub fn match_bcrypt(&self, cost: Option<u32>) {
        self.bcrypt.store(cost.unwrap_or(0).min(MOST_COST), Ordering::Relaxed);
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

    /// Runs other expensive work of a credential check, on a thread of its own.
    ///
    /// # Errors
    /// [`Busy`] when the queue is full.
    pub(crate) async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        Self::run_on(&self.work, move |_| work()).await
    }

    async fn run<T: Send + 'static>(&self, job: impl FnOnce(&mut Hasher) -> T + Send + 'static) -> Result<T, Busy> {
        Self::run_on(&self.queue, job).await
    }

    async fn run_on<T: Send + 'static>(
        queue: &Sender<Job>,
        job: impl FnOnce(&mut Hasher) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let (answer, reply) = oneshot::channel();
        let job: Job = Box::new(move |hasher| {
            let _ = answer.send(job(hasher));
        });
        queue.try_send(job).map_err(|_| Busy)?;
        reply.await.map_err(|_| Busy)
    }
}

fn threads(
    name: &str,
    count: usize,
    settings: &AuthSettings,
    (cost, bcrypt): (Cost, &Arc<AtomicU32>),
) -> std::io::Result<Sender<Job>> {
    let (queue, jobs) = bounded::<Job>(settings.hash_queue.max(1));
    for number in 0..count {
        let (jobs, bcrypt) = (jobs.clone(), bcrypt.clone());
        std::thread::Builder::new().name(format!("{name}-{number}")).spawn(move || work(&jobs, cost, bcrypt))?;
    }
    Ok(queue)
}

fn work(jobs: &Receiver<Job>, cost: Cost, bcrypt: Arc<AtomicU32>) {
    // Below everything that answers requests: at nice 10, reads kept 54 % of their throughput in a storm of logins
    // (benches/requests). Failing to step back is no reason not to work.
    let _ = rustix::process::nice(19);
    let mut hasher = Hasher { cost, memory: Vec::new(), bcrypt, spent: Spent::default() };
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
    bcrypt: Arc<AtomicU32>,
    spent: Spent,
}

/// What the last check cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Spent {
    argon2: u32,
    bcrypt: u32,
}

/// The cost that PHP hashes with when nobody says otherwise.
const PHP_COST: u32 = 10;

/// No refusal takes longer than a hash of this cost: half a second.
const MOST_COST: u32 = 13;

impl Hasher {
    /// A hasher outside the pool: for seeds and tests.
    #[must_use]
    pub fn new(settings: &AuthSettings) -> Self {
        Self { cost: Cost::of(settings), memory: Vec::new(), bcrypt: Arc::default(), spent: Spent::default() }
    }

    /// A new argon2id hash in PHC form; `None` when the system gives no randomness.
    pub fn hash(&mut self, password: &[u8]) -> Option<String> {
        let salt: [u8; 16] = random::bytes()?;
        let Cost { memory_kib, passes } = self.cost;
        let hash = self.argon2(password, &salt, memory_kib, passes, 1)?;
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
        Some(format!("$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${hash}"))
    }

    /// Whether a hash is one of this password; for looks at a database that answer nobody.
    #[must_use]
    pub fn fits(&mut self, password: &[u8], hash: &str) -> bool {
        self.judged(password, Some(hash)) != Verdict::Wrong
    }

    fn verify(&mut self, password: &[u8], stored: Option<&str>) -> Verdict {
        self.spent = Spent::default();
        let verdict = self.judged(password, stored);
        if verdict == Verdict::Wrong {
            self.pad(password);
        }
        verdict
    }

    fn judged(&mut self, password: &[u8], stored: Option<&str>) -> Verdict {
        let fits = (1..=MAX_PASSWORD).contains(&password.len());
        let known = stored.filter(|_| fits);
        let phc = known.and_then(Phc::parse);
        match (known, phc) {
            (Some(hash), _) if hash.starts_with("$2") => self.verify_bcrypt(password, hash),
            (_, Some(phc)) if self.matches(password, &phc) => {
                let weaker = phc.memory_kib < self.cost.memory_kib || phc.passes < self.cost.passes;
                Verdict::Right { stronger: if weaker { self.hash(password) } else { None } }
            }
            _ => Verdict::Wrong,
        }
    }

    /// Every refusal costs the same, whatever was compared: it must not reveal which accounts exist, nor which of them still
    /// have a hash of PHP.
    fn pad(&mut self, password: &[u8]) {
        if self.spent.argon2 == 0 {
            let Cost { memory_kib, passes } = self.cost;
            let _ = self.argon2(password.get(..MAX_PASSWORD).unwrap_or(password), &[0; 16], memory_kib, passes, 1);
        }
        let cost = self.bcrypt.load(Ordering::Relaxed);
        if self.spent.bcrypt == 0 && cost > 0 {
            self.spent.bcrypt += 1;
            let _ = bcrypt::hash_with_salt(password.get(..72).unwrap_or(password), cost, [0; 16]);
        }
    }

    fn verify_bcrypt(&mut self, password: &[u8], hash: &str) -> Verdict {
        self.spent.bcrypt += 1;
        // bcrypt reads 72 bytes; a longer password is not the one that was stored.
        match bcrypt::non_truncating_verify(password, hash) {
            Ok(true) => Verdict::Right { stronger: self.hash(password) },
            Ok(false) => Verdict::Wrong,
            // Too long or not a hash: refused at once, which must not show.
            Err(_) => {
                self.spent.bcrypt = 0;
                Verdict::Wrong
            }
        }
    }

    fn matches(&mut self, password: &[u8], phc: &Phc) -> bool {
        let computed = self.argon2(password, &phc.salt, phc.memory_kib, phc.passes, phc.lanes);
        computed.is_some_and(|computed| computed.as_slice().ct_eq(&phc.hash).into())
    }

    fn argon2(&mut self, password: &[u8], salt: &[u8], memory_kib: u32, passes: u32, lanes: u32) -> Option<[u8; 32]> {
        self.spent.argon2 += 1;
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::{Hasher, MAX_PASSWORD, Spent, Verdict};
    use crate::settings::AuthSettings;

    /// M4, P6: while there are hashes of PHP, every refusal costs one derivation of each kind, whatever it was compared with;
    /// when there are none any more, one of ours.
    #[test]
    fn refusals_cost_alike() {
        let settings = AuthSettings { hash_memory_kib: 8, hash_passes: 1, ..AuthSettings::default() };
        let mut hasher = Hasher::new(&settings);
        let ours = hasher.hash(b"right").expect("randomness");
        let php = bcrypt::hash_with_result("right", 4).expect("a hash").format_for_version(bcrypt::Version::TwoY);
        let (long, endless) = ([b'x'; 100], [b'x'; MAX_PASSWORD + 1]);
        for (cost, spent) in [(4, Spent { argon2: 1, bcrypt: 1 }), (0, Spent { argon2: 1, bcrypt: 0 })] {
            hasher.bcrypt.store(cost, Ordering::Relaxed);
            for password in [&b"wrong"[..], b"", &long, &endless] {
                for stored in [None, Some(ours.as_str()), Some("no hash"), Some("$2y$broken"), Some(php.as_str())] {
                    if cost == 0 && stored == Some(php.as_str()) {
                        continue;
                    }
                    assert_eq!(hasher.verify(password, stored), Verdict::Wrong);
                    assert_eq!(hasher.spent, spent, "{stored:?}, {} bytes", password.len());
                }
            }
        }
        assert_eq!(hasher.verify(b"right", Some(&ours)), Verdict::Right { stronger: None });
        assert!(matches!(hasher.verify(b"right", Some(&php)), Verdict::Right { stronger: Some(_) }));
    }
}
