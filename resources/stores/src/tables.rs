//! The tables of stores, and of what belongs to them.

diesel::table! {
    spy_store (id_store) {
        id_store -> BigInt,
        name -> Text,
        timezone -> Nullable<Text>,
        fk_currency -> Nullable<BigInt>,
        fk_locale -> Nullable<BigInt>,
    }
}

diesel::table! {
    spy_currency (id_currency) {
        id_currency -> BigInt,
        code -> Text,
        name -> Text,
        symbol -> Nullable<Text>,
    }
}

diesel::table! {
    spy_locale (id_locale) {
        id_locale -> BigInt,
        locale_name -> Text,
        is_active -> Bool,
    }
}

diesel::table! {
    spy_country (id_country) {
        id_country -> BigInt,
        iso2_code -> Text,
        iso3_code -> Nullable<Text>,
        name -> Text,
        postal_code_mandatory -> Bool,
        postal_code_regex -> Nullable<Text>,
    }
}

diesel::table! {
    spy_region (id_region) {
        id_region -> BigInt,
        fk_country -> BigInt,
        iso2_code -> Text,
        name -> Text,
    }
}

diesel::table! {
    spy_currency_store (id_currency_store) {
        id_currency_store -> BigInt,
        fk_currency -> BigInt,
        fk_store -> BigInt,
    }
}

diesel::table! {
    spy_locale_store (id_locale_store) {
        id_locale_store -> BigInt,
        fk_locale -> BigInt,
        fk_store -> BigInt,
    }
}

diesel::table! {
    spy_country_store (id_country_store) {
        id_country_store -> BigInt,
        fk_country -> BigInt,
        fk_store -> BigInt,
    }
}

diesel::joinable!(spy_currency_store -> spy_currency (fk_currency));
diesel::joinable!(spy_locale_store -> spy_locale (fk_locale));
diesel::joinable!(spy_country_store -> spy_country (fk_country));
diesel::allow_tables_to_appear_in_same_query!(spy_currency_store, spy_currency);
diesel::allow_tables_to_appear_in_same_query!(spy_locale_store, spy_locale);
diesel::allow_tables_to_appear_in_same_query!(spy_country_store, spy_country);
