use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::LabError;
use crate::installation::expect_success;
use crate::paths::lab_directory;

/// What an environment is for.
#[derive(Debug, Clone, Copy)]
struct Packages {
    /// The name of its folder.
    name: &'static str,
    /// The file that lists the packages, and its text.
    file: &'static str,
    text: &'static str,
}

/// What the lab runs: moto and OpenBao, with boto3 and the AWS command line.
const SERVERS: Packages = Packages {
    name: "python",
    file: concat!(env!("CARGO_MANIFEST_DIR"), "/requirements.txt"),
    text: include_str!("../requirements.txt"),
};

/// Further clients of AWS, which only few tests need.
const CLIENTS: Packages = Packages {
    name: "python-clients",
    file: concat!(env!("CARGO_MANIFEST_DIR"), "/clients.txt"),
    text: include_str!("../clients.txt"),
};

/// A C compiler that has macOS's headers.
const ZIG: Packages = Packages {
    name: "python-zig",
    file: concat!(env!("CARGO_MANIFEST_DIR"), "/zig.txt"),
    text: include_str!("../zig.txt"),
};

/// Python packages of the lab, in a virtual environment of their own.
#[derive(Debug, Clone)]
pub struct Venv {
    directory: PathBuf,
    packages: Packages,
}

impl Venv {
    /// The environment of moto, boto3 and the AWS command line, installed if it is not there yet. Test processes that run at
    /// the same time install it once.
    ///
    /// # Errors
    /// When Python or its `venv` module is missing, or when pip fails.
    pub fn ready() -> Result<Self, LabError> {
        Self::ready_in(&lab_directory(), Path::new("python3"), SERVERS)
    }

    /// The environment of boto 2, obstore and polars, installed in the same way.
    ///
    /// # Errors
    /// As [`ready`](Self::ready).
    pub fn clients() -> Result<Self, LabError> {
        Self::ready_in(&lab_directory(), Path::new("python3"), CLIENTS)
    }

    /// The environment of Zig's compiler, installed in the same way.
    ///
    /// # Errors
    /// As [`ready`](Self::ready).
    pub fn zig() -> Result<Self, LabError> {
        Self::ready_in(&lab_directory(), Path::new("python3"), ZIG)
    }

    fn ready_in(lab: &Path, python: &Path, packages: Packages) -> Result<Self, LabError> {
        fs::create_dir_all(lab).map_err(LabError::io("create the lab's directory"))?;
        let lock = lab.join(packages.name).with_extension("lock");
        let lock = File::create(lock).map_err(LabError::io("create the lab's lock file"))?;
        lock.lock().map_err(LabError::io("lock the lab's directory"))?;
        let venv = Self {
            directory: lab.join(packages.name),
            packages,
        };
        if !venv.is_complete() {
            venv.install(python)?;
        }
        Ok(venv)
    }

    /// A program that the environment brings, such as `aws`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.directory.join("bin").join(name)
    }

    /// Its Python interpreter.
    pub fn python(&self) -> PathBuf {
        self.program("python3")
    }

    /// True when the last step of an installation of the same packages at the same place was reached. Asking for
    /// the interpreter notices a system Python that has been replaced.
    fn is_complete(&self) -> bool {
        self.python().exists() && fs::read_to_string(self.stamp()).is_ok_and(|stamp| stamp == self.stamped())
    }

    fn stamp(&self) -> PathBuf {
        self.directory.join("installed")
    }

    /// The scripts of an environment name their interpreter by its absolute path, so one that was moved is useless.
    fn stamped(&self) -> String {
        format!("{}\n{}", self.directory.display(), self.packages.text)
    }

    fn install(&self, python: &Path) -> Result<(), LabError> {
        check_python(python)?;
        if self.directory.exists() {
            fs::remove_dir_all(&self.directory).map_err(LabError::io("remove an unfinished environment"))?;
        }
        let mut create = Command::new(python);
        create.args(["-m", "venv"]).arg(&self.directory);
        expect_success("create the lab's Python environment", &mut create)?;

        let mut install = Command::new(self.python());
        install
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .arg("--disable-pip-version-check")
            .args(["--requirement", self.packages.file]);
        expect_success("install the lab's Python packages", &mut install)?;

        fs::write(self.stamp(), self.stamped()).map_err(LabError::io("mark the environment as complete"))
    }
}

