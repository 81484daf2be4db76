//! A resource from one line: its definition, and the crate around it where there is none.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::definition::{Definition, OwnerKind, VerbName};
use crate::names;
use crate::render::File;
use crate::workspace::{Domain, Workspace};

/// What is asked for on the command line.
#[derive(Clone, Debug)]
pub struct Scaffold {
    /// The type, `reviews` say.
    pub kind: String,
    /// The attributes, `rating:int!` say.
    pub fields: Vec<Field>,
    /// The crate, when it is not called as the type is.
    pub krate: Option<String>,
    /// Whose the rows are.
    pub owner: Option<OwnerKind>,
    /// The reading verbs that need no token.
    pub public: Vec<VerbName>,
    /// The type in front of it in the path.
    pub parent: Option<String>,
    /// The applications that mount it; the first one of the workspace that knows its owner, when none is named.
    pub apps: Vec<String>,
}

/// An attribute on the command line: `name:type`, with `!` when POST has to carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    name: String,
    kind: String,
    is_required: bool,
}

/// The types of an attribute that can be named on the command line.
pub const FIELD_TYPES: [&str; 8] = ["string", "text", "int", "money", "bool", "date", "datetime", "uuid"];

impl std::str::FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, kind) = text.split_once(':').ok_or("an attribute is written `name:type`, `title:string!` say")?;
        let (kind, is_required) = kind.strip_suffix('!').map_or((kind, false), |kind| (kind, true));
        let words = kind.strip_prefix("enum(").and_then(|rest| rest.strip_suffix(')'));
        if !names::is_attribute(name) {
            return Err(format!("`{name}` is no name of an attribute: they are written `likeThis`"));
        }
        if words.is_some_and(|words| words.split(',').any(|word| !names::is_kebab(word))) {
            return Err("the words of an enum are written `enum(new,in-work,done)`".into());
        }
        if words.is_none() && !FIELD_TYPES.contains(&kind) {
            return Err(format!("there is no type `{kind}`: {}, or enum(new,done)", FIELD_TYPES.join(", ")));
        }
        Ok(Self { name: name.to_owned(), kind: kind.to_owned(), is_required })
    }
}

/// What a scaffold comes to.
#[derive(Debug)]
pub struct Scaffolded {
    /// New files.
    pub files: Vec<File>,
    /// The crate that the definition is in, and whether it is new.
    pub krate: String,
    /// Whether the crate has to be made known to the workspace.
    pub is_new: bool,
    /// The applications that mount it.
    pub apps: Vec<String>,
}

impl Scaffold {
    /// The files of the resource.
    ///
    /// # Errors
    /// A sentence when it cannot be, for a type that exists say. Nothing is ever overwritten.
    pub fn files(&self, workspace: &Workspace) -> Result<Scaffolded, String> {
        if !names::is_kebab(&self.kind) {
            return Err(format!("`{}` is no type: they are written `like-this`, in the plural", self.kind));
        }
        if workspace.definitions().any(|known| known.name.it == self.kind) {
            return Err(format!("there is a resource `{}` already", self.kind));
        }
        let parent = self.parent.as_deref().map(|name| self.above(workspace, name)).transpose()?;
        let apps = self.applications(workspace, parent)?;
        let krate = match (&self.krate, parent) {
            (Some(krate), _) => krate.clone(),
            (None, Some(parent)) => {
                workspace.home(&parent.name.it).map_or_else(|| self.kind.clone(), |home| home.name.clone())
            }
            (None, None) => self.kind.clone(),
        };
        let dir = format!("resources/{krate}");
        let is_new = !workspace.root.join(&dir).exists();
        let mut files = vec![File {
            path: format!("{dir}/definitions/{}.resource.yml", self.kind),
            text: self.definition(workspace, &apps, parent),
        }];
        if is_new {
            files.extend(self.crate_files(&dir, &krate, workspace));
        }
        Ok(Scaffolded { files, krate, is_new, apps })
    }

