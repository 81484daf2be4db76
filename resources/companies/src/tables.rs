//! The tables of companies.

diesel::table! {
    spy_company (id_company) {
        id_company -> BigInt,
        uuid -> Text,
        name -> Text,
        is_active -> Bool,
        status -> Text,
    }
}

diesel::table! {
    spy_company_user (id_company_user) {
        id_company_user -> BigInt,
        uuid -> Text,
        fk_company -> BigInt,
        fk_customer -> BigInt,
        fk_company_business_unit -> Nullable<BigInt>,
        is_active -> Bool,
        is_default -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(spy_company, spy_company_user);
