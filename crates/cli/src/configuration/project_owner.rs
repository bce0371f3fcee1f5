#[cfg(unix)]
use std::fs::Metadata;
#[cfg(unix)]
use std::io;
#[cfg(unix)]
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rolewrap_core::RegularFile;

use crate::error::Error;

/// Refuses a project file that belongs to another user of this machine, and a link that does: it can be somebody's who
/// chose one of your own files to lead to. Root may read one of somebody else in their own folder.
///
/// `file` was opened at `path` before. What is there now has to be the same, or else somebody could exchange a link after it was
/// followed.
#[cfg(unix)]
pub(super) fn refuse_foreign_owner(path: &Path, file: &RegularFile) -> Result<(), Error> {
    let user = rustix::process::geteuid().as_raw();
    let opened = file.metadata();
    let (link, now) = match (Owner::of_link(path), Owner::of_file(path)) {
        (Ok((_, link)), Ok((now, owner))) if is_same(&now, opened) => (link, owner),
        _ => {
            return Err(Error::new(format!(
                "the project file {} was replaced while it was read",
                path.display()
            ))
            .hint("run it again"));
        }
    };
    for owner in [link, now] {
        if owner.is_foreign_to(user) {
            return Err(Error::new(format!(
                "the project file {} belongs to another user",
                path.display()
            ))
            .cause(owner.why(user))
            .hint(
                "if you trust it, copy it and make the copy yours; otherwise work in a directory of your own",
            ));
        }
    }
    Ok(())
}

/// Other systems have no owner that the standard library can read.
#[cfg(not(unix))]
pub(super) fn refuse_foreign_owner(_path: &Path, _file: &RegularFile) -> Result<(), Error> {
    Ok(())
}

/// Whose a file is, or a link, and whose the folder that it is in.
#[cfg(unix)]
#[derive(Debug, Clone, Copy)]
struct Owner {
    file: u32,
    folder: u32,
    folder_mode: u32,
}

#[cfg(unix)]
impl Owner {
    fn of_link(path: &Path) -> io::Result<(Metadata, Self)> {
        Self::of(std::fs::symlink_metadata(path)?, path)
    }

    fn of_file(path: &Path) -> io::Result<(Metadata, Self)> {
        Self::of(std::fs::metadata(path)?, &path.canonicalize()?)
    }

    fn of(file: Metadata, path: &Path) -> io::Result<(Metadata, Self)> {
        let folder = std::fs::metadata(path.parent().unwrap_or(path))?;
        let owner = Self {
            file: file.uid(),
            folder: folder.uid(),
            folder_mode: folder.mode(),
        };
        Ok((file, owner))
    }

    /// Containers run as root on a checkout that belongs to somebody else: all of it, and nobody but them can put a file there. A
    /// file that a stranger left in a folder of others is none of a checkout, also where root works below it.
    fn is_foreign_to(self, user: u32) -> bool {
        const ROOT: u32 = 0;
        const WRITABLE_BY_ALL: u32 = 0o002;
        let is_in_own_folder = self.folder == self.file && self.folder_mode & WRITABLE_BY_ALL == 0;
        self.file != user && self.file != ROOT && !(user == ROOT && is_in_own_folder)
    }

    fn why(self, user: u32) -> String {
        let Self {
            file,
            folder,
            folder_mode,
        } = self;
        let mode = folder_mode & 0o7777;
        match user {
            0 => format!(
                "its owner is user id {file}, you are root, and its folder is not theirs alone: the owner is user id {folder}, the mode {mode:04o}"
            ),
            _ => format!("its owner is user id {file}, and you are {user}"),
        }
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, chown};

    use tempfile::TempDir;

    use super::*;

    const WORKER: u32 = 1001;

    #[test]
    fn a_file_of_somebody_else_is_for_root_alone_and_only_in_a_folder_that_is_theirs() {
        for (user, file, folder, mode, is_foreign) in [
            (WORKER, WORKER, 0, 0o41777, false),
            (WORKER, 0, 0, 0o41777, false),
            (WORKER, 5002, 5002, 0o40755, true),
            (0, 0, 5002, 0o40777, false),
            (0, WORKER, WORKER, 0o40755, false),
            (0, WORKER, WORKER, 0o40775, false),
            (0, WORKER, WORKER, 0o40777, true),
            (0, WORKER, WORKER, 0o41777, true),
            (0, 5002, 0, 0o41777, true),
            (0, 5002, 0, 0o40755, true),
            (0, 5002, WORKER, 0o40755, true),
        ] {
            let owner = Owner {
                file,
                folder,
                folder_mode: mode,
            };
            assert_eq!(owner.is_foreign_to(user), is_foreign, "{user}: {owner:?}");
        }
    }

    #[test]
    fn owners_are_those_of_the_file_and_of_its_folder_and_a_link_has_its_own() {
        let folder = TempDir::new().unwrap();
        let (shared, own) = (folder.path().join("shared"), folder.path().join("own"));
        for (folder, mode) in [(&shared, 0o1777), (&own, 0o755)] {
            std::fs::create_dir(folder).unwrap();
            std::fs::set_permissions(folder, Permissions::from_mode(mode)).unwrap();
        }
        let (file, link) = (own.join("rolewrap.toml"), shared.join("rolewrap.toml"));
        std::fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mode = |owner: io::Result<(Metadata, Owner)>| owner.unwrap().1.folder_mode & 0o7777;
        assert_eq!(mode(Owner::of_link(&link)), 0o1777);
        assert_eq!(mode(Owner::of_file(&link)), 0o755);
        // Only root can give files away, and only root is asked about those of others.
        if chown(&file, Some(WORKER), None).is_ok() && chown(&own, Some(WORKER), None).is_ok() {
            let check = |path: &Path| refuse_foreign_owner(path, &RegularFile::open(path).unwrap());
            check(&file).unwrap();
            check(&link).unwrap();
            chown(&own, Some(5002), None).unwrap();
            let refused = check(&file).unwrap_err().to_string();
            assert!(
                refused.contains("its owner is user id 1001, you are root"),
                "{refused}"
            );
            assert!(
                refused.contains("the owner is user id 5002, the mode 0755"),
                "{refused}"
            );
            check(&link).unwrap_err();
        }
    }
}
