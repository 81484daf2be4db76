//! What runs beside the requests: people who lost a right, sessions that other instances ended, keys that were exchanged,
//! the clean-up.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use actix_web::rt;
use auth_rest_api::SharedEngine;
use glue_core::clock::Clock;

use crate::engine;
use crate::settings::Settings;

/// How often it is asked what other instances ended, and who may have lost a right: an ended token dies within two seconds.
const SESSIONS: Duration = Duration::from_secs(1);

/// How often it is looked whether hashes of PHP are left: without an index, for the last ones.
const HASHES: Duration = Duration::from_secs(3_600);

/// How often the key files are looked at.
const KEYS: Duration = Duration::from_secs(5);

/// Starts all of it on this thread's runtime.
pub(crate) fn start(engine: &SharedEngine, settings: &Settings, clock: &Clock) {
    rt::spawn(sessions(engine.clone(), clock.clone()));
    rt::spawn(keys(engine.clone(), settings.clone()));
    rt::spawn(hashes(engine.clone()));
    if settings.auth.purge_seconds > 0 {
        rt::spawn(purge(engine.clone(), clock.clone(), Duration::from_secs(settings.auth.purge_seconds)));
    }
}

async fn sessions(engine: SharedEngine, clock: Clock) {
    let mut failing = false;
    loop {
        let changed = engine.reconsider_changed(clock.now()).await.map_err(|error| error.to_string());
        let learned = engine.learn_endings(clock.now()).await.map_err(|error| error.to_string());
        let done = changed.and(learned);
        match (&done, failing) {
            (Err(error), false) => tracing::warn!(%error, "ends of sessions cannot be read"),
            (Ok(()), true) => tracing::info!("ends of sessions are read again"),
            _ => {}
        }
        failing = done.is_err();
        rt::time::sleep(SESSIONS).await;
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

/// Migrated hashes go one by one, and may come again with an import.
async fn hashes(engine: SharedEngine) {
    loop {
        if let Err(error) = engine.learn_hashes().await {
            tracing::warn!(%error, "it is not known whether hashes of PHP are left");
        }
        rt::time::sleep(HASHES).await;
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