    fn above<'a>(&self, workspace: &'a Workspace, name: &str) -> Result<&'a Definition, String> {
        let known = workspace.definitions().find(|known| known.newest && known.name.it == name);
        let parent = known.ok_or_else(|| format!("there is no resource `{name}`"))?;
        if parent.storage.is_none() {
            return Err(format!("`{name}` has no storage of its own, so nothing can stand below it"));
        }
        Ok(parent)
    }

    fn applications(&self, workspace: &Workspace, parent: Option<&Definition>) -> Result<Vec<String>, String> {
        if let Some(unknown) = self.apps.iter().find(|app| !workspace.apps.contains_key(*app)) {
            return Err(format!("glue.toml has no application `{unknown}`"));
        }
        if !self.apps.is_empty() {
            return Ok(self.apps.clone());
        }
        if let Some(parent) = parent {
            return Ok(parent.apps.iter().map(|app| app.name.it.clone()).collect());
        }
        let fits = |app: &&String| {
            let identity = workspace.apps.get(*app).and_then(|app| app.identity);
            self.owner.map_or(identity == Some(OwnerKind::Customer), |owner| identity == Some(owner))
        };
        let found = workspace.apps.keys().find(fits).or_else(|| workspace.apps.keys().next_back());
        found.map(|app| vec![app.clone()]).ok_or_else(|| "glue.toml has no application".into())
    }

    fn definition(&self, workspace: &Workspace, apps: &[String], parent: Option<&Definition>) -> String {
        let one = names::singular(&self.kind);
        let (words, word) = (self.kind.replace('-', " "), one.replace('-', " "));
        let mounted: Vec<String> = apps.iter().map(|app| format!("{app}: {{}}")).collect();
        let mut yaml = format!(
            "resource:\n  type: {}\n  summary: {}.\n  apps: {{ {} }}\n",
            self.kind,
            capitalised(&words),
            mounted.join(", ")
        );
        if let Some(parent) = parent {
            let _ = writeln!(yaml, "  parent: {{ resource: {} }}", parent.name.it);
        }
        match self.owner {
            Some(OwnerKind::Customer) => yaml.push_str("  owner: customerReference\n"),
            Some(OwnerKind::User) => yaml.push_str("  owner: { user: userUuid }\n"),
            None => {}
        }
        yaml.push_str("\n  verbs:\n");
        for verb in VerbName::ALL {
            let name = verb.as_str();
            let everybody = if self.owner.is_some() || parent.is_some_and(|parent| parent.owned().is_some()) {
                ", owner: none"
            } else {
                ""
            };
            match self.public.contains(&verb) {
                true => _ = writeln!(yaml, "    {name}: {{ protected: false{everybody} }}"),
                false => _ = writeln!(yaml, "    {name}:"),
            }
        }
        yaml.push_str("\n  attributes:\n");
        self.attributes(&mut yaml);
        let sortable = self.fields.iter().filter(|field| field.kind != "text").map(|field| field.name.as_str());
        let sort: Vec<&str> = sortable.chain(["createdAt"]).collect();
        let _ = write!(yaml, "\n  list: {{ page: {{ default: 20, max: 100 }}, sort: [{}] }}\n", sort.join(", "));
        yaml.push_str(&self.storage(&names::snake(&one)));
        yaml.push_str("\n  errors:\n");
        if let Some(parent) = parent {
            let known = parent.errors.iter().find(|row| row.name.it == "notFound");
            let (code, detail) = known.map_or_else(
                || ("1000".to_owned(), format!("Can't find {}.", parent.singular.replace('-', " "))),
                |row| (row.code.clone(), row.detail.clone()),
            );
            let _ = writeln!(yaml, "    parentNotFound: {{ status: 404, code: \"{code}\", detail: {detail} }}");
        }
        let code = free_codes(workspace).next().unwrap_or_default();
        let _ = writeln!(yaml, "    notFound: {{ status: 404, code: \"{code}\", detail: Can't find {word}. }}");
        yaml
    }

    fn storage(&self, table: &str) -> String {
        let column = match self.owner {
            Some(OwnerKind::Customer) => "fk_customer",
            Some(OwnerKind::User) => "fk_user",
            None => return format!("  storage: {{ table: {table} }}\n"),
        };
        format!("  storage: {{ table: {table}, owner: {{ column: {column}, identifier: surrogate }} }}\n")
    }

    fn attributes(&self, yaml: &mut String) {
        let width =
            self.fields.iter().map(|field| field.name.len()).chain(["createdAt".len()]).max().unwrap_or_default() + 1;
        let mut line = |name: &str, says: &str| {
            let _ = writeln!(yaml, "    {:width$} {{ {says} }}", format!("{name}:"));
        };
        line("uuid", "type: uuid, id: true, access: read");
        for field in &self.fields {
            let mut says = match field.kind.strip_prefix("enum(").and_then(|rest| rest.strip_suffix(')')) {
                Some(words) => format!("type: enum, values: [{}]", words.split(',').collect::<Vec<_>>().join(", ")),
                None => format!("type: {}", field.kind),
            };
            says.push_str(if field.is_required { ", required: true" } else { ", nullable: true" });
            if field.kind == "string" {
                says.push_str(", max: 255");
            }
            line(&field.name, &says);
        }
        line("createdAt", "type: datetime, access: read");
        line("updatedAt", "type: datetime, access: read");
    }

    /// The crate around the first definition: its manifest, its root and the fixture of its tests.
    pub(crate) fn crate_files(&self, dir: &str, krate: &str, workspace: &Workspace) -> Vec<File> {
        let is_team = workspace.domains.iter().any(Domain::is_foreign);
        let (kit, folders) = match is_team {
            true => (
                "glue-app.workspace = true\n",
                "\n    const MIGRATIONS: &'static [&'static str] = &[glue_app::schema::SQLITE, \"../../migrations/sqlite\"];\n",
            ),
            false => ("", ""),
        };
        let words = self.kind.replace('-', " ");
        let file = |path: &str, text: String| File { path: format!("{dir}/{path}"), text };
        vec![
            file("Cargo.toml", MANIFEST.replace("{name}", krate).replace("{words}", &words).replace("{kit}", kit)),
            file(
                "README.md",
                format!("# {krate}\n\n{}: what clients see of them is in `definitions/`.\n", capitalised(&words)),
            ),
            file("src/lib.rs", ROOT.to_owned()),
            file("tests/it/main.rs", TESTS.to_owned()),
            file("tests/it/fixture.rs", FIXTURE.replace("{folders}", folders)),
            file("tests/it/rows.sql", if self.owner == Some(OwnerKind::User) { USERS } else { CUSTOMERS }.to_owned()),
        ]
    }
}

