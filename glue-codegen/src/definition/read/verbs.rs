//! The verbs of a definition.

use super::super::fields::{Fields, is_sentence, words};
use super::super::{At, CacheUse, DeprecatedUse, Flag, OwnerRule, StateGuard, VerbName, VerbUse};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::source::Source;
use crate::yaml::{Entry, Node, Value};

/// `owner: none`, and at verbs `owner: unchecked`; any other value is a mistake here.
pub(super) fn owner_rule(fields: &Fields<'_>, known: &[&str], problems: &mut Problems) -> Option<OwnerRule> {
    let at = fields.text("owner", problems)?;
    match at.it.as_str() {
        "none" => Some(OwnerRule::None),
        "unchecked" if known.contains(&"unchecked") => Some(OwnerRule::Unchecked(at.span)),
        _ => {
            let known: Vec<String> = known.iter().map(|word| format!("`owner: {word}`")).collect();
            let message = format!("only {} can stand here", known.join(" or "));
            let problem = Problem::new(Code::WrongShape, fields.source, at.span, message);
            problems.add(problem.help("the owner attribute is named once, at the resource"));
            None
        }
    }
}

/// The verbs among some words, and the actions, which are known by their names.
pub(super) fn verb_names(
    source: &Source,
    words: Vec<At<String>>,
    actions: &[&str],
    problems: &mut Problems,
) -> (Vec<At<VerbName>>, Vec<At<String>>) {
    let (mut verbs, mut named) = (Vec::new(), Vec::new());
    for word in words {
        match verb_name(&word.it) {
            Some(it) => verbs.push(At { it, span: word.span }),
            None if actions.contains(&word.it.as_str()) => named.push(word),
            None => unknown_verb(source, &word.it, word.span, problems),
        }
    }
    (verbs, named)
}

pub(super) fn verb_name(word: &str) -> Option<VerbName> {
    VerbName::ALL.into_iter().find(|verb| verb.as_str() == word)
}

pub(super) fn unknown_verb(source: &Source, word: &str, span: std::ops::Range<usize>, problems: &mut Problems) {
    let problem = Problem::new(Code::UnknownKey, source, span, format!("unknown verb `{word}`"));
    let problem = problem.help("the verbs are `list`, `get`, `post`, `patch` and `delete`");
    problems.add(problem.suggest(word, VerbName::ALL.map(VerbName::as_str)));
}

pub(super) fn read(source: &Source, node: &Node, problems: &mut Problems) -> Vec<VerbUse> {
    let mut verbs = Vec::new();
    for entry in Fields::of(source, node, problems).all() {
        let Some(verb) = verb_name(&entry.key) else {
            unknown_verb(source, &entry.key, entry.key_span.clone(), problems);
            continue;
        };
        let before = problems.errors();
        let fields = Fields::of(source, &entry.value, problems);
        let mut verb = verb_use(verb, &fields, entry, problems);
        fields.finish(problems);
        verb.broken = problems.errors() > before;
        let broken = verb.broken;
        verb.in_apps.iter_mut().for_each(|way| way.broken = broken);
        verbs.push(verb);
    }
    verbs
}

pub(super) fn verb_use(verb: VerbName, fields: &Fields<'_>, entry: &Entry, problems: &mut Problems) -> VerbUse {
    let mut verb = VerbUse {
        verb,
        span: entry.key_span.clone(),
        protected: flag(fields, entry, problems),
        because: fields.reason(problems),
        scopes: fields.words("scopes", problems),
        api_key: fields.get("apiKey").map(|_| fields.flag("apiKey", problems)),
        agent: asks(fields, "agent", problems) == Some(Asks::Optional),
        client: asks(fields, "client", problems) == Some(Asks::Optional),
        guest: fields.flag("guest", problems),
        factor_code: always(fields, problems),
        owner: owner_rule(fields, &["none", "unchecked"], problems).unwrap_or(OwnerRule::Kept),
        only: fields.words("only", problems),
        guards: states(fields, "while", problems),
        then: fields.text("then", problems),
        cache: cache(verb, fields, problems),
        deprecated: deprecated(fields, problems),
        in_apps: Vec::new(),
        summary: fields.text("summary", problems).map(|at| at.it),
        status: status(fields, problems),
        empty: fields.flag("empty", problems),
        broken: false,
    };
    verb.in_apps = in_apps(&verb, fields, problems);
    verb
}

