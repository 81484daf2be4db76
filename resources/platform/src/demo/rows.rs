//! The tables that demo data is written to.

use diesel::prelude::*;
use time::{Date, PrimitiveDateTime};

diesel::table! {
    spy_customer (id_customer) {
        id_customer -> BigInt, customer_reference -> Text, email -> Text, email_key -> Text, salutation -> Nullable<Text>,
        first_name -> Nullable<Text>, last_name -> Nullable<Text>, gender -> Nullable<Text>, date_of_birth -> Nullable<Date>,
        password -> Nullable<Text>, registered -> Nullable<Date>, created_at -> Timestamp, updated_at -> Timestamp,
    }
}
diesel::table! {
    spy_user (id_user) {
        id_user -> BigInt, uuid -> Text, username -> Text, username_key -> Text, first_name -> Nullable<Text>,
        last_name -> Nullable<Text>, password -> Text, status -> Text, is_agent -> Bool, is_warehouse_user -> Bool,
        created_at -> Timestamp, updated_at -> Timestamp,
    }
}
diesel::table! { spy_wishlist (id_wishlist) { id_wishlist -> BigInt, uuid -> Text, fk_customer -> BigInt, name -> Text, created_at -> Timestamp, updated_at -> Timestamp, } }
diesel::table! { spy_wishlist_item (id_wishlist_item) { id_wishlist_item -> BigInt, fk_wishlist -> BigInt, sku -> Text, created_at -> Timestamp, updated_at -> Timestamp, } }
diesel::table! { spy_currency (id_currency) { id_currency -> BigInt, code -> Text, name -> Text, symbol -> Nullable<Text>, } }
diesel::table! { spy_locale (id_locale) { id_locale -> BigInt, locale_name -> Text, is_active -> Bool, } }
diesel::table! { spy_country (id_country) { id_country -> BigInt, iso2_code -> Text, iso3_code -> Nullable<Text>, name -> Text, postal_code_mandatory -> Bool, postal_code_regex -> Nullable<Text>, } }
diesel::table! { spy_region (id_region) { id_region -> BigInt, fk_country -> BigInt, iso2_code -> Text, name -> Text, } }
diesel::table! { spy_store (id_store) { id_store -> BigInt, name -> Text, timezone -> Nullable<Text>, fk_currency -> Nullable<BigInt>, fk_locale -> Nullable<BigInt>, } }
diesel::table! { spy_currency_store (id_currency_store) { id_currency_store -> BigInt, fk_currency -> BigInt, fk_store -> BigInt, } }
diesel::table! { spy_locale_store (id_locale_store) { id_locale_store -> BigInt, fk_locale -> BigInt, fk_store -> BigInt, } }
diesel::table! { spy_country_store (id_country_store) { id_country_store -> BigInt, fk_country -> BigInt, fk_store -> BigInt, } }
diesel::table! { spy_company (id_company) { id_company -> BigInt, uuid -> Text, name -> Text, is_active -> Bool, status -> Text, } }
diesel::table! { spy_company_user (id_company_user) { id_company_user -> BigInt, uuid -> Text, fk_company -> BigInt, fk_customer -> BigInt, fk_company_business_unit -> Nullable<BigInt>, is_active -> Bool, is_default -> Bool, } }
diesel::table! { spy_stock (id_stock) { id_stock -> BigInt, uuid -> Text, name -> Text, is_active -> Bool, } }
diesel::table! { spy_warehouse_user_assignment (id_warehouse_user_assignment) { id_warehouse_user_assignment -> BigInt, uuid -> Text, fk_warehouse -> BigInt, user_uuid -> Text, is_active -> Bool, } }
diesel::table! { spy_oauth_client (id_oauth_client) { id_oauth_client -> BigInt, identifier -> Text, name -> Text, redirect_uri -> Nullable<Text>, secret -> Nullable<Text>, is_confidential -> Bool, grants -> Nullable<Text>, scopes -> Nullable<Text>, } }
diesel::table! { spy_oauth_scope (id_oauth_scope) { id_oauth_scope -> BigInt, identifier -> Text, description -> Nullable<Text>, } }

#[derive(Insertable)]
#[diesel(table_name = spy_customer)]
pub(super) struct Customer {
    pub(super) customer_reference: String,
    pub(super) email: String,
    pub(super) email_key: String,
    pub(super) salutation: &'static str,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) gender: &'static str,
    pub(super) date_of_birth: Option<Date>,
    pub(super) password: String,
    pub(super) registered: Date,
    pub(super) created_at: PrimitiveDateTime,
    pub(super) updated_at: PrimitiveDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = spy_user)]
pub(super) struct User {
    pub(super) uuid: &'static str,
    pub(super) username: &'static str,
    pub(super) username_key: String,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) password: String,
    pub(super) status: &'static str,
    pub(super) is_agent: bool,
    pub(super) is_warehouse_user: bool,
    pub(super) created_at: PrimitiveDateTime,
    pub(super) updated_at: PrimitiveDateTime,
}
