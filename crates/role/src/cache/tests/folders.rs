use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};

use super::given::{User, id, noon, recipe, wanted};
use crate::cache::{CacheError, SessionCache};

fn refusal(user: &User) -> String {
    let error = SessionCache::open(&user.folder(), &user.store).unwrap_err();
    assert!(matches!(error, CacheError::Unsafe { .. }), "{error:?}");
    error
        .to_string()
        .replace(&user.home.path().display().to_string(), "HOME")
}

#[test]
fn the_folder_and_its_files_are_for_this_user_alone() {
    let user = User::new();
    user.cache();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(user.folder()), 0o700);
    assert_eq!(mode(user.folder().parent().unwrap().to_owned()), 0o700);
    assert_eq!(mode(user.file("key.lock")), 0o600);
}

#[test]
fn a_folder_that_is_a_link_is_refused() {
    let user = User::new();
    fs::create_dir_all(user.folder().parent().unwrap()).unwrap();
    let elsewhere = user.home.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(elsewhere, user.folder()).unwrap();
    assert_eq!(
        refusal(&user),
        "the folder HOME/cache/rolewrap/sessions is a symbolic link, so somebody else may have chosen where it leads"
    );
}

#[test]
fn a_pipe_in_the_place_of_a_folder_is_not_waited_for() {
    let user = User::new();
    let base = user.folder().parent().unwrap().parent().unwrap().to_owned();
    fs::remove_dir_all(&base).ok();
    rustix::fs::mkfifoat(rustix::fs::CWD, &base, rustix::fs::Mode::RWXU).unwrap();
    let error = SessionCache::open(&user.folder(), &user.store).unwrap_err();
    assert!(matches!(error, CacheError::Io { .. }), "{error:?}");
}

#[test]
fn a_parent_that_is_a_link_is_refused() {
    let user = User::new();
    let (parent, elsewhere) = (user.home.path().join("cache"), user.home.path().join("elsewhere"));
    fs::create_dir(&parent).unwrap();
    fs::create_dir(&elsewhere).unwrap();
    symlink(elsewhere, parent.join("rolewrap")).unwrap();
    assert!(refusal(&user).starts_with("the folder HOME/cache/rolewrap is a symbolic link"));
}

#[test]
fn a_folder_that_others_can_read_or_change_is_refused() {
    for (mode, expected) in [
        (0o750, "has the mode 750, so other users can read it"),
        (0o777, "has the mode 777, so other users can change it"),
        (0o1777, "has the mode 1777, so other users can change it"),
    ] {
        let user = User::new();
        user.cache();
        fs::set_permissions(user.folder(), Permissions::from_mode(mode)).unwrap();
        assert!(refusal(&user).ends_with(expected), "{}", refusal(&user));
    }
    let user = User::new();
    user.cache();
    fs::set_permissions(user.folder().parent().unwrap(), Permissions::from_mode(0o777)).unwrap();
    assert!(refusal(&user).starts_with("the folder HOME/cache/rolewrap has the mode 777"));
}

#[test]
fn a_folder_of_another_user_is_refused() {
    let user = User::new();
    user.cache();
    // Only root can give a folder away. Everybody else has folders of root's at hand.
    if chown(user.folder(), Some(65_534), None).is_ok() {
        assert!(refusal(&user).contains("belongs to the user with the id 65534, and you are 0"));
    } else {
        let error = SessionCache::open("/usr/bin".as_ref(), &user.store).unwrap_err();
        assert!(
            error.to_string().contains("belongs to the user with the id 0"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_noticed_and_the_session_is_there() {
    let user = User::new();
    id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await;
    let file = user.file(".session");
    fs::remove_file(&file).unwrap();
    fs::create_dir_all(file.join("in the way")).unwrap();
    let noticed = std::sync::Mutex::new(Vec::new());
    let notice = |notice: crate::cache::CacheNotice<'_>| noticed.lock().unwrap().push(format!("{notice:?}"));
    let session = user
        .cache()
        .obtain(
            &recipe("aa"),
            &wanted(),
            &super::given::at(noon()),
            &notice,
            async || Ok::<_, String>(super::given::session("SECOND")),
        )
        .await
        .unwrap();
    assert_eq!(session.access_key_id(), "SECOND");
    let noticed = noticed.into_inner().unwrap();
    assert!(
        noticed.iter().any(|notice| notice.starts_with("NotKept")),
        "{noticed:?}"
    );
    let left: Vec<_> = fs::read_dir(user.folder())
        .unwrap()
        .filter(|file| {
            file.as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .ends_with(".new")
        })
        .collect();
    assert!(left.is_empty(), "nothing half-written is left: {left:?}");
}
