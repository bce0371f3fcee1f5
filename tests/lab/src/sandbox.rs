use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::sandbox_folder::SandboxFolder;
use crate::{Invocation, LabError, Outcome, terraform};

/// A machine of its own for one test: an empty home, empty XDG folders, a working directory, a cleared environment and
/// a `PATH` with nothing on it but what [`program`](Self::program) adds.
///
/// All methods panic when the file system refuses, as a test does.
#[derive(Debug)]
pub struct Sandbox {
    directory: Arc<SandboxFolder>,
    variables: BTreeMap<OsString, OsString>,
}

impl Sandbox {
    /// An empty one.
    ///
    /// # Panics
    /// When the temporary folder cannot be written.
    #[expect(
        clippy::new_without_default,
        reason = "it creates a folder, which a default should not do"
    )]
    pub fn new() -> Self {
        let directory = SandboxFolder::new();
        let sandbox = Self {
            directory: Arc::new(directory),
            variables: BTreeMap::new(),
        };
        let folders = [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_RUNTIME_DIR", "runtime"),
            ("TMPDIR", "tmp"),
            ("PATH", "bin"),
        ];
        fs::create_dir(sandbox.work()).expect("the working directory can be created");
        folders.into_iter().fold(sandbox, |sandbox, (name, folder)| {
            let path = sandbox.directory.path().join(folder);
            fs::create_dir(&path).expect("a folder of the sandbox can be created");
            sandbox.env(name, path)
        })
    }

    /// The folder around everything.
    pub fn root(&self) -> &Path {
        self.directory.path()
    }

    /// The working directory of what runs here.
    pub fn work(&self) -> PathBuf {
        self.root().join("work")
    }

    /// The home directory.
    pub fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    /// `$XDG_CONFIG_HOME`.
    pub fn config_home(&self) -> PathBuf {
        self.root().join("config")
    }

    /// Writes a file. A relative path starts at the working directory.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn file(self, path: impl AsRef<Path>, text: &str) -> Self {
        let path = self.work().join(path);
        let folder = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).expect("the folder of a file can be created");
        fs::write(&path, text).expect("a file can be written");
        self
    }

    /// Copies the files of a folder, without its subfolders, into the working directory.
    ///
    /// # Panics
    /// When one cannot be copied.
    #[must_use]
    pub fn files_of(self, folder: &Path) -> Self {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_file() {
                let name = path.file_name().expect("a file has a name");
                fs::copy(&path, self.work().join(name)).expect("a file can be copied");
            }
        }
        self
    }

    /// Sets a variable for everything that runs here.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Sets several variables.
    #[must_use]
    pub fn envs<Name, Value>(self, variables: impl IntoIterator<Item = (Name, Value)>) -> Self
    where
        Name: Into<OsString>,
        Value: Into<OsString>,
    {
        variables
            .into_iter()
            .fold(self, |sandbox, (name, value)| sandbox.env(name, value))
    }

    /// Puts a program on the `PATH`, under its own name.
    ///
    /// # Panics
    /// When it cannot be linked.
    #[must_use]
    pub fn program(self, program: &Path) -> Self {
        let name = program.file_name().expect("a program has a name");
        symlink(program, self.root().join("bin").join(name)).expect("a program can be linked");
        self
    }

    /// Puts the machine's Terraform on the `PATH`.
    ///
    /// # Errors
    /// When the machine has none.
    pub fn with_terraform(self) -> Result<Self, LabError> {
        // Terraform would ask HashiCorp whether there is a newer version.
        Ok(self.program(&terraform()?).env("CHECKPOINT_DISABLE", "1"))
    }

    /// Puts the programs of the system behind those of the sandbox on the `PATH`.
    #[must_use]
    pub fn system_programs(self) -> Self {
        let mut path = OsString::from(self.root().join("bin"));
        path.push(":/usr/bin:/bin");
        self.env("PATH", path)
    }

    /// Takes the key of the session cache out of the kernel's keyring, as a restart of the machine does.
    pub fn forget_kernel_key(&self) {
        self.directory.forget_kernel_key();
    }

    /// Prepares a command: a path, or the name of a program on the `PATH` of the sandbox.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Invocation {
        let (program, folders) = (self.locate(program.as_ref()), self.directory.clone());
        Invocation::new(program, self.work(), self.variables.clone(), folders)
    }

    /// Runs a command with nothing on its standard input.
    pub fn run<Arg: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        args: impl IntoIterator<Item = Arg>,
    ) -> Outcome {
        self.command(program).args(args).run()
    }

    /// A name on the sandbox's own `PATH` is resolved here, since spawning would look at the caller's.
    fn locate(&self, program: &OsStr) -> OsString {
        let own = self.root().join("bin").join(program);
        if own.exists() {
            own.into()
        } else {
            program.to_owned()
        }
    }
}
