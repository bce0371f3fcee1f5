/// What people call a secret, or half of a key, in configuration files of other tools.
const SECRETS: [&str; 14] = [
    "access_key",
    "access_key_id",
    "api_key",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "key",
    "password",
    "secret",
    "secret_access_key",
    "secret_id",
    "secret_key",
    "session_token",
    "token",
];

/// What to do in place of a key `name` for a secret, which a file never holds. It stands at the dotted `path`, where the keys
/// are `known`.
pub(super) fn hint(path: &str, name: &str, known: &[&str]) -> Option<String> {
    if !SECRETS.contains(&name) {
        return None;
    }
    let of = |kind: &str| known.iter().any(|key| **key == format!("{name}_{kind}"));
    let instead = match (of("file"), of("variable")) {
        (true, true) => format!("name its place with {name}_file or {name}_variable"),
        (true, false) if name == "token" => "set VAULT_TOKEN, or name its file with token_file".to_owned(),
        (true, false) => format!("name its place with {name}_file"),
        _ if name == "token" && known.contains(&"kv_version") => {
            "set VAULT_TOKEN, or name a file: auth = { method = \"token\", token_file = \"…\" }".to_owned()
        }
        _ => match path
            .strip_prefix("sources.")
            .and_then(|rest| rest.split('.').next())
        {
            Some(source) => format!("rolewrap source add {source}"),
            None => "rolewrap source add keyring".to_owned(),
        },
    };
    Some(format!("a file holds no secrets: {instead}"))
}
