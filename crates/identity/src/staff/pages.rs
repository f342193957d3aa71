//! Forms and page contexts of the sign-in at the desk, with their samples.

use super::totp;
use kernel::{Email, Secret};
use serde::Serialize;
use web::form::Faults;
use web::{Fault, FormView, Page};

web::form! {
    pub struct SignIn as "desk-sign-in"; {
        email: Email = email().autocomplete("username"),
        password: Secret = password().autocomplete("current-password"),
    }
}

web::form! {
    pub struct Code as "desk-code"; {
        code: String = line(20).inputmode("numeric").autocomplete("one-time-code"),
    }
}

web::form! {
    pub struct NewPassword as "desk-password", check = same; {
        password: Secret = password().autocomplete("new-password"),
        password_repeat: Secret = password().autocomplete("new-password"),
    }
}

fn same(form: &mut NewPassword, faults: &mut Faults) {
    if form.password != form.password_repeat {
        faults.add("password_repeat", Fault::key("fault-password-differs"));
    }
}

#[derive(Serialize)]
pub struct SignInPage {
    pub form: FormView,
}

#[derive(Serialize)]
pub struct CodePage {
    pub name: String,
    pub form: FormView,
}

#[derive(Serialize)]
pub struct SetUpPage {
    /// A `data:` address.
    pub picture: Option<String>,
    pub secret: String,
    pub form: FormView,
}

#[derive(Serialize)]
pub struct InvitationPage {
    pub name: String,
    pub email: String,
    pub form: FormView,
}

/// A link that is good no more.
#[derive(Serialize)]
pub struct EndedPage {
    pub state: &'static str,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "identity/desk/sign_in.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<SignIn>()
            .map(|form| SignInPage { form })
            .into()
    }
}

impl Page for CodePage {
    const TEMPLATE: &'static str = "identity/desk/code.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<Code>()
            .map(|form| CodePage {
                name: "Ilse Brandt".to_owned(),
                form,
            })
            .into()
    }
}

impl Page for SetUpPage {
    const TEMPLATE: &'static str = "identity/desk/set_up.html";
    fn samples() -> Vec<Self> {
        let secret = b"12345678901234567890";
        let picture = totp::picture(secret, "Nordlicht Hosting", "ilse.brandt@nordlicht.example");
        let page = |form, picture| SetUpPage {
            picture,
            secret: totp::text(secret),
            form,
        };
        let [empty, bad] = FormView::samples::<Code>();
        vec![
            page(empty.clone(), picture.clone()),
            page(bad, picture),
            page(empty, None),
        ]
    }
}

impl Page for InvitationPage {
    const TEMPLATE: &'static str = "identity/desk/invitation.html";
    fn samples() -> Vec<Self> {
        let page = |form| InvitationPage {
            name: "Ilse Brandt".to_owned(),
            email: "ilse.brandt@nordlicht.example".to_owned(),
            form,
        };
        FormView::samples::<NewPassword>().map(page).into()
    }
}

impl Page for EndedPage {
    const TEMPLATE: &'static str = "identity/desk/ended.html";
    fn samples() -> Vec<Self> {
        ["used", "expired", "unknown"]
            .map(|state| EndedPage { state })
            .into()
    }
}
