//! The oauth tables and every statement on them (contract/authentication.md §3).

mod api_keys;
mod attempts;
mod clients;
mod codes;
mod cutoffs;
mod purge;
mod revocations;
mod tokens;

pub(crate) use api_keys::{KeyRow, end_key, find_key, insert_key, list_keys};
pub(crate) use attempts::{count_failure, failures};
pub(crate) use clients::{Client, find_client, insert_client, list_clients, rotate_secret};
pub(crate) use codes::{CodeRow, find_code, insert_code, redeem_code};
pub(crate) use purge::{Stale, purge};
pub use revocations::Session;
pub(crate) use revocations::{
    Whose, live_among, revoke, revoke_access, revoke_access_tokens, revoke_refresh_tokens, revoked_since, sessions,
    subject_key,
};
pub(crate) use tokens::{
    AccessRow, Exchange, RefreshRow, begin_session, exchange, find_access, find_refresh, insert_access, record_retry,
};

diesel::table! {
    spy_oauth_client (id_oauth_client) {
        id_oauth_client -> BigInt,
        identifier -> Text,
        name -> Text,
        redirect_uri -> Nullable<Text>,
        secret -> Nullable<Text>,
        is_confidential -> Bool,
        grants -> Nullable<Text>,
        scopes -> Nullable<Text>,
        previous_secret -> Nullable<Text>,
        previous_secret_until -> Nullable<Timestamp>,
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
        family -> Nullable<Text>,
        revoked_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(spy_oauth_access_token, spy_oauth_refresh_token);

diesel::table! {
    spy_oauth_code_flow_auth_code (id_oauth_auth_code) {
        id_oauth_auth_code -> BigInt,
        identifier -> Text,
        redirect_uri -> Nullable<Text>,
        redirect_uri_sent -> Bool,
        scopes -> Text,
        code_challenge -> Text,
        expirity_date -> Timestamp,
        subject -> Nullable<Text>,
        user_identifier -> Text,
        fk_oauth_client -> Text,
        family -> Text,
        used_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    spy_api_key (id_api_key) {
        id_api_key -> BigInt,
        name -> Text,
        key_hash -> Text,
        scopes -> Nullable<Text>,
        created_by -> BigInt,
        valid_to -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    spy_oauth_cutoff (subject) {
        subject -> Text,
        logins -> BigInt,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    spy_oauth_attempt (identifier) {
        identifier -> Text,
        failures -> Integer,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    spy_oauth_refresh_token (id_oauth_refresh_token) {
        id_oauth_refresh_token -> BigInt,
        identifier -> Text,
        family -> Text,
        scopes -> Text,
        customer_reference -> Nullable<Text>,
        subject -> Nullable<Text>,
        answered_by -> Nullable<Text>,
        authenticated_at -> Nullable<Timestamp>,
        user_identifier -> Text,
        fk_oauth_client -> Text,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}
