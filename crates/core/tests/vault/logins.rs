//! Every way to log in that the real server has.

use std::path::Path;

use rolewrap_core::{BaseCredentialSource, SecretFrom, VaultLoginMethod, VaultSettings};
use rolewrap_lab::OpenBao;

use crate::given::{KEY, failure, key, server, settings, source};

fn app_role(role_id: &str, secret_id: SecretFrom, wrapped: bool) -> VaultLoginMethod {
    VaultLoginMethod::AppRole {
        mount: "approle".to_owned(),
        role_id: role_id.to_owned(),
        secret_id,
        wrapped,
    }
}

fn with(server: &OpenBao, login: VaultLoginMethod) -> VaultSettings {
    let mut settings = settings(&server.url());
    settings.login = login;
    settings
}

/// Loads, gives back, and sees that the login is gone.
async fn succeeds(server: &OpenBao, settings: VaultSettings, variables: &[(&str, &str)]) {
    let before = server.tokens();
    let source = source(settings, variables);
    let loaded = source.load().await.expect("the load succeeds");
    assert_eq!(loaded.access_key_id(), KEY);
    assert_eq!(server.tokens(), before + 1, "there is a login of its own");
    source
        .release(&loaded)
        .await
        .expect("the login can be given back");
    assert_eq!(server.tokens(), before, "the login is revoked");
}

fn variable(name: &str) -> SecretFrom {
    SecretFrom::Variable(name.to_owned())
}

fn write(path: &Path, text: &str) -> SecretFrom {
    std::fs::write(path, text).expect("a file can be written");
    SecretFrom::File(path.to_owned())
}

#[tokio::test]
async fn an_app_role_logs_in_with_its_secret_id_from_a_file_or_a_variable_or_wrapped() {
    let server = server();
    server.put("aws/security", &key());
    let (role_id, secret_id) = server.app_role();
    let file = write(&server.folder().join("secret-id"), &format!("{secret_id}\n"));
    let from_file = with(&server, app_role(&role_id, file, false));
    succeeds(&server, from_file.clone(), &[]).await;
    let from_variable = with(&server, app_role(&role_id, variable("SECRET_ID"), false));
    succeeds(&server, from_variable.clone(), &[("SECRET_ID", &secret_id)]).await;
    assert!(
        source(from_variable, &[])
            .environment_variables()
            .contains(&"SECRET_ID")
    );

    let wrapped = with(&server, app_role(&role_id, variable("WRAPPED"), true));
    let wrapping = server.wrapped_secret_id();
    let variables = [("WRAPPED", wrapping.as_str())];
    let unwrapping = source(wrapped.clone(), &variables);
    let loaded = unwrapping.load().await.unwrap();
    unwrapping.release(&loaded).await.unwrap();
    assert_eq!(
        failure(wrapped, &variables).await,
        "read base credentials from source team: the login by approle at sys/wrapping/unwrap is refused: wrapping token is not valid or does not exist; a wrapped secret id comes out once; if it was not you, somebody else has it"
    );
}

#[tokio::test]
async fn a_login_that_is_refused_says_which_and_what_the_server_said() {
    let server = server();
    let (role_id, _) = server.app_role();
    let wrong = with(&server, app_role(&role_id, variable("SECRET_ID"), false));
    assert_eq!(
        failure(wrong.clone(), &[("SECRET_ID", "canary-wrong-secret-id")]).await,
        "read base credentials from source team: the login by approle at auth/approle/login is refused: invalid role or secret ID"
    );
    assert_eq!(
        failure(wrong.clone(), &[]).await,
        "use source team: secret_id_variable: SECRET_ID is not set"
    );
    assert_eq!(
        failure(wrong, &[("SECRET_ID", "canary\ncanary")]).await,
        "use source team: secret_id_variable: SECRET_ID has a line end or another control character in it"
    );
    let missing = SecretFrom::File("/nonexistent/secret-id".into());
    assert_eq!(
        failure(with(&server, app_role(&role_id, missing, false)), &[]).await,
        "use source team: secret_id_file: /nonexistent/secret-id does not exist"
    );
}

#[tokio::test]
async fn a_login_whose_read_fails_is_revoked_at_once() {
    let server = server();
    let (role_id, secret_id) = server.app_role();
    let before = server.tokens();
    let settings = with(&server, app_role(&role_id, variable("SECRET_ID"), false));
    failure(settings, &[("SECRET_ID", &secret_id)]).await;
    assert_eq!(server.tokens(), before);
}

#[tokio::test]
async fn a_user_logs_in_with_a_password() {
    let server = server();
    server.put("aws/security", &key());
    server.user("alice", "correct horse");
    let login = VaultLoginMethod::UserPass {
        mount: "userpass".to_owned(),
        username: "alice".to_owned(),
        password: variable("PASSWORD"),
    };
    let settings = with(&server, login);
    succeeds(&server, settings.clone(), &[("PASSWORD", "correct horse")]).await;
    assert_eq!(
        failure(settings, &[("PASSWORD", "canary-wrong")]).await,
        "read base credentials from source team: the login by userpass at auth/userpass/login/alice is refused: invalid username or password"
    );
}

