//! What `addresses` adds to its definition: the country has to exist, and each customer has one default address for
//! shipping and one for billing as soon as there is an address at all (reference/resources.md §1.2).

mod rows;

use glue_core::db::DbError;
use glue_core::document::Entity;
use glue_core::error::{ApiError, ErrorObject, Outcome};
use glue_core::profile::Rules;
use glue_core::request::Authed;

use crate::generated::addresses::api::AddressesApi;
use crate::generated::addresses::attributes::{Address, AddressId, AddressParents, CreateAddress, UpdateAddress};
use crate::generated::addresses::routes::{Create, Update};
use crate::generated::addresses::{errors, storage};

/// The behaviour of `addresses`.
#[derive(Debug)]
pub enum Addresses {}

impl AddressesApi for Addresses {
    async fn create(cx: &Authed<Create>, parents: AddressParents, input: CreateAddress) -> Outcome<Entity<Address>> {
        let (id, now, owner) = (AddressId::fresh(), glue_core::clock::stored(cx.now()), cx.owner());
        let created = cx.db().write(move |conn| {
            if !rows::knows_country(conn, &input.iso2_code)? {
                return Ok(Err(unknown_country()));
            }
            let taken = rows::defaults(conn, &parents)?;
            let input = CreateAddress {
                is_default_shipping: input.is_default_shipping || !taken.shipping,
                is_default_billing: input.is_default_billing || !taken.billing,
                ..input
            };
            rows::release(conn, &parents, input.is_default_shipping, input.is_default_billing)?;
            storage::insert(conn, &owner, &parents, &id, &input, now)?;
            Ok(storage::find(conn, &owner, &parents, &id)?.ok_or_else(|| (&errors::NOT_FOUND).into()))
        });
        created.await.map_err(|error| gone(cx.rules(), error))?
    }

    async fn update(
        cx: &Authed<Update>,
        parents: AddressParents,
        id: AddressId,
        input: UpdateAddress,
    ) -> Outcome<Entity<Address>> {
        let (now, owner) = (glue_core::clock::stored(cx.now()), cx.owner());
        let updated = cx.db().write(move |conn| {
            if let Some(country) = &input.iso2_code
                && !rows::knows_country(conn, country)?
            {
                return Ok(Err(unknown_country()));
            }
            // The customer's row is taken before anything is looked at: nobody moves a default in between.
            let taken = rows::defaults(conn, &parents)?;
            let Some(current) = storage::find(conn, &owner, &parents, &id)? else {
                return Ok(Err((&errors::NOT_FOUND).into()));
            };
            // A default moves when it is asked for or nobody has it, and never goes away.
            let keeps = |asked: Option<bool>, taken: bool, mine: bool| asked == Some(true) || !taken || mine;
            let shipping = keeps(input.is_default_shipping, taken.shipping, current.attributes.is_default_shipping);
            let billing = keeps(input.is_default_billing, taken.billing, current.attributes.is_default_billing);
            rows::release(conn, &parents, shipping, billing)?;
            let input =
                UpdateAddress { is_default_shipping: Some(shipping), is_default_billing: Some(billing), ..input };
            if storage::update(conn, &owner, &parents, &id, input, now)? == 0 {
                // Removed meanwhile: what was released above is taken back with the transaction.
                return Err(DbError::NotFound);
            }
            Ok(storage::find(conn, &owner, &parents, &id)?.ok_or_else(|| (&errors::NOT_FOUND).into()))
        });
        updated.await.map_err(|error| match error {
            DbError::NotFound => ApiError::from(&errors::NOT_FOUND),
            DbError::Unavailable(_) | DbError::Duplicate | DbError::Reference | DbError::Defect(_) => error.into(),
        })?
    }
}

/// Only a customer who no longer exists has no row to put an address under: the token outlived its owner.
fn gone(rules: &Rules, error: DbError) -> ApiError {
    match error {
        DbError::NotFound | DbError::Reference => ApiError::from(rules.invalid_token).caused_by(error),
        DbError::Unavailable(_) | DbError::Duplicate | DbError::Defect(_) => error.into(),
    }
}

fn unknown_country() -> ApiError {
    ErrorObject::violation("iso2Code", "The value you selected is not a valid choice.").into()
}
