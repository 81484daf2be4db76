//! Who may call what, and what has a reason.

use std::ops::Range;

use crate::definition::{AppUse, Definition, Flag, OwnerRule, VerbName, VerbUse};
use crate::diagnostic::{Code, Problem, Problems};
use crate::ownership::{self, Evidence};
use crate::rows::{self, FactorCode, Row};

/// Checks each verb, in each way in which applications mount it.
pub(super) fn check(definition: &Definition, problems: &mut Problems) {
    for (verb, apps) in rows::ways(definition).into_iter().filter(|(verb, _)| !verb.broken) {
        Way { definition, verb, apps }.check(problems);
    }
    for app in definition.apps.iter().filter(|app| app.api_key && definition.action_of.is_none()) {
        let mut rows = rows::of(definition).into_iter().filter(|row| row.app == app.name.it).peekable();
        if rows.peek().is_some() && rows.all(|row| !row.api_key) {
            let message =
                format!("the {} takes API keys, but no verb needs a token that one could stand in for", app.name.it);
            let problem = Problem::new(Code::UselessKey, &definition.source, app.name.span.clone(), message);
            problems.add(problem.help("remove `apiKey: true`"));
        }
    }
    for verb in definition.verbs.iter().filter(|verb| !verb.broken) {
        unmounted(definition, verb, problems);
    }
}

/// What a verb asks where it is not.
fn unmounted(definition: &Definition, verb: &VerbUse, problems: &mut Problems) {
    for only in verb.in_apps.iter().flat_map(|way| way.only.iter().flatten()) {
        if definition.apps.iter().any(|app| app.name.it == only.it && !rows::mounts(app, verb)) {
            let message = format!("the {} has no `{}`", only.it, verb.verb.as_str());
            let problem = Problem::new(Code::Unmounted, &definition.source, only.span.clone(), message);
            problems.add(problem.help("remove this, or let the application have the verb"));
        }
    }
}

/// A verb as some applications mount it.
struct Way<'a> {
    definition: &'a Definition,
    verb: &'a VerbUse,
    apps: Vec<&'a AppUse>,
}

