use std::fs;

use crate::workspace;

/// Runs `target` with each input in the repository that its fuzzer begins with. There is at least one.
///
/// # Panics
/// When there is none.
pub fn each_seed(name: &str, target: fn(&[u8])) {
    let folder = workspace().join("fuzz").join("seeds").join(name);
    let seeds = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut count = 0;
    for seed in seeds {
        let path = seed.expect("the folder can be read").path();
        target(&fs::read(path).expect("a seed can be read"));
        count += 1;
    }
    assert!(count > 0, "{} has seeds in it", folder.display());
}
