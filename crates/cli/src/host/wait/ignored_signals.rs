use std::io::Read;

/// The room for the whole file: it has some 1,500 bytes, and more where many processors are named.
const CAPACITY: usize = 8 * 1024;

/// Those of `signals` that this process does not ignore, as one does that was started with `nohup` or in the background.
/// What cannot be read is taken for ignored: then nothing is changed about the signals.
pub(in crate::host) fn without_ignored(signals: &[i32]) -> Vec<i32> {
    // In one read: the system makes this file anew for each.
    let mut status = Vec::with_capacity(CAPACITY);
    let file = std::fs::File::open("/proc/self/status");
    let read = file.and_then(|mut file| file.read_to_end(&mut status));
    let ignored = read.ok().and_then(|_| mask(std::str::from_utf8(&status).ok()?));
    let Some(ignored) = ignored else { return Vec::new() };
    let is_not_ignored = |signal: &i32| ignored & (1 << (signal - 1)) == 0;
    signals.iter().copied().filter(is_not_ignored).collect()
}

/// The line `SigIgn` of `/proc/PID/status` (its manual page): a bit for each signal, the lowest for signal 1.
fn mask(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(line.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_is_read_among_the_others() {
        let status =
            "Name:\ta\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000000\n";
        assert_eq!(mask(status), Some(0x1001));
        assert_eq!(mask("Name:\ta\n"), None);
    }
}
