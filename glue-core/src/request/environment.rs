//! All that a handler may ask of its application.

use std::any::{Any, TypeId};
use std::collections::HashMap;

use super::shop::Shop;
use crate::clock::Clock;
use crate::db::Db;
use crate::document::Relations;
use crate::profile::Rules;

/// All that a handler may ask of its application.
pub struct Environment {
    /// The application's name, as in the definitions.
    pub name: &'static str,
    /// Its profile's rows.
    pub rules: Rules,
    /// The base of every link, without a slash at its end. Never derived from the Host header.
    pub public_url: String,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The stores, with their languages and currencies.
    pub shop: Shop,
    /// What includes may follow.
    pub relations: Relations,
    /// What hand-written behaviour needs, by type.
    pub services: Services,
}

/// Typed services for hand-written behaviour, registered in the composition root.
#[derive(Default)]
pub struct Services(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl Services {
    /// Adds a service; a second one of the same type replaces the first.
    #[must_use]
    pub fn with<T: Send + Sync + 'static>(mut self, service: T) -> Self {
        self.0.insert(TypeId::of::<T>(), Box::new(service));
        self
    }

    /// The service of type `T`.
    #[must_use]
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref()
    }
}
