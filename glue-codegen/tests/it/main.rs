//! The generator's tests: one binary, through its public surface.

#[cfg(test)]
mod against;
#[cfg(test)]
mod citations;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod differences;
#[cfg(test)]
mod drawn;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod generation;
#[cfg(test)]
mod house;
#[cfg(test)]
mod import;
#[cfg(test)]
mod json_schema;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod mutants;
#[cfg(test)]
mod project;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod team;
#[cfg(test)]
mod workspace;
