//! Typed paths: links are made only through them.

/// A fixed path, such as `/konto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path(&'static str);

impl Path {
    pub const fn new(pattern: &'static str) -> Self {
        Path(pattern)
    }
    pub const fn pattern(self) -> &'static str {
        self.0
    }
    pub fn url(self) -> String {
        self.0.to_owned()
    }
}

/// A path with one parameter, such as `/konto/adressen/{id}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path1(&'static str);

impl Path1 {
    pub const fn new(pattern: &'static str) -> Self {
        Path1(pattern)
    }
    pub const fn pattern(self) -> &'static str {
        self.0
    }
    /// The link for this parameter; it must be URL-safe as it stands (ids and tokens are).
    pub fn to(self, parameter: impl std::fmt::Display) -> String {
        match (self.0.split_once('{'), self.0.split_once('}')) {
            (Some((before, _)), Some((_, after))) => format!("{before}{parameter}{after}"),
            _ => self.0.to_owned(),
        }
    }
}

/// Either kind, for the route list.
pub trait Pattern {
    fn pattern(&self) -> &'static str;
}
impl Pattern for Path {
    fn pattern(&self) -> &'static str {
        self.0
    }
}
impl Pattern for Path1 {
    fn pattern(&self) -> &'static str {
        self.0
    }
}
