use std::path::Path;

use super::login_method::VaultLoginMethod;
use super::secret_from::{SecretFrom, read_file};
use super::settings::VaultSettings;
use super::tls;
use super::variables::Variables;
use crate::{Environment, SourceFingerprint};

/// The variables of the general proxies, which decide whom a name leads to.
const PROXIES: [&str; 6] = [
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "no_proxy",
    "NO_PROXY",
];

/// Which secret of which server, and who logs in there. A key that is exchanged inside Vault is not seen. `None` where
/// what the login needs cannot be read.
pub(super) fn fingerprint(
    settings: &VaultSettings,
    variables: &[String],
    environment: &dyn Environment,
    directory: &Path,
) -> Option<SourceFingerprint> {
    // Settings hold no secret, and their Debug has each of them, those included that are added later.
    let mut fingerprint = SourceFingerprint::of("vault").with("settings", format!("{settings:?}").as_bytes());
    for name in variables.iter().map(String::as_str).chain(PROXIES) {
        if let Some(value) = environment.get(name) {
            fingerprint = fingerprint.with(name, value.as_encoded_bytes());
        }
    }
    // It may be replaced where it is, and then somebody else logs in. Where its key is in the same file, that is in here too.
    if let Some((file, _)) =
        tls::client_certificate(&settings.tls, &Variables(environment), directory).ok()?
    {
        let certificate = read_file(&file).ok()??;
        fingerprint = fingerprint.with("client certificate", certificate.expose().as_bytes());
    }
    let Some(file) = login_file(&settings.login, environment) else {
        return Some(fingerprint);
    };
    let is_needed = !matches!(settings.login, VaultLoginMethod::Token { token_file: None });
    match read_file(&file).ok()? {
        Some(secret) => Some(fingerprint.with("login", secret.expose().as_bytes())),
        None if is_needed => None,
        None => Some(fingerprint),
    }
}

/// The file with what proves who logs in, where it is in a file.
fn login_file(login: &VaultLoginMethod, environment: &dyn Environment) -> Option<std::path::PathBuf> {
    match login {
        VaultLoginMethod::Token { token_file } => match token_file {
            Some(file) => Some(file.clone()),
            None => Variables(environment)
                .home()
                .map(|home| home.join(".vault-token")),
        },
        _ => match login.secret()?.1 {
            SecretFrom::File(file) => Some(Path::new(file).to_owned()),
            SecretFrom::Variable(_) | SecretFrom::Person => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{FixedEnvironment, KvVersion, VaultEngine, VaultFields, VaultTls};

    fn settings(path: &str, login: VaultLoginMethod) -> VaultSettings {
        VaultSettings {
            addresses: vec!["https://vault.example.com".to_owned()],
            namespace: None,
            engine: VaultEngine::Kv {
                mount: "secret".to_owned(),
                path: path.to_owned(),
                kv_version: KvVersion::V2,
                version: None,
                fields: VaultFields::default(),
            },
            login,
            tls: VaultTls::default(),
            timeout: None,
        }
    }

    fn shown(settings: &VaultSettings, variables: &[(&str, &str)]) -> Option<Vec<(String, Vec<u8>)>> {
        let environment: FixedEnvironment = variables.iter().copied().collect();
        let names = super::super::variables::names();
        let fingerprint = fingerprint(settings, &names, &environment, "/".as_ref())?;
        assert!(!format!("{fingerprint:?}").contains("canary"));
        let parts = fingerprint.parts();
        Some(
            parts
                .map(|(name, value)| (name.to_owned(), value.to_vec()))
                .collect(),
        )
    }

    #[test]
    fn what_is_read_from_where_and_as_whom_tells_apart() {
        let home = tempfile::TempDir::new().unwrap();
        let home_variable = ("HOME", home.path().to_str().unwrap());
        let of_user = || VaultLoginMethod::Token { token_file: None };
        let plain = shown(&settings("aws", of_user()), &[home_variable]);
        assert!(plain.is_some());
        assert_eq!(
            shown(&settings("aws", of_user()), &[home_variable, ("PWD", "/x")]),
            plain
        );
        let others = [
            shown(&settings("other", of_user()), &[home_variable]),
            shown(
                &settings("aws", of_user()),
                &[home_variable, ("VAULT_TOKEN", "canary")],
            ),
            shown(
                &settings("aws", of_user()),
                &[home_variable, ("BAO_NAMESPACE", "team")],
            ),
            shown(
                &settings("aws", of_user()),
                &[home_variable, ("https_proxy", "http://p")],
            ),
        ];
        for other in others {
            assert_ne!(other, plain);
        }
        fs::write(home.path().join(".vault-token"), "canary").unwrap();
        assert_ne!(shown(&settings("aws", of_user()), &[home_variable]), plain);
    }

    #[test]
    fn the_content_of_a_token_file_tells_apart_and_one_that_is_not_there_says_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("token");
        let settings = settings(
            "aws",
            VaultLoginMethod::Token {
                token_file: Some(file.clone()),
            },
        );
        assert_eq!(shown(&settings, &[]), None);
        fs::write(&file, "canary 1").unwrap();
        let first = shown(&settings, &[]);
        fs::write(&file, "canary 2").unwrap();
        assert_ne!(shown(&settings, &[]), first);
    }

    #[test]
    fn the_content_of_a_client_certificate_tells_apart_wherever_it_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("client.pem");
        let of_certificate = VaultLoginMethod::Cert {
            mount: "cert".to_owned(),
            role: None,
        };
        let configured = VaultSettings {
            tls: VaultTls {
                client_cert: Some(file.clone()),
                ..VaultTls::default()
            },
            ..settings("aws", of_certificate)
        };
        let by_variable = settings("aws", VaultLoginMethod::Token { token_file: None });
        let path = file.to_str().unwrap();
        let variable = [("VAULT_CLIENT_CERT", path.strip_prefix('/').unwrap())];
        assert_eq!(shown(&configured, &[]), None);
        assert_eq!(shown(&by_variable, &variable), None);
        let both = |content: &str| {
            fs::write(&file, content).unwrap();
            [shown(&configured, &[]), shown(&by_variable, &variable)].map(Option::unwrap)
        };
        let (first, again, second) = (both("canary 1"), both("canary 1"), both("canary 2"));
        assert_eq!(first, again);
        assert!(first.iter().all(|one| !second.contains(one)));
    }
}
