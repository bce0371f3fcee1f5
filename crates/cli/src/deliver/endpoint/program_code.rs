//! Not keeping in memory what is not needed for most of an hour.

#[cfg(target_os = "linux")]
use std::ops::Range;

/// The code and constants of the program and of its libraries, which can be let go of. The system maps them again, page by
/// page, when they are needed.
///
/// Starting and renewing run through most of the program, and serving runs through very little of it, for hours. Without
/// this the process counts some megabytes more for as long as it lives, and its peak is that of all that it ever did.
#[cfg(target_os = "linux")]
pub(super) struct ProgramCode(Vec<Mapping>);

/// A part of a file that is mapped.
#[cfg(target_os = "linux")]
#[derive(Debug, PartialEq, Eq)]
struct Mapping {
    addresses: Range<usize>,
    /// Where in which file it is: the offset, the device and the inode.
    place: [String; 3],
}

#[cfg(target_os = "linux")]
impl ProgramCode {
    /// What is mapped now. A library that another thread is loading is mapped before it is as its file has it, so this is
    /// for a process that has no other thread yet, and what is loaded later stays in memory.
    pub(super) fn mapped_now() -> Self {
        Self(unchanged(&maps_now()))
    }

    /// Lets go of all of it.
    pub(super) fn release(&self) {
        use rustix::mm::{Advice, madvise};

        for pages in self.still_mapped(&maps_now()) {
            let start = std::ptr::with_exposed_provenance_mut(pages.start);
            #[expect(unsafe_code, reason = "the system is told about memory by its address")]
            // SAFETY: the pages are those of a file, cannot be written, and none of them has been, so they are what the
            // file has, and reading them again gives the same. They were mapped when there was one thread, and this
            // program unloads no library, so nobody is just filling them.
            let released = unsafe { madvise(start, pages.len(), Advice::LinuxDontNeed) };
            // Where the system does not want to, the pages stay.
            let _ = released;
        }
    }

    /// The addresses of what was mapped then and still is as it was, by `maps` of now.
    fn still_mapped(&self, maps: &str) -> Vec<Range<usize>> {
        let known = unchanged(maps).into_iter().filter(|now| self.0.contains(now));
        known.map(|now| now.addresses).collect()
    }
}

/// Elsewhere there is no such call.
#[cfg(not(target_os = "linux"))]
pub(super) struct ProgramCode;

#[cfg(not(target_os = "linux"))]
impl ProgramCode {
    pub(super) fn mapped_now() -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "as where there is such a call")]
    pub(super) fn release(&self) {}
}

#[cfg(target_os = "linux")]
fn maps_now() -> String {
    std::fs::read_to_string("/proc/self/smaps").unwrap_or_default()
}

/// What `/proc/self/smaps` (its manual page) says is mapped from files, cannot be written, and has no page
/// of this process's own. What the loader filled in before it was protected has some.
#[cfg(target_os = "linux")]
fn unchanged(maps: &str) -> Vec<Mapping> {
    let mut mapped = None;
    let mut found = Vec::new();
    for line in maps.lines() {
        let first = line.split_whitespace().next().unwrap_or_default();
        if first == "Anonymous:" {
            let has_none = line.ends_with(" 0 kB");
            found.extend(mapped.take().filter(|_| has_none));
        } else if !first.ends_with(':') {
            mapped = mapping(line);
        }
    }
    found
}

/// The mapping that `line` begins, where it is of a file and cannot be written.
#[cfg(target_os = "linux")]
fn mapping(line: &str) -> Option<Mapping> {
    let mut words = line.split_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let address = |text| usize::from_str_radix(text, 16).ok();
    let addresses = address(start)?..address(end)?;
    let is_read_only = matches!(words.next()?, "r-xp" | "r--p");
    let place = [words.next()?, words.next()?, words.next()?].map(str::to_owned);
    let is_of_a_file = words.next()?.starts_with('/');
    (is_read_only && is_of_a_file).then_some(Mapping { addresses, place })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_as_its_file_has_it_is_let_go_of() {
        let one = |mapping: &str, own: &str| {
            let found = unchanged(&format!("{mapping}\nRss: 8 kB\nAnonymous: {own}\nSwap: 0 kB\n"));
            found
                .into_iter()
                .map(|mapping| mapping.addresses)
                .collect::<Vec<_>>()
        };
        let program = "55d0c0a00000-55d0c1000000 r-xp 00200000 fe:01 1234    /usr/bin/rolewrap";
        let constants = "55d0c0800000-55d0c0a00000 r--p 00000000 fe:01 1234    /usr/bin/rolewrap";
        assert_eq!(one(program, "0 kB"), vec![0x55d0_c0a0_0000..0x55d0_c100_0000]);
        assert_eq!(one(constants, "0 kB"), vec![0x55d0_c080_0000..0x55d0_c0a0_0000]);
        assert_eq!(one(constants, "4 kB"), [], "the loader has filled it in");
        for other in [
            "55d0c1000000-55d0c1010000 rw-p 00800000 fe:01 1234    /usr/bin/rolewrap",
            "55d0c2000000-55d0c2021000 rw-p 00000000 00:00 0       [heap]",
            "7ffd3cdf0000-7ffd3cdf2000 r-xp 00000000 00:00 0       [vdso]",
            "7f0000000000-7f0000010000 r-xp 00000000 00:00 0",
            "7f0000000000-7f0000010000 r--s 00000000 fe:01 1234    /usr/bin/rolewrap",
            "",
        ] {
            assert_eq!(one(other, "0 kB"), [], "{other}");
        }
        let both = format!("{constants}\nAnonymous: 8 kB\n{program}\nAnonymous: 0 kB\n");
        assert_eq!(unchanged(&both).len(), 1, "each has its own answer");
        let other = "7ffd3cdf0000-7ffd3cdf2000 rw-p 00000000 00:00 0       [stack]";
        assert_eq!(unchanged(&format!("{program}\n{other}\nAnonymous: 0 kB\n")), []);
    }

    #[test]
    fn what_was_mapped_later_stays_also_where_something_else_was_before() {
        let maps = |lines: &[&str]| -> String {
            let entry = |line: &&str| format!("{line}\nAnonymous: 0 kB\n");
            lines.iter().map(entry).collect()
        };
        let program = "55d0c0a00000-55d0c1000000 r-xp 00200000 fe:01 1234    /usr/bin/rolewrap";
        let library = "7f0000000000-7f0000010000 r--p 00000000 fe:01 5678    /usr/lib/libnss_dns.so.2";
        let code = ProgramCode(unchanged(&maps(&[program])));
        let program_alone = 0x55d0_c0a0_0000..0x55d0_c100_0000;
        assert_eq!(code.still_mapped(&maps(&[program, library])), [program_alone]);
        for other in [
            program.replace("1234", "5678"),
            program.replace("fe:01", "fe:02"),
            program.replace("00200000", "00300000"),
            program.replace("55d0c1000000", "55d0c0b00000"),
        ] {
            assert_eq!(code.still_mapped(&maps(&[&other])), [], "{other}");
        }
        assert_eq!(code.still_mapped(&maps(&[])), []);
    }

    #[test]
    fn the_program_goes_on_without_it() {
        let code = ProgramCode::mapped_now();
        assert!(!code.0.is_empty());
        code.release();
        assert_eq!(
            format!("{:?}", "still here".split(' ').collect::<Vec<_>>()),
            r#"["still", "here"]"#
        );
    }
}
