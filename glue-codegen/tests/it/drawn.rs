//! Definitions drawn from the whole grammar, most of them legal: what is accepted renders, and a check of this repository
//! writes it down as a crate, compiles that without a warning and runs its contract tests on SQLite.

mod grammar;
mod shop;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use glue_codegen::diagnostic::{Problem, Severity};
use grammar::{Draw, Drawn};

use crate::project::Project;

/// A definition, and what is said of it.
type Refused = (Drawn, Vec<Problem>);

/// The definitions of a seed that are accepted, beside each other; what is refused is left out.
fn accepted(seed: u64, wanted: usize) -> (Project, Vec<Drawn>, Vec<Refused>) {
    let project = Project::of_this_repository();
    let (mut draw, mut taken, mut kept, mut refused) = (Draw::new(seed), BTreeSet::new(), Vec::new(), Vec::new());
    while kept.len() < wanted {
        for drawn in grammar::family(&mut draw, &mut taken) {
            let place = drawn.place();
            let before = fs::read_to_string(project.root().join(&place)).ok();
            project.write(&place, &drawn.text);
            let problems = project.problems();
            if problems.iter().all(|problem| problem.severity == Severity::Warning) {
                kept.retain(|known: &Drawn| known.file != drawn.file);
                kept.push(drawn);
                continue;
            }
            match before {
                Some(text) => project.write(&place, &text),
                None => fs::remove_file(project.root().join(place)).expect("a file"),
            }
            refused.push((drawn, problems));
            // What stands below it has nothing to stand below.
            break;
        }
        assert!(refused.len() < 20 * wanted, "nothing is accepted");
    }
    (project, kept, refused)
}

/// Most of what is drawn is legal, every refusal says where, and what is accepted renders.
#[test]
fn what_is_drawn_is_refused_or_renders() {
    let (project, kept, refused) = accepted(1, 40);
    assert!(kept.len() > refused.len(), "{} of {} are refused", refused.len(), refused.len() + kept.len());
    for (drawn, problems) in &refused {
        assert!(problems.iter().all(|problem| problem.place().contains(".resource.yml:")), "{}", drawn.text);
    }
    assert!(project.files().len() > kept.len());
}

/// Writes `GLUE_DRAWN_COUNT` definitions of the seed `GLUE_DRAWN_SEED` into the folder `GLUE_DRAWN`, as a crate.
#[test]
#[expect(clippy::disallowed_methods, reason = "a check of this repository says where to write")]
fn what_is_drawn_can_be_written_down() {
    let said = |name: &str| std::env::var(name).ok();
    let number = |name: &str, usual: u64| said(name).map_or(usual, |text| text.parse().expect("a number"));
    let wanted = usize::try_from(number("GLUE_DRAWN_COUNT", 10)).expect("a few");
    let (project, kept, refused) = accepted(number("GLUE_DRAWN_SEED", 2), wanted);
    let files = shop::crate_of(&project.workspace().0);
    assert!(files.iter().any(|(path, text)| path == "tests/it/fixture.rs" && text.contains("CREATE TABLE")));
    let Some(target) = said("GLUE_DRAWN") else { return };
    let definitions = kept.iter().map(|drawn| (format!("definitions/{}", drawn.file), drawn.text.clone()));
    for (path, text) in files.into_iter().chain(definitions) {
        let place = Path::new(&target).join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        fs::write(place, text).expect("a file");
    }
    println!("{} accepted, {} refused", kept.len(), refused.len());
    for (drawn, problems) in refused {
        println!("{}: {}", drawn.file, problems.first().map(ToString::to_string).unwrap_or_default());
    }
}
