//! The refresh grant by hand: a hash, a read, a signature, another hash, and one transaction of three statements. It
//! knows neither clients nor limits, asks nobody whether the customer is still active, and has no retry window.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use aws_lc_rs::digest::{SHA256, digest};
use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;
use jsonwebtoken::{Algorithm, Header};
use serde::{Deserialize, Serialize};
use time::PrimitiveDateTime;

use super::hand_written::{Claims, HandWritten, Identity, spy_oauth_access_token as access};

diesel::table! { spy_oauth_refresh_token (id_oauth_refresh_token) { id_oauth_refresh_token -> BigInt, identifier -> Text, family -> Nullable<Text>, scopes -> Text, user_identifier -> Text, fk_oauth_client -> Text, expires_at -> Timestamp, used_at -> Nullable<Timestamp>, revoked_at -> Nullable<Timestamp>, created_at -> Timestamp, updated_at -> Timestamp, } }

use spy_oauth_refresh_token as refresh;

#[derive(Deserialize)]
pub(crate) struct Asked {
    refresh_token: String,
}

#[derive(Serialize)]
struct Answer {
    token_type: &'static str,
    expires_in: i64,
    access_token: String,
    refresh_token: String,
}

#[derive(Queryable)]
struct Row {
    family: String,
    scopes: String,
    user: String,
    client: String,
    expires_at: PrimitiveDateTime,
}

#[derive(Deserialize)]
struct User {
    id_customer: i64,
}

pub(crate) async fn exchange(state: Data<HandWritten>, form: Form<Asked>) -> HttpResponse {
    let (now, own) = (state.clock.now(), hash(&form.refresh_token));
    let wanted = own.clone();
    let found = state.db.run(move |conn| find(conn, &wanted)).await;
    let Ok(Some(row)) = found else { return HttpResponse::BadRequest().finish() };
    let at = glue_core::clock::stored(now);
    let (Ok(scopes), Ok(user)) = (serde_json::from_str(&row.scopes), serde_json::from_str::<User>(&row.user)) else {
        return HttpResponse::InternalServerError().finish();
    };
    if row.expires_at <= at {
        return HttpResponse::BadRequest().finish();
    }
    let fresh = || glue_core::request_id::fresh_uuid().to_string();
    let claims = Claims {
        iss: state.base.clone(),
        aud: "storefront".into(),
        sub: fresh(),
        jti: fresh(),
        iat: now.unix_timestamp(),
        exp: now.unix_timestamp() + 28_800,
        scopes,
        identity: Identity { id_customer: user.id_customer },
    };
    let Ok(access_token) = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &state.encode) else {
        return HttpResponse::InternalServerError().finish();
    };
    let refresh_token = format!("{}{}", fresh(), fresh());
    let successor = hash(&refresh_token);
    let written = state.db.write(move |conn| write(conn, &own, &successor, &claims.jti, &row, at)).await;
    match written {
        Ok(true) => HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(Answer {
            token_type: "Bearer",
            expires_in: 28_800,
            access_token,
            refresh_token,
        }),
        Ok(false) => HttpResponse::BadRequest().finish(),
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}

fn hash(token: &str) -> String {
    digest(&SHA256, token.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn find(conn: &mut Conn, identifier: &str) -> Result<Option<Row>, DbError> {
    let row = on_dialect!(conn, c => refresh::table
        .filter(refresh::identifier.eq(identifier))
        .filter(refresh::used_at.is_null())
        .filter(refresh::revoked_at.is_null())
        .select((
            refresh::family.assume_not_null(),
            refresh::scopes,
            refresh::user_identifier,
            refresh::fk_oauth_client,
            refresh::expires_at,
        ))
        .get_result::<Row>(c)
        .optional())?;
    Ok(row)
}

/// Whether this one exchanged the token.
fn write(
    conn: &mut Conn,
    own: &str,
    successor: &str,
    issued: &str,
    row: &Row,
    at: PrimitiveDateTime,
) -> Result<bool, DbError> {
    on_dialect!(conn, c => {
        let live = refresh::table.filter(refresh::identifier.eq(own)).filter(refresh::used_at.is_null());
        if diesel::update(live).set((refresh::used_at.eq(at), refresh::updated_at.eq(at))).execute(c)? == 0 {
            return Ok(false);
        }
        diesel::insert_into(access::table)
            .values((
                access::identifier.eq(issued),
                access::scopes.eq(&row.scopes),
                access::user_identifier.eq(&row.user),
                access::fk_oauth_client.eq(&row.client),
                access::expirity_date.eq(at),
                access::created_at.eq(at),
                access::updated_at.eq(at),
            ))
            .execute(c)?;
        diesel::insert_into(refresh::table)
            .values((
                refresh::identifier.eq(successor),
                refresh::family.eq(&row.family),
                refresh::scopes.eq(&row.scopes),
                refresh::user_identifier.eq(&row.user),
                refresh::fk_oauth_client.eq(&row.client),
                refresh::expires_at.eq(row.expires_at),
                refresh::created_at.eq(at),
                refresh::updated_at.eq(at),
            ))
            .execute(c)?;
        Ok(true)
    })
}
