//! Work that is the same for many things, on every core.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread::{ScopedJoinHandle, available_parallelism, scope};

/// What `work` makes of each of `things`, in their order.
pub(crate) fn on_every_core<T: Send, R: Send>(things: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let share = things.len().div_ceil(cores).max(1);
    let mut rest = things.into_iter();
    let joined = |thread: ScopedJoinHandle<'_, Vec<R>>| match thread.join() {
        Ok(done) => done,
        // Nothing may be missing in silence.
        Err(panic) => resume_unwind(panic),
    };
    scope(|scope| {
        let work = &work;
        let mut threads = Vec::new();
        loop {
            let part: Vec<T> = rest.by_ref().take(share).collect();
            if part.is_empty() {
                break;
            }
            threads.push(scope.spawn(move || part.into_iter().map(work).collect::<Vec<R>>()));
        }
        threads.into_iter().flat_map(joined).collect()
    })
}
