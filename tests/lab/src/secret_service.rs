use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::{Invocation, LabError, Outcome, Sandbox};

/// What has to be installed, and the Debian package that brings it.
const PROGRAMS: [(&str, &str, &str); 4] = [
    (
        "dbus-daemon",
        "the tests give gnome-keyring a bus of its own",
        "On Debian and Ubuntu: apt install dbus",
    ),
    (
        "dbus-send",
        "the tests lock gnome-keyring with it",
        "On Debian and Ubuntu: apt install dbus",
    ),
    (
        "gnome-keyring-daemon",
        "the tests read base credentials from a real keyring",
        "On Debian and Ubuntu: apt install gnome-keyring",
    ),
    (
        "secret-tool",
        "the tests check the keyring with a second client",
        "On Debian and Ubuntu: apt install libsecret-tools",
    ),
];

/// Starts the keyring with its first collection, `login`, unlocked.
const START: &str = "printf password | gnome-keyring-daemon --foreground --unlock --components=secrets";

/// Runs the bus until standard input is closed: on drop, and also when the process that started it dies.
const UNTIL_CLOSED: &str = r#""$@" 2>/dev/null & cat; kill $!; wait"#;

/// A keyring that nobody's desktop knows: gnome-keyring on a private session bus, in a temporary folder.
///
/// The bus starts the keyring when it is asked for the first time, and whoever asked waits until it is there. It
/// ends when the bus does.
#[derive(Debug)]
pub struct SecretService {
    _folder: TempDir,
    address: String,
    bus: Child,
    machine: Sandbox,
}

impl SecretService {
    /// A keyring that is unlocked and holds nothing.
    ///
    /// # Errors
    /// When a program is missing, or the bus does not start.
    pub fn start() -> Result<Self, LabError> {
        Self::on_a_bus(Some(START))
    }

    /// A bus without a keyring on it.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn absent() -> Result<Self, LabError> {
        Self::on_a_bus(None)
    }

    /// Whether all that this needs is installed.
    ///
    /// # Errors
    /// Names the first program that is missing, and the package that brings it.
    pub fn installed() -> Result<(), LabError> {
        for (program, purpose, remedy) in PROGRAMS {
            which::which(program).map_err(|_| LabError::Missing {
                program,
                purpose,
                remedy,
            })?;
        }
        Ok(())
    }

    fn on_a_bus(start: Option<&str>) -> Result<Self, LabError> {
        Self::installed()?;
        let folder =
            TempDir::with_prefix("rolewrap-bus-").map_err(LabError::io("create the bus's folder"))?;
        write_files(folder.path(), start).map_err(LabError::io("write the bus's configuration"))?;
        let mut bus = Command::new("/bin/sh")
            .args([
                "-c",
                UNTIL_CLOSED,
                "bus",
                "dbus-daemon",
                "--nofork",
                "--print-address",
            ])
            .arg(format!(
                "--config-file={}",
                folder.path().join("bus.conf").display()
            ))
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", folder.path())
            .env("XDG_RUNTIME_DIR", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(LabError::io("start the bus"))?;
        let mut address = String::new();
        if let Some(stdout) = bus.stdout.take() {
            BufReader::new(stdout)
                .read_line(&mut address)
                .map_err(LabError::io("read the bus's address"))?;
        }
        let address = address.trim().to_owned();
        let machine = Sandbox::new()
            .system_programs()
            .env("DBUS_SESSION_BUS_ADDRESS", &address);
        Ok(Self {
            _folder: folder,
            address,
            bus,
            machine,
        })
    }

    /// What leads the clients of a keyring here.
    pub fn variables(&self) -> [(&'static str, String); 1] {
        [("DBUS_SESSION_BUS_ADDRESS", self.address.clone())]
    }

    /// Puts `secret` into the keyring with `secret-tool`, under attributes like `service rolewrap`.
    ///
    /// # Panics
    /// When that fails.
    #[track_caller]
    pub fn put(&self, attributes: &str, secret: &str) {
        self.secret_tool("store --label test", attributes)
            .stdin(secret)
            .run()
            .succeeds();
    }

    /// What `secret-tool` finds under these attributes. It ends with 1 when there is nothing.
    pub fn lookup(&self, attributes: &str) -> Outcome {
        self.secret_tool("lookup", attributes).run()
    }

    /// Locks the keyring. Nobody can unlock it again: there is no desktop that would ask for the password.
    ///
    /// # Panics
    /// When that fails.
    pub fn lock(&self) {
        let arguments = "--session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
             org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login";
        self.machine
            .run("dbus-send", arguments.split_whitespace())
            .succeeds()
            .stdout_has("/org/freedesktop/secrets/collection/login");
    }

    fn secret_tool(&self, command: &str, attributes: &str) -> Invocation {
        self.machine
            .command("secret-tool")
            .args(command.split(' '))
            .args(attributes.split(' '))
    }
}

impl Drop for SecretService {
    fn drop(&mut self) {
        // It ends the bus. Where it fails, nothing can be mended here.
        drop(self.bus.stdin.take());
        let _ = self.bus.wait();
    }
}

fn write_files(folder: &Path, start: Option<&str>) -> std::io::Result<()> {
    let path = folder.display();
    let services = folder.join("services");
    fs::create_dir(&services)?;
    // gnome-keyring puts its socket there, and asks that nobody else can.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    if let Some(start) = start {
        fs::write(folder.join("start"), start)?;
        fs::write(
            services.join("keyring.service"),
            format!("[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sh {path}/start\n"),
        )?;
    }
    fs::write(
        folder.join("bus.conf"),
        format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}/socket</listen>
  <servicedir>{path}/services</servicedir>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#
        ),
    )
}
