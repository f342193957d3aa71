//! A form is a type; each field is one line (see [`form!`](crate::form) and [`noun!`](crate::noun)).

use crate::texts::Texts;
use files::FileId;
use kernel::{Country, Email, Locale, Phone, Secret, VatId};
use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;

/// How a field is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Widget {
    Line,
    Text,
    Email,
    Password,
    Phone,
    Select,
    /// One of few, all of them in view.
    Radio,
    Tick,
    /// Several lines that are never sent back.
    Concealed,
    Files,
    /// One small file that is never sent back.
    Held,
}

impl Widget {
    fn as_str(self) -> &'static str {
        match self {
            Widget::Line => "line",
            Widget::Text => "text",
            Widget::Email => "email",
            Widget::Password => "password",
            Widget::Phone => "phone",
            Widget::Select => "select",
            Widget::Radio => "radio",
            Widget::Tick => "tick",
            Widget::Concealed => "concealed",
            Widget::Files => "files",
            Widget::Held => "held",
        }
    }
}

/// How much of a row a field takes. Fields that share a row share a line on a card, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    Full,
    Half,
    Short,
    Rest,
}

impl Width {
    fn as_str(self) -> &'static str {
        match self {
            Width::Full => "full",
            Width::Half => "half",
            Width::Short => "short",
            Width::Rest => "rest",
        }
    }
}

/// One field of a form.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub widget: Widget,
    /// In grapheme clusters.
    pub max: usize,
    pub width: Width,
    pub required: bool,
    pub autocomplete: Option<&'static str>,
    pub inputmode: Option<&'static str>,
    /// Lines of a text field.
    pub rows: u8,
    pub options: Options,
}

/// The choices of a field, in this language: value and word.
pub type Options = fn(&Texts, Locale) -> Vec<(String, String)>;

fn no_options(_: &Texts, _: Locale) -> Vec<(String, String)> {
    Vec::new()
}

/// The words a field's line is written with.
pub mod spec {
    use super::{Field, Widget, Width, no_options};

    const fn of(widget: Widget, max: usize) -> Field {
        Field {
            name: "",
            widget,
            max,
            width: Width::Full,
            required: true,
            autocomplete: None,
            inputmode: None,
            rows: 0,
            options: no_options,
        }
    }
    /// One line of at most `max` characters.
    pub const fn line(max: usize) -> Field {
        of(Widget::Line, max)
    }
    /// Several lines, `max` characters in all.
    pub const fn text(max: usize) -> Field {
        let mut field = of(Widget::Text, max);
        field.rows = 6;
        field
    }
    pub const fn email() -> Field {
        of(Widget::Email, 254).autocomplete("email")
    }
    pub const fn password() -> Field {
        of(Widget::Password, 256)
    }
    pub const fn phone() -> Field {
        of(Widget::Phone, 32).autocomplete("tel")
    }
    pub const fn select() -> Field {
        of(Widget::Select, 64)
    }
    /// A choice with all its options in view.
    pub const fn radio() -> Field {
        of(Widget::Radio, 64)
    }
    /// Several lines that are never sent back, for `Secret`.
    pub const fn concealed(max: usize) -> Field {
        let mut field = of(Widget::Concealed, max);
        field.rows = 4;
        field
    }
    pub const fn tick() -> Field {
        of(Widget::Tick, 8)
    }
    /// The files of a form: one such field, on a route with [`Module::upload`](crate::Module::upload).
    pub const fn files() -> Field {
        of(Widget::Files, 0)
    }
    /// One small file that lies in memory alone, for `Held`: on a route with
    /// [`Module::upload_held`](crate::Module::upload_held) for this name.
    pub const fn held() -> Field {
        of(Widget::Held, 0)
    }
    impl Field {
        pub const fn named(mut self, name: &'static str) -> Self {
            self.name = name;
            self
        }
        pub const fn half(mut self) -> Self {
            self.width = Width::Half;
            self
        }
        pub const fn short(mut self) -> Self {
            self.width = Width::Short;
            self
        }
        pub const fn rest(mut self) -> Self {
            self.width = Width::Rest;
            self
        }
        pub const fn rows(mut self, rows: u8) -> Self {
            self.rows = rows;
            self
        }
        pub const fn autocomplete(mut self, token: &'static str) -> Self {
            self.autocomplete = Some(token);
            self
        }
        pub const fn inputmode(mut self, mode: &'static str) -> Self {
            self.inputmode = Some(mode);
            self
        }
    }
}

