//! Reads a body: not longer than the limit, not slower than the deadline.

use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use actix_web::web::{Bytes, BytesMut};
use futures_util::StreamExt;

use crate::codes;
use crate::error::{ApiError, Outcome};
use crate::settings::Limits;

/// How much of an oversized body is still read and thrown away, so that its sender gets to read the answer.
const DRAIN: usize = 16 * 1024 * 1024;

pub(super) async fn read(request: &mut ServiceRequest, limits: &Limits) -> Outcome<Bytes> {
    let mut payload = request.take_payload();
    let collect = async {
        let mut body = BytesMut::new();
        let mut seen = 0_usize;
        while let Some(chunk) = payload.next().await {
            // A broken transfer is the sender's fault, whatever part of the framing broke.
            let chunk = chunk.map_err(|error| ApiError::from(&codes::INVALID_BODY).because(error))?;
            seen += chunk.len();
            if seen <= limits.body_bytes {
                body.extend_from_slice(&chunk);
            } else if seen > DRAIN {
                break;
            }
        }
        if seen > limits.body_bytes { Err(ApiError::from(&codes::BODY_TOO_LARGE)) } else { Ok(body.freeze()) }
    };
    match tokio::time::timeout(limits.body_time, collect).await {
        Ok(outcome) => outcome,
        Err(_) => Err((&codes::BODY_TOO_SLOW).into()),
    }
}
