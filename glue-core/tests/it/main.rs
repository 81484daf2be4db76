//! The tests of this crate: one binary, through its public surface.

#[cfg(test)]
mod callers;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod custom;
#[cfg(test)]
mod edge;
#[cfg(test)]
mod entity_tags;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod kit;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod lifetimes;
#[cfg(test)]
mod markets;
#[cfg(test)]
mod origins;
#[cfg(feature = "opentelemetry")]
#[cfg(test)]
mod traces;
#[cfg(test)]
mod validation;
#[cfg(test)]
mod versions;
