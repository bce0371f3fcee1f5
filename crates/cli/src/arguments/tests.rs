use super::*;

fn words(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}

fn terraform(line: &str) -> (Options, String) {
    match parse(words(line)) {
        Ok(Invocation::Terraform(options, arguments)) => {
            let arguments: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
            (options, arguments.join(" "))
        }
        other => panic!("{line} is for Terraform, not {other:?}"),
    }
}

const ARN: &str = "arn:aws:iam::123456789012:role/deploy";

impl Options {
    fn value(&self, key: &str) -> Option<String> {
        let values = self.values();
        let value = values.into_iter().find(|(known, ..)| *known == key);
        value.map(|(.., value)| value)
    }
}

#[test]
fn what_follows_the_first_word_is_passed_on_verbatim() {
    let (options, arguments) = terraform("-d 1h --account prod apply -auto-approve --account x -v -- y");
    assert_eq!(options.value("account").as_deref(), Some("prod"));
    assert_eq!(options.value("duration").as_deref(), Some("1h"));
    assert_eq!(arguments, "apply -auto-approve --account x -v -- y");
}

#[test]
fn the_options_are_kept_as_they_were_written_but_for_a_code_that_is_good_once() {
    let line = "-vd 1h --mfa-token 123456 --account=prod -chdir=x plan --terragrunt-iam-role x";
    let (options, _) = terraform(line);
    assert_eq!(
        options.words,
        words("-vd 1h --account=prod --terragrunt-iam-role x")
    );
    let (options, _) = terraform("--mfa-token=123456 plan");
    assert_eq!(options.words, Vec::<OsString>::new());
}

#[test]
fn every_spelling_of_the_role_option_is_taken() {
    for spelling in [
        "--iam-role",
        "--role-arn",
        "--terragrunt-iam-role",
        "--iam-assume-role",
    ] {
        for separator in [" ", "="] {
            let (options, arguments) = terraform(&format!("{spelling}{separator}{ARN} plan -out=p"));
            assert_eq!(options.value("iam_role").as_deref(), Some(ARN), "{spelling}");
            assert_eq!(arguments, "plan -out=p");
        }
    }
}

#[test]
fn terragrunts_old_options_are_taken_from_behind_the_first_word_up_to_two_dashes() {
    for separator in [" ", "="] {
        let (options, arguments) =
            terraform(&format!("apply --terragrunt-iam-role{separator}{ARN} -no-color"));
        assert_eq!(options.value("iam_role").as_deref(), Some(ARN));
        assert_eq!(arguments, "apply -no-color");
    }
    let (options, arguments) = terraform("plan -- --terragrunt-iam-role x");
    assert_eq!(options.value("iam_role"), None);
    assert_eq!(arguments, "plan -- --terragrunt-iam-role x");
}

#[test]
fn terragrunts_other_spellings_are_taken() {
    let (options, _) =
        terraform("--iam-assume-role-duration 3600 --iam-assume-role-session-name ci --tf-path tofu plan");
    assert_eq!(options.value("duration").as_deref(), Some("3600"));
    assert_eq!(options.value("session_name").as_deref(), Some("ci"));
    assert_eq!(options.value("terraform").as_deref(), Some("tofu"));
}

#[test]
fn terraforms_own_global_options_begin_its_arguments() {
    for line in ["-chdir=live plan", "-version"] {
        assert_eq!(terraform(line).1, line);
        assert_eq!(terraform(&format!("--account prod -v {line}")).1, line);
    }
}

#[test]
fn version_is_terraforms() {
    assert_eq!(terraform("version").1, "version");
}

#[test]
fn a_command_of_ours_behind_what_is_terraforms_is_misplaced() {
    for (line, before, command) in [
        ("-v -- whoami --json", "--", "whoami --json"),
        ("-v -chdir=x exec a", "-chdir=x", "exec a"),
        ("-v -- -chdir=x help", "-- -chdir=x", "help"),
        ("-v -version completion bash", "-version", "completion bash"),
    ] {
        let parsed = parse(words(line));
        let Ok(Invocation::Misplaced {
            options,
            before: found,
            command: rest,
        }) = parsed
        else {
            panic!("{line}: {parsed:?}");
        };
        assert_eq!(
            (options, found, rest),
            (words("-v"), words(before), words(command))
        );
    }
    for line in ["-- whoam", "plan whoami", "-chdir=x plan whoami", "-- plan exec"] {
        terraform(line);
    }
}

#[test]
fn exec_takes_options_before_its_command_and_none_after() {
    for line in [
        "--account dev exec -- aws --account x",
        "exec --account dev -- aws --account x",
        "exec --account dev aws --account x",
    ] {
        let Ok(Invocation::Exec(options, command)) = parse(words(line)) else {
            panic!("{line} is exec");
        };
        assert_eq!(options.value("account").as_deref(), Some("dev"), "{line}");
        assert_eq!(command, words("aws --account x"), "{line}");
    }
}

#[test]
fn a_run_is_read_as_the_whole_definition_reads_it() {
    for line in [
        "",
        "-vvd 1h --account prod --tag a=b --tag c=d --keep-env A,B",
        "--role-arn x --mfa-token 123456 --policy-arn a --no-cache -q",
        "--account dev exec -- aws --account x",
        "exec --account dev --refresh aws --account x",
        "exec -v -- -v",
    ] {
        let run = read_run(RunLine::command(), &words(line)).expect(line);
        let whole = read(&words(line)).unwrap();
        assert_eq!(format!("{run:?}"), format!("{whole:?}"), "{line}");
    }
}

#[test]
fn what_is_no_run_or_has_a_mistake_is_answered_by_the_whole_definition() {
    for line in [
        "--version",
        "--help",
        "whoami --json",
        "help exec",
        "exec",
        "exec --help",
        "--acount x",
        "-q -v",
        "whoami --version",
    ] {
        let [answer, whole] = [parse(words(line)).err(), read(&words(line)).err()];
        let text = |error: Option<clap::Error>| error.map(|error| error.render().to_string());
        assert_eq!(text(answer), text(whole), "{line}");
    }
}

#[test]
fn an_option_that_does_not_exist_is_refused_with_the_nearest() {
    let error = parse(words("--acount prod plan")).unwrap_err().to_string();
    assert!(error.contains("--account"), "{error}");
}

#[test]
fn the_definition_is_sound() {
    command().debug_assert();
}

#[test]
fn no_command_of_ours_has_a_name_of_terraforms() {
    let whole = command();
    for ours in whole.get_subcommands() {
        for name in std::iter::once(ours.get_name()).chain(ours.get_all_aliases()) {
            assert!(!is_terraforms(name), "{name}");
        }
    }
}
