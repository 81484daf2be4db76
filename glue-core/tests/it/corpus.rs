//! What the fuzzers keep is read again here: anything may come in, and every reader comes back.

use std::path::Path;

use glue_core::testing::attack;

fn each(target: &str, mut read: impl FnMut(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut seen = 0;
    for file in std::fs::read_dir(folder).expect("a corpus") {
        read(&std::fs::read(file.expect("an entry").path()).expect("a file"));
        seen += 1;
    }
    assert!(seen > 1, "{target} has {seen} files");
}

#[test]
fn headers_bodies_and_queries_of_the_corpus_are_survived() {
    each("bearer", attack::bearer);
    each("document", attack::document);
    each("query", |bytes| attack::query(&String::from_utf8_lossy(bytes)));
}