/// What is wrong with a field: a text key and its variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub key: Cow<'static, str>,
    pub args: Vec<(&'static str, i64)>,
}

impl Fault {
    pub fn key(key: impl Into<Cow<'static, str>>) -> Self {
        Fault {
            key: key.into(),
            args: Vec::new(),
        }
    }
    pub fn arg(mut self, name: &'static str, value: i64) -> Self {
        self.args.push((name, value));
        self
    }
    fn text(&self, texts: &Texts, locale: Locale) -> String {
        let args: Vec<_> = self.args.iter().map(|(n, v)| (*n, (*v).into())).collect();
        texts.with(locale, &self.key, &args).into_owned()
    }
}

/// A question about what was entered, which one of its buttons answers when the form is sent once more. All words are
/// text keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What there is to ask about, a line each.
    pub about: Vec<String>,
    pub text: &'static str,
    pub name: &'static str,
    /// Value and word of each button.
    pub answers: Vec<(&'static str, &'static str)>,
}

/// A question as its template draws it.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionView {
    pub about: Vec<String>,
    pub text: String,
    pub name: &'static str,
    pub answers: Vec<AnswerView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct AnswerView {
    pub value: &'static str,
    pub label: String,
}

/// The faults of one form, by field; the empty name is the form as a whole.
#[derive(Debug, Clone, Default)]
pub struct Faults(Vec<(&'static str, Fault)>, Option<Box<Question>>);

impl Faults {
    pub fn none(&self) -> bool {
        self.0.is_empty()
    }
    pub fn add(&mut self, field: &'static str, fault: Fault) {
        self.0.push((field, fault));
    }
    /// Nothing is wrong, but something is to be asked before the form is taken.
    pub fn ask(&mut self, question: Question) {
        self.1 = Some(Box::new(question));
    }
    pub fn question(&self) -> Option<&Question> {
        self.1.as_deref()
    }
    pub fn of(&self, field: &str) -> Option<&Fault> {
        self.0
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, fault)| fault)
    }
}

/// A type that one field is read as.
pub trait FieldValue: Sized {
    const REQUIRED: bool = true;
    const OPTIONS: Options = no_options;
    /// # Errors
    /// What is wrong, to be shown at the field.
    fn parse(field: &Field, raw: &str) -> Result<Self, Fault>;
    /// As [`FieldValue::parse`], from the whole form: for what is no text.
    ///
    /// # Errors
    /// As there.
    fn take(field: &Field, raw: &RawForm) -> Result<Self, Fault> {
        Self::parse(field, raw.get(field.name).unwrap_or_default())
    }
    /// What stands in the field when it is shown again.
    fn raw(&self) -> String;
}

impl FieldValue for String {
    fn parse(field: &Field, raw: &str) -> Result<Self, Fault> {
        let clean = if field.widget == Widget::Text {
            kernel::clean_text(raw)
        } else {
            kernel::clean_line(raw)
        };
        let clean = clean.map_err(|_| Fault::key("fault-control"))?;
        let clean = clean.trim().to_owned();
        if clean.is_empty() {
            return Err(Fault::key("fault-required"));
        }
        if too_long(&clean, field.max) {
            return Err(Fault::key("fault-too-long").arg("max", field.max as i64));
        }
        Ok(clean)
    }
    fn raw(&self) -> String {
        self.clone()
    }
}

// A grapheme may be many bytes long, but not without end.
fn too_long(text: &str, max: usize) -> bool {
    text.len() > max && (text.len() > max.saturating_mul(16) || kernel::count_graphemes(text) > max)
}

