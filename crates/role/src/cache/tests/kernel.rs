use super::given::{User, id, noon, recipe, wanted};
use crate::cache::{KernelKeyring, SealingKey, SealingKeyStore, SessionCache};

#[test]
fn the_kernel_keeps_a_key_until_it_is_forgotten() {
    let user = User::new();
    let store = KernelKeyring::new(&user.folder().display().to_string());
    assert!(store.load().unwrap().is_none());
    store.forget().unwrap();
    let key = SealingKey::random().unwrap();
    store.keep(&key).unwrap();
    // Another thread, as another process, has to find its own way to the keyring.
    let found = std::thread::spawn({
        let store = store.clone();
        move || store.load().unwrap().unwrap()
    });
    assert_eq!(found.join().unwrap().expose(), key.expose());
    store.forget().unwrap();
    assert!(store.load().unwrap().is_none());
}

#[tokio::test]
async fn another_folder_has_another_key() {
    let (one, other) = (User::new(), User::new());
    let store = |user: &User| KernelKeyring::new(&user.folder().display().to_string());
    let open = |user: &User| SessionCache::open(&user.folder(), &store(user)).unwrap();
    id(&open(&one), &recipe("aa"), &wanted(), noon(), "FIRST").await;
    assert_eq!(
        id(&open(&other), &recipe("aa"), &wanted(), noon(), "SECOND").await,
        "SECOND"
    );
    assert_eq!(
        id(&open(&one), &recipe("aa"), &wanted(), noon(), "THIRD").await,
        "FIRST"
    );
    store(&one).forget().unwrap();
    assert_eq!(
        id(&open(&one), &recipe("aa"), &wanted(), noon(), "FOURTH").await,
        "FOURTH"
    );
    store(&one).forget().unwrap();
    store(&other).forget().unwrap();
}
