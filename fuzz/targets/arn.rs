#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rolewrap_role::fuzzing::arn(data));
