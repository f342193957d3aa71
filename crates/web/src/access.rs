//! Who may call a route: data on the route, checked before its handler runs.

/// A right by its id in the specification, such as `account.view`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Right(pub &'static str);

/// What a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody; a session is read if there is one.
    Open,
    /// A signed-in user, with or without a customer.
    User,
    /// A signed-in user whose membership in the acting customer holds the right.
    Member(Right),
    /// As `User`, with a sign-in of the last minutes (see [`Access::fresh`]).
    FreshUser,
    /// As `Member`, with a sign-in of the last minutes.
    FreshMember(Right),
    /// The desk before sign-in: its own cookie and frame, no rights.
    DeskOpen,
    /// A signed-in member of staff with the right; `None`: any.
    Staff(Option<Right>),
}

impl Access {
    pub const fn open() -> Self {
        Access::Open
    }
    pub const fn user() -> Self {
        Access::User
    }
    pub const fn member(right: Right) -> Self {
        Access::Member(right)
    }
    pub const fn desk_open() -> Self {
        Access::DeskOpen
    }
    pub const fn staff(right: Right) -> Self {
        Access::Staff(Some(right))
    }
    pub const fn any_staff() -> Self {
        Access::Staff(None)
    }
    /// For sensitive acts: whoever signed in a while ago enters the password once more. For users and members; the
    /// desk's sessions are short.
    pub const fn fresh(self) -> Self {
        match self {
            Access::User => Access::FreshUser,
            Access::Member(right) => Access::FreshMember(right),
            other => other,
        }
    }
    pub const fn is_fresh(self) -> bool {
        matches!(self, Access::FreshUser | Access::FreshMember(_))
    }
    /// Without [`Access::fresh`].
    pub const fn stale(self) -> Self {
        match self {
            Access::FreshUser => Access::User,
            Access::FreshMember(right) => Access::Member(right),
            other => other,
        }
    }
    /// Whether the route belongs to the desk.
    pub const fn is_desk(self) -> bool {
        matches!(self, Access::DeskOpen | Access::Staff(_))
    }
}

/// The rights somebody holds, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights(Vec<String>);

impl Rights {
    pub fn new(ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Rights(ids.into_iter().map(Into::into).collect())
    }
    /// From the stored form: ids separated by blanks.
    pub fn parse(stored: &str) -> Self {
        Rights::new(stored.split_ascii_whitespace())
    }
    /// To the stored form.
    pub fn stored(&self) -> String {
        self.0.join(" ")
    }
    pub fn has(&self, right: Right) -> bool {
        self.0.iter().any(|id| id == right.0)
    }
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
