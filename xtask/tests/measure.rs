//! What the benchmark measures is the command, and not what started it.

use rolewrap_lab::Sandbox;

/// Wall time and processor time in nanoseconds, and the peak in bytes.
fn measure(words: &[&str]) -> [u64; 3] {
    let outcome = Sandbox::new()
        .system_programs()
        .run(env!("CARGO_BIN_EXE_xtask"), [&["measure"], words].concat());
    let numbers = outcome.succeeds().stdout().split_whitespace();
    let numbers: Vec<u64> = numbers.filter_map(|number| number.parse().ok()).collect();
    numbers.try_into().expect("three numbers are printed")
}

#[test]
fn the_peak_is_that_of_the_command() {
    let ballast = vec![1_u8; 64 << 20];
    let [_, _, small] = measure(&["true"]);
    let [_, _, large] = measure(&[
        "dd",
        "if=/dev/zero",
        "of=/dev/null",
        "bs=40M",
        "count=1",
        "status=none",
    ]);
    assert!(small < 8 << 20, "{small}");
    assert!((40 << 20..48 << 20).contains(&large), "{large}");
    assert_eq!(ballast.last(), Some(&1));
}

#[test]
fn processor_time_includes_what_the_command_started() {
    let work = "sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'; true";
    let [_, idle, _] = measure(&["true"]);
    let [wall, busy, _] = measure(&["sh", "-c", work]);
    assert!(busy > 10 * idle, "{busy} and {idle}");
    assert!(busy < wall * 2, "{busy} and {wall}");
}

#[test]
fn a_command_that_fails_is_not_measured() {
    let sandbox = Sandbox::new().system_programs();
    let outcome = sandbox.run(env!("CARGO_BIN_EXE_xtask"), ["measure", "/bin/false"]);
    outcome
        .ends_with(1)
        .stderr_has("/bin/false ended with exit status: 1");
}
