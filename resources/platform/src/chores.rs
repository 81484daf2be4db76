//! What runs beside the requests: people who were disabled, revocations of other instances, keys that were exchanged,
//! the clean-up.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use actix_web::rt;
use auth_rest_api::SharedEngine;
use glue_core::clock::Clock;

use crate::engine;
use crate::settings::Settings;

/// How often other instances are asked for what they revoked: an ended token dies within two seconds.
const REVOCATIONS: Duration = Duration::from_secs(1);

/// How often the key files are looked at.
const KEYS: Duration = Duration::from_secs(5);

/// Starts all of it on this thread's runtime.
pub(crate) fn start(engine: &SharedEngine, settings: &Settings, clock: &Clock) {
    rt::spawn(revocations(engine.clone(), clock.clone()));
    rt::spawn(keys(engine.clone(), settings.clone()));
    if settings.auth.purge_seconds > 0 {
        rt::spawn(purge(engine.clone(), clock.clone(), Duration::from_secs(settings.auth.purge_seconds)));
    }
}

async fn revocations(engine: SharedEngine, clock: Clock) {
    let mut failing = false;
    loop {
        let ended = engine.end_inactive(clock.now()).await.map_err(|error| error.to_string());
        let learned = engine.learn_revocations(clock.now()).await.map_err(|error| error.to_string());
        let learned = ended.and(learned);
        match (&learned, failing) {
            (Err(error), false) => tracing::warn!(%error, "revocations cannot be read"),
            (Ok(()), true) => tracing::info!("revocations are read again"),
            _ => {}
        }
        failing = learned.is_err();
        rt::time::sleep(REVOCATIONS).await;
    }
}

/// A signer that is replaced signs from then on; its predecessor verifies as long as it is listed as retired.
async fn keys(engine: SharedEngine, settings: Settings) {
    let files: Vec<PathBuf> =
        std::iter::once(&settings.auth.key_file).chain(&settings.auth.retired_key_files).cloned().collect();
    let stamps = || files.iter().map(stamp).collect::<Vec<_>>();
    let mut known = stamps();
    loop {
        rt::time::sleep(KEYS).await;
        let now = stamps();
        if now == known {
            continue;
        }
        match engine::keys(&settings) {
            Ok(keys) => {
                known = now;
                tracing::info!(target: "audit", event = "keys_replaced", kid = keys.kid());
                engine.replace_keys(keys);
            }
            // Looked at again in a moment: a file may be on its way, or its mode may be.
            Err(error) => tracing::error!(%error, "the keys stay as they were"),
        }
    }
}

fn stamp(file: &PathBuf) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

async fn purge(engine: SharedEngine, clock: Clock, every: Duration) {
    loop {
        rt::time::sleep(every).await;
        match engine.purge(clock.now(), |_| {}).await {
            Ok(purged) if purged.total() > 0 => tracing::info!(?purged, "what ended long ago was deleted"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the clean-up stopped; the next one goes on"),
        }
    }
}