fn check_python(python: &Path) -> Result<(), LabError> {
    let run = |program: &str| Command::new(python).args(["-c", program]).output();
    if !run("").is_ok_and(|output| output.status.success()) {
        return Err(LabError::Missing {
            program: "python3",
            purpose: "the lab runs moto, which stands in for AWS",
            remedy: "Install Python 3.10 or newer and make sure that python3 is on the PATH",
        });
    }
    if !run("import venv, ensurepip").is_ok_and(|output| output.status.success()) {
        return Err(LabError::Missing {
            program: "Python's venv module",
            purpose: "the lab installs moto into an environment of its own",
            remedy: "On Debian and Ubuntu: apt install python3-venv",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stand-in for Python that does what the script says.
    fn python(directory: &Path, script: &str) -> PathBuf {
        let text = directory.join("python3.txt");
        let path = directory.join("python3");
        fs::write(&text, format!("#!/bin/sh\n{script}\n")).unwrap();
        // Written by another process: a file that this one has open for writing, and a child forked meanwhile by
        // another test inherits, cannot be run.
        let installed = Command::new("install")
            .args(["-m", "755"])
            .args([&text, &path])
            .status();
        assert!(installed.unwrap().success());
        path
    }

    /// A Python whose environments hold an interpreter that notes each pip run and then does what `pip` says.
    fn python_with_pip(directory: &Path, pip: &str) -> PathBuf {
        let log = directory.join("pip.log");
        let script = format!(
            r#"[ "$2" = venv ] || exit 0
mkdir -p "$3/bin"
printf '#!/bin/sh\necho run >> {log}\n{pip}\n' > "$3/bin/python3"
chmod +x "$3/bin/python3""#,
            log = log.display(),
        );
        python(directory, &script)
    }

    fn pip_runs(directory: &Path) -> usize {
        fs::read_to_string(directory.join("pip.log")).map_or(0, |log| log.lines().count())
    }

    #[test]
    fn an_environment_is_installed_once() {
        let directory = tempfile::tempdir().unwrap();
        let python = python_with_pip(directory.path(), "exit 0");
        Venv::ready_in(directory.path(), &python, SERVERS).unwrap();
        Venv::ready_in(directory.path(), &python, SERVERS).unwrap();
        assert_eq!(pip_runs(directory.path()), 1);
    }

    #[test]
    fn processes_that_start_together_install_it_once() {
        let directory = tempfile::tempdir().unwrap();
        let python = python_with_pip(directory.path(), "exit 0");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Venv::ready_in(directory.path(), &python, SERVERS).unwrap());
            }
        });
        assert_eq!(pip_runs(directory.path()), 1);
    }

    #[test]
    fn an_unfinished_environment_is_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let broken = python_with_pip(directory.path(), "echo no matching distribution; exit 1");
        let error = Venv::ready_in(directory.path(), &broken, SERVERS)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("failed to install the lab's Python packages: "),
            "{error}"
        );
        assert!(error.ends_with("\nno matching distribution"), "{error}");

        let mended = python_with_pip(directory.path(), "exit 0");
        Venv::ready_in(directory.path(), &mended, SERVERS).unwrap();
        assert_eq!(pip_runs(directory.path()), 2);
    }

    #[test]
    fn a_change_of_the_requirements_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let python = python_with_pip(directory.path(), "exit 0");
        let venv = Venv::ready_in(directory.path(), &python, SERVERS).unwrap();
        fs::write(venv.stamp(), "moto[server]==4").unwrap();
        Venv::ready_in(directory.path(), &python, SERVERS).unwrap();
        assert_eq!(pip_runs(directory.path()), 2);
    }

    #[test]
    fn a_machine_without_python_is_told_so() {
        let directory = tempfile::tempdir().unwrap();
        let error = Venv::ready_in(directory.path(), &directory.path().join("none"), SERVERS).unwrap_err();
        assert!(error.to_string().starts_with("python3 is missing: "), "{error}");
    }

    #[test]
    fn a_machine_without_the_venv_module_is_told_so() {
        let directory = tempfile::tempdir().unwrap();
        let python = python(directory.path(), r#"[ -z "$2" ]"#);
        let error = Venv::ready_in(directory.path(), &python, SERVERS).unwrap_err();
        assert!(
            error.to_string().starts_with("Python's venv module is missing: "),
            "{error}"
        );
    }
}