impl<T: FieldValue> FieldValue for Option<T> {
    const REQUIRED: bool = false;
    const OPTIONS: Options = T::OPTIONS;
    fn parse(field: &Field, raw: &str) -> Result<Self, Fault> {
        if raw.trim().is_empty() {
            Ok(None)
        } else {
            T::parse(field, raw).map(Some)
        }
    }
    fn take(field: &Field, raw: &RawForm) -> Result<Self, Fault> {
        let blank = |text: &str| text.trim().is_empty();
        if raw.get(field.name).is_none_or(blank) && !raw.holds(field.name) {
            Ok(None)
        } else {
            T::take(field, raw).map(Some)
        }
    }
    fn raw(&self) -> String {
        self.as_ref().map(FieldValue::raw).unwrap_or_default()
    }
}

impl FieldValue for bool {
    const REQUIRED: bool = false;
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        Ok(!raw.is_empty())
    }
    fn raw(&self) -> String {
        if *self { "ja".into() } else { String::new() }
    }
}

/// A box that must be ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed;

impl FieldValue for Agreed {
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        if raw.is_empty() {
            Err(Fault::key("fault-agree"))
        } else {
            Ok(Agreed)
        }
    }
    fn raw(&self) -> String {
        "ja".into()
    }
}

impl FieldValue for Email {
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        if raw.trim().is_empty() {
            return Err(Fault::key("fault-required"));
        }
        Email::parse(raw).map_err(|_| Fault::key("fault-email"))
    }
    fn raw(&self) -> String {
        self.as_str().to_owned()
    }
}

impl FieldValue for Phone {
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        Phone::parse(raw).map_err(|_| Fault::key("fault-phone"))
    }
    fn raw(&self) -> String {
        self.as_str().to_owned()
    }
}

impl FieldValue for VatId {
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        VatId::parse(raw).map_err(|fault| Fault::key(fault.key()))
    }
    fn raw(&self) -> String {
        self.to_string()
    }
}

impl FieldValue for Secret {
    fn parse(field: &Field, raw: &str) -> Result<Self, Fault> {
        if raw.is_empty() {
            return Err(Fault::key("fault-required"));
        }
        if raw.len() > field.max * 16 || kernel::count_graphemes(raw) > field.max {
            return Err(Fault::key("fault-too-long").arg("max", field.max as i64));
        }
        Ok(Secret::new(raw))
    }
    // a secret is never sent back
    fn raw(&self) -> String {
        String::new()
    }
}

impl FieldValue for Country {
    const OPTIONS: Options = |_, locale| {
        Country::sorted(locale)
            .iter()
            .map(|c| (c.as_str().to_owned(), c.name(locale).to_owned()))
            .collect()
    };
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        Country::parse(raw).ok_or_else(|| Fault::key("fault-choice"))
    }
    fn raw(&self) -> String {
        self.as_str().to_owned()
    }
}

/// Makes a `words!` enum a field; its words are the texts `PREFIX-WORD`.
#[macro_export]
macro_rules! choice {
    ($name:ty, $prefix:literal) => {
        impl $crate::form::FieldValue for $name {
            const OPTIONS: $crate::form::Options = |texts, locale| {
                <$name>::ALL
                    .iter()
                    .map(|w| {
                        let key = format!(concat!($prefix, "-{}"), w.as_str());
                        (w.as_str().to_owned(), texts.get(locale, &key).into_owned())
                    })
                    .collect()
            };
            fn parse(
                _: &$crate::form::Field,
                raw: &str,
            ) -> ::std::result::Result<Self, $crate::form::Fault> {
                <$name>::parse(raw).ok_or_else(|| $crate::form::Fault::key("fault-choice"))
            }
            fn raw(&self) -> String {
                self.as_str().to_owned()
            }
        }
    };
}

choice!(Locale, "language");

/// A file that came with a form; it is stored, and belongs to nothing yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: FileId,
    /// Cleaned.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Brings it back with the next try, from the same browser.
    pub mark: String,
}

/// The files of a form; [`files::attach`] makes them belong to something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(pub Vec<Upload>);

