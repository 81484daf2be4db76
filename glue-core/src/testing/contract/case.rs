//! What a row promises.

/// One thing that a row promises.
#[derive(Clone, Copy, Debug)]
pub enum Case {
    /// Who is let in and who is not.
    Guard(Guard),
    /// A body that is not read as one is refused.
    Malformed(Malformed),
    /// The smallest body with this done to an attribute is refused with a status and a code.
    WrongAttribute(&'static str, Wrong, u16, &'static str),
    /// Whoever may call is served with this status and a body that the document describes.
    Served(u16),
    /// The right request of whoever may call is refused for the state of a new row, with a status and a code.
    Refused(u16, &'static str),
    /// A new row cannot be changed so that the attribute is this word: refused with a status and a code.
    ForbiddenChange(&'static str, &'static str, u16, &'static str),
    /// A reference to a row that is not there is refused with a status and a code.
    UnknownReference(&'static str, u16, &'static str),
    /// A page that starts at a letter is refused.
    PageOfLetters,
    /// The same row twice is refused with a status and a code.
    Duplicate(u16, &'static str),
    /// An id that nothing has is refused with a status and a code.
    UnknownId(u16, &'static str),
    /// What is the owner's is refused to others with a status and a code, and not to the owner.
    Hidden(u16, &'static str),
    /// What is the owner's is in the owner's collection and in nobody else's.
    Unlisted,
    /// `mine` stands for the id of the owner's row, which is served with this status; of others there is none, which is
    /// refused with a status and a code.
    Mine(u16, u16, &'static str),
    /// An attribute that other applications show is not in the answer, and not in the document either.
    Unshown(&'static str),
}

/// Who asks to be let in.
#[derive(Clone, Copy, Debug)]
pub enum Guard {
    /// Somebody with a bearer token that is none: refused.
    GarbageToken,
    /// Somebody with a token whose time is over: refused.
    ExpiredToken,
    /// Somebody with a token of another application: refused.
    ForeignToken,
    /// Somebody with two `Authorization` headers: refused.
    TwoTokens,
    /// Somebody with a scheme that has no meaning here: refused.
    OtherScheme,
    /// Nobody: the document says of the row's security what the guard does.
    Documented,
    /// Somebody without a token: refused.
    NoToken,
    /// Somebody without a token: let in.
    Anybody,
    /// Nobody, and somebody who is no agent: refused.
    NoAgent,
    /// An agent, by either header: let in.
    Agent,
    /// Somebody whose token carries no scope: refused.
    NoScopes,
    /// Somebody with an API key, which does as well as a token; an unknown one does not, and a token counts for more.
    ApiKey,
    /// Somebody with an API key, which does not help.
    NoApiKey,
}

/// What is sent instead of a body.
#[derive(Clone, Copy, Debug)]
pub enum Malformed {
    /// No JSON.
    NotJson,
    /// A list in a list in a list, and so on.
    DeepNesting,
    /// A document without `data`.
    NoData,
    /// A resource object without `attributes`.
    NoAttributes,
    /// A resource object of another type.
    OtherType,
}

/// What a body carries instead of an attribute that is right.
#[derive(Clone, Copy, Debug)]
pub enum Wrong {
    /// Nothing.
    Nothing,
    /// A list.
    List,
    /// This text.
    Text(&'static str),
    /// A text of so many characters.
    Long(usize),
    /// This number.
    Number(i64),
    /// So many of what it holds: its first item, again and again.
    Items(usize),
}
