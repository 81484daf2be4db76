//! Why a request was answered as it was: its lines of the log, read out loud. The caller never learns this.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde_json::Value;

/// What the log says of one request, line by line.
pub(super) fn explain(log: impl BufRead, request_id: &str) -> std::io::Result<Vec<String>> {
    let mut said = Vec::new();
    for line in log.lines() {
        let line = line?;
        let fields = if line.starts_with('{') { json(&line) } else { text(&line) };
        if fields.get("request_id").is_some_and(|id| id == request_id) {
            said.push(sentence(&fields));
        }
    }
    Ok(said)
}

fn sentence(fields: &BTreeMap<String, String>) -> String {
    let field = |name: &str| fields.get(name).map(String::as_str).filter(|value| *value != "-");
    match (field("status"), field("event")) {
        (Some(status), _) => {
            let (method, operation) = (field("method").unwrap_or("?"), field("operation").unwrap_or("no operation"));
            let code = field("code").map(|code| format!(" with code {code}")).unwrap_or_default();
            let cause = field("cause").map(|cause| format!(", because {cause}")).unwrap_or_default();
            format!("{method} ({operation}) was answered {status}{code}{cause}")
        }
        (None, Some(event)) => {
            let beside =
                |name: &&String| !matches!(name.as_str(), "event" | "request_id" | "level" | "target" | "timestamp");
            let rest: Vec<String> =
                fields.iter().filter(|(name, _)| beside(name)).map(|(name, value)| format!("{name} {value}")).collect();
            format!("audit: {event}{}{}", if rest.is_empty() { "" } else { ": " }, rest.join(", "))
        }
        (None, None) => fields.get("message").cloned().unwrap_or_default(),
    }
}

fn json(line: &str) -> BTreeMap<String, String> {
    let members = serde_json::from_str::<BTreeMap<String, Value>>(line).unwrap_or_default();
    let plain = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    members.into_iter().map(|(name, value)| (name, plain(value))).collect()
}

/// `name=value name="a value"`, as the text format writes them.
fn text(line: &str) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('=') {
        let name = before.rsplit(' ').next().unwrap_or_default().to_owned();
        let (value, tail) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(' ').unwrap_or((after, "")),
        };
        fields.insert(name, value.to_owned());
        rest = tail;
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::explain;

    #[test]
    fn both_forms_of_the_log_are_read() {
        let log = r#"2026-02-01T12:00:00Z  INFO audit: event="token_refused" grant=Some("password") request_id=r-1
2026-02-01T12:00:00Z  INFO access: request_id=r-1 method="POST" operation="create-token" status=400 code="invalid_grant" cause="the credentials are not those of an active user" micros=7
{"timestamp":"x","level":"INFO","target":"access","request_id":"r-2","method":"GET","operation":"get-wishlists","status":401,"code":"001","cause":"expired","micros":3}
2026-02-01T12:00:00Z  INFO access: request_id=r-11 method="GET" operation="-" status=404 code="-" cause="-" micros=7"#;
        let said = |id: &str| explain(log.as_bytes(), id).expect("a log");
        assert_eq!(
            said("r-1").last().map(String::as_str),
            Some(
                "POST (create-token) was answered 400 with code invalid_grant, because the credentials are not those of an active user"
            )
        );
        assert!(said("r-1").first().is_some_and(|line| line.starts_with("audit: token_refused")));
        assert_eq!(said("r-2"), ["GET (get-wishlists) was answered 401 with code 001, because expired"]);
        assert_eq!(said("r-11"), ["GET (no operation) was answered 404"]);
        assert_eq!(said("r-3"), [""; 0]);
    }
}
