//! The floors of ARCHITECTURE.md: which modules of a crate may import which, read from its tables and asked of its code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::project::repository;
use crate::workspace::production;

/// The crates with floors, and where they are.
const HOUSES: [(&str, &str); 3] =
    [("glue-core", "glue-core"), ("oauth", "glue-auth/oauth"), ("glue-codegen", "glue-codegen")];

/// The longest function, in lines from its name to its last brace.
const LONGEST_FUNCTION: usize = 60;

/// The floors of a crate from the ground up, as the table under its heading says: `| 1 | `clock`, `identity` | … |`.
fn floors(architecture: &str, krate: &str) -> Vec<Vec<String>> {
    let heading = format!("### Floors of `{krate}`");
    let section = architecture.split(&heading).nth(1).unwrap_or_else(|| panic!("ARCHITECTURE.md has no {heading:?}"));
    let section = section.split("\n#").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    rows.map(|row| {
        let modules = row.split('|').nth(2).expect("modules");
        modules.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    })
    .collect()
}

/// A name that leads somewhere in its crate: `["crate", "error", "codes"]`.
type Names = Vec<String>;

/// Every path in a piece of code, imports taken apart. Those of `pub use` stand apart: they are doors, not needs.
#[derive(Default)]
struct Paths {
    used: Vec<Names>,
    doors: Vec<Names>,
    modules: BTreeSet<String>,
    macros: BTreeSet<String>,
}

impl Paths {
    fn of(source: &str) -> Self {
        let mut paths = Self::default();
        paths.read(source.parse().expect("Rust"));
        paths
    }

    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        let mut opened = false;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Ident(word) => {
                    let word = word.to_string();
                    match (word.as_str(), tokens.get(at + 1)) {
                        ("pub", next) => {
                            opened = true;
                            // `pub(crate)`.
                            let scope =
                                matches!(next, Some(TokenTree::Group(of)) if of.delimiter() == Delimiter::Parenthesis);
                            at += 1 + usize::from(scope);
                            continue;
                        }
                        ("mod", Some(TokenTree::Ident(name))) => {
                            self.modules.insert(name.to_string());
                        }
                        ("macro_rules", Some(_)) => {
                            if let Some(TokenTree::Ident(name)) = tokens.get(at + 2) {
                                self.macros.insert(name.to_string());
                            }
                            // What its body names is of whoever calls it.
                            at += 4;
                            continue;
                        }
                        ("use", Some(_)) => {
                            let into = if opened { &mut self.doors } else { &mut self.used };
                            at = tree(&tokens, at + 1, &[], into);
                            opened = false;
                            continue;
                        }
                        (_, Some(TokenTree::Punct(colon)))
                            if colon.as_char() == ':' && follows_nothing(&tokens, at) =>
                        {
                            at = tree(&tokens, at, &[], &mut self.used);
                            opened = false;
                            continue;
                        }
                        _ => {}
                    }
                    opened = false;
                }
                TokenTree::Group(group) => self.read(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => opened = false,
            }
            at += 1;
        }
    }
}

/// Whether a path begins here: nothing with `::` stands in front.
fn follows_nothing(tokens: &[TokenTree], at: usize) -> bool {
    !matches!(at.checked_sub(1).and_then(|before| tokens.get(before)), Some(TokenTree::Punct(colon)) if colon.as_char() == ':')
}

/// Reads one path or tree of paths from `at` on, and says where it ends.
fn tree(tokens: &[TokenTree], mut at: usize, before: &[String], into: &mut Vec<Names>) -> usize {
    let mut names = before.to_vec();
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(name)) => names.push(name.to_string()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace && names.len() > before.len() => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in inner.split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',')) {
                    if !part.is_empty() {
                        tree(part, 0, &names, into);
                    }
                }
                return at + 1;
            }
            _ => break,
        }
        let colons = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(colon)) if colon.as_char() == ':');
        at += 1;
        if !(colons(at) && colons(at + 1)) {
            break;
        }
        at += 2;
    }
    if names.last().is_some_and(|name| name == "self") {
        names.pop();
    }
    into.push(names);
    at
}

/// The modules of one crate and the files that hold them.
struct House {
    /// Module, `error::codes` say, and its paths; the crate's root is the empty text.
    modules: BTreeMap<String, Paths>,
}

impl House {
    fn read(folder: &Path) -> Self {
        let mut modules = BTreeMap::new();
        let mut open = vec![folder.join("src")];
        while let Some(folder_or_file) = open.pop() {
            if folder_or_file.is_dir() {
                open.extend(
                    fs::read_dir(&folder_or_file).expect("a folder").map(|entry| entry.expect("an entry").path()),
                );
            } else if folder_or_file.extension().is_some_and(|extension| extension == "rs") {
                let inside = folder_or_file.strip_prefix(folder.join("src")).expect("inside").with_extension("");
                let name: Vec<String> =
                    inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
                let name = if name == ["lib"] { String::new() } else { name.join("::") };
                modules.insert(name, Paths::of(&fs::read_to_string(folder_or_file).expect("a source")));
            }
        }
        modules.remove("main");
        Self { modules }
    }

