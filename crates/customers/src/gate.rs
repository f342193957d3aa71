//! The gate of both sides: customers by their memberships, staff by `identity`.

use db::{Result, Tx};
use futures_util::future::BoxFuture;
use kernel::{Ctx, CustomerId, Moment, UserId, Uuid};
use web::{Gate, MemberSession, Settings, StaffSession};

/// Leads from session cookies to people.
pub struct Doors {
    settings: Settings,
}

impl Doors {
    pub fn new(settings: Settings) -> Self {
        Doors { settings }
    }
}

impl Gate for Doors {
    fn member<'a>(
        &'a self,
        tx: &'a mut Tx,
        token: [u8; 32],
        now: Moment,
    ) -> BoxFuture<'a, Result<Option<MemberSession>>> {
        Box::pin(crate::member::session(tx, &self.settings, token, now))
    }

    fn staff<'a>(
        &'a self,
        tx: &'a mut Tx,
        token: [u8; 32],
        now: Moment,
    ) -> BoxFuture<'a, Result<Option<StaffSession>>> {
        Box::pin(identity::staff_session(tx, token, now))
    }

    fn view<'a>(
        &'a self,
        tx: &'a mut Tx,
        token: [u8; 32],
        desk: [u8; 32],
        now: Moment,
    ) -> BoxFuture<'a, Result<Option<MemberSession>>> {
        Box::pin(crate::member::viewed(tx, &self.settings, token, desk, now))
    }

    fn customers<'a>(
        &'a self,
        tx: &'a mut Tx,
        user: UserId,
    ) -> BoxFuture<'a, Result<Vec<(CustomerId, String)>>> {
        Box::pin(crate::member::customers_of(tx, user))
    }

    fn stands<'a>(
        &'a self,
        tx: &'a mut Tx,
        session: Uuid,
        desk: bool,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            if desk {
                identity::staff::stands(tx, session).await
            } else {
                identity::sessions::stands(tx, session).await
            }
        })
    }

    fn touch<'a>(
        &'a self,
        tx: &'a mut Tx,
        ctx: &'a Ctx,
        session: Uuid,
        desk: bool,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if desk {
                identity::staff::touch(tx, session, ctx.now).await
            } else {
                identity::sessions::touch(tx, session, ctx.now).await
            }
        })
    }
}
