//! Two nodes on one database: what works once works once in all, and the other hand is told what happened.
//!
//! Twenty rounds each run with everything else; two hundred with `cargo nextest run -p tresen --run-ignored only races`.
//! Only PostgreSQL has two nodes; on SQLite two applications share the one connection that writes.

use crate::{second, whole};
use kernel::{Actor, Email};
use std::time::Duration;
use testkit::{Answer, Client, Node, PASSWORD, PageForm, TestApp};

const OLD: &str = "Muscheln-am-Strand-7";
const NEW: &str = "Sieben-Möwen-auf-Pfählen";

/// Two forms sent at the same time; the winner's answer comes first. Exactly one must lead to `won`.
async fn race(
    round: usize,
    hands: [(Client, PageForm); 2],
    fill: &[(&str, &str)],
    won: impl Fn(&Answer) -> bool,
) -> [Answer; 2] {
    let [mut one, mut two] = hands;
    let (a, b) = tokio::join!(one.0.send_form(&one.1, fill), two.0.send_form(&two.1, fill));
    let told = format!(
        "round {round}: {} {:?} and {} {:?}\n{}\n{}",
        a.status,
        a.location(),
        b.status,
        b.location(),
        a.text(),
        b.text()
    );
    match (won(&a), won(&b)) {
        (true, false) => [a, b],
        (false, true) => [b, a],
        both => panic!("{both:?}: {told}"),
    }
}

/// The same page opened at both nodes by two browsers.
async fn both(t: &TestApp, node: &Node, path: &str, field: &str) -> [(Client, PageForm); 2] {
    let mut hands = Vec::new();
    for mut client in [t.guest(), node.guest()] {
        let form = client.get(path).await.expect(200).form_with(field);
        hands.push((client, form));
    }
    hands.try_into().unwrap_or_else(|_| panic!("two"))
}

fn says(t: &TestApp, answer: &Answer, status: u16, key: &str) {
    let words = t.app.texts().get(kernel::Locale::De, key).into_owned();
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert!(answer.says(&words), "«{words}» in {}", answer.text());
}

async fn activation(rounds: usize) {
    let t = whole().await;
    let node = second(&t).await;
    for round in 0..rounds {
        t.wait(Duration::from_secs(3601));
        let email = format!("jana{round}@post.example");
        let person = [
            ("first_name", "Jana"),
            ("last_name", "Petersen"),
            ("email", email.as_str()),
            ("consent", "ja"),
        ];
        let mut guest = t.guest();
        guest.fill("/registrieren", &person).await.expect(303);
        let link = TestApp::link_in(&t.mail_to(&email).await);
        let hands = both(&t, &node, &link, "password").await;
        let fill = [("password", OLD), ("password_repeat", OLD)];
        let [_, lost] = race(round, hands, &fill, |a| a.location() == "/").await;
        says(&t, &lost, 410, "link-used");
    }
    t.run_jobs().await;
}

async fn staff_invitation(rounds: usize) {
    let t = whole().await;
    let node = second(&t).await;
    for round in 0..rounds {
        t.wait(Duration::from_secs(3601));
        let email = Email::parse(&format!("neu{round}@nordlicht.example")).unwrap();
        let ctx = t.ctx(Actor::System);
        let mut tx = t.db().begin().await.unwrap();
        let role = identity::Role::parse("support").unwrap();
        let token = identity::staff::add(&mut tx, &ctx, &email, "Nele Neu", role)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let path = identity::INVITATION.to(token.expose());
        let hands = both(&t, &node, &path, "password").await;
        let fill = [("password", NEW), ("password_repeat", NEW)];
        let [_, lost] = race(round, hands, &fill, |a| a.status.as_u16() == 303).await;
        assert_eq!(lost.status.as_u16(), 410, "{}", lost.text());
        assert!(lost.says("Link"), "{}", lost.text());
    }
    t.run_jobs().await;
}

async fn staff_code(rounds: usize) {
    let t = whole().await;
    let node = second(&t).await;
    for round in 0..rounds {
        t.wait(Duration::from_secs(3601));
        let mut hands = Vec::new();
        for mut client in [t.guest(), node.guest()] {
            let fill = [("email", "sven@nordlicht.example"), ("password", PASSWORD)];
            client.fill("/desk/anmelden", &fill).await.expect(303);
            let form = client
                .get("/desk/anmelden/code")
                .await
                .expect(200)
                .form_with("code");
            hands.push((client, form));
        }
        let hands = hands.try_into().unwrap_or_else(|_| panic!("two"));
        let code = {
            let mut tx = t.db().read().await.unwrap();
            identity::staff::current_code(&mut tx, &t.world, t.cast.sven, t.world.now())
                .await
                .unwrap()
                .unwrap()
        };
        let [_, lost] = race(round, hands, &[("code", &code)], |a| {
            a.location() == "/desk"
        })
        .await;
        assert_eq!(lost.status.as_u16(), 422, "{}", lost.text());
        assert!(lost.says("Code"), "{}", lost.text());
    }
    t.run_jobs().await;
}

