use insta::assert_snapshot;

use super::given::given;

#[test]
fn what_stands_in_a_file_by_mistake_is_not_repeated() {
    for text in [
        "[accounts.dev]\nsecret_access_key = 'canary'",
        "aws_secret_access_key = canary",
        "canary",
        "[sts]\nuse_fips = 'canary'\nendpoint_url = ['canary']",
        "sts = 'canary'",
        "[sources.x]\ntype = 'env'\npassword = 'canary'",
    ] {
        let message = given().user(text).failure();
        assert!(!message.contains("canary"), "{message}");
        assert!(message.contains("config.toml:"), "{message}");
    }
}

#[test]
fn a_secret_in_a_file_is_answered_with_where_it_belongs() {
    for (text, hint) in [
        (
            "[sources.laptop]\ntype = 'keyring'\nsecret_access_key = 'canary'",
            "a file holds no secrets: rolewrap source add laptop",
        ),
        (
            "[accounts.dev]\naws_secret_access_key = 'canary'",
            "a file holds no secrets: rolewrap source add keyring",
        ),
        (
            "[sources.team]\ntype = 'vault'\ntoken = 'canary'",
            "a file holds no secrets: set VAULT_TOKEN, or name a file: auth = { method = \"token\", token_file = \"…\" }",
        ),
        (
            "[sources.team]\ntype = 'vault'\nauth = { method = 'token', token = 'canary' }",
            "a file holds no secrets: set VAULT_TOKEN, or name its file with token_file",
        ),
        (
            "[sources.team]\ntype = 'vault'\nauth = { method = 'ldap', username = 'x', password = 'canary' }",
            "a file holds no secrets: name its place with password_file or password_variable",
        ),
    ] {
        let message = given().user(text).failure();
        assert!(message.contains(&format!("\nhint: {hint}\n")), "{message}");
    }
}

#[test]
fn a_link_of_a_repository_makes_no_other_file_be_repeated() {
    for text in [
        "[url \"https://oauth2:canary@gitlab.example.com/\"]\ninsteadOf = x",
        "canaryWyUpZ1Cr1RNXcqszIFA8OkIPVsC5KJ0VwidshzF7nfI=\n",
        "canary7Xq=\n",
        "[\"canary\", \"other\"]\n",
        "postgres://user:canary@host/base?ssl=1\n",
        "export TOKEN_canary=x\n",
    ] {
        let message = given().project(text).failure();
        assert!(!message.contains("canary"), "{message}");
        assert!(message.contains("rolewrap.toml:1:"), "{message}");
    }
    let long = "canaryWyUpZ1Cr1RNXcqszIFA8OkIPVsC5KJ0VwidshzF7nfI=\n";
    assert!(!given().user(long).failure().contains("canary"));
}

#[test]
fn a_file_without_end_is_not_read_to_its_end() {
    let given = given().user(&"#\n".repeat(600_000));
    assert!(given.failure().contains("longer than 1 MiB"));
}

