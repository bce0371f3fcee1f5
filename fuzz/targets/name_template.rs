#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rolewrap::fuzzing::name_template(data));
