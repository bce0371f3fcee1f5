//! Not keeping in memory what is not needed for most of an hour.

/// Lets go of the program's code that is in memory. The system maps it again, page by page, when it is called.
///
/// Starting and renewing run through most of the program, and serving runs through very little of it, for hours. Without
/// this the process counts some megabytes more for as long as it lives, and its peak is that of all that it ever did.
#[cfg(target_os = "linux")]
pub(super) fn release() {
    use rustix::mm::{Advice, madvise};

    let Ok(maps) = std::fs::read_to_string("/proc/self/maps") else {
        return;
    };
    for code in maps.lines().filter_map(code) {
        let start = std::ptr::with_exposed_provenance_mut(code.start);
        #[expect(unsafe_code, reason = "the system is told about memory by its address")]
        // SAFETY: the pages are those of a file, are mapped privately and cannot be written, so they are what the file has,
        // and reading them again gives the same.
        let released = unsafe { madvise(start, code.len(), Advice::LinuxDontNeed) };
        // Where the system does not want to, the pages stay.
        let _ = released;
    }
}

/// Elsewhere there is no such call.
#[cfg(not(target_os = "linux"))]
pub(super) fn release() {}

/// The addresses of code that is mapped from a file, where a line of `/proc/self/maps` is about such code.
#[cfg(target_os = "linux")]
fn code(line: &str) -> Option<std::ops::Range<usize>> {
    let mut words = line.split_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let address = |text| usize::from_str_radix(text, 16).ok();
    let is_code = words.next()? == "r-xp";
    let is_of_a_file = words.nth(3)?.starts_with('/');
    (is_code && is_of_a_file).then_some(address(start)?..address(end)?)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_code_from_files_is_let_go_of() {
        let program = "55d0c0a00000-55d0c1000000 r-xp 00200000 fe:01 1234    /usr/bin/rolewrap";
        assert_eq!(code(program), Some(0x55d0_c0a0_0000..0x55d0_c100_0000));
        for other in [
            "55d0c0800000-55d0c0a00000 r--p 00000000 fe:01 1234    /usr/bin/rolewrap",
            "55d0c1000000-55d0c1010000 rw-p 00800000 fe:01 1234    /usr/bin/rolewrap",
            "55d0c2000000-55d0c2021000 rw-p 00000000 00:00 0       [heap]",
            "7ffd3cdf0000-7ffd3cdf2000 r-xp 00000000 00:00 0       [vdso]",
            "7f0000000000-7f0000010000 r-xp 00000000 00:00 0",
            "",
        ] {
            assert_eq!(code(other), None, "{other}");
        }
    }

    #[test]
    fn the_program_goes_on_without_it() {
        release();
        assert_eq!(
            format!("{:?}", "still here".split(' ').collect::<Vec<_>>()),
            r#"["still", "here"]"#
        );
    }
}
