//! Markers in any order and number bind the same value on both engines.

use db::testing::rows_of;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

#[test]
fn any_order_binds_by_number() {
    let runtime = Runtime::new().unwrap();
    let db = runtime.block_on(crate::database());
    let cases = (1_usize..24).prop_flat_map(|n| {
        let every: Vec<usize> = (1..=n).collect();
        let again = prop::collection::vec(1..=n, 0..8);
        (Just(every), again, prop::collection::vec(any::<i64>(), n)).prop_flat_map(
            |(every, again, values)| {
                let markers: Vec<usize> = every.into_iter().chain(again).collect();
                (Just(markers).prop_shuffle(), Just(values))
            },
        )
    });
    let config = Config {
        cases: 200,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&cases, |(markers, values)| {
            let columns: Vec<String> = markers
                .iter()
                .map(|n| format!("CAST(${n} AS BIGINT)"))
                .collect();
            let text = format!("SELECT {}", columns.join(", "));
            let found = runtime.block_on(rows_of(&db, &text, &values)).unwrap();
            let expected: Vec<i64> = markers.iter().map(|n| values[n - 1]).collect();
            prop_assert_eq!(found, expected, "{}", text);
            Ok(())
        })
        .unwrap();
}
