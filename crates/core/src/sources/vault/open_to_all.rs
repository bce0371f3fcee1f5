use std::path::Path;

/// Whether every user of this machine can read the file at `path`: its own permissions say so, and so do those of all folders
/// on the way to it. `false` where that cannot be told.
#[cfg(unix)]
pub(super) fn is_open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    /// The right of everybody to read a file.
    const READ: u32 = 0o004;
    /// The right of everybody to go through a folder.
    const PASS: u32 = 0o001;
    let gives = |path: &Path, right: u32| {
        path.metadata()
            .is_ok_and(|metadata| metadata.permissions().mode() & right != 0)
    };
    let Ok(path) = path.canonicalize() else {
        return false;
    };
    gives(&path, READ) && path.ancestors().skip(1).all(|folder| gives(folder, PASS))
}

/// Permissions are of another kind here.
#[cfg(not(unix))]
pub(super) fn is_open_to_all(_path: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_permissions_of_the_file_and_of_every_folder_count() {
        // A temporary folder of one's own may be below a private one.
        let folder = tempfile::TempDir::new_in("/tmp").unwrap();
        let inner = folder.path().join("inner");
        let (file, link) = (inner.join("secret-id"), folder.path().join("link"));
        fs::create_dir(&inner).unwrap();
        fs::write(&file, "canary").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        for (outer_mode, inner_mode, file_mode, is_open) in [
            (0o755, 0o755, 0o644, true),
            (0o711, 0o711, 0o604, true),
            (0o755, 0o755, 0o640, false),
            (0o755, 0o755, 0o600, false),
            (0o755, 0o750, 0o644, false),
            (0o700, 0o755, 0o644, false),
        ] {
            set(folder.path(), outer_mode);
            set(&inner, inner_mode);
            set(&file, file_mode);
            assert_eq!(
                is_open_to_all(&file),
                is_open,
                "{outer_mode:o} {inner_mode:o} {file_mode:o}"
            );
            assert_eq!(
                is_open_to_all(&link),
                is_open,
                "{outer_mode:o} {inner_mode:o} {file_mode:o}"
            );
        }
        assert!(!is_open_to_all(&inner.join("missing")));
    }
}
