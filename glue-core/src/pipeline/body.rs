//! Reads a body: not longer than the limit, not slower than the deadline.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap};
use actix_web::web::{Bytes, BytesMut};
use futures_util::StreamExt;

use crate::error::{ApiError, Outcome, codes};
use crate::settings::Limits;

/// How much of an oversized body is still read and thrown away, so that its sender gets to read the answer.
const DRAIN: usize = 16 * 1024 * 1024;

/// The whole body; what is left of `payload` when it was not read to its end is for [`held`].
pub(super) async fn read(payload: &mut Payload, headers: &HeaderMap, limits: &Limits) -> Outcome<Bytes> {
    if declared(headers).is_some_and(|bytes| bytes > limits.body_bytes) {
        return Err((&codes::BODY_TOO_LARGE).into());
    }
    let collect = async {
        let mut body = BytesMut::new();
        let mut seen = 0_usize;
        while let Some(chunk) = payload.next().await {
            // A broken transfer is the sender's fault, whatever part of the framing broke.
            let chunk = chunk.map_err(|error| ApiError::from(&codes::INVALID_BODY).caused_by(error))?;
            seen += chunk.len();
            if seen <= limits.body_bytes {
                body.extend_from_slice(&chunk);
            } else if seen > DRAIN {
                break;
            }
        }
        if seen > limits.body_bytes { Err(ApiError::from(&codes::BODY_TOO_LARGE)) } else { Ok(body.freeze()) }
    };
    let body = match tokio::time::timeout(limits.body_time, collect).await {
        Ok(outcome) => outcome?,
        Err(_) => return Err((&codes::BODY_TOO_SLOW).into()),
    };
    *payload = Payload::None;
    Ok(body)
}

/// The length that a head announces.
pub(super) fn declared(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// An answer that holds what was not read of the request's body until it is sent. The server waits for the rest of a
/// chunked body that nobody holds, for as long as its sender likes; of one that is held it closes the connection.
pub(super) fn held(response: ServiceResponse, unread: Payload) -> ServiceResponse {
    if matches!(unread, Payload::None) {
        return response;
    }
    // What is left of it stands where the next request would.
    let mut response = response;
    response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    response.map_body(|_, body| BoxBody::new(Held { body, _unread: unread }))
}

struct Held {
    body: BoxBody,
    _unread: Payload,
}

impl MessageBody for Held {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
