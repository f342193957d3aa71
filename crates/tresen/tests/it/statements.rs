use crate::whole;

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_prepares_and_fits_its_row_type() {
    let t = whole().await;
    let problems = db::testing::prepare_all(t.db()).await.unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        db::statements().count() > 80,
        "the statements of the contexts are linked in"
    );
}
