//! Small workspaces in temporary folders.

use std::fs;
use std::path::{Path, PathBuf};

use glue_codegen::check;
use glue_codegen::diagnostic::{Problem, Problems};
use glue_codegen::output::{self, Edits, Plan};
use glue_codegen::render::{self, File};
use glue_codegen::workspace::Workspace;
use tempfile::TempDir;

/// The root of this repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace").to_owned()
}

/// A workspace with two applications and the definitions that a test writes.
pub(crate) struct Project(TempDir);

impl Project {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let manifest = "[applications.storefront]\ncrate = \"resources/storefront\"\nidentity = \"customer\"\n[applications.storefront.scopes]\ncustomer = \"Customers.\"\n\
                        [applications.backend]\ncrate = \"resources/backend\"\nidentity = \"user\"\n[applications.backend.scopes]\nuser = \"Users.\"\n";
        fs::write(folder.path().join("glue.toml"), manifest).expect("a writable folder");
        Self(folder)
    }

    /// A copy of this repository's definitions.
    pub(crate) fn of_this_repository() -> Self {
        let project = Self::new();
        fs::copy(repository().join("glue.toml"), project.root().join("glue.toml")).expect("glue.toml");
        for domain in [
            "glue-auth/auth-rest-api",
            "glue-auth/multi-factor-auth",
            "resources/customers",
            "resources/stores",
            "resources/wishlists",
        ] {
            for entry in fs::read_dir(repository().join(domain).join("definitions")).expect("definitions") {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                project
                    .write(&format!("{domain}/definitions/{name}"), &fs::read_to_string(&path).expect("a definition"));
            }
        }
        project
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let place = self.root().join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a writable folder");
        fs::write(place, text).expect("a writable folder");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).expect(path)
    }

    pub(crate) fn define(&self, yaml: &str) {
        let kind = yaml.lines().find_map(|line| line.trim().strip_prefix("type: "));
        let kind = kind.map(|kind| kind.split([' ', '#']).next().unwrap_or(kind)).unwrap_or("things");
        let plain = kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let kind = if plain { kind } else { "things" };
        self.write(&format!("resources/things/definitions/{kind}.resource.yml"), yaml);
    }

    pub(crate) fn workspace(&self) -> (Workspace, Problems) {
        let mut problems = Problems::default();
        let workspace = Workspace::read(self.root(), &mut problems).expect("a readable workspace");
        check::check(&workspace, &mut problems);
        (workspace, problems)
    }

    pub(crate) fn problems(&self) -> Vec<Problem> {
        self.workspace().1.sorted()
    }

    pub(crate) fn files(&self) -> Vec<File> {
        let (workspace, problems) = self.workspace();
        let text: Vec<String> = problems.sorted().iter().map(ToString::to_string).collect();
        render::render(&workspace)
            .unwrap_or_else(|defect| panic!("{}: {}\n{}", defect.path, defect.reason, text.join("\n")))
    }

    pub(crate) fn plan(&self) -> Plan {
        let drafts = render::drafts(&self.workspace().0).expect("templates");
        output::plan(self.root(), drafts, Edits::Kept).expect("a readable folder")
    }

    pub(crate) fn generate(&self) -> Plan {
        let plan = self.plan();
        plan.apply(self.root()).expect("a writable folder");
        plan
    }
}
