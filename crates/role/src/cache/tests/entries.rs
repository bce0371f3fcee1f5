use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use rolewrap_core::{BaseCredentials, Secret};

use super::given::{SECRET, TOKEN, User, at, id, noon, recipe, session, wanted};
use crate::cache::{CacheError, CacheNotice, Freshness, SealingKey, SealingKeyStore, SessionCache, Wanted};
use crate::{Session, SessionParts};

#[tokio::test]
async fn a_session_is_kept_whole_and_found_by_the_next_process() {
    let user = User::new();
    assert_eq!(
        id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await,
        "FIRST"
    );
    assert_eq!(
        id(&user.cache(), &recipe("aa"), &wanted(), noon(), "SECOND").await,
        "FIRST"
    );

    let [entry] = &user.cache().list::<Session>(noon())[..] else {
        panic!("there is one entry");
    };
    assert_eq!((entry.label.as_str(), entry.issued_at), ("prod", noon()));
    let (found, kept): (SessionParts, SessionParts) = (entry.value.clone().into(), session("FIRST").into());
    let secrets = |parts: &SessionParts| {
        [&parts.secret_access_key, &parts.session_token]
            .map(Secret::expose)
            .map(str::to_owned)
    };
    assert_eq!(secrets(&found), secrets(&kept));
    // Their Debug says everything else.
    assert_eq!(format!("{found:?}"), format!("{kept:?}"));
}

#[tokio::test]
async fn another_recipe_is_another_entry() {
    let cache = User::new();
    let cache = cache.cache();
    assert_eq!(
        id(&cache, &recipe("aa"), &wanted(), noon(), "FIRST").await,
        "FIRST"
    );
    assert_eq!(
        id(&cache, &recipe("bb"), &wanted(), noon(), "SECOND").await,
        "SECOND"
    );
    assert_eq!(
        id(&cache, &recipe("aa"), &wanted(), noon(), "THIRD").await,
        "FIRST"
    );
}

#[tokio::test]
async fn a_session_that_has_lived_for_too_long_is_replaced() {
    let user = User::new();
    let cache = user.cache();
    id(&cache, &recipe("aa"), &wanted(), noon(), "FIRST").await;
    let later = noon() + Duration::from_mins(30);
    let long = Wanted {
        freshness: Freshness::Window(Duration::from_mins(16)),
        ..wanted()
    };
    assert_eq!(id(&cache, &recipe("aa"), &long, later, "SECOND").await, "FIRST");
    assert_eq!(
        id(&cache, &recipe("aa"), &wanted(), later, "SECOND").await,
        "SECOND"
    );
}

#[tokio::test]
async fn a_refresh_passes_over_what_is_there_and_replaces_it() {
    let user = User::new();
    let cache = user.cache();
    id(&cache, &recipe("aa"), &wanted(), noon(), "FIRST").await;
    let (refresh, later) = (
        Wanted {
            refresh: true,
            ..wanted()
        },
        noon() + Duration::from_secs(1),
    );
    assert_eq!(
        id(&cache, &recipe("aa"), &refresh, later, "SECOND").await,
        "SECOND"
    );
    assert_eq!(
        id(&cache, &recipe("aa"), &wanted(), later, "THIRD").await,
        "SECOND"
    );
}

#[tokio::test]
async fn a_session_that_outlives_what_was_asked_for_is_used_once_and_not_kept() {
    let user = User::new();
    let for_an_hour = Wanted {
        longest: Duration::from_hours(1),
        ..wanted()
    };
    let noticed = Mutex::new(Vec::new());
    let notice = |notice: CacheNotice<'_>| match notice {
        CacheNotice::NotKept(error) => noticed.lock().unwrap().push(error.to_string()),
        other => panic!("{other:?}"),
    };
    // The session is one for an hour from noon on.
    for (minutes_before_noon, is_kept) in [(6, false), (5, true)] {
        let clock = at(noon() - Duration::from_mins(minutes_before_noon));
        let ask = async || Ok::<_, String>(session("FIRST"));
        let cache = user.cache();
        let obtained = cache
            .obtain(&recipe("aa"), &for_an_hour, &clock, &notice, ask)
            .await;
        assert_eq!(obtained.unwrap().access_key_id(), "FIRST");
        assert_eq!(cache.list::<Session>(noon()).len(), usize::from(is_kept));
    }
    let expires_at = humantime::format_rfc3339_seconds(noon() + Duration::from_hours(1));
    assert_eq!(
        noticed.into_inner().unwrap(),
        [format!(
            "it expires at {expires_at}, and was asked for 1h at most: this machine's clock is wrong, or what answered is not AWS STS"
        )]
    );
}

