//! One body for every dialect that this build speaks.

/// Stamps one body per dialect: `on_dialect!(conn, c => users::table.load(c))`, or with a name for the backend's type:
/// `on_dialect!(conn, c, Backend => users::table.into_boxed::<Backend>().load(c))`.
///
/// Every copy is compiled against its own backend. Which there are follows the features that `glue-core` was built with, so
/// a crate that uses the macro needs no features of its own.
#[macro_export]
macro_rules! on_dialect {
    ($conn:expr, $c:ident => $body:expr) => {
        $crate::with_dialects!($conn, $c, () => $body)
    };
    ($conn:expr, $c:ident, $backend:ident => $body:expr) => {
        $crate::with_dialects!($conn, $c, ($backend) => $body)
    };
    (@match {$($variant:ident $type:ty),+} $conn:expr, $c:ident, $backend:tt => $body:expr) => {
        match $conn {
            $($crate::db::Conn::$variant($c) => $crate::on_dialect!(@arm $type, $backend => $body),)+
        }
    };
    (@arm $type:ty, () => $body:expr) => {
        $body
    };
    (@arm $type:ty, ($backend:ident) => $body:expr) => {{
        type $backend = $type;
        $body
    }};
}

/// Puts the dialects of this build in front of what [`on_dialect!`] stamps. A condition inside of that macro would ask for
/// the features of whoever calls it.
#[cfg(not(any(feature = "postgres", feature = "mysql")))]
#[doc(hidden)]
#[macro_export]
macro_rules! with_dialects {
    ($($body:tt)*) => { $crate::on_dialect!(@match {Sqlite diesel::sqlite::Sqlite} $($body)*) };
}

#[cfg(all(feature = "postgres", not(feature = "mysql")))]
#[doc(hidden)]
#[macro_export]
macro_rules! with_dialects {
    ($($body:tt)*) => {
        $crate::on_dialect!(@match {Sqlite diesel::sqlite::Sqlite, Postgres diesel::pg::Pg} $($body)*)
    };
}

#[cfg(all(feature = "mysql", not(feature = "postgres")))]
#[doc(hidden)]
#[macro_export]
macro_rules! with_dialects {
    ($($body:tt)*) => {
        $crate::on_dialect!(@match {Sqlite diesel::sqlite::Sqlite, Mysql diesel::mysql::Mysql} $($body)*)
    };
}

#[cfg(all(feature = "postgres", feature = "mysql"))]
#[doc(hidden)]
#[macro_export]
macro_rules! with_dialects {
    ($($body:tt)*) => {
        $crate::on_dialect!(@match
            {Sqlite diesel::sqlite::Sqlite, Postgres diesel::pg::Pg, Mysql diesel::mysql::Mysql}
            $($body)*)
    };
}
