//! Demo data: two stores with their currencies, locales and countries (reference/resources.md §9.1).

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;

use crate::tables::{
    spy_country, spy_country_store, spy_currency, spy_currency_store, spy_locale, spy_locale_store, spy_region,
    spy_store,
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

/// Adds the stores.
///
/// # Errors
/// [`DbError`] when the storage cannot answer.
pub fn insert(conn: &mut Conn) -> Result<(), DbError> {
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
    Ok(())
}

type Ids = Vec<(i64, String)>;

fn ids(conn: &mut Conn) -> Result<(Ids, Ids, Ids), DbError> {
    Ok(on_dialect!(conn, c => (
        spy_currency::table.select((spy_currency::id_currency, spy_currency::code)).load(c)?,
        spy_locale::table.select((spy_locale::id_locale, spy_locale::locale_name)).order_by(spy_locale::id_locale).load(c)?,
        spy_country::table.select((spy_country::id_country, spy_country::iso2_code)).load(c)?,
    )))
}
