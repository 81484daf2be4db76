//! The handlers that somebody would write without a framework, with the fast choices made: the key parsed once, the
//! statement cached, the executor's threads, the password pool.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::web::{self, Data, Json, Path};
use actix_web::{App, HttpRequest, HttpResponse};
use diesel::prelude::*;
use glue_app::Settings;
use glue_core::clock::Clock;
use glue_core::db::{Conn, Db, DbError};
use glue_core::on_dialect;
use glue_core::route::MEDIA_TYPE;
use glue_core::value::DateTime;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use oauth::passwords::{PasswordPool, Verdict};
use serde::{Deserialize, Serialize};
use time::PrimitiveDateTime;

diesel::table! { spy_wishlist (id_wishlist) { id_wishlist -> BigInt, uuid -> Text, fk_customer -> BigInt, name -> Text, created_at -> Timestamp, updated_at -> Timestamp, } }
diesel::table! { spy_wishlist_item (id_wishlist_item) { id_wishlist_item -> BigInt, fk_wishlist -> BigInt, sku -> Text, } }
diesel::allow_tables_to_appear_in_same_query!(spy_wishlist, spy_wishlist_item);
diesel::table! { spy_customer (id_customer) { id_customer -> BigInt, customer_reference -> Text, email_key -> Text, password -> Nullable<Text>, } }
diesel::table! { spy_oauth_access_token (id_oauth_access_token) { id_oauth_access_token -> BigInt, identifier -> Text, scopes -> Nullable<Text>, user_identifier -> Text, fk_oauth_client -> Text, expirity_date -> Timestamp, created_at -> Timestamp, updated_at -> Timestamp, } }
diesel::table! { spy_oauth_refresh_token (id_oauth_refresh_token) { id_oauth_refresh_token -> BigInt, identifier -> Text, scopes -> Text, user_identifier -> Text, fk_oauth_client -> Text, expires_at -> Timestamp, created_at -> Timestamp, updated_at -> Timestamp, } }

/// What a handler needs.
#[derive(Clone)]
pub(crate) struct HandWritten {
    pub(crate) db: Db,
    pub(crate) base: String,
    decode: DecodingKey,
    pub(crate) encode: EncodingKey,
    validation: Validation,
    passwords: PasswordPool,
    pub(crate) clock: Clock,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) aud: String,
    pub(crate) sub: String,
    pub(crate) jti: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) scopes: Vec<String>,
    pub(crate) identity: Identity,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) id_customer: i64,
}

/// The answer to a read.
#[derive(Serialize)]
pub(crate) struct Document {
    data: Resource,
}

#[derive(Serialize)]
struct Resource {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    attributes: Attributes,
    links: Links,
}

#[derive(Serialize)]
struct Attributes {
    name: String,
    #[serde(rename = "numberOfItems")]
    number_of_items: i64,
    #[serde(rename = "createdAt")]
    created_at: DateTime,
    #[serde(rename = "updatedAt")]
    updated_at: DateTime,
}

#[derive(Serialize)]
struct Links {
    #[serde(rename = "self")]
    this: String,
}

#[derive(Queryable)]
struct Row {
    id: String,
    name: String,
    items: Option<i64>,
    created_at: PrimitiveDateTime,
    updated_at: PrimitiveDateTime,
}

/// A document without a database.
pub(crate) fn document(id: String, this: String) -> Document {
    let epoch = DateTime(PrimitiveDateTime::MIN);
    let attributes = Attributes { name: "Ping".into(), number_of_items: 0, created_at: epoch, updated_at: epoch };
    Document { data: Resource { kind: "pings", id, attributes, links: Links { this } } }
}

impl HandWritten {
    pub(crate) fn app(
        settings: &Settings,
        db: Db,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = actix_web::Error,
            InitError = (),
        > + use<>,
    > {
        let state = Self::new(settings, db);
        App::new()
            .app_data(Data::new(state))
            .route("/wishlists/{id}", web::get().to(read))
            .route("/wishlists", web::get().to(collection))
            .route("/pings", web::get().to(ping))
            .route("/bare-pings", web::get().to(bare_ping))
            .route("/access-tokens", web::post().to(login))
            .route("/token", web::post().to(super::refresh::exchange))
    }

    #[expect(clippy::expect_used, reason = "a bench without its parts is no bench")]
    fn new(settings: &Settings, db: Db) -> Self {
        let pem = std::fs::read(&settings.auth.key_file).expect("the key");
        let encode = EncodingKey::from_rsa_pem(&pem).expect("a key");
        let pair = aws_lc_rs::signature::RsaKeyPair::from_der(encode.as_bytes()).expect("a key");
        let public = aws_lc_rs::signature::KeyPair::public_key(&pair).as_ref().to_vec();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&["storefront"]);
        validation.set_issuer(&[settings.server.base_url()]);
        validation.validate_nbf = true;
        Self {
            db,
            base: settings.server.base_url(),
            decode: DecodingKey::from_rsa_der(&public),
            encode,
            validation,
            passwords: PasswordPool::start(&settings.auth).expect("threads"),
            clock: Clock::system(),
        }
    }
}

