//! The oauth tables and every statement on them (contract/authentication.md §3).

mod clients;
mod tokens;

pub(crate) use clients::{Client, find_client};
pub(crate) use tokens::{
    AccessRow, Exchange, RefreshRow, exchange, find_refresh, insert_pair, record_retry, revoke_customer, revoke_family,
};

diesel::table! {
    spy_oauth_client (id_oauth_client) {
        id_oauth_client -> BigInt,
        identifier -> Text,
        secret -> Nullable<Text>,
        is_confidential -> Bool,
    }
}

diesel::table! {
    spy_oauth_access_token (id_oauth_access_token) {
        id_oauth_access_token -> BigInt,
        identifier -> Text,
        scopes -> Nullable<Text>,
        user_identifier -> Text,
        fk_oauth_client -> Text,
        expirity_date -> Timestamp,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    spy_oauth_refresh_token (id_oauth_refresh_token) {
        id_oauth_refresh_token -> BigInt,
        identifier -> Text,
        family -> Text,
        scopes -> Text,
        customer_reference -> Nullable<Text>,
        user_identifier -> Text,
        fk_oauth_client -> Text,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}
