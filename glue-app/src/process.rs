//! What a process asks of its system before anything else.

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};

/// Keeps every file of ours to ourselves, keys, databases and mail among them, and takes all the descriptors that the system
/// allows: each connection needs one.
pub(crate) fn prepare() {
    umask(Mode::RWXG | Mode::RWXO);
    let limit = getrlimit(Resource::Nofile);
    if limit.current < limit.maximum || limit.maximum.is_none() {
        // Without more, connections beyond the limit wait for others to end.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    }
}
