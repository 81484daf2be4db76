//! The storefront's tests: the real engine behind the real table, in process and as a process.

mod bad_input;
mod commands;
mod documents;
mod fixture;
mod login;
mod process;
mod readme;
mod table;