impl Files {
    pub fn ids(&self) -> Vec<FileId> {
        self.0.iter().map(|upload| upload.id).collect()
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FieldValue for Files {
    const REQUIRED: bool = false;
    fn parse(_: &Field, _: &str) -> Result<Self, Fault> {
        Ok(Files::default())
    }
    fn take(_: &Field, raw: &RawForm) -> Result<Self, Fault> {
        match &raw.1.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(Files(raw.1.files.clone())),
        }
    }
    fn raw(&self) -> String {
        String::new()
    }
}

/// A small file that lies in memory alone, until a handler has sealed it. It is kept nowhere and never sent back.
#[derive(Clone, PartialEq, Eq)]
pub struct Held {
    /// Cleaned.
    pub name: String,
    bytes: Arc<Vec<u8>>,
}

impl Held {
    /// Of bytes, the most.
    pub const MAX: usize = 1_000_000;

    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        Held {
            name: files::clean(name),
            bytes: Arc::new(bytes),
        }
    }
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("«…»")
    }
}

impl FieldValue for Held {
    fn parse(_: &Field, _: &str) -> Result<Self, Fault> {
        Err(Fault::key("fault-required"))
    }
    fn take(field: &Field, raw: &RawForm) -> Result<Self, Fault> {
        match raw.held(field.name) {
            Some(held) => held.clone(),
            None => Err(Fault::key("fault-required")),
        }
    }
    fn raw(&self) -> String {
        String::new()
    }
}

/// The pairs of a posted form, as they came, and what came with them.
#[derive(Debug, Clone, Default)]
pub struct RawForm(Vec<(String, String)>, Box<Arrived>);

#[derive(Debug, Clone, Default)]
struct Arrived {
    files: Vec<Upload>,
    /// Names and contents of what was sent this time: the same form sent again is known by them.
    seen: Vec<(String, [u8; 32])>,
    fault: Option<Fault>,
    /// By field: what lies in memory alone, or what is wrong with it.
    held: Vec<(String, Result<Held, Fault>)>,
}

impl RawForm {
    /// Bytes that are no UTF-8 become the replacement character; nothing is refused here.
    pub fn parse(body: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(body).into_owned().collect();
        RawForm(pairs, Box::default())
    }
    /// For a query string, which no fault is shown for: PostgreSQL takes no NUL, so the sign for what cannot be read
    /// stands in its place.
    pub(crate) fn readable(mut self) -> Self {
        for (_, value) in &mut self.0 {
            if value.contains('\0') {
                *value = value.replace('\0', "\u{FFFD}");
            }
        }
        self
    }
    /// A value that something is looked up by as it came: nothing where it holds a NUL, which PostgreSQL takes for a
    /// fault.
    pub fn look_up(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.contains('\0'))
    }
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }
    /// Whether a name came more than once (parameter pollution).
    pub fn repeats(&self, name: &str) -> bool {
        self.0.iter().filter(|(n, _)| n == name).count() > 1
    }
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }
    /// One more pair, behind all others.
    pub(crate) fn add(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }
    pub(crate) fn files(&self) -> &[Upload] {
        &self.1.files
    }
    pub(crate) fn add_file(&mut self, file: Upload) {
        self.1.files.push(file);
    }
    /// What came with an earlier try stands before what came now.
    pub(crate) fn bring_files(&mut self, earlier: Vec<Upload>) {
        let mut files = earlier;
        files.dedup_by(|a, b| a.id == b.id);
        files.append(&mut self.1.files);
        self.1.files = files;
    }
    pub(crate) fn saw_file(&mut self, name: &str, hash: [u8; 32]) {
        self.1.seen.push((name.to_owned(), hash));
    }
    pub(crate) fn seen_files(&self) -> &[(String, [u8; 32])] {
        &self.1.seen
    }
    /// Whether anything came for a field that is held in memory.
    pub fn holds(&self, name: &str) -> bool {
        self.held(name).is_some()
    }
    /// What came for a field that is held in memory.
    pub fn held(&self, name: &str) -> Option<&Result<Held, Fault>> {
        let mut held = self.1.held.iter();
        held.find(|(field, _)| field == name).map(|(_, held)| held)
    }
    /// Puts it there; a second one is one too many.
    pub fn hold(&mut self, name: &str, held: Result<Held, Fault>) {
        let found = self.1.held.iter_mut().find(|(field, _)| field == name);
        match found {
            Some((_, there)) => *there = Err(Fault::key("fault-held-one")),
            None => self.1.held.push((name.to_owned(), held)),
        }
    }
    /// What is wrong with the files; the first word counts.
    pub(crate) fn fault(&mut self, fault: Fault) {
        self.1.fault.get_or_insert(fault);
    }
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), value.into()));
    }
}

