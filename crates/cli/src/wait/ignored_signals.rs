/// Whether this process ignores `signal`, as one that was started with `nohup` or in the background does. What cannot be
/// read is taken for ignored: then nothing is changed about the signal.
pub(super) fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    mask(&status).is_none_or(|ignored| ignored & (1 << (signal - 1)) != 0)
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
