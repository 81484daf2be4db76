//! The walk of the README, command by command, against a fresh storefront.

use crate::process::Process;

/// The pieces of one `curl` line that the walk uses.
struct Curl {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

fn parse(line: &str, token: &str) -> Curl {
    let line = line.replace("$TOKEN", token);
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') => words.push(std::mem::take(&mut word)),
            (_, c) => word.push(c),
        }
    }
    words.push(word);
    let mut curl = Curl { method: "GET", path: String::new(), headers: Vec::new(), body: String::new() };
    let mut words = words.into_iter().filter(|word| !word.is_empty());
    assert_eq!(words.next().as_deref(), Some("curl"));
    while let Some(word) = words.next() {
        match word.as_str() {
            "-s" => {}
            "-H" => {
                let header = words.next().expect("a header");
                let (name, value) = header.split_once(": ").expect("a header");
                curl.headers.push((name.to_owned(), value.to_owned()));
            }
            "-d" => {
                curl.method = "POST";
                curl.body = words.next().expect("a body");
            }
            url => curl.path = url.strip_prefix("http://localhost:8080").expect("the storefront").to_owned(),
        }
    }
    curl
}

/// `…` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let mut rest = text;
    let mut pieces = pattern.split('…');
    let Some(first) = pieces.next().and_then(|first| rest.strip_prefix(first)) else {
        return false;
    };
    rest = first;
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    pattern.ends_with('…') || rest.is_empty()
}

#[test]
fn the_walk_answers_as_it_is_written() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).expect("README.md");
    let folder = tempfile::TempDir::new().expect("a folder");
    let server = Process::start_in(folder, &[("GLUE__SERVER__PUBLIC_URL", "http://localhost:8080")]);
    let mut token = String::new();
    let mut steps = 0;
    for block in readme.split("```console\n").skip(1) {
        let mut lines = block.split("```").next().expect("a block").lines();
        while let Some(line) = lines.next() {
            let curl = parse(line.strip_prefix("$ ").expect("a command"), &token);
            let headers: Vec<(&str, &str)> =
                curl.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let answer = server.call(curl.method, &curl.path, &headers, curl.body.as_bytes()).body;
            let expected = lines.next().expect("what it answers");
            assert!(matches(expected, &answer), "{line}\nexpected {expected}\ngot      {answer}");
            if let Some((_, rest)) = answer.split_once(r#""accessToken":""#) {
                token = rest.split('"').next().expect("a token").to_owned();
            }
            steps += 1;
        }
    }
    assert!(steps >= 8, "{steps} steps");
}
