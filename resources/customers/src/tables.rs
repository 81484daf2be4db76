//! The tables of customers.

diesel::table! {
    spy_customer (id_customer) {
        id_customer -> BigInt,
        customer_reference -> Text,
        email -> Text,
        email_key -> Text,
        salutation -> Nullable<Text>,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        first_name_key -> Nullable<Text>,
        last_name_key -> Nullable<Text>,
        gender -> Nullable<Text>,
        date_of_birth -> Nullable<Date>,
        password -> Nullable<Text>,
        registered -> Nullable<Date>,
        anonymized_at -> Nullable<Timestamp>,
        restore_password_key -> Nullable<Text>,
        restore_password_date -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    spy_customer_address (id_customer_address) {
        id_customer_address -> BigInt,
        fk_customer -> BigInt,
        is_default_shipping -> Bool,
        is_default_billing -> Bool,
    }
}

diesel::table! {
    spy_country (id_country) {
        id_country -> BigInt,
        iso2_code -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(spy_customer, spy_customer_address);
