//! What commands say.

use std::io::Write;

/// Writes to standard output.
pub(super) fn say(text: &str) {
    let mut out = std::io::stdout();
    // A closed pipe is the reader's decision.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
