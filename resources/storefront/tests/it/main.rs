//! The storefront's tests: the real engine behind the real table, in process and as a process.

#[cfg(test)]
mod agents;
#[cfg(test)]
mod authentication;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod framework;
#[cfg(test)]
mod links;
#[cfg(test)]
mod login;
#[cfg(test)]
mod mailbox;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod passwords;
#[cfg(test)]
mod process;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod relations;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod second_factor;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod table;
