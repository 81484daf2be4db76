//! The oauth tables and every statement on them (reference/authentication.md §3).

mod api_keys;
mod attempts;
mod changes;
mod clients;
mod codes;
mod purge;
mod sessions;
mod subjects;
mod tokens;

pub(crate) use api_keys::{KeyRow, end_key, find_key, insert_key, list_keys};
pub(crate) use attempts::{count_failure, failures};
pub(crate) use changes::{changed_people, forget_changes};
pub(crate) use clients::{Client, find_client, insert_client, list_clients, rotate_secret};
pub(crate) use codes::{CodeRow, find_code, insert_code, use_code};
pub(crate) use purge::{Stale, purge};
pub(crate) use sessions::{
    EndedSession, Extent, Progress, SessionRow, SessionSelector, Unread, database_time, derived_sessions, end,
    ended_sessions, find_session, insert_session, live_of, proceed, sessions_of,
};
pub(crate) use subjects::{admit_answered_session, admit_session, count_ending, endings, lock_subject, subject_key};
pub(crate) use tokens::{
    AccessRow, RefreshRow, access_token_of, find_access, find_refresh, insert_access, insert_refresh, use_refresh,
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
    spy_oauth_subject (subject) {
        subject -> Text,
        endings -> BigInt,
        sessions -> BigInt,
    }
}

diesel::table! {
    spy_oauth_session (id_oauth_session) {
        id_oauth_session -> BigInt,
        identifier -> Text,
        kind -> Text,
        subject -> Text,
        fk_oauth_client -> Text,
        parent -> Nullable<Text>,
        user_identifier -> Text,
        scopes -> Text,
        issued_scopes -> Text,
        generation -> Integer,
        authenticated_at -> Timestamp,
        begun_at -> Timestamp,
        capped_at -> Timestamp,
        refreshed_at -> Nullable<Timestamp>,
        expires_at -> Timestamp,
        access_until -> Timestamp,
        exchanges -> Integer,
        exchanges_since -> Timestamp,
        closed_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        announced_at -> Nullable<Timestamp>,
        end_reason -> Nullable<Text>,
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
        #[sql_name = "family"]
        session -> Nullable<Text>,
        generation -> Integer,
        sealed -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    spy_oauth_code_flow_auth_code (id_oauth_auth_code) {
        id_oauth_auth_code -> BigInt,
        identifier -> Text,
        redirect_uri -> Nullable<Text>,
        redirect_uri_sent -> Bool,
        scopes -> Text,
        code_challenge -> Text,
        expirity_date -> Timestamp,
        user_identifier -> Text,
        fk_oauth_client -> Text,
        #[sql_name = "family"]
        session -> Nullable<Text>,
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
        #[sql_name = "family"]
        session -> Nullable<Text>,
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

diesel::table! {
    spy_oauth_changed_person (id_oauth_changed_person) {
        id_oauth_changed_person -> BigInt,
        kind -> Text,
        natural_identifier -> Text,
        created_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    spy_oauth_session,
    spy_oauth_access_token,
    spy_oauth_refresh_token,
    spy_oauth_code_flow_auth_code
);
