//! The same people in all tests.

use crate::PASSWORD;
use db::Db;
use kernel::{Actor, Ctx, CustomerId, Email, Locale, Secret, StaffId, UserId, World};

/// The cast. Numbers: Anna K-10001, Clara K-10002 and K-10003, Fremd K-10004.
pub struct Cast {
    pub anna: UserId,
    pub bernd: UserId,
    pub clara: UserId,
    pub fremd: UserId,
    pub annas: CustomerId,
    pub claras: (CustomerId, CustomerId),
    pub fremds: CustomerId,
    /// Support.
    pub sven: StaffId,
    /// Accounting.
    pub berta: StaffId,
    /// Administration.
    pub ada: StaffId,
}

impl Cast {
    pub(crate) async fn settle(db: &Db, world: &World, hasher: &identity::Hasher) -> Cast {
        let hash = hasher.hash(&Secret::new(PASSWORD)).await.expect("a hash");
        let ctx = Ctx::new(world, Actor::System, Locale::De);
        let mut tx = db.begin().await.expect("a transaction");
        let mut stage = Stage {
            tx: &mut tx,
            ctx: &ctx,
            hash: &hash,
        };
        let anna = stage.user("Anna", "Adler", "anna@adler.example").await;
        let bernd = stage.user("Bernd", "Busch", "bernd@adler.example").await;
        let clara = stage
            .user("Clara", "Claasen", "clara@claasen.example")
            .await;
        let fremd = stage
            .user("Ferdinand", "Fremd", "fremd@fremd.example")
            .await;
        let annas = stage
            .customer("Anna", "Adler", "anna@adler.example", anna)
            .await;
        let first = stage
            .customer("Clara", "Claasen", "clara@claasen.example", clara)
            .await;
        let second = stage
            .customer("Reederei", "Claasen", "kontor@claasen.example", clara)
            .await;
        let fremds = stage
            .customer("Ferdinand", "Fremd", "fremd@fremd.example", fremd)
            .await;
        let little = [
            customers::rights::ACCOUNT_VIEW,
            customers::rights::ADDRESSES,
        ];
        let little = customers::member::Role::With(web::Rights::new(little.iter().map(|r| r.0)));
        customers::member::add(stage.tx, &ctx, annas, bernd, &little)
            .await
            .expect("a membership");
        let sven = stage
            .staff("Sven Support", "sven@nordlicht.example", "support")
            .await;
        let berta = stage
            .staff("Berta Buch", "berta@nordlicht.example", "accounting")
            .await;
        let ada = stage
            .staff("Ada Admin", "ada@nordlicht.example", "admin")
            .await;
        tx.commit().await.expect("a commit");
        Cast {
            anna,
            bernd,
            clara,
            fremd,
            annas,
            claras: (first, second),
            fremds,
            sven,
            berta,
            ada,
        }
    }
}

struct Stage<'a> {
    tx: &'a mut db::Tx,
    ctx: &'a Ctx,
    hash: &'a str,
}

impl Stage<'_> {
    async fn user(&mut self, first: &str, last: &str, email: &str) -> UserId {
        let new = identity::users::NewUser {
            first_name: first.into(),
            last_name: last.into(),
            email: Email::parse(email).expect("an address"),
            verified: true,
        };
        let user = identity::users::create(self.tx, self.ctx, &new)
            .await
            .expect("a user");
        identity::passwords::set(self.tx, self.ctx, user, self.hash)
            .await
            .expect("a password");
        user
    }

    async fn customer(
        &mut self,
        first: &str,
        last: &str,
        email: &str,
        owner: UserId,
    ) -> CustomerId {
        let email = Email::parse(email).expect("an address");
        let new = customers::customer::NewCustomer {
            kind: customers::customer::Kind::Private,
            company: None,
            salutation: None,
            first_name: first.into(),
            last_name: last.into(),
            phone: None,
            billing_email: email,
            locale: Locale::De,
        };
        let (customer, _) =
            customers::customer::create(self.tx, self.ctx, &new, serde_json::Value::Null)
                .await
                .expect("a customer");
        customers::member::add(
            self.tx,
            self.ctx,
            customer,
            owner,
            &customers::member::Role::MainOwner,
        )
        .await
        .expect("a membership");
        customer
    }

    async fn staff(&mut self, name: &str, email: &str, role: &str) -> StaffId {
        let email = Email::parse(email).expect("an address");
        let role = identity::Role::parse(role).expect("a role");
        let seed = identity::staff::Seed {
            email: &email,
            name,
            role,
            password_hash: self.hash,
            totp_secret: b"a-secret-of-20-bytes",
        };
        identity::staff::seed(self.tx, self.ctx, seed)
            .await
            .expect("staff")
    }
}
