//! Two stores with what belongs to them, thirty wishlists, and the OAuth client of the frontends.

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;
use time::PrimitiveDateTime;

use super::rows::{
    spy_country, spy_country_store, spy_currency, spy_currency_store, spy_customer, spy_locale, spy_locale_store,
    spy_oauth_client, spy_oauth_scope, spy_region, spy_store, spy_wishlist, spy_wishlist_item,
};

const CURRENCIES: [(&str, &str, &str); 3] =
    [("EUR", "Euro", "€"), ("CHF", "Swiss Franc", "CHF"), ("USD", "US Dollar", "$")];
const LOCALES: [&str; 2] = ["en_US", "de_DE"];
const COUNTRIES: [(&str, &str, &str, Option<&str>); 4] = [
    ("DE", "DEU", "Germany", Some(r"\d{5}")),
    ("AT", "AUT", "Austria", Some(r"\d{4}")),
    ("CH", "CHE", "Switzerland", Some(r"\d{4}")),
    ("FR", "FRA", "France", Some(r"\d{2}[ ]?\d{3}")),
];
const REGIONS: [(&str, &str, &str); 3] =
    [("DE", "DE-BE", "Berlin"), ("DE", "DE-BY", "Bavaria"), ("AT", "AT-9", "Vienna")];
/// Name, time zone, default currency, currencies, countries.
type StoreData = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);
const STORES: [StoreData; 2] = [
    ("DE", "Europe/Berlin", "EUR", &["EUR", "CHF"], &["DE", "FR"]),
    ("AT", "Europe/Vienna", "EUR", &["EUR", "USD"], &["AT", "CH"]),
];
const NAMES: [&str; 6] = ["My wishlist", "Birthday", "Office", "Kitchen", "Later", "For Emil"];
const SCOPES: [(&str, &str); 6] = [
    ("customer", "Every customer."),
    ("customer_impersonation", "Agents in the place of a customer."),
    ("company_user", "Company users."),
    ("agent", "Agents."),
    ("user", "Every back-office user."),
    ("warehouse", "Warehouses."),
];

pub(super) fn insert(conn: &mut Conn, now: PrimitiveDateTime) -> Result<(), DbError> {
    on_dialect!(conn, c => {
        for (code, name, symbol) in CURRENCIES {
            let row = (spy_currency::code.eq(code), spy_currency::name.eq(name), spy_currency::symbol.eq(symbol));
            diesel::insert_into(spy_currency::table).values(row).execute(c)?;
        }
        for name in LOCALES {
            let row = (spy_locale::locale_name.eq(name), spy_locale::is_active.eq(true));
            diesel::insert_into(spy_locale::table).values(row).execute(c)?;
        }
        for (iso2, iso3, name, postal_code) in COUNTRIES {
            let row = (
                spy_country::iso2_code.eq(iso2),
                spy_country::iso3_code.eq(iso3),
                spy_country::name.eq(name),
                spy_country::postal_code_mandatory.eq(true),
                spy_country::postal_code_regex.eq(postal_code),
            );
            diesel::insert_into(spy_country::table).values(row).execute(c)?;
        }
    });
    let (currencies, locales, countries) = ids(conn)?;
    let id = |known: &[(i64, String)], key: &str| {
        known.iter().find(|(_, name)| name == key).map(|(id, _)| *id).unwrap_or_default()
    };
    on_dialect!(conn, c => {
        for (country, iso2, name) in REGIONS {
            let row = (spy_region::fk_country.eq(id(&countries, country)), spy_region::iso2_code.eq(iso2), spy_region::name.eq(name));
            diesel::insert_into(spy_region::table).values(row).execute(c)?;
        }
        for (name, timezone, currency, with_currencies, with_countries) in STORES {
            let row = (
                spy_store::name.eq(name),
                spy_store::timezone.eq(timezone),
                spy_store::fk_currency.eq(id(&currencies, currency)),
                spy_store::fk_locale.eq(id(&locales, "en_US")),
            );
            diesel::insert_into(spy_store::table).values(row).execute(c)?;
            let store: i64 = spy_store::table.filter(spy_store::name.eq(name)).select(spy_store::id_store).get_result(c)?;
            for code in with_currencies {
                let row = (spy_currency_store::fk_currency.eq(id(&currencies, code)), spy_currency_store::fk_store.eq(store));
                diesel::insert_into(spy_currency_store::table).values(row).execute(c)?;
            }
            for (locale, _) in &locales {
                let row = (spy_locale_store::fk_locale.eq(*locale), spy_locale_store::fk_store.eq(store));
                diesel::insert_into(spy_locale_store::table).values(row).execute(c)?;
            }
            for iso2 in with_countries {
                let row = (spy_country_store::fk_country.eq(id(&countries, iso2)), spy_country_store::fk_store.eq(store));
                diesel::insert_into(spy_country_store::table).values(row).execute(c)?;
            }
        }
    });
    wishlists(conn, now)
}

