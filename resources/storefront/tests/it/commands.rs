//! The commands, and configurations that stop the start (R31).

use tempfile::TempDir;

use crate::process::command;

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> (bool, String, String) {
    let folder = TempDir::new().expect("a folder");
    let mut command = command(&folder);
    let output = command.args(arguments).envs(environment.iter().copied()).output().expect("a process");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_bad_configuration_stops_the_start_and_names_the_key() {
    for (key, value, named) in [
        ("GLUE__SERVER__PROT", "8080", "prot"),
        ("GLUE__SERVER__PORT", "many", "server.port"),
        ("GLUE__SERVER__PORT", "70000", "server.port"),
        ("GLUE__NONSENSE", "1", "nonsense"),
        ("GLUE__PROFILE", "shop", "profile"),
        ("GLUE__DATABASE__URL", "oracle://x", "database.url"),
        ("GLUE__AUTH__ACCESS_SECONDS", "long", "auth.access_seconds"),
        ("GLUE__AUTH__ACCESS_SECONDS", "0", "auth.access_seconds"),
        ("GLUE__AUTH__LEEWAY_SECONDS", "-1", "auth.leeway_seconds"),
        ("GLUE__DATABASE__DEADLINE_MS", "0", "database.deadline_ms"),
        ("GLUE__DATABASE__URL", "postgres://u:hunter2@127.0.0.1:1/x", "database.url"),
        ("GLUE__SERVER__PUBLIC_URL", "ftp://x", "server.public_url"),
        ("GLUE__SERVER__BODY_BYTES", "0", "server.body_bytes"),
        ("GLUE__SERVER__CORS__ORIGINS", "[\"*\"]", "server.cors.origins"),
        ("GLUE__SERVER__CORS__ORIGINS", "https://shop.test,https://shop.test/", "server.cors.origins"),
        ("GLUE__LOG__FILTER", "a=b=c", "log.filter"),
        ("GLUE__ENVIRONMENT", "production", "auth.hash_memory_kib"),
        ("GLUE_CONFIG", "/does/not/exist.toml", "/does/not/exist.toml"),
    ] {
        let (done, _, error) = run(&["serve"], &[(key, value)]);
        assert!(!error.contains("hunter2"));
        assert!(!done && error.to_lowercase().contains(named), "{key}={value}: {error}");
    }
}

/// S1: production makes up no key.
#[test]
fn production_does_not_start_without_a_key() {
    let (done, _, error) =
        run(&["serve"], &[("GLUE__ENVIRONMENT", "production"), ("GLUE__AUTH__HASH_MEMORY_KIB", "19456")]);
    assert!(!done && error.contains("auth.key_file"), "{error}");
}

#[test]
fn the_configuration_is_printed_without_its_secrets() {
    let (done, printed, _) = run(
        &["config"],
        &[("GLUE__DATABASE__URL", "postgres://glue:hunter2@db/glue"), ("GLUE__SERVER__PUBLIC_URL", "https://x.test/")],
    );
    assert!(done && printed.contains("postgres://glue:***@db/glue") && !printed.contains("hunter2"), "{printed}");
    assert!(printed.contains("public_url = \"https://x.test/\""));
}

#[test]
fn the_document_needs_neither_database_nor_keys_nor_environment() {
    let (done, printed, error) = run(&["openapi"], &[("GLUE__NONSENSE", "1"), ("GLUE__DATABASE__URL", "nowhere")]);
    assert!(done, "{error}");
    let checked_in = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/storefront.json"))
        .expect("the document");
    assert!(printed == checked_in);
    let (done, shop, error) = run(&["openapi", "--profile", "spryker"], &[]);
    assert!(done, "{error}");
    assert!(shop.contains("missing_token_403") && !printed.contains("missing_token_403"), "the other profile differs");
    let (done, _, error) = run(&["openapi", "--profile", "magento"], &[]);
    assert!(!done && error.contains("expected `documented` or `spryker`"), "{error}");
}

#[test]
fn migrations_go_up_down_and_up_again() {
    let folder = TempDir::new().expect("a folder");
    let go = |arguments: &[&str]| {
        let output = command(&folder).args(arguments).output().expect("a process");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert_eq!(go(&["migrate"]), "17 migration(s) applied\n");
    assert_eq!(go(&["seed"]), "demo data loaded\n");
    assert_eq!(go(&["seed"]), "the database is not empty: nothing was loaded\n");
    assert_eq!(go(&["migrate", "--down"]), "17 migration(s) reverted\n");
    assert_eq!(go(&["migrate"]), "17 migration(s) applied\n");
}
