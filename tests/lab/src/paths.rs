use std::path::{Path, PathBuf};

/// The root of the checkout that the lab was compiled from.
pub fn workspace() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest)
}

/// Where the lab installs what it needs. It outlives test runs and `cargo clean` removes it.
///
/// It is named by its real path: several checkouts may share one by a link, and what is installed names its own place.
pub(crate) fn lab_directory() -> PathBuf {
    let directory = workspace().join("target").join("lab");
    directory.canonicalize().unwrap_or(directory)
}
