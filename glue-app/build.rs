//! A new migration is a reason to compile again: the macro that embeds them does not say so itself.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
}
