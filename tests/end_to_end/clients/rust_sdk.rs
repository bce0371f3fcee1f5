//! A program with the AWS SDK for Rust and its default chain. The program is this test binary itself, which runs the
//! one test below and nothing else.

use std::ffi::OsString;

use aws_config::BehaviorVersion;
use aws_sdk_sts::error::DisplayErrorContext;
use rolewrap_lab::Moto;
use tokio::runtime::Builder;

/// Set for the program. Its name is none that rolewrap removes.
const IS_THE_PROGRAM: &str = "LAB_ASKS_WHO_IT_IS";

/// The command that runs the program. It takes `env` to set a variable.
pub(super) fn command() -> Vec<OsString> {
    let own = std::env::current_exe().expect("a process knows its file");
    let test = concat!(module_path!(), "::the_program_says_who_it_is");
    let (_, test) = test.split_once("::").expect("a path begins with the crate");
    let variable = format!("{IS_THE_PROGRAM}=1");
    let words = ["env".into(), variable.into(), own.into()];
    let options = ["--exact", "--nocapture", test].map(OsString::from);
    words.into_iter().chain(options).collect()
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the program is told by its real environment that it is one"
)]
fn the_program_says_who_it_is() {
    if std::env::var_os(IS_THE_PROGRAM).is_some() {
        println!("{}", who_it_is());
        return;
    }
    let moto = Moto::start().expect("moto starts");
    let machine = moto.sandbox().system_programs().envs(moto.base_variables());
    let command = command();
    let outcome = machine.command(&command[0]).args(&command[1..]).run();
    outcome
        .succeeds()
        .stdout_has(&format!("arn:aws:iam::{}:user/ci", moto.security_account()));
}

fn who_it_is() -> String {
    let runtime = Builder::new_current_thread().enable_all().build();
    let identity = runtime.expect("there is a runtime").block_on(async {
        let configuration = aws_config::load_defaults(BehaviorVersion::latest()).await;
        let client = aws_sdk_sts::Client::new(&configuration);
        client.get_caller_identity().send().await
    });
    match identity {
        Ok(identity) => identity.arn().unwrap_or_default().to_owned(),
        Err(error) => panic!("{}", DisplayErrorContext(error)),
    }
}