#[tokio::test]
async fn a_session_from_the_future_is_not_used_because_the_clock_was_set_back() {
    let user = User::new();
    id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await;
    let earlier = noon() - Duration::from_secs(1);
    assert_eq!(
        id(&user.cache(), &recipe("aa"), &wanted(), earlier, "SECOND").await,
        "SECOND"
    );
}

/// Spoils the file of an entry and expects it to be passed over, and replaced.
async fn spoilt(spoil: impl Fn(&Path, Vec<u8>)) {
    let user = User::new();
    id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await;
    let file = user.file(".session");
    spoil(&file, fs::read(&file).unwrap());
    assert_eq!(
        id(&user.cache(), &recipe("aa"), &wanted(), noon(), "SECOND").await,
        "SECOND"
    );
    assert_eq!(
        id(&user.cache(), &recipe("aa"), &wanted(), noon(), "THIRD").await,
        "SECOND"
    );
}

#[tokio::test]
async fn a_file_that_is_cut_anywhere_is_replaced() {
    let user = User::new();
    id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await;
    let length = fs::read(user.file(".session")).unwrap().len();
    for kept in [0, 1, 7, 8, 25, 26, 37, 38, length / 2, length - 1] {
        spoilt(|file, content| fs::write(file, &content[..kept]).unwrap()).await;
    }
}