impl Way<'_> {
    fn check(&self, problems: &mut Problems) {
        let before = problems.errors();
        if self.verb.verb.writes() && self.definition.owned().is_some() {
            self.owned_write(problems);
        }
        let refused = problems.errors() > before;
        self.api_key(problems);
        self.cache(problems);
        let waived = self.waived(problems);
        let unchecked = self.unchecked(problems);
        let open = self.verb.protected.it.is_open();
        if open && self.verb.verb.writes() && self.verb.because.is_none() && !refused {
            let name = self.name();
            let how = if self.verb.protected.it == Flag::Public { "is public" } else { "lets strangers in" };
            let message = format!("`{name}` {how} and changes something");
            let problem = self.problem(Code::PublicWrite, self.verb.protected.span.clone(), message);
            problems.add(problem.label("needs a reason").help("say why, beside the flag: `because: …`"));
        }
        if matches!(self.verb.protected.it, Flag::Public | Flag::Agent | Flag::Client) {
            self.no_token(problems);
        }
        if self.verb.protected.it == Flag::Public {
            // Whatever it gives away was said above.
        } else if let Some(because) = self.verb.because.as_ref().filter(|_| !waived && !unchecked && !self.is_open()) {
            let how = match self.verb.protected.it {
                Flag::Agent => "asks for an agent",
                Flag::Client => "asks who the client is",
                Flag::Protected | Flag::Optional | Flag::Public => "is protected",
            };
            let message = format!("`{}` {how}, so there is nothing to justify", self.name());
            let problem = self.problem(Code::NeedlessBecause, because.span.clone(), message);
            problems.add(problem.label("remove this"));
        }
    }

    /// Whether somebody comes in without a token of one's own.
    fn is_open(&self) -> bool {
        self.verb.protected.it == Flag::Optional || self.rows().any(|row| row.api_key || row.is_everybodys)
    }

    /// Answers that are somebody's own are kept by nobody else.
    fn cache(&self, problems: &mut Problems) {
        let Some(cache) = &self.verb.cache else { return };
        let refuse = |code: Code, message: String, help: &str, problems: &mut Problems| {
            problems.add(self.problem(code, cache.span.clone(), message).help(help.to_owned()));
        };
        if self.definition.no_store {
            let message = format!("answers of `{}` are never kept", self.definition.name.it);
            refuse(Code::BadLifetime, message, "remove `cache`, or `noStore: true` of the resource", problems);
        }
        let owned = self.definition.owned().is_some() && self.verb.owner != OwnerRule::None;
        if cache.shared && (self.verb.protected.it != Flag::Public || self.verb.guest || owned) {
            let message =
                format!("`{}` answers somebody in particular, and shared caches would answer everybody", self.name());
            refuse(Code::SharedAnswers, message, "remove `shared: true`: the caller's own cache keeps it", problems);
        }
    }

    /// The verb, or the action.
    fn name(&self) -> &str {
        self.definition.action_of.as_ref().map_or(self.verb.verb.as_str(), |of| &of.action.name.it)
    }

    fn problem(&self, code: Code, span: Range<usize>, message: String) -> Problem {
        Problem::new(code, &self.definition.source, span, message)
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        rows::of(self.definition).into_iter().filter(|row| std::ptr::eq(row.verb, self.verb))
    }

    /// Where no caller's token is needed, none is looked at for scopes, and nobody's rows can be told from others.
    fn no_token(&self, problems: &mut Problems) {
        let (verb, name, source) = (self.verb, self.name(), &self.definition.source);
        let flag = || verb.protected.span.clone();
        let how = match verb.protected.it {
            Flag::Agent => "of agents",
            Flag::Client => "of clients",
            Flag::Public | Flag::Optional | Flag::Protected => "public",
        };
        if let Some(scope) = verb.scopes.iter().flatten().next() {
            let message = format!("`{name}` is {how} but asks for a scope");
            let problem = self.problem(Code::PublicScope, scope.span.clone(), message);
            problems.add(problem.label("scope can never be checked").other(source, flag(), format!("{how} here")));
        }
        let scoped = |app: &&AppUse| Some((app.name.it.clone(), app.scopes.as_ref()?.first()?.span.clone()));
        for (app, scope) in self.apps.iter().filter(|_| verb.scopes.is_none()).filter_map(scoped) {
            let problem =
                self.problem(Code::PublicScope, scope, format!("the {app} asks for a scope, but `{name}` is {how}"));
            let problem = problem.label("scope can never be checked").other(source, flag(), format!("{how} here"));
            problems.add(problem.help(format!(
                "protect it there, `{name}: {{ in: {{ {app}: {{ protected: true }} }} }}`, or leave it out: `only: […]`"
            )));
        }
        let reads = !verb.verb.writes() && verb.owner != OwnerRule::None;
        if let Some(owned) = self.definition.owned().filter(|_| reads) {
            let message = format!("`{name}` is {how}, but its rows belong to `{}`", owned.attribute);
            let problem = self.problem(Code::PublicOwned, flag(), message).warning();
            let problem =
                problem.label("a caller without a token owns nothing").other(source, owned.span, "owned here");
            problems.add(problem.help(format!("to publish every row: `{name}: {{ protected: false, owner: none }}`")));
        }
    }

    /// Some of an application's scopes, or none, open a verb to more tokens than the application says: that has a reason.
    fn waived(&self, problems: &mut Problems) -> bool {
        let Some(own) = &self.verb.scopes else { return false };
        // In one application a verb asks instead of what it asks elsewhere, not of what the application would.
        let elsewhere = self.definition.verbs.iter().find(|verb| verb.verb == self.verb.verb);
        let elsewhere = elsewhere.filter(|verb| !std::ptr::eq(*verb, self.verb)).and_then(|verb| verb.scopes.as_ref());
        let missing = |app: &&AppUse| {
            let asked = elsewhere.or(app.scopes.as_ref()).map(Vec::as_slice).unwrap_or_default();
            asked.iter().find(|scope| !own.iter().any(|mine| mine.it == scope.it)).cloned()
        };
        let Some(scope) = self.apps.iter().find_map(missing) else { return false };
        // A layer has reasons of its own.
        if self.rows().any(|row| row.because().is_none()) {
            let message = format!("`{}` does not ask for `{}`, which is asked for otherwise", self.name(), scope.it);
            let problem = self.problem(Code::Loosened, self.verb.span.clone(), message);
            let problem = problem.label("looser here").other(&self.definition.source, scope.span.clone(), "than here");
            problems.add(problem.help("say why: `because: …`"));
        }
        true
    }

    /// Rows that belong to somebody are tried by somebody else. Where no test could see whose they are, a person has said
    /// that nothing is tested, and why.
    fn unchecked(&self, problems: &mut Problems) -> bool {
        let (definition, name) = (self.definition, self.name());
        let owned = self.rows().find(|row| row.owner.is_some());
        if let OwnerRule::Unchecked(span) = &self.verb.owner {
            if owned.is_none() {
                let message = format!("the rows of `{name}` belong to nobody, so there is nothing to check");
                problems.add(self.problem(Code::Unchecked, span.clone(), message).help("remove it"));
            } else if self.verb.because.is_none() {
                let message = format!("no test shows whose rows `{name}` reaches");
                let problem = self.problem(Code::Unchecked, span.clone(), message).label("needs a reason");
                problems.add(problem.help("say why none can: `because: …`"));
            }
            return true;
        }
        // Which errors there are is not known of a file that has mistakes.
        let Some(row) = owned.filter(|_| !definition.broken) else { return false };
        match ownership::evidence(definition, &row) {
            Evidence::None => {
                let message = format!("no test can show whose rows `{name}` reaches");
                let problem = self.problem(Code::Unchecked, self.verb.span.clone(), message);
                let problem = problem.label("its path names no row, and nothing reads what it does");
                problems.add(problem.help(format!("say so: `{name}: {{ owner: unchecked, because: … }}`")));
            }
            Evidence::Hidden if ownership::refusal(definition).is_none() => {
                let message = format!("nothing says what others read where `{name}` hides a row from them");
                let problem = self.problem(Code::MissingError, self.verb.span.clone(), message);
                problems.add(problem.help("under `errors:`: `notFound: { status: 404, code: \"…\", detail: … }`"));
            }
            Evidence::Hidden | Evidence::Unlisted | Evidence::Elsewhere => {}
        }
        false
    }

    /// A key is nobody: it stands in for a token, and it owns nothing.
    fn api_key(&self, problems: &mut Problems) {
        let keyed: Vec<_> = self.rows().filter(|row| row.api_key).collect();
        let mut refuse = |why: &str| {
            let message = format!("`{}` takes API keys, {why}", self.name());
            problems.add(self.problem(Code::UselessKey, self.verb.span.clone(), message));
        };
        if self.verb.api_key == Some(true) && self.verb.protected.it != Flag::Protected {
            refuse("but needs no token that one could stand in for");
        }
        if keyed.iter().any(|row| row.factor_code != FactorCode::None) {
            refuse("but asks for a second factor, which a key has not");
        }
        if keyed.iter().any(|row| row.owner.is_some()) {
            refuse("but its rows belong to somebody, and a key is nobody");
        }
    }

    /// Rows of an owned resource are written by known callers: by their owner, or in an application that leaves ownership
    /// out, by whoever has a scope for that. A new row has an owner.
    fn owned_write(&self, problems: &mut Problems) {
        let (definition, verb, name) = (self.definition, self.verb, self.name());
        let mut refuse = |span: Range<usize>, why: &str, help: &str| {
            let problem = self.problem(Code::UnownedWrite, span, format!("`{name}` writes owned rows, {why}"));
            problems.add(problem.help(help.to_owned()));
        };
        let kept = "owned rows are written by protected verbs, in applications that keep ownership";
        if verb.protected.it != Flag::Protected {
            refuse(verb.protected.span.clone(), "so its caller has to be known", kept);
        }
        let makes = verb.verb == VerbName::Post && definition.action_of.is_none() && definition.owner.is_some();
        if verb.owner == OwnerRule::None && makes {
            refuse(verb.span.clone(), "so ownership cannot be left out", kept);
        }
        let left_out = |app: &&&AppUse| definition.owned().is_some_and(|owned| owned.is_left_out(app));
        for app in self.apps.iter().filter(left_out).filter(|_| makes) {
            refuse(app.name.span.clone(), "but this application leaves ownership out", kept);
        }
        let everybodys = || self.rows().filter(|row| row.owner.is_none() && !makes);
        if verb.protected.it == Flag::Protected && everybodys().any(|row| row.scopes.is_empty()) {
            let why = "and every token would do, whosever they are";
            refuse(verb.span.clone(), why, "name scopes of those who may, at the application or at the verb");
        }
        if everybodys().any(|row| row.api_key) {
            let why = "and an API key, which has no scope, would do";
            refuse(verb.span.clone(), why, "say `apiKey: false` at the verb");
        }
    }
}
