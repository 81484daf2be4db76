//! Aggregates whose type differs from database to database, as integers everywhere.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Nullable};

/// The sum of a column of integers; nothing without rows.
#[must_use]
pub fn sum<E>(of: E) -> Sum<E> {
    Sum(of)
}

/// The average of a column of integers in hundredths, rounded; nothing without rows.
#[must_use]
pub fn average<E>(of: E) -> Average<E> {
    Average(of)
}

/// See [`sum`]: a sum of 64-bit integers is a `numeric` in PostgreSQL and a `decimal` in MySQL.
#[derive(Clone, Copy, Debug, QueryId)]
pub struct Sum<E>(E);

/// See [`average`].
#[derive(Clone, Copy, Debug, QueryId)]
pub struct Average<E>(E);

/// A database, and what it calls a 64-bit integer in a cast.
pub trait Integers: Backend {
    /// The name of the type.
    const INTEGER: &'static str;
}

impl Integers for diesel::sqlite::Sqlite {
    const INTEGER: &'static str = "INTEGER";
}

#[cfg(feature = "postgres")]
impl Integers for diesel::pg::Pg {
    const INTEGER: &'static str = "BIGINT";
}

#[cfg(feature = "mysql")]
impl Integers for diesel::mysql::Mysql {
    const INTEGER: &'static str = "SIGNED";
}

macro_rules! aggregate {
    ($name:ident, $before:literal, $after:literal) => {
        impl<E: Expression> Expression for $name<E> {
            type SqlType = Nullable<BigInt>;
        }

        impl<E: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for $name<E> {}

        impl<E: SelectableExpression<QS>, QS> SelectableExpression<QS> for $name<E> {}

        impl<E, G> ValidGrouping<G> for $name<E> {
            type IsAggregate = is_aggregate::Yes;
        }

        impl<E: QueryFragment<DB>, DB: Integers> QueryFragment<DB> for $name<E> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                out.push_sql($before);
                self.0.walk_ast(out.reborrow())?;
                out.push_sql($after);
                out.push_sql(DB::INTEGER);
                out.push_sql(")");
                Ok(())
            }
        }
    };
}

aggregate!(Sum, "CAST(SUM(", ") AS ");
aggregate!(Average, "CAST(ROUND(AVG(", ") * 100) AS ");
