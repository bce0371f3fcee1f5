use std::net::IpAddr;

use url::Host;

/// Whether the server `host` is asked directly and not through a proxy, as far as `no_proxy` has to say: the value of the
/// variable of that name, or nothing. `port` is the one that is asked, written in the URL or not.
///
/// The rules are those of Go's `httpproxy`, which Terraform, OpenTofu and Vault's own client follow. The entries are separated
/// by commas:
///
/// - `example.com` is that host and all below it; `.example.com` and `*.example.com` are the hosts below it alone.
/// - `192.0.2.1`, `2001:db8::1` and `[2001:db8::1]` are an address, and `192.0.2.0/24` is all addresses of a network. An address
///   is compared with a host that is written as one. No name is looked up.
/// - With a port, `example.com:8443` or `[2001:db8::1]:8443`, an entry is for that port alone.
/// - `*` is every host.
///
/// `localhost` and addresses of this machine are always asked directly. An entry that is none of these matches nothing.
///
/// ```
/// use rolewrap_core::bypasses_proxy;
///
/// assert!(bypasses_proxy(".example.com, 10.0.0.0/8", "10.1.2.3", 8200));
/// assert!(!bypasses_proxy("example.com:8443", "vault.example.com", 8200));
/// ```
#[must_use]
pub fn bypasses_proxy(no_proxy: &str, host: &str, port: u16) -> bool {
    let server = Server::new(host, port);
    server.is_this_machine() || no_proxy.split(',').any(|entry| server.is_meant_by(entry.trim()))
}

/// The server that is asked.
struct Server {
    /// In lower case, without brackets.
    host: String,
    /// The host, where it is an address.
    address: Option<IpAddr>,
    port: String,
}

impl Server {
    fn new(host: &str, port: u16) -> Self {
        let host = ascii(without_brackets(host));
        // What stands behind a % names an interface of this machine, and is never a part of a name.
        let address = host.split('%').next().and_then(|address| address.parse().ok());
        let address = address.map(|address: IpAddr| address.to_canonical());
        Self {
            host,
            address,
            port: port.to_string(),
        }
    }

    fn is_this_machine(&self) -> bool {
        self.host == "localhost" || self.address.is_some_and(|address| address.is_loopback())
    }

    fn is_meant_by(&self, entry: &str) -> bool {
        if entry == "*" {
            return true;
        }
        if let Some(network) = Network::parse(entry) {
            return self.address.is_some_and(|address| network.has(address));
        }
        let (host, port) = split_port(entry);
        if port.is_some_and(|port| !port.is_empty() && port != self.port) {
            return false;
        }
        match (host.parse::<IpAddr>(), self.address) {
            (Ok(entry), Some(address)) => entry.to_canonical() == address,
            (Err(_), None) => self.is_in_domain(host),
            _ => false,
        }
    }

    fn is_in_domain(&self, domain: &str) -> bool {
        let below = domain.strip_prefix('*').filter(|rest| rest.starts_with('.'));
        let domain = ascii(below.unwrap_or(domain));
        let (name, has_itself) = match domain.strip_prefix('.') {
            Some(name) => (name, false),
            None => (&*domain, true),
        };
        if name.is_empty() {
            return false;
        }
        match self.host.strip_suffix(name) {
            Some("") => has_itself,
            Some(rest) => rest.ends_with('.'),
            None => false,
        }
    }
}

/// All addresses that begin alike.
struct Network {
    address: IpAddr,
    length: u32,
}

impl Network {
    fn parse(entry: &str) -> Option<Self> {
        let (address, length) = entry.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        let is_number = length.bytes().all(|byte| byte.is_ascii_digit());
        let length: u32 = length.parse().ok().filter(|_| is_number)?;
        let (longest, mapped) = match address {
            IpAddr::V4(_) => (32, 0),
            IpAddr::V6(address) => (128, address.to_ipv4_mapped().map_or(0, |_| 96)),
        };
        if length > longest {
            return None;
        }
        // An IPv4 address that is written as an IPv6 one is compared as an IPv4 one.
        Some(match length.checked_sub(mapped) {
            Some(length) => Self {
                address: address.to_canonical(),
                length,
            },
            None => Self { address, length },
        })
    }

    fn has(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.length
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.length
            }
            _ => false,
        }
    }
}

/// The host of an entry, and the port where it has one. More than one colon outside of brackets belongs to an address.
fn split_port(entry: &str) -> (&str, Option<&str>) {
    if let Some((address, rest)) = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return match rest.strip_prefix(':') {
            Some(port) => (address, Some(port)),
            None if rest.is_empty() => (address, None),
            None => (entry, None),
        };
    }
    match entry.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (entry, None),
    }
}

fn without_brackets(host: &str) -> &str {
    let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(host)
}

