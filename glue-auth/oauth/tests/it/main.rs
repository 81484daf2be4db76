//! The engine's tests: one binary, through its public surface. Ids are those of the security requirements that
//! `glue-auth/README.md` maps to tests.

mod families;
mod fixture;
mod keys;
mod logins;
mod tokens;
