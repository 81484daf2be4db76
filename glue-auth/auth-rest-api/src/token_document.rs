//! The answer of every endpoint that begins or continues a session (reference/authentication.md §1.3).

/// The document of a [`TokenPair`](oauth::TokenPair), with the attributes that the resource adds to the common ones.
macro_rules! token_document {
    ($attributes:ident, $pair:expr $(, $more:ident)*) => {{
        let pair: oauth::TokenPair = $pair;
        glue_core::document::Entity {
            id: None,
            attributes: $attributes {
                token_type: "Bearer".into(),
                expires_in: pair.expires_in,
                access_token: pair.access_token,
                refresh_token: pair.refresh_token.unwrap_or_default(),
                $($more,)*
            },
        }
    }};
}

pub(crate) use token_document;
