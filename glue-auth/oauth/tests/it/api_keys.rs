//! API keys (reference/authentication.md §1.10).

use oauth::{ApiKey, GrantError};
use time::{Duration, PrimitiveDateTime};

use crate::fixture::{World, noon};

fn named(name: &str) -> ApiKey {
    ApiKey { name: name.into(), scopes: vec!["user".into()], created_by: 1, valid_to: None }
}

/// Its end is not a moment of the key's life any more.
#[tokio::test]
async fn a_key_lives_from_its_making_to_its_end() {
    let world = World::new();
    world.execute("INSERT INTO spy_user (id_user, uuid, username, username_key, password, status, is_agent, is_warehouse_user, created_at, updated_at) VALUES (1, 'u', 'u', 'u', '', 'active', 0, 0, '2026-01-01', '2026-01-01')");
    let end = noon() + Duration::HOUR;
    let lent = ApiKey { valid_to: Some(PrimitiveDateTime::new(end.date(), end.time())), ..named("lent") };
    let key = world.engine.create_api_key(lent.clone(), noon()).await.expect("a key");
    assert_eq!(key.len(), 32);
    let found = async |key: &str, at| world.engine.api_key(key, at).await.expect("a storage");
    assert_eq!(found(&key, noon()).await, Some(lent));
    assert_eq!(found(&key, end - Duration::MICROSECOND).await.map(|key| key.name).as_deref(), Some("lent"));
    assert_eq!(found(&key, end).await, None);
    let kept = world.engine.create_api_key(named("kept"), noon()).await.expect("a key");
    assert!(found(&kept, noon() + Duration::days(36_500)).await.is_some());
    for unknown in ["", "lent", &kept.to_uppercase(), &format!("{kept} ")] {
        assert_eq!(found(unknown, noon()).await, None, "{unknown}");
    }
    assert!(world.engine.end_api_key("kept", noon()).await.expect("a storage"));
    assert_eq!(found(&kept, noon()).await, None);
    assert!(!world.engine.end_api_key("unknown", noon()).await.expect("a storage"));
    assert_eq!(world.count(&format!("spy_api_key WHERE key_hash = '{key}' OR key_hash = '{kept}'")), 0);
    let taken = world.engine.create_api_key(named("kept"), noon()).await;
    assert!(matches!(taken, Err(GrantError::Unfit(_))));
    for name in ["", "two\nlines", &"x".repeat(256)] {
        let refused = world.engine.create_api_key(named(name), noon()).await;
        assert!(matches!(refused, Err(GrantError::Unfit(_))), "{name:?}");
    }
    let names: Vec<String> =
        world.engine.api_keys().await.expect("a storage").into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["kept", "lent"]);
}
