//! Types, codes and attempts: the same three tables for customers and for back-office users.

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;
use time::PrimitiveDateTime;

use crate::Person;

/// Where a person stands with a type of second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeStatus {
    Inactive,
    Pending,
    Active,
}

impl TypeStatus {
    pub(crate) fn number(self) -> i32 {
        match self {
            Self::Inactive => 0,
            Self::Pending => 1,
            Self::Active => 2,
        }
    }
}

/// A code that nobody has proven, and what else becomes of one.
const UNVERIFIED: i32 = 0;
const BLOCKED: i32 = 1;
const VERIFIED: i32 = 2;
const INVALIDATED: i32 = 3;

/// What came of asking for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// It can be sent.
    Code,
    /// The person has that type already.
    Active,
    /// The person does not have that type.
    Unknown,
    /// Too many were asked for.
    TooMany,
}

/// A code to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewCode {
    pub(crate) hash: String,
    pub(crate) now: PrimitiveDateTime,
    pub(crate) expires: PrimitiveDateTime,
    /// At most this many since then.
    pub(crate) limit: (i64, PrimitiveDateTime),
}

macro_rules! person {
    (
        $person:ident: $types:ident $type_key:ident $fk_person:ident,
        $codes:ident $code_key:ident $fk_type:ident, $attempts:ident $attempt_key:ident $fk_code:ident
    ) => {
        mod $person {
            use super::*;

            diesel::table! {
                $types ($type_key) {
                    $type_key -> BigInt,
                    $fk_person -> BigInt,
                    #[sql_name = "type"]
                    kind -> Text,
                    status -> Integer,
                    created_at -> Timestamp,
                    updated_at -> Timestamp,
                }
            }

            diesel::table! {
                $codes ($code_key) {
                    $code_key -> BigInt,
                    $fk_type -> BigInt,
                    code -> Text,
                    status -> Integer,
                    expiration_date -> Timestamp,
                    created_at -> Timestamp,
                }
            }

            diesel::table! {
                $attempts ($attempt_key) {
                    $attempt_key -> BigInt,
                    $fk_code -> BigInt,
                    created_at -> Timestamp,
                }
            }

            diesel::joinable!($codes -> $types ($fk_type));
            diesel::allow_tables_to_appear_in_same_query!($codes, $types);

            pub(super) fn types(conn: &mut Conn, id: i64) -> Result<Vec<(String, i32)>, DbError> {
                Ok(on_dialect!(conn, c => {
                    $types::table
                        .filter($types::$fk_person.eq(id))
                        .order($types::kind)
                        .select(($types::kind, $types::status))
                        .load(c)?
                }))
            }

            pub(super) fn set_type(
                conn: &mut Conn,
                (id, kind): (i64, &str),
                (from, to): (i32, i32),
                now: PrimitiveDateTime,
            ) -> Result<bool, DbError> {
                let changed = on_dialect!(conn, c => {
                    let own = $types::table.filter($types::$fk_person.eq(id)).filter($types::kind.eq(kind));
                    diesel::update(own.filter($types::status.eq(from)))
                        .set(($types::status.eq(to), $types::updated_at.eq(now)))
                        .execute(c)?
                });
                Ok(changed > 0)
            }

            pub(super) fn add_type(conn: &mut Conn, id: i64, kind: &str, now: PrimitiveDateTime) -> Result<(), DbError> {
                on_dialect!(conn, c => {
                    let row = (
                        $types::$fk_person.eq(id),
                        $types::kind.eq(kind),
                        $types::status.eq(TypeStatus::Pending.number()),
                        $types::created_at.eq(now),
                        $types::updated_at.eq(now),
                    );
                    diesel::insert_into($types::table).values(row).execute(c)?
                });
                Ok(())
            }

            pub(super) fn add_code(conn: &mut Conn, (id, kind): (i64, &str), new: &NewCode) -> Result<Begun, DbError> {
                Ok(on_dialect!(conn, c => {
                    let own = || $types::table.filter($types::$fk_person.eq(id)).filter($types::kind.eq(kind));
                    // The lock of this row keeps others from asking for a code at the same time.
                    diesel::update(own()).set($types::updated_at.eq(new.now)).execute(c)?;
                    let Some(key) = own().select($types::$type_key).get_result::<i64>(c).optional()? else {
                        return Ok(Begun::Unknown);
                    };
                    let codes = || $codes::table.filter($codes::$fk_type.eq(key));
                    let (limit, since) = new.limit;
                    // What is older tells nobody anything, and what was proven was its owner's.
                    diesel::delete(codes().filter($codes::created_at.le(since))).execute(c)?;
                    let young: i64 = codes().filter($codes::status.ne(VERIFIED)).count().get_result(c)?;
                    if young >= limit {
                        return Ok(Begun::TooMany);
                    }
                    diesel::update(codes().filter($codes::status.eq(UNVERIFIED)))
                        .set($codes::status.eq(INVALIDATED))
                        .execute(c)?;
                    let row = (
                        $codes::$fk_type.eq(key),
                        $codes::code.eq(&new.hash),
                        $codes::status.eq(UNVERIFIED),
                        $codes::expiration_date.eq(new.expires),
                        $codes::created_at.eq(new.now),
                    );
                    diesel::insert_into($codes::table).values(row).execute(c)?;
                    Begun::Code
                }))
            }

            pub(super) fn attempt(
                conn: &mut Conn,
                (id, kind, status): (i64, Option<&str>, i32),
                now: PrimitiveDateTime,
                most: i64,
                fits: &dyn Fn(&str) -> bool,
            ) -> Result<bool, DbError> {
                Ok(on_dialect!(conn, c, Backend => {
                    let mut live = $codes::table
                        .inner_join($types::table)
                        .filter($types::$fk_person.eq(id))
                        .filter($types::status.eq(status))
                        .filter($codes::status.eq(UNVERIFIED))
                        .filter($codes::expiration_date.gt(now))
                        .into_boxed::<Backend>();
                    if let Some(kind) = kind {
                        live = live.filter($types::kind.eq(kind));
                    }
                    let newest = live.order($codes::$code_key.desc()).select(($codes::$code_key, $codes::code));
                    let Some((key, hash)) = newest.first::<(i64, String)>(c).optional()? else { return Ok(false) };
                    // The attempt counts before anything is compared; the lock of the row makes them count one by one.
                    let code = || $codes::table.filter($codes::$code_key.eq(key));
                    diesel::update(code()).set($codes::expiration_date.eq($codes::expiration_date)).execute(c)?;
                    diesel::insert_into($attempts::table)
                        .values(($attempts::$fk_code.eq(key), $attempts::created_at.eq(now)))
                        .execute(c)?;
                    let tried: i64 = $attempts::table.filter($attempts::$fk_code.eq(key)).count().get_result(c)?;
                    if tried > most {
                        diesel::update(code().filter($codes::status.eq(UNVERIFIED)))
                            .set($codes::status.eq(BLOCKED))
                            .execute(c)?;
                        return Ok(false);
                    }
                    // Used up with the attempt, under the same lock: of several right ones at once the first passes.
                    let unused = code().filter($codes::status.eq(UNVERIFIED));
                    fits(&hash) && diesel::update(unused).set($codes::status.eq(VERIFIED)).execute(c)? > 0
                }))
            }

            pub(super) fn forget(conn: &mut Conn, (id, kind): (i64, &str)) -> Result<(), DbError> {
                on_dialect!(conn, c => {
                    let own = $types::table.filter($types::$fk_person.eq(id)).filter($types::kind.eq(kind));
                    let keys: Vec<i64> = own.select($types::$type_key).load(c)?;
                    let open = $codes::table.filter($codes::$fk_type.eq_any(keys)).filter($codes::status.eq(UNVERIFIED));
                    diesel::delete(open).execute(c)?
                });
                Ok(())
            }
        }
    };
}

