use std::io;
#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};

use rolewrap_core::Environment;
#[cfg(target_os = "linux")]
use rustix::io::FdFlags;

/// The directories in which tools keep copies of code that lies elsewhere, and run it: Terragrunt, Terramate, and Terraform for
/// modules.
const COPIES: [&[&str]; 3] = [
    &[".terragrunt-cache"],
    &[".terramate-cache"],
    &[".terraform", "modules"],
];

/// The directory that a command works in.
#[derive(Debug)]
pub(crate) struct WorkDirectory {
    /// Without links.
    pub(crate) real: PathBuf,
    /// As it was written, with the links on the way.
    pub(crate) logical: PathBuf,
    /// The directory itself, whatever becomes of its path, where the command is told to change to it.
    #[cfg(target_os = "linux")]
    handle: Option<OwnedFd>,
    /// Whether the command is told to change to it.
    #[cfg(not(target_os = "linux"))]
    is_changed: bool,
}

impl WorkDirectory {
    /// The working directory of this process. A shell says in `PWD` through which links it went there.
    pub(crate) fn of_process(real: &Path, environment: &dyn Environment) -> Self {
        let logical = environment.get("PWD").map(PathBuf::from);
        let leads_there =
            |path: &PathBuf| path.is_absolute() && path.canonicalize().is_ok_and(|reached| reached == real);
        let logical = logical.filter(leads_there).map(|path| without_dots(&path));
        Self {
            logical: logical.unwrap_or_else(|| real.to_owned()),
            ..Self::at(real.to_owned())
        }
    }

    /// One whose path is real and was written so.
    pub(crate) fn at(real: PathBuf) -> Self {
        Self {
            logical: real.clone(),
            real,
            #[cfg(target_os = "linux")]
            handle: None,
            #[cfg(not(target_os = "linux"))]
            is_changed: false,
        }
    }

    /// Where `change` leads to from here. On Linux it is opened, and its path asked of what was opened, so that nobody can
    /// exchange a link on the way in between.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn join(&self, change: &Path) -> io::Result<Self> {
        let path = self.real.join(change);
        let logical = without_dots(&self.logical.join(change));
        #[cfg(target_os = "linux")]
        {
            let handle = open(&path)?;
            let real = match std::fs::read_link(descriptor_path(&handle)) {
                Ok(real) => real,
                // Without /proc there is the path alone.
                Err(_) => path.canonicalize()?,
            };
            Ok(Self {
                real,
                logical,
                handle: Some(handle),
            })
        }
        #[cfg(not(target_os = "linux"))]
        {
            let real = path.canonicalize()?;
            if !real.is_dir() {
                return Err(io::ErrorKind::NotADirectory.into());
            }
            Ok(Self {
                real,
                logical,
                is_changed: true,
            })
        }
    }

    /// The path for the command to change to, where it is told to change: one that leads to this very directory. On Linux the
    /// command inherits what is open.
    #[cfg(target_os = "linux")]
    pub(crate) fn path_to_enter(&self) -> Option<PathBuf> {
        let handle = self.handle.as_ref()?;
        let path = descriptor_path(handle);
        let inherited = path.is_dir() && rustix::io::fcntl_setfd(handle, FdFlags::empty()).is_ok();
        Some(if inherited { path } else { self.real.clone() })
    }

    /// The path for the command to change to, where it is told to change.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn path_to_enter(&self) -> Option<PathBuf> {
        self.is_changed.then(|| self.real.clone())
    }

    /// The directory that decides for the code here, by its real path and as it was written: where a tool runs a copy of code
    /// that lies elsewhere, the one that holds the tool's folder.
    pub(crate) fn deciding(&self) -> [&Path; 2] {
        [holder(&self.real), holder(&self.logical)]
    }
}

#[cfg(target_os = "linux")]
fn open(path: &Path) -> io::Result<OwnedFd> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?)
}

/// The path by which this process, and one that inherits the descriptor, reaches what is open.
#[cfg(target_os = "linux")]
fn descriptor_path(handle: &OwnedFd) -> PathBuf {
    use std::os::fd::AsRawFd;
    PathBuf::from(format!("/proc/self/fd/{}", handle.as_raw_fd()))
}

/// The directory above the outermost folder of a tool's copies, or `directory` itself.
fn holder(directory: &Path) -> &Path {
    let is_in_copies = |ancestor: &&Path| {
        let below = directory.strip_prefix(ancestor).unwrap_or(directory);
        let starts_with = |names: &&[&str]| {
            let mut parts = below.components();
            names
                .iter()
                .all(|name| parts.next().is_some_and(|part| part.as_os_str() == *name))
        };
        COPIES.iter().any(starts_with)
    };
    // The outermost: a copy may hold copies of its own.
    directory
        .ancestors()
        .filter(is_in_copies)
        .last()
        .unwrap_or(directory)
}

/// The path without `.` and `..`, as a shell that follows no links writes it.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_holds_a_tools_copies_decides() {
        for (directory, expected) in [
            ("/live/prod/.terragrunt-cache/H/H/module", "/live/prod"),
            ("/live/prod/.terragrunt-cache/H/.terragrunt-cache/H", "/live/prod"),
            ("/live/prod/.terraform/modules/net", "/live/prod"),
            ("/live/prod/.terramate-cache", "/live/prod"),
            ("/live/prod/.terraform", "/live/prod/.terraform"),
            ("/live/prod/modules", "/live/prod/modules"),
            ("/live/prod", "/live/prod"),
        ] {
            assert_eq!(holder(Path::new(directory)), Path::new(expected), "{directory}");
        }
    }

    #[test]
    fn dots_are_taken_as_a_shell_takes_them() {
        for (path, expected) in [
            ("/a/./b/../c", "/a/c"),
            ("/a/b/..", "/a"),
            ("/..", "/"),
            ("/a/b/", "/a/b"),
        ] {
            assert_eq!(without_dots(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_is_known_by_its_real_path_and_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("live/prod-v2/net")).unwrap();
        std::os::unix::fs::symlink("prod-v2", root.join("live/prod")).unwrap();
        let here = WorkDirectory::at(root.clone());
        let there = here.join(Path::new("live/prod/net")).unwrap();
        assert_eq!(there.real, root.join("live/prod-v2/net"));
        assert_eq!(there.logical, root.join("live/prod/net"));
        std::fs::write(root.join("file"), "").unwrap();
        here.join(Path::new("file")).unwrap_err();
        here.join(Path::new("none")).unwrap_err();
        let pwd = [("PWD", root.join("live/prod").into_os_string())];
        let environment: rolewrap_core::FixedEnvironment = pwd.into_iter().collect();
        let real = root.join("live/prod-v2");
        let process = WorkDirectory::of_process(&real, &environment);
        assert_eq!(
            (&process.real, &process.logical),
            (&real, &root.join("live/prod"))
        );
        let elsewhere = WorkDirectory::of_process(&root, &environment);
        assert_eq!(elsewhere.logical, root, "a PWD that leads elsewhere says nothing");
    }
}
