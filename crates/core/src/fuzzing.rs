//! What the fuzzer calls: bytes from outside, and what must hold whatever they are.

/// 2027-01-15.
#[cfg(any(feature = "document", feature = "vault"))]
pub(crate) fn now() -> std::time::SystemTime {
    std::time::UNIX_EPOCH + std::time::Duration::from_hours(500_000)
}

/// Reads a document of AWS's `credential_process` contract.
#[cfg(feature = "document")]
pub fn credential_process(document: &[u8]) {
    match crate::sources::document::read("fuzzed", document, now()) {
        Ok(credentials) => assert!(credentials.expires_at().is_none_or(|end| end > now())),
        Err(reason) => assert!(!reason.contains(char::is_control), "{reason:?}"),
    }
}

/// Reads an answer of Vault's: its status in a line of its own, and then the body.
#[cfg(feature = "vault")]
pub fn vault_answer(answer: &[u8]) {
    crate::sources::vault::fuzzing::answer(answer);
}

/// Reads a list of hosts that are asked without a proxy. Before it stand the host and the port that are asked, each in a line
/// of its own.
pub fn no_proxy(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (host, port, list) = (line(), line().parse().unwrap_or(443), line());
    let is_direct = crate::bypasses_proxy(list, host, port);
    // Each entry speaks for itself, wherever it stands.
    let backwards: Vec<&str> = list.rsplit(',').collect();
    assert_eq!(crate::bypasses_proxy(&backwards.join(","), host, port), is_direct);
    assert!(crate::bypasses_proxy(&format!("{list},*"), host, port));
}

#[cfg(test)]
mod tests {
    use rolewrap_lab::each_seed;

    #[cfg(feature = "document")]
    #[test]
    fn every_seed_of_a_credential_process_is_read() {
        each_seed("credential_process", super::credential_process);
    }

    #[cfg(feature = "vault")]
    #[test]
    fn every_seed_of_an_answer_of_vault_is_read() {
        each_seed("vault_answer", super::vault_answer);
    }

    #[test]
    fn every_seed_of_a_list_without_proxy_is_read() {
        each_seed("no_proxy", super::no_proxy);
    }
}