#[test]
fn an_unknown_key_is_shown_with_its_line_and_the_nearest_known_key() {
    let message = given()
        .user("region = 'eu-west-1'\n\n[accounts.prod]\nexternalid = 'x'\n")
        .failure();
    assert_snapshot!(message, @"
    error: unknown key `accounts.prod.externalid` in DIR/home/rolewrap/config.toml
    hint: did you mean `external_id`?
      --> DIR/home/rolewrap/config.toml:4:1
       |
     4 | externalid = …
       | ^^^^^^^^^^
    ");
}

#[test]
fn a_command_that_is_one_text_is_shown_with_the_form_that_it_needs() {
    let message = given()
        .user("[sources.p]\ntype = 'process'\ncommand = 'op read canary'\n")
        .failure();
    assert_snapshot!(message, @r#"
    error: `sources.p.command` is not a list in DIR/home/rolewrap/config.toml
    hint: there is no shell, so write the program and each argument by itself: command = ["program", "argument"]
      --> DIR/home/rolewrap/config.toml:3:1
       |
     3 | command = …
       | ^^^^^^^
    "#);
}

#[test]
fn all_unknown_keys_of_a_file_are_shown_at_once() {
    let message = given()
        .user("acount = 'dev'\n[[paths]]\nmatsch = '**'\naccount = 'dev'\n")
        .failure();
    assert!(
        message.contains("did you mean `account`?") && message.contains("did you mean `match`?"),
        "{message}"
    );
    assert!(
        message.starts_with("error: unknown key `acount` and 1 more in"),
        "{message}"
    );
}

#[test]
fn a_role_in_a_file_is_pointed_to_the_accounts() {
    let message = given()
        .user("iam_role = 'arn:aws:iam::123456789012:role/deploy'")
        .failure();
    assert!(message.contains("[accounts.NAME] with id and role"), "{message}");
}

#[test]
fn broken_toml_is_shown_with_its_line() {
    let message = given()
        .project("region = 'eu-west-1'\naccount = prod\n")
        .failure();
    assert!(
        message.starts_with("error: DIR/project/rolewrap.toml is not valid TOML\n"),
        "{message}"
    );
    assert!(message.contains("rolewrap.toml:2:"), "{message}");
    assert!(message.contains("account = …"), "{message}");
}

#[test]
fn a_number_where_text_is_needed_is_shown_with_how_to_write_it() {
    let message = given().user("[accounts.prod]\nid = 123456789012").failure();
    assert_snapshot!(message, @r#"
    error: a value in DIR/home/rolewrap/config.toml has the wrong type
    hint: write it in quotes: "123456789012"
      --> DIR/home/rolewrap/config.toml:2:6
       |
     2 | id = 123456789012
       |      ^^^^^^^^^^^^
      cause: invalid type: integer `123456789012`, expected a string
    "#);
}

#[test]
fn an_unknown_type_of_source_names_the_known_ones() {
    let message = given().user("[sources.team]\ntype = 'xyz'").failure();
    assert!(
        message.contains("unknown source type `xyz`")
            && message.contains("the types are env, keyring, process, vault"),
        "{message}"
    );
    let message = given().user("[sources.team]\ntype = 'valt'").failure();
    assert!(message.contains("did you mean `vault`?"), "{message}");
    let message = given()
        .user("[sources.team]\ntype = 'vault'\nauth = { method = 'app-role' }")
        .failure();
    assert!(
        message.contains("unknown login method `app-role`") && message.contains("did you mean `approle`?"),
        "{message}"
    );
}

#[test]
fn a_file_names_the_program_for_terraform_so_that_it_is_the_same_in_every_directory() {
    assert_snapshot!(given().user("region = 'eu-west-1'\nterraform = 'bin/tf'").failure(), @"
    error: `terraform` in DIR/home/rolewrap/config.toml is neither a name to look up on PATH nor a full path
    hint: write the full path; --terraform and ROLEWRAP_TERRAFORM may be relative to the working directory
      --> DIR/home/rolewrap/config.toml:2:1
       |
     2 | terraform = …
       | ^^^^^^^^^
      cause: `bin/tf` would be another program in each directory, and one of the repository that you stand in; no shell expands ~ or variables
    ");
    for program in ["./tf", "../tf", "~/bin/tf", "tf/"] {
        let text = format!("terraform = '{program}'");
        assert!(
            given().user(&text).failure().contains("nor a full path"),
            "{program}"
        );
        assert!(
            given().system(&text).failure().contains("nor a full path"),
            "{program}"
        );
    }
    for program in ["tofu", "/opt/tf", ""] {
        given().user(&format!("terraform = '{program}'")).load().unwrap();
    }
    let relative =
        given()
            .variable("ROLEWRAP_TERRAFORM", "bin/tf")
            .option("terraform", "--terraform", "./tf");
    assert_eq!(
        relative.load().unwrap().settings.terraform.as_deref(),
        Some("./tf")
    );
}