async fn password_link(rounds: usize) {
    let t = whole().await;
    let node = second(&t).await;
    for round in 0..rounds {
        t.wait(Duration::from_secs(3601));
        let mut guest = t.guest();
        let fill = [("login", "anna@adler.example")];
        guest.fill("/passwort", &fill).await.expect(303);
        let link = TestApp::link_in(&t.mail_to("anna@adler.example").await);
        let hands = both(&t, &node, &link, "new_password").await;
        let new = format!("{NEW}-{round}");
        let fill = [
            ("new_password", new.as_str()),
            ("new_password_repeat", &new),
        ];
        let [_, lost] = race(round, hands, &fill, |a| a.status.as_u16() == 303).await;
        says(&t, &lost, 410, "password-ended-used");
        t.run_jobs().await;
    }
}

async fn customer_invitation(rounds: usize) {
    let t = whole().await;
    let node = second(&t).await;
    for round in 0..rounds {
        t.wait(Duration::from_secs(3601));
        let email = format!("neu{round}@adler.example");
        let new = customers::invitation::New {
            email: Email::parse(&email).unwrap(),
            first_name: None,
            last_name: None,
            locale: kernel::Locale::De,
            role: customers::member::Role::With(web::Rights::new(["account.view"])),
        };
        let ctx = t.ctx(Actor::Staff(t.cast.sven));
        let mut tx = t.db().begin().await.unwrap();
        customers::invitation::invite(&mut tx, &t.app, &ctx, t.cast.annas, &new)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let link = TestApp::link_in(&t.mail_to(&email).await);
        let hands = both(&t, &node, &link, "password").await;
        let fill = [
            ("first_name", "Nele"),
            ("last_name", "Neu"),
            ("password", OLD),
            ("password_repeat", OLD),
        ];
        let [_, lost] = race(round, hands, &fill, |a| a.status.as_u16() == 303).await;
        says(&t, &lost, 410, "invitation-used");
    }
    t.run_jobs().await;
}

/// Gives Anna an app that shows codes; gives new recovery codes.
async fn second_factor(t: &TestApp) -> Vec<String> {
    let anna = t.cast.anna;
    let ctx = t.ctx(Actor::User(anna));
    let hasher = identity::Hasher::for_tests();
    let set = identity::factors::recovery::Set::draw(&t.world, &hasher)
        .await
        .unwrap();
    let new = identity::factors::New::draw(&ctx, anna).unwrap();
    let step = new.fits(&new.code(ctx.now), ctx.now).unwrap();
    let mut tx = t.db().begin().await.unwrap();
    identity::factors::set_up(&mut tx, &ctx, anna, &new, step - 10)
        .await
        .unwrap();
    identity::factors::renew_codes(&mut tx, &ctx, anna, &set)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    set.codes
}

/// Anna has given her password at both nodes.
async fn half_way(t: &TestApp, node: &Node) -> [(Client, PageForm); 2] {
    let mut hands = Vec::new();
    for mut client in [t.guest(), node.guest()] {
        let fill = [("login", "anna@adler.example"), ("password", PASSWORD)];
        let to = client.fill("/anmelden", &fill).await;
        let form = client.follow(to).await.expect(200).form_with("code");
        hands.push((client, form));
    }
    hands.try_into().unwrap_or_else(|_| panic!("two"))
}

async fn recovery_code(rounds: usize) {
    let t = whole().await;
    let node = second(&t).await;
    for round in 0..rounds {
        t.wait(Duration::from_secs(3601));
        let codes = second_factor(&t).await;
        let hands = half_way(&t, &node).await;
        let fill = [("code", codes[0].as_str())];
        let [_, lost] = race(round, hands, &fill, |a| a.location() == "/konto").await;
        says(&t, &lost, 422, "sign-in-code-wrong");
    }
    t.run_jobs().await;
}

async fn customer_code(rounds: usize) {
    let t = whole().await;
    let node = second(&t).await;
    second_factor(&t).await;
    for round in 0..rounds {
        t.wait(Duration::from_secs(3601));
        let hands = half_way(&t, &node).await;
        let ctx = t.ctx(Actor::User(t.cast.anna));
        let code = {
            let mut tx = t.db().read().await.unwrap();
            identity::factors::current_code(&mut tx, &ctx, t.cast.anna)
                .await
                .unwrap()
                .unwrap()
        };
        let [_, lost] = race(round, hands, &[("code", &code)], |a| {
            a.location() == "/konto"
        })
        .await;
        says(&t, &lost, 422, "sign-in-code-wrong");
    }
    t.run_jobs().await;
}

macro_rules! races {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn works_once() {
                super::$name(20).await;
            }
            #[tokio::test(flavor = "multi_thread")]
            #[ignore = "long"]
            async fn works_once_in_200_rounds() {
                super::$name(200).await;
            }
        })+
    };
}

races!(
    activation,
    staff_invitation,
    staff_code,
    password_link,
    customer_invitation,
    recovery_code,
    customer_code,
);