person! {
    customers: spy_customer_multi_factor_auth id_customer_multi_factor_auth fk_customer,
    spy_customer_multi_factor_auth_codes id_customer_multi_factor_auth_codes fk_customer_multi_factor_auth,
    spy_customer_multi_factor_auth_codes_attempts id_customer_multi_factor_auth_codes_attempts fk_customer_multi_factor_auth_codes
}

person! {
    users: spy_user_multi_factor_auth id_user_multi_factor_auth fk_user,
    spy_user_multi_factor_auth_codes id_user_multi_factor_auth_codes fk_user_multi_factor_auth,
    spy_user_multi_factor_auth_codes_attempts id_user_multi_factor_auth_codes_attempts fk_user_multi_factor_auth_codes
}

/// The types that a person has, with their status.
pub(crate) fn types(conn: &mut Conn, person: Person) -> Result<Vec<(String, i32)>, DbError> {
    match person {
        Person::Customer(id) => customers::types(conn, id),
        Person::User(id) => users::types(conn, id),
    }
}

/// Moves a type from one status to another. Returns whether it had the first.
pub(crate) fn set_type(
    conn: &mut Conn,
    (person, kind): (Person, &str),
    (from, to): (TypeStatus, TypeStatus),
    now: PrimitiveDateTime,
) -> Result<bool, DbError> {
    let statuses = (from.number(), to.number());
    match person {
        Person::Customer(id) => customers::set_type(conn, (id, kind), statuses, now),
        Person::User(id) => users::set_type(conn, (id, kind), statuses, now),
    }
}

