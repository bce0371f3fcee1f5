#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rolewrap_core::fuzzing::credential_process(data));
