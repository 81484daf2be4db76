//! The applications, the rows and the callers of this crate's tests.

use glue_core::testing::contract::{self, Mounted};

use crate::contract::APPLICATIONS;

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    const APPLICATIONS: &'static [Mounted] = APPLICATIONS;

    const ROWS: &'static str = concat!(
        include_str!("rows.sql"),
        "INSERT INTO spy_product (uuid, sku, name, price, tags, created_at, updated_at)
            VALUES ('0198f3c2-7d1e-7a52-9f0b-3d0c5a1e6b50', 'L', 'Lamp', '1', '[]', '2026-01-01 00:00:00', '2026-01-01 00:00:00');
        INSERT INTO spy_purchase (uuid, product, status, created_at, updated_at, customer_reference)
            VALUES ('0198f3c2-7d1e-7a52-9f0b-3d0c5a1e6b51', '0198f3c2-7d1e-7a52-9f0b-3d0c5a1e6b50', 'new',
                '2026-01-01 00:00:00', '2026-01-01 00:00:00', 'DE--4');",
    );

    fn existing(_: &str, resource: &str) -> String {
        match resource {
            "purchases" => "0198f3c2-7d1e-7a52-9f0b-3d0c5a1e6b51".into(),
            _ => "029_26175504".into(),
        }
    }

    fn collection(_: &str, resource: &str) -> Option<String> {
        let below_wishlists = format!("/wishlists/0198f3c2-7d1e-7a52-9f0b-000000000001/{resource}");
        (!["booking-charges", "booking-topics", "preference-hints", "purchase-lines"].contains(&resource)).then_some(below_wishlists)
    }
}
