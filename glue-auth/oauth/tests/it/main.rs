//! The engine's tests: one binary, through its public surface. Ids are those of the security requirements that
//! `glue-auth/README.md` maps to tests.

#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod families;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod logins;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod tokens;