/// The name as it stands in a URL: in lower case, with letters of other languages in their ASCII form, and without the dot
/// that a name with all its domains may end in.
fn ascii(name: &str) -> String {
    let name = name.strip_suffix('.').unwrap_or(name);
    if !name.is_ascii() {
        // A leading dot is no part of a name.
        let (dot, bare) = name.strip_prefix('.').map_or(("", name), |bare| (".", bare));
        if let Ok(Host::Domain(domain)) = Host::parse(bare) {
            return format!("{dot}{domain}");
        }
    }
    name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One list for all kinds of entries.
    const NO_PROXY: &str = "foobar.com, .barbaz.net,*.wildcard.io , 192.0.2.1, 192.0.2.2:81, 192.0.2.3:80, \
        10.0.0.0/30, 2001:db8::52:0:1, [2001:db8::52:0:2]:443, [2001:db8::52:0:3]:80, [2001:db8::52:0:4], \
        2002:db8:a::45/64, port.example:80, other.example:443, any.example:, Bücher.example";

    #[test]
    fn each_kind_of_entry_excepts_what_it_excepts_in_terraform_and_vault() {
        for (host, is_direct) in [
            ("192.0.2.1", true),
            ("::ffff:192.0.2.1", true),
            ("192.0.2.2", false),
            ("192.0.2.3", true),
            ("192.0.2.4", false),
            ("10.0.0.2", true),
            ("10.0.0.4", false),
            ("[2001:db8::52:0:1]", true),
            ("2001:db8::52:0:1", true),
            ("[2001:db8::52:0:2]", false),
            ("[2001:db8::52:0:3]", true),
            ("[2001:db8::52:0:4]", true),
            ("[2002:db8:a::123]", true),
            ("[2002:db8:a:1::123]", false),
            ("barbaz.net", false),
            ("www.barbaz.net", true),
            ("barbarbaz.net", false),
            ("foobar.com", true),
            ("FooBar.com", true),
            ("foobar.com.", true),
            ("www.foobar.com", true),
            ("foofoobar.com", false),
            ("wildcard.io", false),
            ("nested.wildcard.io", true),
            ("awildcard.io", false),
            ("port.example", true),
            ("below.port.example", true),
            ("other.example", false),
            ("any.example", true),
            ("xn--bcher-kva.example", true),
            ("www.xn--bcher-kva.example", true),
        ] {
            assert_eq!(bypasses_proxy(NO_PROXY, host, 80), is_direct, "{host}");
            assert!(bypasses_proxy(" * ", host, 80), "{host}");
            assert!(bypasses_proxy("other.com,*", host, 80), "{host}");
        }
    }

    #[test]
    fn this_machine_is_asked_directly_whatever_the_variable_says() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.1.2.3",
            "[::1]",
            "::ffff:127.0.0.1",
        ] {
            assert!(bypasses_proxy("", host, 8200), "{host}");
        }
        for host in [
            "[::2]",
            "localhost.net",
            "local.localhost",
            "128.0.0.1",
            "0.0.0.0",
        ] {
            assert!(!bypasses_proxy("", host, 8200), "{host}");
        }
    }

    #[test]
    fn a_network_has_the_addresses_that_begin_as_it_does() {
        for (network, address, is_in) in [
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "2001:db8::1", true),
            ("::/0", "203.0.113.9", false),
            ("203.0.113.9/32", "203.0.113.9", true),
            ("203.0.113.9/32", "203.0.113.8", false),
            ("203.0.113.200/25", "203.0.113.129", true),
            ("203.0.113.200/25", "203.0.113.127", false),
            ("::ffff:203.0.113.0/120", "203.0.113.9", true),
            ("::ffff:203.0.113.0/120", "203.0.114.9", false),
            ("203.0.113.0/33", "203.0.113.0", false),
            ("203.0.113.0/24:443", "203.0.113.0", false),
            ("203.0.113/24", "203.0.113.0", false),
            ("203.0.113.0/+24", "203.0.113.0", false),
        ] {
            assert_eq!(
                bypasses_proxy(network, address, 443),
                is_in,
                "{network} {address}"
            );
        }
    }

    #[test]
    fn what_is_no_entry_matches_nothing() {
        for entry in [
            "",
            ",",
            " , ",
            ".",
            "*.",
            ":",
            ":443",
            "[",
            "[]",
            "[]:443",
            "]",
            "[::",
            "/",
            "/8",
            "a b",
            "**",
            "*xample.com",
            "113.9",
            ".9",
            "example.com:https",
            "example.com:0443",
            "example.com:+443",
            "https://example.com",
            "example.com/8",
            "é\u{0}",
        ] {
            for host in ["example.com", "203.0.113.9", "2001:db8::9", ""] {
                assert!(!bypasses_proxy(entry, host, 443), "{entry:?} {host:?}");
            }
        }
    }

    #[test]
    fn an_address_is_not_a_name_whatever_stands_behind_it() {
        let host = "[2001:db8::1%25.example.com]";
        assert!(!bypasses_proxy("example.com", host, 443));
        assert!(bypasses_proxy("2001:db8::/32", host, 443));
    }
}
