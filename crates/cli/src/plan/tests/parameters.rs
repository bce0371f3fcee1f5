use super::*;

const ACCOUNT: &str = "account = 'dev'\n[accounts.dev]\nid = '111111111111'\nrole = 'deploy'\n";

/// The account with `lines` in its section, and `top` at the top of the file.
fn account(top: &str, lines: &str) -> Given {
    given(&format!("{top}\n{ACCOUNT}{lines}\n")).variable("USER", "alice")
}

/// The parameters of the last request that are called so, or begin so.
fn sent(given: &Given, name: &str) -> Vec<String> {
    let parameters = given.plan().unwrap().target_hop().request().parameters();
    parameters
        .into_iter()
        .filter(|parameter| parameter.name.starts_with(name))
        .map(|parameter| parameter.value.expose().to_owned())
        .collect()
}

fn tags(given: &Given) -> Vec<String> {
    let plan = given.plan().unwrap();
    let tags = plan.target_hop().tags.tags.iter();
    tags.map(|tag| tag.value.to_string()).collect()
}

#[test]
fn a_policy_is_a_file_beside_the_one_that_names_it_or_a_table_or_json() {
    let compact =
        r#"{"Statement":[{"Action":["s3:Get*"],"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}"#;
    let table = "policy = { Version = 2012-10-17, Statement = [{ Effect = 'Allow', Action = ['s3:Get*'], Resource = '*' }] }";
    assert_eq!(sent(&account("", table), "Policy"), [compact]);
    assert_eq!(sent(&account(table, ""), "Policy"), [compact]);
    let text = "policy = '{ \"Version\": \"2012-10-17\" }'";
    assert_eq!(
        sent(&account(text, ""), "Policy"),
        [r#"{"Version":"2012-10-17"}"#]
    );
    let file = account("policy = 'policies/read.json'", "").directory("live");
    std::fs::create_dir_all(file.folder.path().join("live")).unwrap();
    std::fs::create_dir(file.folder.path().join("policies")).unwrap();
    std::fs::write(
        file.folder.path().join("policies/read.json"),
        "{\n  \"Version\": \"2012-10-17\"\n}\n",
    )
    .unwrap();
    assert_eq!(sent(&file, "Policy"), [r#"{"Version":"2012-10-17"}"#]);
}

#[test]
fn a_policy_that_cannot_be_read_or_is_none_is_refused_and_not_shown() {
    let with_file = |content: &str| {
        let given = account("policy = 'canary.json'", "");
        std::fs::write(given.folder.path().join("canary.json"), content).unwrap();
        given.failure()
    };
    insta::assert_snapshot!(with_file("{\"canary-text\": }"), @"
    error: the session policy is not valid, so nothing was sent
    hint: a session policy is a JSON object, as IAM has them; `aws accessanalyzer validate-policy` checks one
      cause: it is not a JSON object: line 1, column 17
      from: project file DIR/rolewrap.toml:1
    ");
    insta::assert_snapshot!(with_file(&format!("{{\"a\": \"{}\"}}", "canary-text".repeat(200))), @"
    error: the session policy is not valid, so nothing was sent
    hint: a session policy is a JSON object, as IAM has them; `aws accessanalyzer validate-policy` checks one
      cause: session policy: has 2208 characters; allowed are tab, line ends and U+0020 to U+00FF (1 to 2048 characters)
      from: project file DIR/rolewrap.toml:1
    ");
    for content in [
        "-----BEGIN canary-text-----",
        "\"canary-text\"",
        "[\"canary-text\"]",
        "",
    ] {
        let message = with_file(content);
        assert!(message.contains("the session policy is not valid"), "{message}");
        assert!(!message.contains("canary-text"), "{message}");
    }
    insta::assert_snapshot!(account("policy = 'missing.json'", "").failure(), @"
    error: cannot read the session policy DIR/missing.json
    hint: name a JSON file, or write the policy as a table
      cause: No such file or directory (os error 2)
      from: project file DIR/rolewrap.toml:1
    ");
}

#[cfg(unix)]
#[test]
fn a_policy_that_is_a_pipe_is_refused_and_not_waited_for() {
    let given = account("policy = 'pipe.json'", "");
    let pipe = given.folder.path().join("pipe.json");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    assert!(given.failure().contains("it is not a regular file"));
}

#[cfg(unix)]
#[test]
fn a_project_file_names_no_policy_outside_of_its_folder() {
    let given = account("policy = 'link.json'", "");
    let outside = TempDir::new().unwrap();
    let secret = outside.path().join("secret.json");
    std::fs::write(&secret, "{}").unwrap();
    std::os::unix::fs::symlink(&secret, given.folder.path().join("link.json")).unwrap();
    let message = given.failure();
    assert!(
        message.contains("may only name files below its own folder"),
        "{message}"
    );
    let message = account(&format!("policy = '{}'", secret.display()), "").failure();
    assert!(
        message.contains("may only name files below its own folder"),
        "{message}"
    );
    let option = account("", "").option("policy", "--policy", secret.to_str().unwrap());
    assert_eq!(sent(&option, "Policy"), ["{}"], "who starts the program may");
}

#[test]
fn lists_of_a_later_layer_replace_those_of_an_earlier_one() {
    let arn = |name: &str| format!("arn:aws:iam::aws:policy/{name}");
    let top = format!("policy_arns = ['{}']", arn("Top"));
    let own = format!("policy_arns = ['{}', '{}']", arn("Own"), arn("Other"));
    assert_eq!(sent(&account(&top, ""), "PolicyArns"), [arn("Top")]);
    assert_eq!(
        sent(&account(&top, &own), "PolicyArns"),
        [arn("Own"), arn("Other")]
    );
    let variable = account(&top, &own).variable(
        "ROLEWRAP_POLICY_ARN",
        "arn:aws:iam::aws:policy/A,B,arn:aws:iam::aws:policy/C",
    );
    assert_eq!(sent(&variable, "PolicyArns"), [arn("A,B"), arn("C")]);
    let option = variable.option("policy_arns", "--policy-arn", &arn("Option"));
    assert_eq!(sent(&option, "PolicyArns"), [arn("Option")]);
}

#[test]
fn tags_of_a_later_layer_are_added_and_replace_those_with_the_same_key() {
    let given = account(
        "tags = { Team = 'blue', \"cost.center\" = 42, Who = '{user} {git_branch}' }",
        "tags = { team = 'green', Stage = 'dev' }",
    )
    .variable("ROLEWRAP_TAG", "STAGE=test, Owner = a=b")
    .variable("GITHUB_REPOSITORY", "acme/live")
    .variable("GITHUB_RUN_ID", "1")
    .variable("GITHUB_HEAD_REF", "feature/tags#1")
    .option("tags", "--tag", "owner=me");
    assert_eq!(
        tags(&given),
        [
            "cost.center=42",
            "owner=me",
            "STAGE=test",
            "team=green",
            "Who=alice feature/tags-1"
        ]
    );
    let plan = given.plan().unwrap();
    let origins = plan
        .target_hop()
        .tags
        .tags
        .iter()
        .map(|tag| tag.origin.to_string());
    let folder = given.folder.path().display().to_string();
    let origins: Vec<_> = origins.map(|origin| origin.replace(&folder, "DIR")).collect();
    assert_eq!(
        origins,
        [
            "project file DIR/rolewrap.toml:1",
            "option --tag",
            "variable ROLEWRAP_TAG",
            "project file DIR/rolewrap.toml:6",
            "project file DIR/rolewrap.toml:1",
        ]
    );
}

#[test]
fn a_tag_of_an_option_has_a_value_and_is_given_once() {
    let failure = |tags: &str| account("", "").option("tags", "--tag", tags).failure();
    insta::assert_snapshot!(failure("Team=blue,Stage"), @"
    error: `Stage` is not a valid tag
    hint: write a tag as KEY=VALUE, and a comma between two
      cause: it has no `=`
      from: option --tag
    ");
    assert!(failure("Team=blue,Team=green").contains("the tag `Team` is given twice"));
}

#[test]
fn a_tag_as_awss_command_line_writes_it_is_not_taken_for_two() {
    let failure = |tags: &str| account("", "").option("tags", "--tag", tags).failure();
    insta::assert_snapshot!(failure("Key=Stage,Value=dev"), @"
    error: the tags have the keys `Key` and `Value`
    hint: write Stage=dev
      cause: that is how AWS's own command line writes one tag, and here it is two
      from: option --tag
    ");
    assert!(failure("Key=a,Value=b,Key=c,Value=d").contains("write a=b"));
    for tags in ["Key=a", "Value=b", "Key=a,Value=b,Stage=dev", "key=a,value=b"] {
        account("", "").option("tags", "--tag", tags).plan().unwrap();
    }
}

#[test]
fn transitive_tags_are_among_the_tags() {
    let given = account(
        "tags = { Team = 'blue', Cost = '42' }",
        "transitive_tags = ['team']",
    );
    assert_eq!(sent(&given, "TransitiveTagKeys"), ["team"]);
    let option = given.option("transitive_tags", "--transitive-tag", "Cost,Team");
    assert_eq!(sent(&option, "TransitiveTagKeys"), ["Cost", "Team"]);
    insta::assert_snapshot!(account("transitive_tags = ['Team']", "").failure(), @r#"
    error: the transitive tag key is not valid
    hint: correct the value where it comes from; `rolewrap config show` lists all of them
      cause: transitive tag key "Team": is not the key of any session tag that is set
      from: project file DIR/rolewrap.toml:1
    "#);
}

#[test]
fn what_aws_would_refuse_names_the_limit_and_the_place() {
    let many: Vec<_> = (0..51).map(|index| format!("key{index} = 'v'")).collect();
    let arns = ["'arn:aws:iam::aws:policy/ReadOnlyAccess'"; 11].join(", ");
    for (lines, said) in [
        (
            "tags = { 'a#b' = 'x' }".to_owned(),
            "session tag key \"a#b\": has '#' at position 2",
        ),
        (
            format!("tags = {{ a = '{}' }}", "x".repeat(257)),
            "rolewrap.toml:6",
        ),
        (
            format!("tags = {{ {} }}", many.join(", ")),
            "session tags are 51; allowed are at most 50",
        ),
        (
            "tags = { Team = 'a', team = 'b' }".to_owned(),
            "the tags `Team` and `team` are one to AWS",
        ),
        ("tags = { a = '{usr}' }".to_owned(), "did you mean {user}?"),
        (
            "policy_arns = ['ReadOnlyAccess']".to_owned(),
            "policy ARN \"ReadOnlyAccess\"",
        ),
        (
            format!("policy_arns = [{arns}]"),
            "policy ARNs are 11; allowed are at most 10",
        ),
        ("source_identity = 'x'".to_owned(), "has 1 character; allowed"),
    ] {
        let message = account("", &lines).failure();
        assert!(message.contains(said), "{lines}: {message}");
        assert!(
            message.contains("from: project file DIR/rolewrap.toml:"),
            "{message}"
        );
    }
    let long = format!(
        "policy = {{ a = '{}' }}\npolicy_arns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']",
        "x".repeat(2035)
    );
    insta::assert_snapshot!(account("", &long).failure(), @"
    error: arn:aws:iam::111111111111:role/deploy cannot be asked for in this way, so nothing was sent
    hint: make them fewer or shorter; a managed policy of your own takes the place of several
      cause: session policy and policy ARNs have 2081 characters; allowed are 2048 together
      from: project file DIR/rolewrap.toml:6
      from: project file DIR/rolewrap.toml:7
    ");
}

#[test]
fn a_source_identity_has_the_placeholders_of_session_names() {
    let given = account("source_identity = '{user}@acme'", "");
    assert_eq!(sent(&given, "SourceIdentity"), ["alice@acme"]);
}
