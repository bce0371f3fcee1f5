use std::io::Read;
use std::path::{Path, PathBuf};

/// What is at the root of a Git repository.
pub(super) const GIT: &str = ".git";

/// The most bytes of a file that says where a repository is, or what it has checked out: more than a path has.
const LONGEST: u64 = 8192;

/// Whether a folder is the root of a Git repository. Only what Git itself takes for one is: tools leave half a `.git` behind,
/// and Git walks on above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    Certain,
    /// There is something that leads to a repository, and the repository is not there. Git itself fails there.
    Unclear,
    None,
}

impl Root {
    pub(super) fn of(folder: &Path) -> Self {
        let git = folder.join(GIT);
        let Ok(metadata) = git.symlink_metadata() else {
            return Self::None;
        };
        if git.is_dir() {
            return if is_repository(&git) {
                Self::Certain
            } else {
                Self::None
            };
        }
        // A worktree and a submodule have a file that says where it is.
        let is_repository = !metadata.is_symlink() || git.exists();
        if is_repository && named(&git).is_some_and(|named| is_repository_at(folder, &named)) {
            Self::Certain
        } else {
            Self::Unclear
        }
    }
}

/// The path behind `gitdir: ` in the file at `git`.
fn named(git: &Path) -> Option<PathBuf> {
    let text = text(git)?;
    Some(PathBuf::from(text.strip_prefix("gitdir:")?.trim()))
}

fn is_repository_at(folder: &Path, named: &Path) -> bool {
    is_repository(&folder.join(named))
}

/// As Git's own `is_git_directory` has it: a HEAD, and folders for objects and references, which a worktree shares with its
/// repository.
fn is_repository(git: &Path) -> bool {
    let shared = text(&git.join("commondir")).map(|path| git.join(path.trim()));
    let shared = shared.as_deref().unwrap_or(git);
    let head = git.join("HEAD");
    let has_head = head.is_symlink() || text(&head).is_some_and(|text| is_head(text.trim()));
    has_head && shared.join("objects").is_dir() && shared.join("refs").is_dir()
}

/// A reference, or the hexadecimal digits of a commit (SHA-1 or SHA-256).
fn is_head(text: &str) -> bool {
    let reference = text.strip_prefix("ref:").map(str::trim);
    let is_commit = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit || reference.is_some_and(|reference| reference.starts_with("refs/"))
}

fn text(path: &Path) -> Option<String> {
    // A pipe would block.
    if !path.is_file() {
        return None;
    }
    let mut text = String::new();
    let file = std::fs::File::open(path).ok()?;
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Makes a folder the root of a repository, as far as Git looks.
#[cfg(test)]
pub(crate) fn make_repository(folder: &Path) {
    for name in ["objects", "refs"] {
        std::fs::create_dir_all(folder.join(GIT).join(name)).unwrap();
    }
    std::fs::write(folder.join(GIT).join("HEAD"), "ref: refs/heads/main\n").unwrap();
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder in which these files and folders are; those that end in `/` are folders.
    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            if name.ends_with('/') {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
        folder
    }

    fn root(files: &[(&str, &str)]) -> Root {
        Root::of(folder(files).path())
    }

    const HEAD: (&str, &str) = (".git/HEAD", "ref: refs/heads/main\n");
    const WHOLE: [(&str, &str); 2] = [(".git/objects/", ""), (".git/refs/", "")];

    #[test]
    fn a_repository_is_what_git_takes_for_one() {
        assert_eq!(root(&[]), Root::None);
        assert_eq!(root(&[(".git/", "")]), Root::None);
        // What Terragrunt leaves of a source from Git.
        assert_eq!(root(&[HEAD, (".git/config", "[core]")]), Root::None);
        assert_eq!(root(&[HEAD, WHOLE[0], WHOLE[1]]), Root::Certain);
        let detached = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(
            root(&[(".git/HEAD", detached), WHOLE[0], WHOLE[1]]),
            Root::Certain
        );
        assert_eq!(root(&[(".git/HEAD", "nonsense"), WHOLE[0], WHOLE[1]]), Root::None);
    }

    #[test]
    fn a_worktree_and_a_submodule_are_repositories_and_one_whose_repository_is_gone_is_unclear() {
        let main = folder(&[
            HEAD,
            WHOLE[0],
            WHOLE[1],
            (".git/worktrees/w/HEAD", "ref: refs/heads/w"),
            (".git/worktrees/w/commondir", "../..\n"),
        ]);
        let worktree = format!("gitdir: {}\n", main.path().join(".git/worktrees/w").display());
        assert_eq!(root(&[(".git", &worktree)]), Root::Certain);
        assert_eq!(root(&[(".git", "gitdir: /nowhere\n")]), Root::Unclear);
        assert_eq!(root(&[(".git", "nonsense")]), Root::Unclear);
    }
}
