//! Trust in what a project file says.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::UNIX_EPOCH;

use insta::assert_snapshot;

use super::given::{Given, given};
use crate::configuration::{Configuration, Digest, TrustRecord, TrustStore, make_repository};

const SOURCE: &str = "[sources.team]\ntype = 'process'\ncommand = ['./key.sh', '--fast']\n";

/// A repository with a program, a project file that names it, and a store of trust.
fn repository() -> Given {
    let mut given = given().project(SOURCE);
    make_repository(&given.path("project"));
    given.file("project/key.sh", "#!/bin/sh\n");
    given.places.trust = TrustStore::new(Some(given.folder.path().join("state/trust")));
    given
}

impl Given {
    fn digest(&self) -> Digest {
        let content = Configuration::content_on_trust(&self.places).unwrap();
        content.expect("something needs trust").digest()
    }

    /// Trusts what the project file says now.
    fn trust(&self) {
        let content = Configuration::content_on_trust(&self.places).unwrap().unwrap();
        let record = TrustRecord {
            path: self.places.project.clone().unwrap(),
            trusted_at: UNIX_EPOCH,
            lines: content.lines(),
        };
        self.places.trust.add(&content.digest(), &record).unwrap();
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn is_trusted(&self) -> bool {
        self.load().is_ok()
    }
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

#[test]
fn what_needs_trust_counts_once_its_content_is_trusted_and_the_program_is_that_of_the_repository() {
    let given = repository();
    assert_snapshot!(given.failure(), @"
    error: the project file DIR/project/rolewrap.toml may not define a source
    hint: move `sources` into your own file; `rolewrap config path` shows where that is
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      --> DIR/project/rolewrap.toml:1:10
       |
     1 | [sources.team]
       |          ^^^^
      cause: a project file arrives with a clone of the repository, so whoever can write there could use it to reach your keys
    ");
    given.trust();
    let configuration = given.load().unwrap();
    let program = given.path("project/key.sh").display().to_string();
    let values = configuration.values();
    let command = values.iter().find(|(key, _)| key == "sources.team.command");
    assert_eq!(command.unwrap().1, format!("[{program:?}, \"--fast\"]"));
}

#[test]
fn trust_is_in_the_part_that_needs_it() {
    let given = repository();
    given.trust();
    let with = |text: &str| {
        given.file("project/rolewrap.toml", text);
        given.is_trusted()
    };
    assert!(with(&format!(
        "# a comment\n{SOURCE}\n[accounts.dev]\nid = '111111111111'\nrole = 'deploy'"
    )));
    assert!(with(
        &SOURCE.replace("'./key.sh', '--fast'", "\"./key.sh\",\"--fast\"")
    ));
    assert!(!with(&SOURCE.replace("--fast", "--slow")));
    assert!(!with(&format!("{SOURCE}\nvariables = ['TOKEN']")));
    assert!(!with(&format!("terraform = 'tofu'\n{SOURCE}")));
    assert_snapshot!(given.failure(), @"
    error: the project file DIR/project/rolewrap.toml may not define a source
    hint: move `sources` into your own file; `rolewrap config path` shows where that is
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      --> DIR/project/rolewrap.toml:2:10
       |
     2 | [sources.team]
       |          ^^^^
      cause: a project file arrives with a clone of the repository, so whoever can write there could use it to reach your keys
      cause: what it says was trusted before, and has changed since
    ");
    assert!(with(SOURCE));
}

#[test]
fn trust_in_a_way_through_an_own_account_is_in_the_roles_that_it_leads_to() {
    let own = "[accounts.hub]\nid = '111111111111'\nrole = 'hub'\n[accounts.prod]\nid = '333333333333'\nvia = 'hub'\n";
    let project = "[accounts.mine]\nid = '222222222222'\nrole = 'readonly'\nvia = 'hub'\n\
                   [accounts.deep]\nid = '444444444444'\nrole = 'deploy'\nvia = 'mine'\n";
    let mut given = given().user(own).project(project);
    given.places.trust = TrustStore::new(Some(given.folder.path().join("state/trust")));
    given.trust();
    assert!(given.is_trusted());
    let with = |text: &str| {
        given.file("project/rolewrap.toml", text);
        given.is_trusted()
    };
    assert!(with(&format!("{project}region = 'eu-west-1'\n")));
    for (before, after) in [
        ("readonly", "admin"),
        ("222222222222", "555555555555"),
        ("deploy", "admin"),
    ] {
        assert!(!with(&project.replace(before, after)), "{after}");
    }
    assert!(!with(&format!("{project}[accounts.prod]\nrole = 'admin'\n")));
}

#[test]
fn trust_is_in_the_bytes_of_the_files_of_the_repository_that_are_named() {
    let given = repository();
    given.trust();
    given.file("project/key.sh", "#!/bin/sh\n\n");
    assert!(!given.is_trusted(), "one byte more");
    given.file("project/key.sh", "#!/bin/sh\n");
    assert!(given.is_trusted());
    // A link to another file of the repository has that one's bytes.
    std::fs::rename(given.path("project/key.sh"), given.path("project/other.sh")).unwrap();
    symlink("other.sh", given.path("project/key.sh")).unwrap();
    assert!(given.is_trusted());
    std::fs::remove_file(given.path("project/other.sh")).unwrap();
    given.file("elsewhere.sh", "#!/bin/sh\n");
    symlink("../elsewhere.sh", given.path("project/other.sh")).unwrap();
    assert!(!given.is_trusted(), "a link out of the repository");
    given.trust();
    assert!(given.is_trusted());
    given.file("other-tool.sh", "#!/bin/sh\n");
    std::fs::remove_file(given.path("project/other.sh")).unwrap();
    symlink("../other-tool.sh", given.path("project/other.sh")).unwrap();
    assert!(!given.is_trusted(), "the same bytes, and another way out");
}

#[test]
fn another_clone_of_the_same_content_is_trusted_too() {
    let given = repository();
    given.trust();
    let mut clone = repository();
    clone.places.trust = given.places.trust.clone();
    assert!(clone.is_trusted());
    clone.file("project/key.sh", "#!/bin/sh\nevil");
    assert!(!clone.is_trusted());
}

#[test]
fn a_file_that_changes_after_trust_was_decided_is_noticed() {
    let given = repository();
    given.trust();
    let configuration = given.load().unwrap();
    configuration.refuse_changed_files().unwrap();
    given.file("project/key.sh", "#!/bin/sh\nevil");
    let error = configuration.refuse_changed_files().unwrap_err();
    assert_snapshot!(given.shown(&error.to_string()), @"
    error: DIR/project/key.sh has changed since its content was found to be trusted
    hint: see who changed it; then run `rolewrap trust` again
      cause: the project file names it, and trust is in its bytes
    ");
    std::fs::remove_file(given.path("project/key.sh")).unwrap();
    configuration.refuse_changed_files().unwrap_err();
}

#[test]
fn a_digest_that_is_given_is_trusted_for_this_run_alone() {
    let mut given = repository();
    given.places.trust.trust_for_this_run(vec![given.digest()]);
    assert!(given.is_trusted());
    assert!(!given.path("state").exists());
    given.file("project/key.sh", "#!/bin/sh\nevil");
    assert!(!given.is_trusted());
}

#[test]
fn a_store_that_others_can_write_says_nothing() {
    let given = repository();
    given.trust();
    let folder = given.path("state/trust");
    let file = folder.join(format!("{}.json", given.digest().hex()));
    mode(&folder, 0o777);
    assert_snapshot!(given.failure(), @"
    error: DIR/state/trust says what you trust, and others can write it
    hint: see who changed it; then remove it, and run `rolewrap trust` again
      cause: its mode is 0777
    ");
    mode(&folder, 0o700);
    mode(&file, 0o666);
    assert!(given.failure().contains("others can write it"));
    mode(&file, 0o600);
    assert!(given.is_trusted());
    std::fs::rename(&file, folder.join("elsewhere")).unwrap();
    symlink("elsewhere", &file).unwrap();
    assert!(given.failure().contains("it is a link"));
    std::fs::remove_file(&file).unwrap();
    assert!(!given.is_trusted());
}

#[test]
fn what_is_trusted_no_longer_is_asked_for_again() {
    let given = repository();
    given.trust();
    assert!(given.places.trust.remove(&given.digest()).unwrap());
    assert!(!given.is_trusted());
    assert!(!given.places.trust.remove(&given.digest()).unwrap());
}

#[test]
fn a_trusted_file_changes_what_the_users_own_file_says_and_not_its_sources() {
    let given = repository().user("policy_arns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']");
    given.file("project/rolewrap.toml", "policy_arns = []");
    assert!(!given.is_trusted());
    given.trust();
    assert_eq!(given.load().unwrap().settings.policy_arns, Some(Vec::new()));
    let given = given.user("[sources.team]\ntype = 'env'");
    given.file("project/rolewrap.toml", SOURCE);
    let refused = given.failure();
    assert_snapshot!(refused, @"
    error: the project file may not change sources.team, which the file below it defines
    hint: rename the source in the project file
      from: DIR/project/rolewrap.toml:1
      from: DIR/home/rolewrap/config.toml:1
    ");
    Configuration::content_on_trust(&given.places).unwrap_err();
}