fn capitalised(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + characters.as_str())
}

/// The codes that no row of the workspace has.
pub(crate) fn free_codes(workspace: &Workspace) -> impl Iterator<Item = String> {
    let rows = workspace.definitions().flat_map(|known| &known.errors);
    let used: BTreeSet<String> = rows.map(|row| row.code.clone()).collect();
    (FIRST_CODE..).map(|code| code.to_string()).filter(move |code| !used.contains(code))
}

/// The framework's own codes are below.
const FIRST_CODE: u32 = 10_001;

const MANIFEST: &str = r#"[package]
name = "{name}"
description = "The domain of {words}."
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true

[lints]
workspace = true

[dependencies]
actix-web.workspace = true
diesel.workspace = true
glue-core.workspace = true
serde.workspace = true
time.workspace = true
utoipa.workspace = true

[dev-dependencies]
{kit}glue-core = { workspace = true, features = ["testing"] }
"#;

const ROOT: &str = "#![doc = include_str!(\"../README.md\")]\n\npub mod generated;\n";

const TESTS: &str = r#"//! What the definitions of this crate promise, and what its own behaviour does.

#[cfg(test)]
#[path = "../generated/contract.rs"]
mod contract;
#[cfg(test)]
mod fixture;
"#;

const FIXTURE: &str = r#"//! The applications, the rows and the callers of this crate's tests.

use glue_core::testing::contract::{self, Mounted};

use crate::contract::APPLICATIONS;

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    const APPLICATIONS: &'static [Mounted] = APPLICATIONS;
{folders}
    const ROWS: &'static str = include_str!("rows.sql");
}
"#;

const CUSTOMERS: &str = "-- Two customers: the owner of what the tests make, and a stranger.
INSERT INTO spy_customer (id_customer, customer_reference, email, email_key, created_at, updated_at) VALUES
    (1, 'DE--1', 'one@example.com', 'one@example.com', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'),
    (2, 'DE--2', 'two@example.com', 'two@example.com', '2026-01-02 00:00:00.000000', '2026-01-02 00:00:00.000000');
";

const USERS: &str = "-- Two back-office users: the owner of what the tests make, and a stranger.
INSERT INTO spy_user (id_user, uuid, username, username_key, password, status, is_agent, is_warehouse_user, created_at, updated_at) VALUES
    (1, 'user-1', 'one@example.com', 'one@example.com', '', 'active', FALSE, FALSE, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'),
    (2, 'user-2', 'two@example.com', 'two@example.com', '', 'active', FALSE, FALSE, '2026-01-02 00:00:00.000000', '2026-01-02 00:00:00.000000');
";
