//! Sparse fieldsets: the attributes that a client asked for, of those that its application has, without a copy of the
//! others (reference/framework.md §2.4).

use serde::ser::{Error, Impossible, Serialize, SerializeStruct, Serializer};

use super::resource::Resource;
use crate::input::OnlyIn;

/// Attributes, reduced to those that the client wants and its application has.
pub(crate) struct Sparse<'a, A> {
    pub(crate) attributes: &'a A,
    /// All of them when `None`.
    pub(crate) fields: Option<&'a [&'a str]>,
    /// The name of the application.
    pub(crate) application: &'a str,
}

impl<A: Resource> Sparse<'_, A> {
    /// Whether the client wants attributes, and none that there are.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_some() && serde_json::to_string(self).is_ok_and(|text| text == "{}")
    }
}

impl<A: Resource> Serialize for Sparse<'_, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.fields.is_none() && A::ONLY_IN.is_empty() {
            return self.attributes.serialize(serializer);
        }
        let wanted = Wanted { fields: self.fields, limits: A::ONLY_IN, application: self.application };
        self.attributes.serialize(Only { inner: serializer, wanted })
    }
}

/// Which attributes are shown.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    fields: Option<&'a [&'a str]>,
    limits: &'static [OnlyIn],
    application: &'a str,
}

impl Wanted<'_> {
    fn has(&self, attribute: &str) -> bool {
        self.fields.is_none_or(|fields| fields.contains(&attribute))
            && OnlyIn::allows(self.limits, attribute, self.application)
    }
}

/// A serializer that takes a struct and passes on some of its fields. Attributes are structs, so the rest is refused.
struct Only<'a, S> {
    inner: S,
    wanted: Wanted<'a>,
}

struct OnlyFields<'a, S> {
    inner: S,
    wanted: Wanted<'a>,
}

impl<S: SerializeStruct> SerializeStruct for OnlyFields<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), S::Error> {
        if self.wanted.has(key) { self.inner.serialize_field(key, value) } else { self.inner.skip_field(key) }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

macro_rules! refuse {
    ($($name:ident($($arg:ty),*) -> $ok:ty;)*) => {
        $(fn $name(self, $(_: $arg),*) -> Result<$ok, S::Error> { Err(S::Error::custom("attributes are a struct")) })*
    };
}

impl<'a, S: Serializer> Serializer for Only<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStruct = OnlyFields<'a, S::SerializeStruct>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        Ok(OnlyFields { inner: self.inner.serialize_struct(name, len)?, wanted: self.wanted })
    }

    refuse! {
        serialize_bool(bool) -> S::Ok;
        serialize_i8(i8) -> S::Ok;
        serialize_i16(i16) -> S::Ok;
        serialize_i32(i32) -> S::Ok;
        serialize_i64(i64) -> S::Ok;
        serialize_u8(u8) -> S::Ok;
        serialize_u16(u16) -> S::Ok;
        serialize_u32(u32) -> S::Ok;
        serialize_u64(u64) -> S::Ok;
        serialize_f32(f32) -> S::Ok;
        serialize_f64(f64) -> S::Ok;
        serialize_char(char) -> S::Ok;
        serialize_str(&str) -> S::Ok;
        serialize_bytes(&[u8]) -> S::Ok;
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(&'static str) -> S::Ok;
        serialize_unit_variant(&'static str, u32, &'static str) -> S::Ok;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_some<T: ?Sized + Serialize>(self, _: &T) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("attributes are a struct"))
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("attributes are a struct"))
    }
}