type Ids = Vec<(i64, String)>;

fn ids(conn: &mut Conn) -> Result<(Ids, Ids, Ids), DbError> {
    Ok(on_dialect!(conn, c => (
        spy_currency::table.select((spy_currency::id_currency, spy_currency::code)).load(c)?,
        spy_locale::table.select((spy_locale::id_locale, spy_locale::locale_name)).order_by(spy_locale::id_locale).load(c)?,
        spy_country::table.select((spy_country::id_country, spy_country::iso2_code)).load(c)?,
    )))
}

/// Two lists each for fifteen customers; `DE--21` has none, because clients start there with an empty shelf.
fn wishlists(conn: &mut Conn, now: PrimitiveDateTime) -> Result<(), DbError> {
    for number in 0..30_usize {
        let reference = format!("DE--{}", 30 + number / 2);
        let uuid = format!("0198f3c2-7d1e-7a52-9f0b-{number:012x}");
        let name = NAMES.get(number % NAMES.len()).copied().unwrap_or("Another");
        on_dialect!(conn, c => {
            let of = spy_customer::table.filter(spy_customer::customer_reference.eq(&reference));
            let customer: i64 = of.select(spy_customer::id_customer).get_result(c)?;
            let row = (
                spy_wishlist::uuid.eq(&uuid),
                spy_wishlist::fk_customer.eq(customer),
                spy_wishlist::name.eq(name),
                spy_wishlist::created_at.eq(now),
                spy_wishlist::updated_at.eq(now),
            );
            diesel::insert_into(spy_wishlist::table).values(row).execute(c)?;
            let list = spy_wishlist::table.filter(spy_wishlist::uuid.eq(&uuid));
            let list: i64 = list.select(spy_wishlist::id_wishlist).get_result(c)?;
            for item in 0..number % 4 {
                let row = (
                    spy_wishlist_item::fk_wishlist.eq(list),
                    spy_wishlist_item::sku.eq(format!("{:03}_2172481{item}", 30 + number)),
                    spy_wishlist_item::created_at.eq(now),
                    spy_wishlist_item::updated_at.eq(now),
                );
                diesel::insert_into(spy_wishlist_item::table).values(row).execute(c)?;
            }
        });
    }
    Ok(())
}

/// The clients with a secret that everybody knows, by name, and its hash.
pub(super) fn secrets(conn: &mut Conn) -> Result<Vec<(String, String)>, DbError> {
    let found: Vec<(String, Option<String>)> = on_dialect!(conn, c => {
        spy_oauth_client::table
            .filter(spy_oauth_client::identifier.eq("service"))
            .select((spy_oauth_client::identifier, spy_oauth_client::secret))
            .load(c)?
    });
    Ok(found.into_iter().filter_map(|(name, hash)| Some((name, hash?))).collect())
}

/// A frontend without a secret, and a service with one that acts for people and for itself.
pub(super) fn insert_oauth(conn: &mut Conn, client: &str, hash: &str) -> Result<(), DbError> {
    const PLACES: &str = "http://127.0.0.1/callback http://[::1]/callback";
    const GRANTS: &str = "password refresh_token authorization_code client_credentials introspection";
    let rows = [(client, "Frontend", None, None), ("service", "Service", Some(hash), Some(GRANTS))];
    on_dialect!(conn, c => {
        for (identifier, name, secret, grants) in rows {
            let row = (
                spy_oauth_client::identifier.eq(identifier),
                spy_oauth_client::name.eq(name),
                spy_oauth_client::redirect_uri.eq(PLACES),
                spy_oauth_client::secret.eq(secret),
                spy_oauth_client::is_confidential.eq(secret.is_some()),
                spy_oauth_client::grants.eq(grants),
            );
            diesel::insert_into(spy_oauth_client::table).values(row).execute(c)?;
        }
        for (identifier, description) in SCOPES {
            let row = (spy_oauth_scope::identifier.eq(identifier), spy_oauth_scope::description.eq(description));
            diesel::insert_into(spy_oauth_scope::table).values(row).execute(c)?;
        }
    });
    Ok(())
}