/// A form type: made by [`form!`](crate::form) or [`noun!`](crate::noun).
pub trait Form: Sized {
    /// The texts of its fields are `NOUN-FIELD`, with `-` for `_`; help is the attribute `.help`.
    const NOUN: &'static str;
    fn fields() -> &'static [Field];
    /// Reads every field, so that all faults are shown at once.
    fn read(raw: &RawForm) -> Result<Self, Faults>;
    /// What the fields show for this value.
    fn raw(&self) -> RawForm;
}

#[doc(hidden)]
pub fn take<T: FieldValue>(field: &Field, raw: &RawForm, faults: &mut Faults) -> Option<T> {
    match T::take(field, raw) {
        Ok(value) => Some(value),
        Err(fault) => {
            faults.add(field.name, fault);
            None
        }
    }
}

/// A form: each line is a field's name, type, and `kind(length)` with width and hints.
/// Rules over several fields: `check(a, b) = f` calls `fn(&mut A, &mut B, &mut Faults)` as soon as these fields can be
/// read, whatever is wrong with others; `check = f` calls `fn(&mut Self, &mut Faults)` when all can.
#[macro_export]
macro_rules! form {
    ($(#[$meta:meta])* $vis:vis struct $name:ident as $noun:literal $(, check = $check:expr)? $(, check($($need:ident),+) = $early:expr)* ; {
        $($(#[$fmeta:meta])* $field:ident : $ty:ty = $spec:expr),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $vis struct $name { $($(#[$fmeta])* pub $field: $ty),* }
        impl $crate::form::Form for $name {
            const NOUN: &'static str = $noun;
            fn fields() -> &'static [$crate::form::Field] {
                #[allow(unused_imports)]
                use $crate::form::spec::*;
                const FIELDS: &[$crate::form::Field] = &[$({
                    let mut field = ($spec).named(stringify!($field));
                    field.required = <$ty as $crate::form::FieldValue>::REQUIRED;
                    field.options = <$ty as $crate::form::FieldValue>::OPTIONS;
                    field
                }),*];
                FIELDS
            }
            fn read(raw: &$crate::form::RawForm) -> ::std::result::Result<Self, $crate::form::Faults> {
                let mut faults = $crate::form::Faults::default();
                let mut fields = Self::fields().iter();
                $(#[allow(unused_mut)] let mut $field: ::std::option::Option<$ty> = fields.next().and_then(|field| $crate::form::take(field, raw, &mut faults));)*
                $(if let ($(Some($need),)+) = ($($need.as_mut(),)+) { ($early)($($need,)+ &mut faults); })*
                #[allow(unused_mut)]
                let read = (|| Some($name { $($field: $field?),* }))();
                match read {
                    #[allow(unused_mut)]
                    Some(mut form) => {
                        $( ($check)(&mut form, &mut faults); )?
                        if faults.none() { Ok(form) } else { Err(faults) }
                    }
                    None => Err(faults),
                }
            }
            fn raw(&self) -> $crate::form::RawForm {
                let mut raw = $crate::form::RawForm::default();
                $(raw.set(stringify!($field), $crate::form::FieldValue::raw(&self.$field));)*
                raw
            }
        }
    };
}

/// A form that is stored as it is: its fields are columns of the same names in the same order.
#[macro_export]
macro_rules! noun {
    ($(#[$meta:meta])* $vis:vis struct $name:ident as $noun:literal $(, check = $check:expr)? $(, check($($need:ident),+) = $early:expr)* ; {
        $($(#[$fmeta:meta])* $field:ident : $ty:ty = $spec:expr),* $(,)?
    }) => {
        $crate::form! { $(#[$meta])* #[derive(PartialEq)] $vis struct $name as $noun $(, check = $check)? $(, check($($need),+) = $early)*; { $($(#[$fmeta])* $field : $ty = $spec),* } }
        impl ::kernel::data::FromRow for $name {
            fn columns() -> Vec<::kernel::data::Column> {
                vec![$(::kernel::data::Column { name: stringify!($field), kind: <$ty as ::kernel::data::FromValue>::KIND }),*]
            }
            fn from_row(cells: &mut ::kernel::data::Cells) -> ::std::result::Result<Self, ::kernel::data::BadValue> {
                Ok($name { $($field: cells.take()?),* })
            }
        }
        impl $name {
            /// The fields' values, in the order of the fields.
            pub fn values(&self) -> Vec<::kernel::data::Value> {
                vec![$(::kernel::data::Value::from(self.$field.clone())),*]
            }
        }
    };
}

/// A form as it came, with what is wrong with it.
#[derive(Debug, Clone)]
pub struct Bad {
    pub raw: RawForm,
    pub faults: Faults,
}

impl Bad {
    /// One more fault, found by a verb.
    pub fn fault(raw: RawForm, field: &'static str, fault: Fault) -> Self {
        let mut faults = Faults::default();
        faults.add(field, fault);
        Bad { raw, faults }
    }
}

/// A form as its template draws it.
#[derive(Debug, Clone, Serialize)]
pub struct FormView {
    pub action: String,
    pub key: String,
    pub csrf: String,
    pub submit: String,
    pub cancel: Option<Link>,
    pub error: Option<String>,
    pub errors: Vec<FieldError>,
    pub rows: Vec<Vec<FieldView>>,
    /// Whether it is to be sent in parts, because files come with it.
    pub multipart: bool,
    /// Stands with the errors (`parts.errors`).
    pub question: Option<QuestionView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Link {
    pub href: String,
    pub label: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct FieldError {
    pub id: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct FieldView {
    pub name: &'static str,
    pub id: String,
    pub kind: &'static str,
    pub label: String,
    pub help: Option<String>,
    pub error: Option<String>,
    pub required: bool,
    pub optional: bool,
    pub value: String,
    pub checked: bool,
    pub options: Vec<OptionView>,
    pub max: usize,
    pub autocomplete: Option<&'static str>,
    pub inputmode: Option<&'static str>,
    pub rows: u8,
    pub width: &'static str,
    /// What came with an earlier try.
    pub kept: Vec<KeptView>,
}

/// A file that came with an earlier try, to be sent on or left out.
#[derive(Debug, Clone, Serialize)]
pub struct KeptView {
    pub mark: String,
    pub label: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct OptionView {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

/// The text key of a field: `address-first-name`.
pub fn field_key(noun: &str, field: &str) -> String {
    format!("{noun}-{}", field.replace('_', "-"))
}

impl FormView {
    /// For the samples of pages: the form as first shown, and with all wrong that can be. Text keys stand for the texts.
    pub fn samples<F: Form>() -> [FormView; 2] {
        [Self::sample::<F>(false), Self::sample::<F>(true)]
    }

    fn sample<F: Form>(bad: bool) -> FormView {
        let field = |field: &Field| {
            let label = field_key(F::NOUN, field.name);
            let option = OptionView {
                value: "DE".into(),
                label: "Deutschland".into(),
                selected: bad,
            };
            FieldView {
                name: field.name,
                id: format!("f-{}", field.name.replace('_', "-")),
                kind: field.widget.as_str(),
                help: bad.then(|| format!("{label}.help")),
                error: bad.then(|| "fault-required".into()),
                label,
                required: field.required,
                optional: !field.required && field.widget != Widget::Tick,
                value: if bad {
                    "<Straße & \"Hof\">".into()
                } else {
                    String::new()
                },
                checked: bad && field.widget == Widget::Tick,
                options: if matches!(field.widget, Widget::Select | Widget::Radio) {
                    vec![option]
                } else {
                    Vec::new()
                },
                max: field.max,
                autocomplete: field.autocomplete,
                inputmode: field.inputmode,
                rows: field.rows,
                width: field.width.as_str(),
                kept: (bad && field.widget == Widget::Files)
                    .then(|| KeptView {
                        mark: "mark".into(),
                        label: "Auszug <1>.pdf (120 kB)".into(),
                    })
                    .into_iter()
                    .collect(),
            }
        };
        let rows: Vec<Vec<FieldView>> = rows_of(F::fields())
            .into_iter()
            .map(|row| row.into_iter().map(field).collect())
            .collect();
        let error = |f: &FieldView| {
            Some(FieldError {
                id: f.id.clone(),
                text: f.error.clone()?,
            })
        };
        FormView {
            action: "/".into(),
            key: "key".into(),
            csrf: "csrf".into(),
            submit: "form-save".into(),
            cancel: bad.then(|| Link {
                href: "/".into(),
                label: "form-cancel".into(),
            }),
            error: bad.then(|| "error-busy".into()),
            errors: rows.iter().flatten().filter_map(error).collect(),
            multipart: has_files(F::fields()),
            question: bad.then(|| QuestionView {
                about: vec!["question-one".into(), "question-two".into()],
                text: "question-text".into(),
                name: "answer",
                answers: vec![
                    AnswerView {
                        value: "one",
                        label: "answer-one".into(),
                    },
                    AnswerView {
                        value: "two",
                        label: "answer-two".into(),
                    },
                ],
            }),
            rows,
        }
    }
}

fn has_files(fields: &[Field]) -> bool {
    let of_files = |field: &Field| matches!(field.widget, Widget::Files | Widget::Held);
    fields.iter().any(of_files)
}

/// Fields that share a row: half with half, short with what follows it.
fn rows_of(fields: &'static [Field]) -> Vec<Vec<&'static Field>> {
    let mut rows: Vec<Vec<&Field>> = Vec::new();
    for field in fields {
        let joins = rows
            .last()
            .and_then(|row| row.first().filter(|_| row.len() == 1))
            .is_some_and(|first| match first.width {
                Width::Half => field.width == Width::Half,
                Width::Short => field.width == Width::Rest,
                Width::Full | Width::Rest => false,
            });
        match rows.last_mut() {
            Some(row) if joins => row.push(field),
            _ => rows.push(vec![field]),
        }
    }
    rows
}

/// Builds the view of a form.
pub struct Builder<'a> {
    texts: &'a Texts,
    locale: Locale,
    noun: &'static str,
    fields: &'static [Field],
    view: FormView,
}

impl<'a> Builder<'a> {
    pub(crate) fn new<F: Form>(
        texts: &'a Texts,
        locale: Locale,
        action: String,
        key: String,
        csrf: String,
    ) -> Self {
        let view = FormView {
            action,
            key,
            csrf,
            submit: texts.get(locale, "form-save").into_owned(),
            cancel: None,
            error: None,
            errors: Vec::new(),
            rows: Vec::new(),
            multipart: has_files(F::fields()),
            question: None,
        };
        Builder {
            texts,
            locale,
            noun: F::NOUN,
            fields: F::fields(),
            view,
        }
    }

    /// The text key of the button.
    pub fn submit(mut self, key: &str) -> Self {
        self.view.submit = self.texts.get(self.locale, key).into_owned();
        self
    }

    /// The way out beside the button.
    pub fn cancel(mut self, href: String) -> Self {
        let label = self.texts.get(self.locale, "form-cancel").into_owned();
        self.view.cancel = Some(Link { href, label });
        self
    }

    /// A message for the form as a whole.
    pub fn error(mut self, key: &str) -> Self {
        self.view.error = Some(self.texts.get(self.locale, key).into_owned());
        self
    }

    pub fn empty(self) -> FormView {
        self.draw(&RawForm::default(), &Faults::default())
    }

    /// With these values; for a new thing with some already known.
    pub fn raw(self, raw: &RawForm) -> FormView {
        self.draw(raw, &Faults::default())
    }

    pub fn filled<F: Form>(self, form: &F) -> FormView {
        self.draw(&form.raw(), &Faults::default())
    }

    /// As it came, with the faults at their fields.
    pub fn bad(self, bad: &Bad) -> FormView {
        self.draw(&bad.raw, &bad.faults)
    }

    fn draw(mut self, raw: &RawForm, faults: &Faults) -> FormView {
        let rows = rows_of(self.fields)
            .into_iter()
            .map(|row| {
                row.into_iter()
                    .map(|field| self.field(field, raw, faults))
                    .collect()
            })
            .collect::<Vec<Vec<FieldView>>>();
        self.view.errors = rows
            .iter()
            .flatten()
            .filter_map(|f| {
                let fault = f.error.as_deref()?;
                // several fields may say the same; a box's label is a sentence of its own
                let text = if f.kind == "tick" {
                    fault.to_owned()
                } else {
                    format!("{}: {fault}", f.label)
                };
                Some(FieldError {
                    id: f.id.clone(),
                    text,
                })
            })
            .collect();
        if let Some(fault) = faults.of("") {
            self.view.error = Some(fault.text(self.texts, self.locale));
        }
        let word = |key: &str| self.texts.get(self.locale, key).into_owned();
        self.view.question = faults.question().map(|question| QuestionView {
            about: question.about.iter().map(|key| word(key)).collect(),
            text: word(question.text),
            name: question.name,
            answers: question
                .answers
                .iter()
                .map(|(value, key)| AnswerView {
                    value,
                    label: word(key),
                })
                .collect(),
        });
        self.view.rows = rows;
        self.view
    }

    fn field(&self, field: &'static Field, raw: &RawForm, faults: &Faults) -> FieldView {
        let key = field_key(self.noun, field.name);
        let help = format!("{key}.help");
        let value = match field.widget {
            Widget::Password | Widget::Concealed | Widget::Held => String::new(),
            _ => raw.get(field.name).unwrap_or_default().to_owned(),
        };
        let options = (field.options)(self.texts, self.locale)
            .into_iter()
            .map(|(v, label)| OptionView {
                selected: v == value,
                value: v,
                label,
            })
            .collect();
        FieldView {
            name: field.name,
            id: format!("f-{}", field.name.replace('_', "-")),
            kind: field.widget.as_str(),
            label: self.texts.get(self.locale, &key).into_owned(),
            help: self
                .texts
                .has(self.locale, &help)
                .then(|| self.texts.get(self.locale, &help).into_owned()),
            error: faults
                .of(field.name)
                .map(|fault| fault.text(self.texts, self.locale)),
            required: field.required,
            optional: !field.required && field.widget != Widget::Tick,
            checked: field.widget == Widget::Tick && !value.is_empty(),
            value,
            options,
            max: field.max,
            autocomplete: field.autocomplete,
            inputmode: field.inputmode,
            rows: field.rows,
            width: field.width.as_str(),
            kept: if field.widget == Widget::Files {
                self.kept(raw)
            } else {
                Vec::new()
            },
        }
    }

    fn kept(&self, raw: &RawForm) -> Vec<KeptView> {
        let files = raw.files().iter();
        files
            .map(|file| {
                let size = crate::download::size_text(self.texts, self.locale, file.size);
                KeptView {
                    mark: file.mark.clone(),
                    label: format!("{} ({size})", file.name),
                }
            })
            .collect()
    }
}

/// The lines of a card: the fields that share a row of the form share a line; boxes and empty fields are left out.
/// Choices show their word.
pub fn card<F: Form>(form: &F, texts: &Texts, locale: Locale) -> Vec<String> {
    let raw = form.raw();
    rows_of(F::fields())
        .into_iter()
        .filter_map(|row| {
            let parts: Vec<String> = row
                .into_iter()
                .filter(|field| field.widget != Widget::Tick)
                .filter_map(|field| {
                    let value = raw.get(field.name)?;
                    let word = (field.options)(texts, locale)
                        .into_iter()
                        .find_map(|(v, label)| (v == value).then_some(label));
                    Some(word.unwrap_or_else(|| value.to_owned())).filter(|v| !v.is_empty())
                })
                .collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        })
        .collect()
}
