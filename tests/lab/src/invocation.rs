use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use crate::Outcome;
use crate::sandbox_folder::SandboxFolder;

/// A command that is about to run in a [`Sandbox`](crate::Sandbox).
#[derive(Debug, Clone)]
#[must_use = "nothing runs before `run`"]
pub struct Invocation {
    program: OsString,
    args: Vec<OsString>,
    directory: PathBuf,
    variables: BTreeMap<OsString, OsString>,
    stdin: Option<Vec<u8>>,
    /// Keeps the folders of a sandbox that is dropped before its command has run.
    folders: Arc<SandboxFolder>,
}

impl Invocation {
    pub(crate) fn new(
        program: OsString,
        directory: PathBuf,
        variables: BTreeMap<OsString, OsString>,
        folders: Arc<SandboxFolder>,
    ) -> Self {
        Self {
            program,
            args: Vec::new(),
            directory,
            variables,
            stdin: None,
            folders,
        }
    }

    /// The same as the arguments of another program, such as `setsid --wait`, which leaves the terminal of whoever runs
    /// the tests.
    pub fn wrapped(mut self, program: &str, options: &[&str]) -> Self {
        let options = options.iter().map(OsString::from);
        let inner = std::mem::replace(&mut self.program, program.into());
        let arguments = std::mem::take(&mut self.args);
        self.args = options.chain([inner]).chain(arguments).collect();
        self
    }

    /// The same with every signal as it is by default. Whoever runs the tests may ignore some, as `nohup` does and a script
    /// for what it runs in the background, and whatever is started inherits that.
    pub fn with_default_signals(self) -> Self {
        // Of coreutils: to do it here takes a system call between fork and exec.
        self.wrapped("/usr/bin/env", &["--default-signal"])
    }

    /// Adds arguments.
    pub fn args<Arg: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = Arg>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable for this command only.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Sets several variables for this command only.
    pub fn envs<Name, Value>(self, variables: impl IntoIterator<Item = (Name, Value)>) -> Self
    where
        Name: Into<OsString>,
        Value: Into<OsString>,
    {
        variables
            .into_iter()
            .fold(self, |invocation, (name, value)| invocation.env(name, value))
    }

    /// Removes a variable for this command only.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.variables.remove(name.as_ref());
        self
    }

    /// Starts in another directory. A relative one starts at the sandbox's working directory.
    pub fn directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = self.directory.join(directory);
        self
    }

    /// What the command reads from its standard input. Without it there is nothing to read.
    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// The command itself, for tests that need more than its outcome, such as its process id. It does not keep the
    /// sandbox.
    pub fn into_command(self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .current_dir(&self.directory)
            .env_clear()
            .envs(&self.variables);
        command
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn run(mut self) -> Outcome {
        let stdin = self.stdin.take();
        let _folders = self.folders.clone();
        let line = self.line();
        let mut command = self.into_command();
        command
            .stdin(stdin.as_ref().map_or_else(Stdio::null, |_| Stdio::piped()))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("`{line}` cannot be started: {error}"));
        // On a thread of its own: a command that writes much before it reads would block both sides.
        let writer = child.stdin.take().zip(stdin).map(|(mut pipe, text)| {
            // A command that ends without reading is none of our business.
            thread::spawn(move || drop(pipe.write_all(&text)))
        });
        let output = child
            .wait_with_output()
            .unwrap_or_else(|error| panic!("`{line}` cannot be awaited: {error}"));
        if let Some(writer) = writer {
            writer.join().expect("writing to a pipe does not panic");
        }
        Outcome::new(line, &output)
    }

    pub(crate) fn line(&self) -> String {
        let mut words = vec![self.program.to_string_lossy().into_owned()];
        words.extend(self.args.iter().map(|arg| arg.to_string_lossy().into_owned()));
        words.join(" ")
    }
}
