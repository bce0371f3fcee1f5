//! This program itself, which may be found where another one is looked for.

use std::io;
use std::path::{Path, PathBuf};

/// What the file of this program is called.
const NAME: &str = "rolewrap";

/// This very program, also where its file has been replaced meanwhile.
pub(crate) fn own_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        Ok("/proc/self/exe".into())
    } else {
        std::env::current_exe()
    }
}

/// Whether `file` is this program: the same file, or another copy by its name, with links followed.
pub(super) fn is_own(file: &Path) -> bool {
    let real = file.canonicalize();
    let real = real.as_deref().unwrap_or(file);
    is_called_so(real) || own_program().is_ok_and(|own| is_same(&own, real))
}

/// Whether the path ends in the name of this program.
pub(super) fn is_called_so(path: &Path) -> bool {
    path.file_stem().is_some_and(|name| name == NAME)
        && path
            .extension()
            .is_none_or(|extension| extension.eq_ignore_ascii_case("exe"))
}

#[cfg(unix)]
fn is_same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| {
        let metadata = path.metadata().ok()?;
        Some((metadata.dev(), metadata.ino()))
    };
    identity(one).is_some_and(|own| identity(other) == Some(own))
}

#[cfg(not(unix))]
fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize()
        .is_ok_and(|own| other.canonicalize().is_ok_and(|other| other == own))
}