#[tokio::test]
async fn a_file_with_one_byte_changed_anywhere_is_replaced() {
    let user = User::new();
    id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await;
    let content = fs::read(user.file(".session")).unwrap();
    for index in 0..content.len() {
        let mut changed = content.clone();
        changed[index] ^= 1;
        fs::write(user.file(".session"), changed).unwrap();
        assert!(user.cache().list::<Session>(noon()).is_empty(), "byte {index}");
    }
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_replaced() {
    spoilt(|file, mut content| {
        content[8] += 1;
        fs::write(file, content).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_file_that_others_can_read_and_a_link_are_replaced() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    spoilt(|file, _| fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap()).await;
    spoilt(|file, _| {
        let elsewhere = file.with_extension("elsewhere");
        fs::rename(file, &elsewhere).unwrap();
        symlink(elsewhere, file).unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_entry_of_another_recipe_is_not_taken_for_this_one_s() {
    let user = User::new();
    id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await;
    let first = user.file(".session");
    let content = fs::read(&first).unwrap();
    fs::remove_file(first).unwrap();
    id(&user.cache(), &recipe("bb"), &wanted(), noon(), "SECOND").await;
    fs::write(user.file(".session"), content).unwrap();
    assert_eq!(
        id(&user.cache(), &recipe("bb"), &wanted(), noon(), "THIRD").await,
        "THIRD"
    );
}

#[tokio::test]
async fn without_its_key_an_entry_is_as_if_it_were_not_there() {
    let user = User::new();
    id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await;
    for key in [None, Some(SealingKey::random().unwrap())] {
        *user.store.0.lock().unwrap() = key;
        assert!(user.cache().list::<Session>(noon()).is_empty());
        id(&user.cache(), &recipe("aa"), &wanted(), noon(), "SECOND").await;
        assert_eq!(user.cache().list::<Session>(noon()).len(), 1);
    }
}

#[tokio::test]
async fn what_is_on_the_disk_shows_nothing_about_the_session() {
    let user = User::new();
    id(
        &user.cache(),
        &recipe("somebody"),
        &wanted(),
        noon(),
        "ASIACANARYACCESSKEYID",
    )
    .await;
    let mut everything = Vec::new();
    for file in fs::read_dir(user.folder()).unwrap() {
        let file = file.unwrap();
        everything.extend_from_slice(file.file_name().as_encoded_bytes());
        everything.extend(fs::read(file.path()).unwrap());
    }
    for planted in [
        SECRET,
        TOKEN,
        "ASIACANARYACCESSKEYID",
        "123456789012",
        "deploy",
        "prod",
        "alice",
        "somebody",
    ] {
        let is_there = everything
            .windows(planted.len())
            .any(|window| window == planted.as_bytes());
        assert!(!is_there, "{planted} is on the disk");
    }
    let shown = format!("{:?} {:?}", user.cache(), user.cache().list::<Session>(noon()));
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn clearing_forgets_the_sessions_and_the_key() {
    let user = User::new();
    let running = user.cache();
    id(&running, &recipe("aa"), &wanted(), noon(), "FIRST").await;
    id(&running, &recipe("bb"), &wanted(), noon(), "SECOND").await;
    assert_eq!(SessionCache::clear(&user.folder(), &user.store).unwrap(), 2);
    assert!(user.store.load().unwrap().is_none());
    // A process that was on its way puts in what it got with a key that was removed: nobody finds it.
    id(&running, &recipe("cc"), &wanted(), noon(), "THIRD").await;
    assert_eq!(
        id(&user.cache(), &recipe("cc"), &wanted(), noon(), "FOURTH").await,
        "FOURTH"
    );
}

#[tokio::test]
async fn clearing_forgets_the_key_also_where_the_folder_is_gone() {
    let user = User::new();
    user.cache();
    fs::remove_dir_all(user.folder()).unwrap();
    assert_eq!(SessionCache::clear(&user.folder(), &user.store).unwrap(), 0);
    assert!(user.store.load().unwrap().is_none());
    assert!(!user.folder().exists());
}

#[test]
fn a_lock_that_somebody_keeps_is_not_waited_for_without_end() {
    let user = User::new();
    user.cache();
    let lock = fs::File::open(user.file("key.lock")).unwrap();
    lock.lock().unwrap();
    // With a key nobody needs the lock.
    user.cache();
    let is_named = |error: CacheError| {
        let keeps = format!(
            " keeps the lock {} and does not give it back",
            user.file("key.lock").display()
        );
        // Not every file system has the number that Linux lists for it.
        let known = [
            format!("process {}", std::process::id()),
            "another process".to_owned(),
        ];
        known
            .iter()
            .any(|holder| error.to_string() == format!("{holder}{keeps}"))
    };
    assert!(is_named(
        SessionCache::clear(&user.folder(), &user.store).unwrap_err()
    ));
    user.store.forget().unwrap();
    assert!(is_named(
        SessionCache::open(&user.folder(), &user.store).unwrap_err()
    ));
    drop(lock);
    user.cache();
}

#[tokio::test]
async fn listing_and_clearing_make_nothing() {
    let user = User::new();
    assert!(
        SessionCache::existing(&user.folder(), &user.store)
            .unwrap()
            .is_none()
    );
    assert_eq!(SessionCache::clear(&user.folder(), &user.store).unwrap(), 0);
    assert!(!user.folder().exists());
}

#[tokio::test]
async fn what_has_expired_is_removed_and_what_is_not_ours_stays() {
    let user = User::new();
    id(&user.cache(), &recipe("old"), &wanted(), noon(), "FIRST").await;
    fs::write(user.folder().join("notes.session"), "").unwrap();
    fs::write(
        user.folder().join(format!("{:064}.session", 0)),
        "of a version that nobody knows",
    )
    .unwrap();
    let tomorrow = noon() + Duration::from_hours(24);
    id(&user.cache(), &recipe("new"), &wanted(), tomorrow, "SECOND").await;
    let files = fs::read_dir(user.folder()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let sessions: Vec<_> = names.filter(|name| name.ends_with(".session")).collect();
    assert_eq!(sessions, ["notes.session"]);
}

#[tokio::test]
async fn what_a_person_confirmed_with_mfa_is_kept_as_well_until_it_expires() {
    let user = User::new();
    let confirmed = |id: &str| {
        BaseCredentials::new("laptop", id, &Secret::new(SECRET))
            .unwrap()
            .with_session_token(&Secret::new(TOKEN))
            .unwrap()
            .with_expires_at(noon() + Duration::from_hours(36))
    };
    for (hours, expected) in [
        (0, "ASIAEXAMPLEOFFIRST01"),
        (17, "ASIAEXAMPLEOFFIRST01"),
        (18, "ASIAEXAMPLEOFOTHER01"),
    ] {
        let id = if hours == 0 {
            "ASIAEXAMPLEOFFIRST01"
        } else {
            "ASIAEXAMPLEOFOTHER01"
        };
        let obtain = async || Ok::<_, String>(confirmed(id));
        let now = at(noon() + Duration::from_hours(hours));
        let obtained = user
            .cache()
            .obtain(&recipe("aa"), &wanted(), &now, &|_| (), obtain)
            .await
            .unwrap();
        assert_eq!(obtained.access_key_id(), expected, "{hours}");
        assert_eq!(obtained.session_token().unwrap().expose(), TOKEN);
        assert_eq!(obtained.source_name(), "laptop");
    }
    assert!(user.cache().list::<Session>(noon()).is_empty());
}

#[tokio::test]
async fn a_renewal_takes_only_what_lives_longer_than_what_it_renews() {
    let user = User::new();
    id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await;
    let renewal = |minutes| Wanted {
        longer_than: Some(noon() + Duration::from_mins(minutes)),
        ..wanted()
    };
    assert_eq!(
        id(&user.cache(), &recipe("aa"), &renewal(59), noon(), "SECOND").await,
        "FIRST"
    );
    assert_eq!(
        id(&user.cache(), &recipe("aa"), &renewal(60), noon(), "SECOND").await,
        "SECOND"
    );
}
