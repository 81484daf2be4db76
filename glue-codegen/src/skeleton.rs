//! A team's workspace as it begins.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::names;
use crate::render::File;

/// The files, by their place in the new workspace.
const FILES: &[(&str, &str)] = &[
    (".cargo/config.toml", include_str!("../skeleton/.cargo/config.toml.txt")),
    (".dockerignore", include_str!("../skeleton/.dockerignore.txt")),
    (".github/workflows/ci.yml", include_str!("../skeleton/.github/workflows/ci.yml.txt")),
    (".gitignore", include_str!("../skeleton/.gitignore.txt")),
    (".rustfmt.toml", include_str!("../skeleton/.rustfmt.toml.txt")),
    (".vscode/resource.schema.json", crate::json_schema::RESOURCE),
    (".vscode/settings.json", include_str!("../skeleton/.vscode/settings.json.txt")),
    ("Cargo.toml", include_str!("../skeleton/Cargo.toml.txt")),
    ("Dockerfile", include_str!("../skeleton/Dockerfile.txt")),
    ("README.md", include_str!("../skeleton/README.md.txt")),
    ("glue.toml", include_str!("../skeleton/glue.toml.txt")),
    ("migrations/mysql/README.md", include_str!("../skeleton/migrations/mysql/README.md.txt")),
    ("migrations/postgres/README.md", include_str!("../skeleton/migrations/postgres/README.md.txt")),
    ("migrations/sqlite/README.md", include_str!("../skeleton/migrations/sqlite/README.md.txt")),
    ("resources/backend/Cargo.toml", include_str!("../skeleton/resources/backend/Cargo.toml.txt")),
    ("resources/backend/config/backend.toml", include_str!("../skeleton/resources/backend/config/backend.toml.txt")),
    ("resources/backend/src/lib.rs", include_str!("../skeleton/resources/backend/src/lib.rs.txt")),
    ("resources/backend/src/main.rs", include_str!("../skeleton/resources/backend/src/main.rs.txt")),
    ("resources/backend/tests/it/main.rs", include_str!("../skeleton/resources/backend/tests/it/main.rs.txt")),
    ("resources/schema/Cargo.toml", include_str!("../skeleton/resources/schema/Cargo.toml.txt")),
    ("resources/schema/build.rs", include_str!("../skeleton/resources/schema/build.rs.txt")),
    ("resources/schema/src/lib.rs", include_str!("../skeleton/resources/schema/src/lib.rs.txt")),
    ("resources/storefront/Cargo.toml", include_str!("../skeleton/resources/storefront/Cargo.toml.txt")),
    (
        "resources/storefront/config/storefront.toml",
        include_str!("../skeleton/resources/storefront/config/storefront.toml.txt"),
    ),
    ("resources/storefront/src/lib.rs", include_str!("../skeleton/resources/storefront/src/lib.rs.txt")),
    ("resources/storefront/src/main.rs", include_str!("../skeleton/resources/storefront/src/main.rs.txt")),
    ("resources/storefront/tests/it/main.rs", include_str!("../skeleton/resources/storefront/tests/it/main.rs.txt")),
    ("rust-toolchain.toml", include_str!("../skeleton/rust-toolchain.toml.txt")),
    ("tools/glue/Cargo.toml", include_str!("../skeleton/tools/glue/Cargo.toml.txt")),
    ("tools/glue/src/main.rs", include_str!("../skeleton/tools/glue/src/main.rs.txt")),
];

/// The crates of the framework that a workspace names, and where they are in its repository.
const CRATES: [(&str, &str); 10] = [
    ("auth-rest-api", "glue-auth/auth-rest-api"),
    ("customers", "resources/customers"),
    ("glue-app", "glue-app"),
    ("glue-codegen", "glue-codegen"),
    ("glue-core", "glue-core"),
    ("multi-factor-auth", "glue-auth/multi-factor-auth"),
    ("reference-backend", "resources/backend"),
    ("reference-storefront", "resources/storefront"),
    ("stores", "resources/stores"),
    ("wishlists", "resources/wishlists"),
];

/// The libraries that generated code and its tests name.
const LIBRARIES: [&str; 6] = ["actix-web", "diesel", "diesel_migrations", "serde", "time", "utoipa"];

/// The files of a workspace called `name`.
///
/// # Errors
/// A sentence when the name is none, or the framework is not where it is said to be.
pub(crate) fn files(name: &str, framework: &str) -> Result<Vec<File>, String> {
    if !names::is_kebab(name) {
        return Err(format!("`{name}` is no name of a workspace: they are written `like-this`"));
    }
    let (lock, framework) = (lock(framework), dependencies(framework)?);
    let filled = |text: &str| {
        text.replace("{name}", name)
            .replace("{framework}", framework.trim_end())
            .replace("{libraries}", libraries().trim_end())
    };
    let mut files: Vec<File> =
        FILES.iter().map(|(path, text)| File { path: (*path).to_owned(), text: filled(text) }).collect();
    files.extend(lock);
    Ok(files)
}

/// The versions that a checkout of the framework is tested with; cargo adds the crates of the workspace.
fn lock(framework: &str) -> Option<File> {
    let text = fs::read_to_string(Path::new(framework.strip_prefix("path:")?).join("Cargo.lock")).ok()?;
    Some(File { path: "Cargo.lock".into(), text })
}

fn dependencies(framework: &str) -> Result<String, String> {
    let place = |folder: &str| match framework.split_once(':') {
        Some(("path", path)) => {
            let path = Path::new(path).join(folder);
            let found = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
            Ok(format!("path = {:?}", found.display().to_string()))
        }
        Some(("git", url)) => Ok(format!("git = {url:?}")),
        _ => Err("the framework is `path:…` of a checkout, or `git:…` of a repository".to_owned()),
    };
    let mut lines = String::new();
    for (name, folder) in CRATES {
        let package = name.strip_prefix("reference-").map(|package| format!("package = {package:?}, "));
        let _ = writeln!(lines, "{name} = {{ {}{} }}", package.unwrap_or_default(), place(folder)?);
    }
    Ok(lines)
}

/// The lines of the framework's own manifest.
fn libraries() -> String {
    let manifest = include_str!("../../Cargo.toml");
    let is_named = |line: &&str| line.split(' ').next().is_some_and(|name| LIBRARIES.contains(&name));
    manifest.lines().filter(is_named).map(|line| format!("{line}\n")).collect()
}
