//! The tables of warehouses.

diesel::table! {
    spy_stock (id_stock) {
        id_stock -> BigInt,
        uuid -> Text,
        name -> Text,
        is_active -> Bool,
    }
}

diesel::table! {
    spy_warehouse_user_assignment (id_warehouse_user_assignment) {
        id_warehouse_user_assignment -> BigInt,
        uuid -> Text,
        fk_warehouse -> BigInt,
        user_uuid -> Text,
        is_active -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(spy_stock, spy_warehouse_user_assignment);