/// Makes a type pending, with a code to prove it by.
pub(crate) fn begin(conn: &mut Conn, (person, kind): (Person, &str), new: &NewCode) -> Result<Begun, DbError> {
    let known = types(conn, person)?.into_iter().find(|(own, _)| own == kind).map(|(_, status)| status);
    match known {
        Some(status) if status == TypeStatus::Active.number() => return Ok(Begun::Active),
        Some(_) => {
            set_type(conn, (person, kind), (TypeStatus::Inactive, TypeStatus::Pending), new.now)?;
        }
        None => match person {
            Person::Customer(id) => customers::add_type(conn, id, kind, new.now)?,
            Person::User(id) => users::add_type(conn, id, kind, new.now)?,
        },
    }
    add_code(conn, (person, kind), new)
}

/// Writes another code of a type that the person has begun with.
pub(crate) fn again(conn: &mut Conn, (person, kind): (Person, &str), new: &NewCode) -> Result<Begun, DbError> {
    let begun = |(own, status): &(String, i32)| own == kind && *status != TypeStatus::Inactive.number();
    if types(conn, person)?.iter().any(begun) { add_code(conn, (person, kind), new) } else { Ok(Begun::Unknown) }
}

/// Writes a code; the ones before it are worth nothing any more.
fn add_code(conn: &mut Conn, (person, kind): (Person, &str), new: &NewCode) -> Result<Begun, DbError> {
    match person {
        Person::Customer(id) => customers::add_code(conn, (id, kind), new),
        Person::User(id) => users::add_code(conn, (id, kind), new),
    }
}

/// Counts an attempt at the youngest live code of the types with this status and uses the code up when its hash `fits`; returns
/// whether it did, and was not one attempt too many.
pub(crate) fn attempt(
    conn: &mut Conn,
    (person, kind, status): (Person, Option<&str>, TypeStatus),
    now: PrimitiveDateTime,
    most: i64,
    fits: &dyn Fn(&str) -> bool,
) -> Result<bool, DbError> {
    match person {
        Person::Customer(id) => customers::attempt(conn, (id, kind, status.number()), now, most, fits),
        Person::User(id) => users::attempt(conn, (id, kind, status.number()), now, most, fits),
    }
}

/// Takes the live codes of a type back.
pub(crate) fn forget(conn: &mut Conn, (person, kind): (Person, &str)) -> Result<(), DbError> {
    match person {
        Person::Customer(id) => customers::forget(conn, (id, kind)),
        Person::User(id) => users::forget(conn, (id, kind)),
    }
}
