//! The tables of stores.

use std::collections::HashMap;

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::document::Entity;
use glue_core::on_dialect;

use super::served::ServedStores;
use crate::generated::stores::attributes::{Store, StoreCountry, StoreCountryRegion, StoreCurrency, StoreLocale};
use crate::tables::{
    spy_country, spy_country_store, spy_currency, spy_currency_store, spy_locale, spy_locale_store, spy_region,
    spy_store,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = spy_store)]
struct StoreRow {
    #[diesel(column_name = id_store)]
    id: i64,
    name: String,
    timezone: Option<String>,
    #[diesel(column_name = fk_currency)]
    currency: Option<i64>,
}

#[derive(Queryable)]
struct CountryRow {
    store: i64,
    id: i64,
    iso2: String,
    iso3: Option<String>,
    name: String,
    postal_code_mandatory: bool,
    postal_code_regex: Option<String>,
}

/// The served stores, or the one of them with this name: six queries, however many stores there are.
pub(super) fn load(conn: &mut Conn, served: &ServedStores, name: Option<&str>) -> Result<Vec<Entity<Store>>, DbError> {
    let names = match served {
        ServedStores::Current(current) if name.is_none_or(|name| name == current) => Some(current.as_str()),
        ServedStores::Current(_) => return Ok(Vec::new()),
        ServedStores::Dynamic => name,
    };
    let stores: Vec<StoreRow> = on_dialect!(conn, c => match names {
        Some(name) => spy_store::table.filter(spy_store::name.eq(name)).select(StoreRow::as_select()).load(c),
        None => spy_store::table.order_by(spy_store::id_store).select(StoreRow::as_select()).load(c),
    })?;
    let ids: Vec<i64> = stores.iter().map(|store| store.id).collect();
    let mut parts = Parts::load(conn, &ids)?;
    Ok(stores.into_iter().map(|store| parts.assemble(store, served)).collect())
}

/// What belongs to stores, by store.
struct Parts {
    currencies: HashMap<i64, Vec<(i64, StoreCurrency)>>,
    locales: HashMap<i64, Vec<String>>,
    countries: HashMap<i64, Vec<StoreCountry>>,
}

impl Parts {
    fn load(conn: &mut Conn, stores: &[i64]) -> Result<Self, DbError> {
        let currencies: Vec<(i64, i64, String, String)> = on_dialect!(conn, c => {
            spy_currency_store::table
                .inner_join(spy_currency::table)
                .filter(spy_currency_store::fk_store.eq_any(stores))
                .order_by(spy_currency::id_currency)
                .select((spy_currency_store::fk_store, spy_currency::id_currency, spy_currency::code, spy_currency::name))
                .load(c)
        })?;
        let locales: Vec<(i64, String)> = on_dialect!(conn, c => {
            spy_locale_store::table
                .inner_join(spy_locale::table)
                .filter(spy_locale_store::fk_store.eq_any(stores))
                .filter(spy_locale::is_active.eq(true))
                .order_by(spy_locale::id_locale)
                .select((spy_locale_store::fk_store, spy_locale::locale_name))
                .load(c)
        })?;
        let currencies =
            currencies.into_iter().map(|(store, id, code, name)| (store, (id, StoreCurrency { code, name })));
        Ok(Self { currencies: group(currencies), locales: group(locales), countries: countries(conn, stores)? })
    }

    fn assemble(&mut self, store: StoreRow, served: &ServedStores) -> Entity<Store> {
        let currencies = self.currencies.remove(&store.id).unwrap_or_default();
        let default_currency =
            currencies.iter().find(|(id, _)| Some(*id) == store.currency).map(|(_, currency)| currency.code.clone());
        let locales = self.locales.remove(&store.id).unwrap_or_default().into_iter();
        let language = |name: &str| name.split('_').next().unwrap_or(name).to_owned();
        Entity {
            attributes: Store {
                time_zone: store.timezone.filter(|_| *served != ServedStores::Dynamic),
                default_currency,
                currencies: currencies.into_iter().map(|(_, currency)| currency).collect(),
                locales: locales.map(|name| StoreLocale { code: language(&name), name }).collect(),
                countries: self.countries.remove(&store.id).unwrap_or_default(),
            },
            id: Some(store.name),
        }
    }
}

fn countries(conn: &mut Conn, stores: &[i64]) -> Result<HashMap<i64, Vec<StoreCountry>>, DbError> {
    let rows: Vec<CountryRow> = on_dialect!(conn, c => {
        spy_country_store::table
            .inner_join(spy_country::table)
            .filter(spy_country_store::fk_store.eq_any(stores))
            .order_by(spy_country::id_country)
            .select((
                spy_country_store::fk_store,
                spy_country::id_country,
                spy_country::iso2_code,
                spy_country::iso3_code,
                spy_country::name,
                spy_country::postal_code_mandatory,
                spy_country::postal_code_regex,
            ))
            .load(c)
    })?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let regions: Vec<(i64, String, String)> = on_dialect!(conn, c => {
        spy_region::table
            .filter(spy_region::fk_country.eq_any(ids))
            .order_by(spy_region::id_region)
            .select((spy_region::fk_country, spy_region::iso2_code, spy_region::name))
            .load(c)
    })?;
    let regions =
        group(regions.into_iter().map(|(country, iso2_code, name)| (country, StoreCountryRegion { iso2_code, name })));
    Ok(group(rows.into_iter().map(|row| {
        let country = StoreCountry {
            iso2_code: row.iso2,
            iso3_code: row.iso3,
            name: row.name,
            postal_code_mandatory: row.postal_code_mandatory,
            postal_code_regex: row.postal_code_regex,
            // A country may belong to several stores.
            regions: regions.get(&row.id).cloned().unwrap_or_default(),
        };
        (row.store, country)
    })))
}

fn group<T>(pairs: impl IntoIterator<Item = (i64, T)>) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}
