//! What is taken as a password.

use crate::whole;
use identity::{Hasher, password_rule};
use kernel::Secret;
use testkit::{PASSWORD, TestApp};

fn fault(password: &str) -> Option<String> {
    password_rule(&Secret::new(password), &[])
        .err()
        .map(|fault| fault.key.into_owned())
}

#[test]
fn v6_2_1_password_min_length_12() {
    assert_eq!(identity::rule::SHORTEST, 12);
    let short = Some("fault-password-short".to_owned());
    assert_eq!(fault("Qx7-vzK!p3w"), short, "eleven");
    assert_eq!(fault("Qx7-vzK!p3wB"), None, "twelve");
    // characters as people count them, however many bytes
    assert_eq!(fault(&"e\u{301}".repeat(11)), short);
    assert_eq!(fault("ßäöüéñ漢字かな한국어"), None);
}

/// All twelve characters or more: shorter ones are refused for that already.
#[test]
fn v6_2_4_and_12_top_and_breached_passwords_are_refused() {
    for known in [
        "123456789012",
        "1234567890123",
        "111111111111",
        "000000000000",
        "password1234",
        "passwordpassword",
        "Password1234!",
        "passw0rd1234",
        "P@ssw0rd1234",
        "qwertyuiop123",
        "qwertzuiopasdf",
        "1qaz2wsx3edc",
        "q1w2e3r4t5y6",
        "iloveyou1234",
        "iloveyouforever",
        "letmein12345",
        "welcome12345",
        "monkeymonkey",
        "footballfootball",
        "sunshine1234",
        "princess1234",
        "dragon123456",
        "superman1234",
        "abcdefghijkl",
        "abcd1234abcd",
        "aaaaaaaaaaaa",
        "asdfghjkl123",
        "trustno1trustno1",
        "administrator",
        "master123456",
        "michael12345",
        "01.01.1980!!",
    ] {
        assert_eq!(
            fault(known).as_deref(),
            Some("fault-password-weak"),
            "{known}"
        );
    }
}

#[test]
fn v6_2_9_password_of_128_characters_works() {
    let long = |count: usize| {
        "Strandhafer und Wattwurm 7 "
            .repeat(10)
            .chars()
            .take(count)
            .collect::<String>()
    };
    assert_eq!(fault(&long(128)), None);
    assert_eq!(fault(&long(256)), None);
    assert_eq!(fault(&long(257)).as_deref(), Some("fault-too-long"));
    // nothing of a long one is left out when it is compared (bcrypt would stop at 72)
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let hasher = Hasher::for_tests();
        let hash = hasher.hash(&Secret::new(long(128))).await.unwrap();
        assert!(
            hasher
                .verify(Some(&hash), &Secret::new(long(128)))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(Some(&hash), &Secret::new(long(127)))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(Some(&hash), &Secret::new(format!("{}x", long(127))))
                .await
                .unwrap()
        );
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_2_5_and_8_any_characters_allowed_and_taken_exactly() {
    let t = whole().await;
    let mut current = PASSWORD.to_owned();
    for new in [
        "  vorn und hinten Leerraum 7  ",
        "ZWEI\u{a0}geschützte\u{a0}Leerzeichen",
        "👩‍👩‍👧‍👦🏳️‍🌈🧑🏽‍🚀🐄🐖🐓🐑🐐🦆🐎🐕🐈",
        "\u{5d0}\u{5d1}\u{5d2} von rechts \u{202e} nach links",
        "<script>'\";--&amp;%00</script>",
        "e\u{301}\u{323}a\u{308} zerlegt und nicht zusammengesetzt",
        "漢字とカタカナの長い言葉です。",
    ] {
        t.wait(std::time::Duration::from_secs(3601));
        let mut anna = t.guest();
        let fill = [
            ("login", "anna@adler.example"),
            ("password", current.as_str()),
        ];
        anna.fill("/anmelden", &fill).await.expect(303);
        let fill = [
            ("current_password", current.as_str()),
            ("new_password", new),
            ("new_password_repeat", new),
        ];
        anna.fill("/profil/passwort", &fill).await.expect(303);
        // not trimmed, not composed, not folded
        let near = [
            new.trim(),
            &new.to_lowercase(),
            &new.replace('\u{a0}', " "),
            &format!("{new} "),
        ];
        let other = near.into_iter().find(|near| *near != new).unwrap();
        let fill = [("login", "anna@adler.example"), ("password", other)];
        t.guest().fill("/anmelden", &fill).await.expect(422);
        new.clone_into(&mut current);
    }
    let fill = [
        ("login", "anna@adler.example"),
        ("password", current.as_str()),
    ];
    t.guest().fill("/anmelden", &fill).await.expect(303);
    let user = TestApp::email("anna@adler.example");
    let mut tx = t.db().read().await.unwrap();
    assert!(
        identity::users::by_verified_email(&mut tx, &user)
            .await
            .unwrap()
            .is_some()
    );
    drop(tx);
    t.run_jobs().await;
}
