//! A project file may be as long as a file can be, and is read before anybody looked at it. These are sizes for which any search
//! from the start, for each of many, takes minutes.

use std::fmt::Write;

use super::given::given;

#[test]
fn each_of_many_keys_is_found_without_counting_from_the_start() {
    let mut text = "[accounts.mine.tags]\n".to_owned();
    (0..60_000).for_each(|number| writeln!(text, "k{number}=''").unwrap());
    let loaded = given()
        .user("tags = { Team = 'blue' }")
        .project(&text)
        .load()
        .unwrap();
    let origin = loaded.origin("accounts.mine.tags.k59999");
    assert!(origin.place.ends_with("rolewrap.toml:60001"), "{origin}");
    for (key, _) in loaded.values() {
        assert!(loaded.known_origin(&key).is_some(), "{key}");
    }
}

#[test]
fn each_of_many_accounts_is_held_against_those_of_the_users_own_that_it_may_be() {
    let account = |kind: &str, number: usize, keys: &str| {
        format!("[accounts.{kind}{number}]\nid='111111111111'\nrole='{kind}{number}'\n{keys}\n")
    };
    let own: String = (0..2_000)
        .map(|number| account("own", number, "policy='{}'\ntags={A='b'}"))
        .collect();
    let added: String = (0..10_000)
        .map(|number| account("a", number, &format!("via='a{}'", number + 1)))
        .collect();
    let added = format!("{added}[accounts.a10000]\nid='111111111111'\nrole='a'");
    let given = given()
        .user(&format!("tags = {{ Team = 'blue' }}\n{own}"))
        .project(&added);
    assert_eq!(given.load().unwrap().settings.accounts.len(), 12_001);
}

#[test]
fn of_many_mistakes_the_first_ones_are_shown_and_the_rest_is_counted() {
    let mut text = String::new();
    (0..60_000).for_each(|number| writeln!(text, "k{number} = 1").unwrap());
    let message = given().project(&text).failure();
    assert!(
        message.starts_with("error: unknown key `k0` and 59999 more in DIR"),
        "{message}"
    );
    assert_eq!(message.matches("-->").count(), 10);
    assert!(
        message.contains("\nhint: correct the ones below first; 59990 more are not shown\n"),
        "{message}"
    );
}

#[test]
fn a_name_is_not_repeated_in_the_paths_of_many_keys_where_it_is_long() {
    let name = "x".repeat(300_000);
    let mut text = format!("[accounts.{name}.tags]\n");
    (0..60_000).for_each(|number| writeln!(text, "k{number}=''").unwrap());
    let message = given().project(&text).failure();
    assert!(
        message.starts_with("error: a name of 300000 characters in DIR"),
        "{message}"
    );
    let longest = "x".repeat(128);
    given().project(&format!("[accounts.{longest}]")).load().unwrap();
}
