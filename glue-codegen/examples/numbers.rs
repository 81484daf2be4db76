//! How the generator grows: `cargo run --release -p glue-codegen --example numbers`.
//!
//! Workspaces of 10, 50, 200 and 1,000 resources, ten to a crate, are checked, generated, checked for drift and generated
//! again. Times are of one run each, in milliseconds.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;
use std::{fs, io};

use glue_codegen::check;
use glue_codegen::diagnostic::Problems;
use glue_codegen::output::{self, Edits};
use glue_codegen::render;
use glue_codegen::workspace::Workspace;

const TO_A_CRATE: usize = 10;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = io::stdout();
    writeln!(out, "resources  routes  lines generated  check  generate  drift  again  files changed again")?;
    for count in [10, 50, 200, 1_000] {
        let folder = tempfile::tempdir()?;
        write(folder.path(), count)?;
        let (check, workspace) = timed(|| read(folder.path()));
        let workspace = workspace?;
        let (generate, plan) = timed(|| plan(&workspace));
        let plan = plan?;
        let lines: usize = plan.writes.iter().map(|(file, _)| file.text.lines().count()).sum();
        let (written, applied) = timed(|| plan.apply(folder.path()));
        applied?;
        let (drift, found) = timed(|| plan_of(folder.path()));
        let (again, second) = timed(|| plan_of(folder.path()));
        let changed = found?.writes.len() + second?.writes.len();
        let routes = glue_codegen::rows::all(&workspace).len();
        let generate = generate + written;
        writeln!(
            out,
            "{count:>9} {routes:>7} {lines:>16} {check:>6} {generate:>9} {drift:>6} {again:>6} {changed:>20}"
        )?;
    }
    Ok(())
}

fn timed<T>(of: impl FnOnce() -> T) -> (u128, T) {
    let start = Instant::now();
    let done = of();
    (start.elapsed().as_millis(), done)
}

fn read(root: &Path) -> Result<Workspace, String> {
    let mut problems = Problems::default();
    let workspace = Workspace::read(root, &mut problems).map_err(|error| error.0)?;
    check::check(&workspace, &mut problems);
    match problems.sorted().first() {
        Some(problem) => Err(problem.to_string()),
        None => Ok(workspace),
    }
}

fn plan(workspace: &Workspace) -> Result<output::Plan, String> {
    let drafts = render::drafts(workspace).map_err(|error| error.reason)?;
    output::plan(&workspace.root, drafts, Edits::Kept).map_err(|_| "no plan".to_owned())
}

fn plan_of(root: &Path) -> Result<output::Plan, String> {
    plan(&read(root)?)
}

fn write(root: &Path, count: usize) -> io::Result<()> {
    fs::write(
        root.join("glue.toml"),
        "[applications.storefront]\ncrate = \"resources/storefront\"\nidentity = \"customer\"\n",
    )?;
    for number in 0..count {
        let definitions = root.join(format!("resources/domain-{}/definitions", number / TO_A_CRATE));
        fs::create_dir_all(&definitions)?;
        let text = format!(
            "resource:
  type: things-of-{number}
  summary: Things.
  apps: {{ storefront: {{}} }}
  owner: customerReference
  entityTag: offered
  verbs: {{ list: , get: , post: , patch: , delete: }}
  attributes:
    uuid:      {{ type: uuid, id: true, access: read }}
    name:      {{ type: string, required: [post, patch], max: 255 }}
    rating:    {{ type: int, nullable: true, min: 1, max: 5 }}
    state:     {{ type: enum, values: [new, done], default: new }}
    createdAt: {{ type: datetime, access: read }}
    updatedAt: {{ type: datetime, access: read }}
  list: {{ sort: [name, createdAt], filter: [state] }}
  storage: {{ table: thing_{number}, owner: {{ column: fk_customer, identifier: surrogate }} }}
  errors:
    notFound: {{ status: 404, code: \"{}\", detail: Not there. }}
",
            20_000 + number
        );
        fs::write(definitions.join(format!("things-of-{number}.resource.yml")), text)?;
    }
    Ok(())
}