/// `in: { storefront: { protected: false } }`: what a verb asks instead in one application. What is not said there is as
/// it is elsewhere, but no reason is given for another flag, and a public verb has no scopes.
fn in_apps(verb: &VerbUse, fields: &Fields<'_>, problems: &mut Problems) -> Vec<VerbUse> {
    let Some(entry) = fields.get("in") else { return Vec::new() };
    let mut apps = Vec::new();
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        let own = Fields::of(fields.source, &entry.value, problems);
        let app = At { it: entry.key.clone(), span: entry.key_span.clone() };
        let flagged = own.get("protected").map(|_| flag(&own, entry, problems));
        let (because, scopes) = (own.reason(problems), own.words("scopes", problems));
        let keyed = own.get("apiKey").map(|_| own.flag("apiKey", problems));
        let public = flagged.as_ref().is_some_and(|flag| flag.it == Flag::Public);
        let kept = |_: &_| flagged.is_none();
        apps.push(VerbUse {
            span: entry.key_span.clone(),
            because: because.or_else(|| verb.because.clone().filter(kept)),
            scopes: scopes.or_else(|| verb.scopes.clone().filter(|_| !public)),
            api_key: keyed.or(verb.api_key.filter(|_| !public)),
            owner: owner_rule(&own, &["none", "unchecked"], problems).unwrap_or_else(|| verb.owner.clone()),
            protected: flagged.clone().unwrap_or_else(|| verb.protected.clone()),
            only: Some(vec![app]),
            ..verb.clone()
        });
        own.finish(problems);
    }
    apps
}

/// `cache: { seconds: 60, shared: true }`: how long answers of a read may be kept.
fn cache(verb: VerbName, fields: &Fields<'_>, problems: &mut Problems) -> Option<CacheUse> {
    let entry = fields.get("cache")?;
    let own = Fields::of(fields.source, &entry.value, problems);
    let (seconds, shared) = (own.int("seconds", problems), own.flag("shared", problems));
    own.finish(problems);
    let mut refuse = |message: &str, help: &str| {
        let problem = Problem::new(Code::BadLifetime, fields.source, entry.key_span.clone(), message);
        problems.add(problem.help(help.to_owned()));
    };
    if verb.writes() {
        refuse("only answers of `list` and `get` can be kept", "remove it, or say it at the verb that reads");
    }
    match seconds.and_then(|seconds| u32::try_from(seconds).ok()).filter(|seconds| (1..=YEAR).contains(seconds)) {
        Some(seconds) => Some(CacheUse { span: entry.key_span.clone(), seconds, shared }),
        None => {
            refuse("`cache` says for how long", "from a second to a year: `cache: { seconds: 60 }`");
            None
        }
    }
}

/// The longest that an answer is kept, in seconds.
const YEAR: u32 = 31_536_000;

/// `deprecated: { since: 2026-01-31, until: 2026-12-31, instead: … }`: what is on its way out.
fn deprecated(fields: &Fields<'_>, problems: &mut Problems) -> Option<DeprecatedUse> {
    let entry = fields.get("deprecated")?;
    let own = Fields::of(fields.source, &entry.value, problems);
    let since = own.needed("since", problems);
    let (until, instead) = (own.text("until", problems), own.text("instead", problems));
    own.finish(problems);
    let mut refuse = |at: &At<String>, message: String, help: &str| {
        let problem = Problem::new(Code::BadLifetime, fields.source, at.span.clone(), message);
        problems.add(problem.help(help.to_owned()));
    };
    for day in since.iter().chain(&until).filter(|day| !names::is_date(&day.it)) {
        refuse(day, format!("`{}` is no day", day.it), "written as `2026-01-31`");
    }
    if let (Some(since), Some(until)) = (&since, &until)
        && until.it <= since.it
    {
        refuse(until, "it would go before it is deprecated".into(), "a later day, or none");
    }
    if let Some(instead) = instead.as_ref().filter(|at| !is_sentence(&at.it)) {
        refuse(instead, "this says nothing".into(), "what to use instead, on one line: `GET /orders`");
    }
    Some(DeprecatedUse { since: since?, until, instead })
}

