//! The tables of back-office users.

diesel::table! {
    spy_user (id_user) {
        id_user -> BigInt,
        uuid -> Text,
        username -> Text,
        username_key -> Text,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        password -> Text,
        status -> Text,
        is_agent -> Bool,
        is_warehouse_user -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}