    /// The module that a path of `from` leads to, through the doors of others. `None` when it leaves the crate.
    fn target(&self, from: &str, names: &[String]) -> Option<String> {
        let (first, rest) = names.split_first()?;
        let mut at: Vec<&str> = from.split("::").filter(|part| !part.is_empty()).collect();
        let mut rest = rest;
        match first.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => {
                at.pop();
                while let Some(("super", more)) = rest.split_first().map(|(name, more)| (name.as_str(), more)) {
                    at.pop();
                    rest = more;
                }
            }
            own if self.modules.get(from)?.modules.contains(own) => at.push(own),
            _ => return None,
        }
        let mut module = at.join("::");
        while let Some((name, more)) = rest.split_first() {
            let child = if module.is_empty() { name.clone() } else { format!("{module}::{name}") };
            if self.modules.contains_key(&child) {
                (module, rest) = (child, more);
                continue;
            }
            let door = self.modules.get(&module)?.doors.iter().find(|door| door.last() == Some(name));
            if let Some(door) = door.filter(|door| door.as_slice() != names) {
                return self.target(&module, door).or(Some(module));
            }
            let declared = |(_, paths): &(&String, &Paths)| module.is_empty() && paths.macros.contains(name);
            return self.modules.iter().find(declared).map(|(place, _)| place.clone()).or(Some(module));
        }
        Some(module)
    }

    /// Module → what it imports of its own crate.
    fn imports(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let of = |(module, paths): (&'_ String, &Paths)| {
            let targets = paths.used.iter().filter_map(|names| self.target(module, names));
            targets.filter(|target| target != module && !target.is_empty()).collect::<BTreeSet<_>>()
        };
        self.modules.iter().filter(|(module, _)| !module.is_empty()).map(|at| (at.0.as_str(), of(at))).collect()
    }
}

/// The room on a floor that a module belongs to.
fn room(module: &str) -> &str {
    module.split("::").next().unwrap_or(module)
}

/// A way from a module back to itself, when there is one.
fn circle(imports: &BTreeMap<&str, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk(
        at: &str,
        imports: &BTreeMap<&str, BTreeSet<String>>,
        way: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = way.iter().position(|module| module == at) {
            return Some(way[start..].to_vec());
        }
        if done.contains(at) {
            return None;
        }
        way.push(at.to_owned());
        for next in imports.get(at).into_iter().flatten() {
            if let Some(found) = walk(next, imports, way, done) {
                return Some(found);
            }
        }
        way.pop();
        done.insert(at.to_owned());
        None
    }
    let mut done = BTreeSet::new();
    imports.keys().find_map(|module| walk(module, imports, &mut Vec::new(), &mut done))
}

#[test]
fn no_module_imports_from_its_own_floor_or_above() {
    let architecture = fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for (krate, folder) in HOUSES {
        let house = House::read(&repository().join(folder));
        let floors = floors(&architecture, krate);
        let mut floor_of: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, rooms) in floors.iter().enumerate() {
            println!("{krate} {:>2}  {}", number + 1, rooms.join(" · "));
            for room in rooms {
                assert!(floor_of.insert(room, number).is_none(), "{krate}: `{room}` stands on two floors");
            }
        }
        let rooms: BTreeSet<&str> =
            house.modules.keys().filter(|name| !name.is_empty()).map(|name| room(name)).collect();
        assert_eq!(rooms, floor_of.keys().copied().collect(), "{krate}: its modules, and those that have a floor");
        let imports = house.imports();
        assert!(imports.values().map(BTreeSet::len).sum::<usize>() > rooms.len(), "{krate}: hardly an import was read");
        for (module, targets) in &imports {
            for target in targets.iter().filter(|target| room(target) != room(module)) {
                assert!(
                    floor_of[room(target)] < floor_of[room(module)],
                    "{krate}: `{module}` on floor {} imports `{target}` on floor {}",
                    floor_of[room(module)] + 1,
                    floor_of[room(target)] + 1,
                );
            }
        }
    }
}

#[test]
fn no_module_leads_back_to_itself() {
    let mut folders: Vec<PathBuf> = Vec::new();
    for place in ["glue-core", "glue-codegen"] {
        folders.push(repository().join(place));
    }
    for place in ["glue-auth", "resources"] {
        let crates =
            fs::read_dir(repository().join(place)).expect("a folder").map(|entry| entry.expect("an entry").path());
        folders.extend(crates.filter(|folder| folder.join("Cargo.toml").exists()));
    }
    for folder in folders {
        let house = House::read(&folder);
        let found = circle(&house.imports());
        assert_eq!(found, None, "{}: a circle of modules", folder.display());
    }
}

/// The functions of items, by name, with their lines; those inside of a function belong to it.
fn functions(items: &[syn::Item], found: &mut Vec<(String, usize)>) {
    let lines = |signature: &syn::Signature, block: &syn::Block| {
        let (start, end) = (signature.fn_token.span.start().line, block.brace_token.span.close().end().line);
        (signature.ident.to_string(), end - start + 1)
    };
    for item in items {
        if let syn::Item::Fn(function) = item {
            found.push(lines(&function.sig, &function.block));
        } else if let syn::Item::Impl(of) = item {
            let methods =
                of.items.iter().filter_map(|item| if let syn::ImplItem::Fn(of) = item { Some(of) } else { None });
            found.extend(methods.map(|method| lines(&method.sig, &method.block)));
        } else if let syn::Item::Trait(of) = item {
            let methods =
                of.items.iter().filter_map(|item| if let syn::TraitItem::Fn(of) = item { Some(of) } else { None });
            found.extend(methods.filter_map(|method| Some(lines(&method.sig, method.default.as_ref()?))));
        } else if let syn::Item::Mod(syn::ItemMod { content: Some((_, items)), .. }) = item {
            functions(items, found);
        }
    }
}

#[test]
fn functions_fit_on_a_screen() {
    let mut longest = (0, String::new());
    for (path, text) in production() {
        let mut found = Vec::new();
        functions(&syn::parse_file(&text).expect("Rust").items, &mut found);
        for (name, lines) in found {
            assert!(lines <= LONGEST_FUNCTION, "{path}: `{name}` has {lines} lines");
            longest = longest.max((lines, format!("{path}: {name}")));
        }
    }
    println!("the longest function: {longest:?}");
    assert!(longest.0 > 20, "hardly a function was read");
}