/// `while: { status: [new, paid] }`: what attributes are.
pub(super) fn states(fields: &Fields<'_>, key: &'static str, problems: &mut Problems) -> Vec<StateGuard> {
    let Some(entry) = fields.get(key) else { return Vec::new() };
    let guard = |entry: &Entry, problems: &mut Problems| StateGuard {
        attribute: At { it: entry.key.clone(), span: entry.key_span.clone() },
        words: words(fields.source, &entry.value, problems),
    };
    let entries = Fields::of(fields.source, &entry.value, problems).all();
    if entries.is_empty() {
        let message = format!("`{key}` names no state");
        let problem = Problem::new(Code::WrongShape, fields.source, entry.key_span.clone(), message);
        problems.add(problem.help(format!("write `{key}: {{ status: [new, paid] }}`, or remove it")));
    }
    entries.iter().map(|entry| guard(entry, problems)).collect()
}

/// The status of a success that is not the usual one.
fn status(fields: &Fields<'_>, problems: &mut Problems) -> Option<At<i64>> {
    let entry = fields.get("status")?;
    let at = At { it: fields.int("status", problems)?, span: entry.value.span.clone() };
    if !matches!(at.it, 200..=202) {
        let problem = Problem::new(Code::BadStatus, fields.source, at.span.clone(), "a success is 200, 201 or 202");
        problems.add(problem.help("for one without a body: `empty: true`"));
    }
    Some(at)
}

/// How a verb asks for a credential that is no caller's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Optional,
    Required,
}

/// `agent: required`, `client: optional`.
fn asks(fields: &Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<Asks> {
    let at = fields.text(key, problems)?;
    match at.it.as_str() {
        "required" => Some(Asks::Required),
        "optional" => Some(Asks::Optional),
        word => {
            let message = format!("`{key}` is `required` or `optional`");
            let problem = Problem::new(Code::UnknownWord, fields.source, at.span.clone(), message);
            problems.add(problem.suggest(word, ["required", "optional"]));
            None
        }
    }
}

/// `factorCode: required`: everybody has to send one, as opposed to those who have a second factor.
fn always(fields: &Fields<'_>, problems: &mut Problems) -> bool {
    let Some(at) = fields.text("factorCode", problems) else { return false };
    if at.it != "required" {
        let message = "`factorCode` is `required`, or not there";
        let problem = Problem::new(Code::WrongShape, fields.source, at.span, message);
        problems.add(problem.help("to ask those who have a second factor, say `multiFactor: true` of the resource"));
    }
    true
}

/// Absent means protected; every spelling other than the three is refused, because `no` must not silently mean public.
fn flag(fields: &Fields<'_>, verb: &Entry, problems: &mut Problems) -> At<Flag> {
    if let Some(instead) = instead(fields, problems) {
        return instead;
    }
    let Some(entry) = fields.get("protected") else {
        return At { it: Flag::Protected, span: verb.key_span.clone() };
    };
    let span = entry.value.span.clone();
    let it = match &entry.value.value {
        Value::Bool(true) => Flag::Protected,
        Value::Bool(false) => Flag::Public,
        Value::Text(word) if word == "optional" => Flag::Optional,
        Value::Null | Value::Int(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => {
            let problem = Problem::new(
                Code::BadFlag,
                fields.source,
                span.clone(),
                "`protected` is `true`, `false` or `optional`",
            );
            problems.add(problem.label("none of the three").help("a verb without the flag is protected"));
            Flag::Protected
        }
    };
    At { it, span }
}

/// Whose credential is needed in the place of the caller's, when one is. Nothing is left to say about that then.
fn instead(fields: &Fields<'_>, problems: &mut Problems) -> Option<At<Flag>> {
    let required = |key: &'static str, flag: Flag| {
        let entry =
            fields.get(key).filter(|entry| matches!(&entry.value.value, Value::Text(word) if word == "required"))?;
        Some((key, At { it: flag, span: entry.value.span.clone() }))
    };
    let (agent, client) = (required("agent", Flag::Agent), required("client", Flag::Client));
    let others = [("protected", fields.get("protected")), ("client", fields.get("client").filter(|_| agent.is_some()))];
    let (key, instead) = agent.or(client)?;
    for (other, entry) in others {
        if let Some(entry) = entry {
            let message = format!("`{key}: required` takes the place of `{other}`");
            let problem = Problem::new(Code::UselessKey, fields.source, entry.key_span.clone(), message);
            problems.add(problem.label("remove this"));
        }
    }
    Some(instead)
}
