//! A new master key: the files' own keys are wrapped anew, their bytes stay as they are.

use crate::probe::{self, sent};
use db::Reseal;
use files::Store;
use kernel::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_master_key_opens_every_file_and_the_old_one_none() {
    let t = probe::app_with(Store::memory()).await;
    let mut guest = t.guest();
    let found = sent(&t, &mut guest, &[("a.txt", b"eins"), ("b.txt", b"zwei")]).await;
    t.run_jobs().await;
    // tests seal with this key
    let (old, new) = ([7; 32], [8; 32]);
    let keys = Reseal::new(&new, &[old]);
    let first = files::reseal(t.db(), &keys).await.unwrap();
    assert_eq!((first.done, first.fine, first.lost), (2, 0, 0));
    let second = files::reseal(t.db(), &keys).await.unwrap();
    assert_eq!((second.done, second.fine), (0, 2));
    let third = files::reseal(t.db(), &Reseal::new(&[9; 32], &[old]))
        .await
        .unwrap();
    assert_eq!(
        (third.done, third.lost),
        (0, 2),
        "what opens with no key stays as it is"
    );
    let mut tx = t.db().read().await.unwrap();
    let file = files::one(&mut tx, found[0].id).await.unwrap().unwrap();
    drop(tx);
    let alone = World::system().with_key(new);
    assert_eq!(
        files::read(&t.files, &alone, &file, 10).await.unwrap(),
        b"eins"
    );
    let former = World::system().with_key(old);
    assert!(files::read(&t.files, &former, &file, 10).await.is_err());
}