#[tokio::test]
async fn a_job_logs_in_with_its_jwt() {
    let server = server();
    server.put("aws/security", &key());
    let jwt = server.jwt();
    let login = |role: Option<&str>| VaultLoginMethod::Jwt {
        mount: "jwt".to_owned(),
        role: role.map(str::to_owned),
        jwt: variable("ID_TOKEN"),
    };
    let settings = with(&server, login(Some("ci")));
    succeeds(&server, settings, &[("ID_TOKEN", &jwt)]).await;
    let message = failure(with(&server, login(Some("other"))), &[("ID_TOKEN", &jwt)]).await;
    assert!(
        message.contains("the login by jwt at auth/jwt/login is refused: "),
        "{message}"
    );
    assert!(!message.contains(&jwt), "{message}");
}

#[tokio::test]
async fn a_client_certificate_logs_in_over_tls() {
    let server = server();
    server.put("aws/security", &key());
    server.client_certificate();
    let login = VaultLoginMethod::Cert {
        mount: "cert".to_owned(),
        role: None,
    };
    let mut settings = with(&server, login);
    settings.addresses = vec![server.tls_url()];
    settings.tls.ca_cert = Some(server.file("ca.pem"));
    let bare = settings.clone();
    settings.tls.client_cert = Some(server.file("client.pem"));
    settings.tls.client_key = Some(server.file("client.key"));
    succeeds(&server, settings, &[]).await;
    assert_eq!(
        failure(bare, &[]).await,
        "use source team: client_cert: the login by cert needs a client certificate and its key"
    );
}

#[tokio::test]
async fn the_users_own_token_is_looked_for_where_the_command_lines_do_and_is_never_revoked() {
    let server = server();
    server.put("aws/security", &key());
    let client_token = server.token(&["reader"]);
    let home = server.folder().to_str().unwrap();
    let settings = settings(&server.url());
    let nothing = failure(settings.clone(), &[("HOME", "/nonexistent")]).await;
    assert_eq!(
        nothing,
        "use source team: auth: there is nothing to log in with: BAO_TOKEN and VAULT_TOKEN are not set, and /nonexistent/.vault-token does not exist"
    );
    write(
        &server.folder().join(".vault-token"),
        &format!("{client_token}\n"),
    );
    write(&server.folder().join("own"), &client_token);
    let mut of_file = settings.clone();
    of_file.login = VaultLoginMethod::Token {
        token_file: Some(server.folder().join("own")),
    };
    for (settings, variables) in [
        (settings.clone(), vec![("HOME", home)]),
        (settings.clone(), vec![("VAULT_TOKEN", &*client_token)]),
        (
            settings.clone(),
            vec![("VAULT_TOKEN", "wrong"), ("BAO_TOKEN", &client_token)],
        ),
        (of_file, vec![("VAULT_TOKEN", "wrong")]),
    ] {
        let source = source(settings, &variables);
        let loaded = source.load().await.unwrap();
        source.release(&loaded).await.unwrap();
        source.load().await.expect("the token is still valid");
    }
    assert_eq!(
        failure(settings, &[("VAULT_TOKEN", "canary\ncanary")]).await,
        "use source team: VAULT_TOKEN: VAULT_TOKEN has a line end or another control character in it"
    );
}

#[cfg(unix)]
#[test]
fn a_secret_that_lasts_and_that_everybody_can_read_is_warned_about() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::TempDir::new_in("/tmp").unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "canary").unwrap();
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    set(folder.path(), 0o755);
    let place = || SecretFrom::File(path.clone());
    let user = VaultLoginMethod::UserPass {
        mount: "userpass".to_owned(),
        username: "alice".to_owned(),
        password: place(),
    };
    let token = VaultLoginMethod::Token {
        token_file: Some(path.clone()),
    };
    let jwt = VaultLoginMethod::Jwt {
        mount: "jwt".to_owned(),
        role: None,
        jwt: place(),
    };
    for (login, key) in [
        (app_role("id", place(), false), Some("secret_id_file")),
        (user, Some("password_file")),
        (token, Some("token_file")),
        (jwt, None),
    ] {
        let mut settings = settings("https://vault.example:8200");
        settings.login = login;
        let source = source(settings, &[]);
        set(&path, 0o600);
        assert!(source.warnings().is_empty());
        set(&path, 0o644);
        let warnings = source.warnings().join("; ");
        match key {
            Some(key) => assert!(
                warnings.contains(&format!(
                    "secret ({key}) can be read by every user of this machine"
                )),
                "{warnings}"
            ),
            None => assert_eq!(warnings, ""),
        }
    }
}
