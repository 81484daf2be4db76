//! Returns what it is sent.

use glue_core::document::Entity;
use glue_core::error::Outcome;
use glue_core::request::Authed;

use crate::generated::palettes_v2_0::api::PalettesV2_0Api;
use crate::generated::palettes_v2_0::attributes::{CreatePaletteV2_0, PaletteV2_0};
use crate::generated::palettes_v2_0::routes::Create;

/// The behaviour of `palettes`.
#[derive(Debug)]
pub enum Palettes {}

impl PalettesV2_0Api for Palettes {
    async fn create(_: &Authed<Create>, input: CreatePaletteV2_0) -> Outcome<Entity<PaletteV2_0>> {
        let CreatePaletteV2_0 { colours, weight, seen_at, day, kind } = input;
        Ok(Entity { id: None, attributes: PaletteV2_0 { colours, weight, seen_at, day, kind } })
    }
}
