use insta::assert_snapshot;

use super::super::{Exported, Format, Unwritable, github};
use super::given::{HOSTILE, exported, hostile_values};

/// What AWS's own values are made of.
const USUAL: &str = "IQoJb3JpZ2luX2VjEHoaCWV1LXdlc3QtMSJHMEUCIQ/+==";

fn shown(exported: &Exported<'_>, format: Format) -> String {
    exported.text(format).unwrap().expose().to_owned()
}

#[test]
fn the_usual_values_look_as_aws_writes_them() {
    let mut exported = exported(USUAL);
    exported.variables.region = Some("eu-west-1");
    exported.rivals = vec!["AWS_PROFILE".to_owned()];
    let text = |format| shown(&exported, format).replace(USUAL, "VALUE");
    assert_snapshot!(text(Format::Env), @"
    export AWS_ACCESS_KEY_ID=VALUE;
    export AWS_SECRET_ACCESS_KEY=VALUE;
    export AWS_SESSION_TOKEN=VALUE;
    export AWS_SECURITY_TOKEN=VALUE;
    export AWS_CREDENTIAL_EXPIRATION=2030-01-31T23:59:59Z;
    export AWS_REGION=eu-west-1;
    export AWS_DEFAULT_REGION=eu-west-1;
    unset AWS_PROFILE;
    ");
    assert_snapshot!(text(Format::EnvNoExport), @"
    AWS_ACCESS_KEY_ID=VALUE
    AWS_SECRET_ACCESS_KEY=VALUE
    AWS_SESSION_TOKEN=VALUE
    AWS_SECURITY_TOKEN=VALUE
    AWS_CREDENTIAL_EXPIRATION=2030-01-31T23:59:59Z
    AWS_REGION=eu-west-1
    AWS_DEFAULT_REGION=eu-west-1
    ");
    assert_eq!(text(Format::Dotenv), text(Format::EnvNoExport));
    assert_snapshot!(text(Format::Fish), @"
    set -gx AWS_ACCESS_KEY_ID 'VALUE'
    set -gx AWS_SECRET_ACCESS_KEY 'VALUE'
    set -gx AWS_SESSION_TOKEN 'VALUE'
    set -gx AWS_SECURITY_TOKEN 'VALUE'
    set -gx AWS_CREDENTIAL_EXPIRATION '2030-01-31T23:59:59Z'
    set -gx AWS_REGION 'eu-west-1'
    set -gx AWS_DEFAULT_REGION 'eu-west-1'
    set -e AWS_PROFILE
    ");
    assert_snapshot!(text(Format::Powershell), @"
    $Env:AWS_ACCESS_KEY_ID='VALUE'
    $Env:AWS_SECRET_ACCESS_KEY='VALUE'
    $Env:AWS_SESSION_TOKEN='VALUE'
    $Env:AWS_SECURITY_TOKEN='VALUE'
    $Env:AWS_CREDENTIAL_EXPIRATION='2030-01-31T23:59:59Z'
    $Env:AWS_REGION='eu-west-1'
    $Env:AWS_DEFAULT_REGION='eu-west-1'
    $Env:AWS_PROFILE=$null
    ");
    assert_snapshot!(text(Format::WindowsCmd), @"
    set AWS_ACCESS_KEY_ID=VALUE
    set AWS_SECRET_ACCESS_KEY=VALUE
    set AWS_SESSION_TOKEN=VALUE
    set AWS_SECURITY_TOKEN=VALUE
    set AWS_CREDENTIAL_EXPIRATION=2030-01-31T23:59:59Z
    set AWS_REGION=eu-west-1
    set AWS_DEFAULT_REGION=eu-west-1
    set AWS_PROFILE=
    ");
    assert_snapshot!(text(Format::Ini), @"
    [dev]
    # expires at 2030-01-31T23:59:59Z
    aws_access_key_id = VALUE
    aws_secret_access_key = VALUE
    aws_session_token = VALUE
    region = eu-west-1
    ");
}

#[test]
fn the_documents_are_one_line_of_json() {
    let mut exported = exported(USUAL);
    exported.variables.region = Some("eu-west-1");
    let text = |format| shown(&exported, format).replace(USUAL, "VALUE");
    assert_snapshot!(text(Format::Process), @r#"{"Version":1,"AccessKeyId":"VALUE","SecretAccessKey":"VALUE","SessionToken":"VALUE","Expiration":"2030-01-31T23:59:59Z"}"#);
    assert_snapshot!(text(Format::Json), @r#"{"AccessKeyId":"VALUE","SecretAccessKey":"VALUE","SessionToken":"VALUE","Expiration":"2030-01-31T23:59:59Z","Region":"eu-west-1","AccountId":"123456789012","Arn":"arn:aws:sts::123456789012:assumed-role/deploy/alice"}"#);
    assert_snapshot!(text(Format::Terragrunt), @r#"{"awsCredentials":{"ACCESS_KEY_ID":"VALUE","SECRET_ACCESS_KEY":"VALUE","SESSION_TOKEN":"VALUE"},"envs":{"AWS_CREDENTIAL_EXPIRATION":"2030-01-31T23:59:59Z","AWS_DEFAULT_REGION":"eu-west-1","AWS_REGION":"eu-west-1"}}"#);
}

#[test]
fn a_document_holds_every_hostile_value() {
    for value in hostile_values() {
        for format in [Format::Process, Format::Json, Format::Terragrunt] {
            let text = shown(&exported(&value), format);
            assert_eq!(text.lines().count(), 1, "{text}");
            let document: serde_json::Value = serde_json::from_str(&text).unwrap();
            let keys = document.get("awsCredentials").unwrap_or(&document);
            let secret = keys
                .get("SecretAccessKey")
                .or_else(|| keys.get("SECRET_ACCESS_KEY"));
            assert_eq!(secret.and_then(serde_json::Value::as_str), Some(&*value));
        }
    }
}

/// Of all hostile pieces these formats hold only what is text to cmd.exe and to every reader of such files.
#[test]
fn a_format_without_quotes_holds_plain_values_only() {
    for piece in HOSTILE {
        for value in [piece.to_owned(), format!("a{piece}"), format!("{piece}a")] {
            for format in [Format::WindowsCmd, Format::Dotenv, Format::Ini] {
                let held = exported(&value).text(format).is_ok();
                let is_plain = matches!(piece, "a" | ":" | "-n") || value == "a=ls";
                assert_eq!(held, is_plain, "{format:?} {value:?}");
            }
        }
    }
    let refused = exported("%PATH%").text(Format::WindowsCmd).unwrap_err();
    assert_snapshot!(refused.explained(), @"
    error: AWS_ACCESS_KEY_ID cannot be exported in the format windows-cmd
    hint: choose another --format, such as json
      cause: its value has a character that this format cannot hold
    ");
}

/// There is no PowerShell to ask on the systems that the tests run on. What it is given is therefore printable ASCII
/// between single quotes, where PowerShell's language specification, 2.3.5.2, gives a meaning to the quote alone.
#[test]
fn powershell_is_given_printable_ascii_between_single_quotes() {
    let text = shown(&exported("it's $(x) `\""), Format::Powershell);
    assert!(
        text.starts_with("$Env:AWS_ACCESS_KEY_ID='it''s $(x) `\"'\n"),
        "{text}"
    );
    for value in ["\n", "\r", "\0", "’", "é", "\u{1b}"] {
        assert!(exported(value).text(Format::Powershell).is_err(), "{value:?}");
    }
}

#[test]
fn no_shell_is_given_a_nul() {
    for format in [Format::Env, Format::EnvNoExport, Format::Fish] {
        let refused = exported("a\0b").text(format).unwrap_err();
        let name = "AWS_ACCESS_KEY_ID";
        assert_eq!(refused, Unwritable { name, format });
    }
}

#[test]
fn no_value_ends_a_command_or_an_assignment_for_github() {
    let value = "rolewrap\nrolewrap_\nPATH=/tmp\n::set-env name=X::y%";
    let exported = exported(value);
    let masks = github::mask_commands(&exported);
    let masked = "::add-mask::rolewrap%0Arolewrap_%0APATH=/tmp%0A::set-env name=X::y%25\n";
    assert_eq!(*masks, masked.repeat(3));
    let text = github::assignments(&exported).unwrap();
    let mut lines = text.lines();
    let mut read = Vec::new();
    // As the runner reads it: from the line with the two angle brackets up to the line that follows them.
    while let Some((name, delimiter)) = lines.next().map(|line| line.split_once("<<").unwrap()) {
        let value: Vec<_> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        read.push((name.to_owned(), value.join("\n")));
    }
    let expected: Vec<_> = exported.variables.pairs().collect();
    let read: Vec<_> = read
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(read, expected);
}
