//! Handlers are async functions over a context and at most two inputs.

use crate::cx::{Cx, Guest, Member, Staff};
use crate::error::{Error, Result};
use crate::form::{Bad, Form, RawForm};
use axum::response::Response;
use futures_util::future::BoxFuture;
use std::str::FromStr;
use std::sync::Arc;

/// What a handler is called with; each input takes its part.
pub struct Input {
    pub(crate) cx: Option<Cx>,
    pub(crate) parameter: Option<String>,
    pub(crate) form: RawForm,
}

/// A part of the request.
pub trait FromInput: Sized {
    fn from_input(input: &mut Input) -> Result<Self>;
}

impl FromInput for Guest {
    fn from_input(input: &mut Input) -> Result<Self> {
        let cx = input
            .cx
            .take()
            .ok_or_else(|| Error::internal("context taken twice"))?;
        Ok(Guest(cx))
    }
}

impl FromInput for Member {
    fn from_input(input: &mut Input) -> Result<Self> {
        let cx = input
            .cx
            .take()
            .ok_or_else(|| Error::internal("context taken twice"))?;
        Member::of(cx)
    }
}

impl FromInput for Staff {
    fn from_input(input: &mut Input) -> Result<Self> {
        let cx = input
            .cx
            .take()
            .ok_or_else(|| Error::internal("context taken twice"))?;
        Staff::of(cx)
    }
}

/// The path's parameter; one that cannot be read is an unknown thing (404).
pub struct Param<T>(pub T);

impl<T: FromStr> FromInput for Param<T> {
    fn from_input(input: &mut Input) -> Result<Self> {
        let text = input.parameter.as_deref().ok_or(Error::NotFound)?;
        text.parse().map(Param).map_err(|_| Error::NotFound)
    }
}

/// A posted form, not yet read.
pub struct Posted<F> {
    pub raw: RawForm,
    form: std::marker::PhantomData<fn() -> F>,
}

impl<F: Form> Posted<F> {
    /// # Errors
    /// The form as it came, with what is wrong with it.
    pub fn parse(&self) -> std::result::Result<F, Bad> {
        F::read(&self.raw).map_err(|faults| Bad {
            raw: self.raw.clone(),
            faults,
        })
    }
}

impl<F: Form> FromInput for Posted<F> {
    fn from_input(input: &mut Input) -> Result<Self> {
        if F::fields()
            .iter()
            .any(|field| input.form.repeats(field.name))
        {
            return Err(Error::Bad("a field came twice"));
        }
        Ok(Posted {
            raw: input.form.clone(),
            form: std::marker::PhantomData,
        })
    }
}

impl FromInput for RawForm {
    fn from_input(input: &mut Input) -> Result<Self> {
        Ok(input.form.clone())
    }
}

/// An async function that answers a request. It may run twice, when the database asks for it.
pub trait Handler<A>: Clone + Send + Sync + 'static {
    fn call(self, input: Input) -> BoxFuture<'static, Result>;
}

macro_rules! handler {
    ($($arg:ident),*) => {
        impl<F, Fut, $($arg),*> Handler<($($arg,)*)> for F
        where
            F: Fn($($arg),*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Result> + Send + 'static,
            $($arg: FromInput + Send + 'static),*
        {
            fn call(self, mut input: Input) -> BoxFuture<'static, Result> {
                Box::pin(async move {
                    $(#[allow(non_snake_case)] let $arg = $arg::from_input(&mut input)?;)*
                    self($($arg),*).await
                })
            }
        }
    };
}
handler!(A);
handler!(A, B);
handler!(A, B, C);

pub type Boxed = Arc<dyn Fn(Input) -> BoxFuture<'static, Result<Response>> + Send + Sync>;

pub(crate) fn boxed<A>(handler: impl Handler<A>) -> Boxed {
    Arc::new(move |input| handler.clone().call(input))
}