/// What every answer of ours carries too: the same answer is compared with the same answer.
const SECURITY: [(&str, &str); 8] = [
    ("x-frame-options", "SAMEORIGIN"),
    ("content-security-policy", "frame-ancestors 'self'"),
    ("x-content-type-options", "nosniff"),
    ("x-xss-protection", "1; mode=block"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", ""),
    ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
    ("cache-control", "no-cache, private"),
];

fn answer<T: Serialize>(document: T) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for header in SECURITY {
        response.insert_header(header);
    }
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    response.insert_header(("x-request-id", NUMBER.fetch_add(1, Ordering::Relaxed).to_string()));
    response.content_type(MEDIA_TYPE).json(document)
}

async fn ping(state: Data<HandWritten>) -> HttpResponse {
    answer(document("DE".into(), format!("{}/pings", state.base)))
}

/// Without the headers: what a handler costs that leaves them to somebody else.
async fn bare_ping(state: Data<HandWritten>) -> HttpResponse {
    HttpResponse::Ok().content_type(MEDIA_TYPE).json(document("DE".into(), format!("{}/pings", state.base)))
}

async fn read(state: Data<HandWritten>, request: HttpRequest, id: Path<String>) -> HttpResponse {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let Some(token) = header.and_then(|value| value.strip_prefix("Bearer ")) else {
        return HttpResponse::Unauthorized().finish();
    };
    let Ok(data) = jsonwebtoken::decode::<Claims>(token, &state.decode, &state.validation) else {
        return HttpResponse::Unauthorized().finish();
    };
    let (id, owner) = (id.into_inner(), data.claims.identity.id_customer);
    let found = state.db.run(move |conn| find(conn, &id, owner)).await;
    match found {
        Ok(Some(row)) => {
            let attributes = Attributes {
                name: row.name,
                number_of_items: row.items.unwrap_or_default(),
                created_at: DateTime(row.created_at),
                updated_at: DateTime(row.updated_at),
            };
            let this = format!("{}/wishlists/{}", state.base, row.id);
            let resource = Resource { kind: "wishlists", id: row.id, attributes, links: Links { this } };
            answer(Document { data: resource })
        }
        Ok(None) => HttpResponse::NotFound().finish(),
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}

/// The caller's id, from a verified token.
fn caller(state: &HandWritten, request: &HttpRequest) -> Option<i64> {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer "))?;
    let data = jsonwebtoken::decode::<Claims>(token, &state.decode, &state.validation).ok()?;
    Some(data.claims.identity.id_customer)
}

#[derive(Serialize)]
struct Lists {
    data: Vec<ListResource>,
    links: Links,
    included: Vec<Item>,
}

#[derive(Serialize)]
struct ListResource {
    #[serde(flatten)]
    resource: Resource,
    relationships: Items,
}

#[derive(Serialize)]
struct Items {
    #[serde(rename = "wishlist-items")]
    items: Linkage,
}

#[derive(Serialize)]
struct Linkage {
    data: Vec<Reference>,
}

#[derive(Serialize)]
struct Reference {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
}

#[derive(Serialize)]
struct Item {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    attributes: ItemAttributes,
    links: Links,
}

#[derive(Serialize)]
struct ItemAttributes {
    sku: String,
}

async fn collection(state: web::Data<HandWritten>, request: HttpRequest) -> HttpResponse {
    let Some(owner) = caller(&state, &request) else { return HttpResponse::Unauthorized().finish() };
    let Ok((lists, items)) = state.db.run(move |conn| lists(conn, owner)).await else {
        return HttpResponse::ServiceUnavailable().finish();
    };
    let base = &state.base;
    let mut related: HashMap<String, Vec<Reference>> = HashMap::new();
    let mut included = Vec::with_capacity(items.len());
    for (list, id, sku) in items {
        related.entry(list.clone()).or_default().push(Reference { kind: "wishlist-items", id: id.clone() });
        let this = format!("{base}/wishlists/{list}/wishlist-items/{id}");
        let attributes = ItemAttributes { sku };
        included.push(Item { kind: "wishlist-items", id, attributes, links: Links { this } });
    }
    let data = lists.into_iter().map(|row| {
        let relationships = Items { items: Linkage { data: related.remove(&row.id).unwrap_or_default() } };
        let this = format!("{base}/wishlists/{}?include=wishlist-items", row.id);
        let attributes = Attributes {
            name: row.name,
            number_of_items: row.items.unwrap_or_default(),
            created_at: DateTime(row.created_at),
            updated_at: DateTime(row.updated_at),
        };
        ListResource {
            resource: Resource { kind: "wishlists", id: row.id, attributes, links: Links { this } },
            relationships,
        }
    });
    let links = Links { this: format!("{base}/wishlists?include=wishlist-items") };
    answer(Lists { data: data.collect(), links, included })
}

type ItemRow = (String, String, String);

fn lists(conn: &mut Conn, owner: i64) -> Result<(Vec<Row>, Vec<ItemRow>), DbError> {
    Ok(on_dialect!(conn, c => {
        let lists: Vec<Row> = spy_wishlist::table
            .filter(spy_wishlist::fk_customer.eq(owner))
            .select((
                spy_wishlist::uuid,
                spy_wishlist::name,
                spy_wishlist_item::table
                    .filter(spy_wishlist_item::fk_wishlist.eq(spy_wishlist::id_wishlist))
                    .count()
                    .single_value(),
                spy_wishlist::created_at,
                spy_wishlist::updated_at,
            ))
            .order_by(spy_wishlist::id_wishlist)
            .limit(100)
            .load(c)?;
        let ids: Vec<&str> = lists.iter().map(|row| row.id.as_str()).collect();
        let items: Vec<ItemRow> = spy_wishlist_item::table
            .inner_join(spy_wishlist::table.on(spy_wishlist::id_wishlist.eq(spy_wishlist_item::fk_wishlist)))
            .filter(spy_wishlist::uuid.eq_any(ids))
            .filter(spy_wishlist::fk_customer.eq(owner))
            .select((spy_wishlist::uuid, spy_wishlist_item::sku, spy_wishlist_item::sku))
            .order_by(spy_wishlist_item::id_wishlist_item)
            .load(c)?;
        (lists, items)
    }))
}

fn find(conn: &mut Conn, id: &str, owner: i64) -> Result<Option<Row>, DbError> {
    let row = on_dialect!(conn, c => spy_wishlist::table
        .filter(spy_wishlist::uuid.eq(id))
        .filter(spy_wishlist::fk_customer.eq(owner))
        .select((
            spy_wishlist::uuid,
            spy_wishlist::name,
            spy_wishlist_item::table
                .filter(spy_wishlist_item::fk_wishlist.eq(spy_wishlist::id_wishlist))
                .count()
                .single_value(),
            spy_wishlist::created_at,
            spy_wishlist::updated_at,
        ))
        .get_result::<Row>(c)
        .optional())?;
    Ok(row)
}

#[derive(Deserialize)]
struct Login {
    data: LoginData,
}

#[derive(Deserialize)]
struct LoginData {
    attributes: Credentials,
}

#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

async fn login(state: Data<HandWritten>, body: web::Bytes) -> HttpResponse {
    let Ok(Json(login)) = serde_json::from_slice::<Login>(&body).map(Json) else {
        return HttpResponse::BadRequest().finish();
    };
    let credentials = login.data.attributes;
    let key = credentials.username.to_lowercase();
    let found = state.db.run(move |conn| {
        let row: Option<(i64, String, Option<String>)> = on_dialect!(conn, c => spy_customer::table
            .filter(spy_customer::email_key.eq(&key))
            .select((spy_customer::id_customer, spy_customer::customer_reference, spy_customer::password))
            .get_result(c)
            .optional())?;
        Ok(row)
    });
    let Ok(Some((id, _, hash))) = found.await else { return HttpResponse::Unauthorized().finish() };
    let Ok(Verdict::Right { .. }) = state.passwords.verify(credentials.password.into(), hash).await else {
        return HttpResponse::Unauthorized().finish();
    };
    let now = state.clock.now();
    let fresh = || glue_core::request_id::fresh_uuid().to_string();
    let claims = Claims {
        iss: state.base.clone(),
        aud: "storefront".into(),
        sub: fresh(),
        jti: fresh(),
        iat: now.unix_timestamp(),
        exp: now.unix_timestamp() + 28_800,
        scopes: vec!["customer".into()],
        identity: Identity { id_customer: id },
    };
    let Ok(token) = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &state.encode) else {
        return HttpResponse::InternalServerError().finish();
    };
    let (refresh, at) = (fresh(), glue_core::clock::stored(now));
    let stored = refresh.clone();
    let written = state.db.write(move |conn| {
        on_dialect!(conn, c => {
            diesel::insert_into(spy_oauth_access_token::table)
                .values((
                    spy_oauth_access_token::identifier.eq(&claims.jti),
                    spy_oauth_access_token::scopes.eq("[\"customer\"]"),
                    spy_oauth_access_token::user_identifier.eq("{}"),
                    spy_oauth_access_token::fk_oauth_client.eq("frontend"),
                    spy_oauth_access_token::expirity_date.eq(at),
                    spy_oauth_access_token::created_at.eq(at),
                    spy_oauth_access_token::updated_at.eq(at),
                ))
                .execute(c)?;
            diesel::insert_into(spy_oauth_refresh_token::table)
                .values((
                    spy_oauth_refresh_token::identifier.eq(&stored),
                    spy_oauth_refresh_token::scopes.eq("[\"customer\"]"),
                    spy_oauth_refresh_token::user_identifier.eq("{}"),
                    spy_oauth_refresh_token::fk_oauth_client.eq("frontend"),
                    spy_oauth_refresh_token::expires_at.eq(at),
                    spy_oauth_refresh_token::created_at.eq(at),
                    spy_oauth_refresh_token::updated_at.eq(at),
                ))
                .execute(c)
        })?;
        Ok(())
    });
    match written.await {
        Ok(()) => HttpResponse::Created().json(serde_json::json!({ "accessToken": token, "refreshToken": refresh })),
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}
