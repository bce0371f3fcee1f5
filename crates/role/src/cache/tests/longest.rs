use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use crate::cache::LongestDurations;
use crate::{RoleArn, SessionDuration};

const ENDPOINT: &str = "https://sts.example.com";

fn role(name: &str) -> RoleArn {
    format!("arn:aws:iam::123456789012:role/{name}").parse().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "files are dated by the machine's clock")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn hours(hours: u32) -> SessionDuration {
    SessionDuration::from_hours(hours)
}

#[test]
fn what_was_kept_is_found_for_the_same_role_and_endpoint_by_another_process() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rolewrap").join("durations");
    let durations = LongestDurations::open(&path).unwrap();
    assert_eq!(durations.find(ENDPOINT, &role("deploy"), now()), None);
    durations
        .keep(ENDPOINT, &role("deploy"), hours(4), now())
        .unwrap();
    durations
        .keep(ENDPOINT, &role("deploy"), hours(8), now())
        .unwrap();
    durations.keep(ENDPOINT, &role("audit"), hours(2), now()).unwrap();
    let other = LongestDurations::open(&path).unwrap();
    assert_eq!(other.find(ENDPOINT, &role("deploy"), now()), Some(hours(8)));
    assert_eq!(other.find(ENDPOINT, &role("audit"), now()), Some(hours(2)));
    assert_eq!(other.find("https://sts.elsewhere", &role("deploy"), now()), None);
    other.forget(ENDPOINT, &role("deploy"));
    assert_eq!(durations.find(ENDPOINT, &role("deploy"), now()), None);
    assert_eq!(durations.find(ENDPOINT, &role("audit"), now()), Some(hours(2)));
}

#[test]
fn after_a_month_a_role_is_asked_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rolewrap").join("durations");
    let durations = LongestDurations::open(&path).unwrap();
    durations
        .keep(ENDPOINT, &role("deploy"), hours(4), now())
        .unwrap();
    let later = now() + Duration::from_hours(31 * 24);
    assert_eq!(durations.find(ENDPOINT, &role("deploy"), later), None);
    std::fs::write(path.join("notes.txt"), "of somebody else").unwrap();
    durations.keep(ENDPOINT, &role("audit"), hours(2), later).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_by_key(String::len);
    assert_eq!(names.len(), 2, "the old one is gone: {names:?}");
    assert_eq!(names[0], "notes.txt");
}

#[test]
fn a_file_that_says_something_else_is_as_good_as_none() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rolewrap").join("durations");
    let durations = LongestDurations::open(&path).unwrap();
    durations
        .keep(ENDPOINT, &role("deploy"), hours(4), now())
        .unwrap();
    let file = std::fs::read_dir(&path).unwrap().next().unwrap().unwrap().path();
    for content in ["", "4h", "99999999", "12"] {
        std::fs::write(&file, content).unwrap();
        assert_eq!(
            durations.find(ENDPOINT, &role("deploy"), now()),
            None,
            "{content}"
        );
    }
}

#[test]
fn clearing_forgets_all_roles_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rolewrap").join("durations");
    assert_eq!(LongestDurations::clear(&path).unwrap(), 0);
    assert!(!path.exists());
    let durations = LongestDurations::open(&path).unwrap();
    for name in ["deploy", "audit"] {
        durations.keep(ENDPOINT, &role(name), hours(4), now()).unwrap();
    }
    std::fs::write(path.join("notes"), "").unwrap();
    assert_eq!(LongestDurations::clear(&path).unwrap(), 2);
    assert_eq!(durations.find(ENDPOINT, &role("deploy"), now()), None);
    assert!(path.join("notes").exists());
}
