use rolewrap_lab::Sandbox;

const CREDENTIALS: &str =
    "[default]\naws_access_key_id = AKIAHOSTILEHOSTILE01\naws_secret_access_key = hostile\n";
const CONFIG: &str = "[default]\nrole_arn = arn:aws:iam::999999999999:role/hostile\ncredential_source = Environment\nregion = us-east-1\n";
/// What boto3 reads where no variable names another file of that kind, and before it asks an endpoint.
const BOTO: &str =
    "[Credentials]\naws_access_key_id = AKIAHOSTILEHOSTILE04\naws_secret_access_key = hostile\n";

/// Everything that can name another identity, each of which some client follows, and some of which break one.
const VARIABLES: [(&str, &str); 25] = [
    ("AWS_PROFILE", "ghost"),
    ("AWS_DEFAULT_PROFILE", "ghost"),
    ("AWS_SDK_LOAD_CONFIG", "1"),
    ("AWS_SECURITY_TOKEN", ""),
    ("AWS_ACCESS_KEY", "AKIAHOSTILEHOSTILE02"),
    ("AWS_SECRET_KEY", "hostile"),
    ("AMAZON_ACCESS_KEY_ID", "AKIAHOSTILEHOSTILE03"),
    ("AMAZON_SECRET_ACCESS_KEY", "hostile"),
    ("AMAZON_SESSION_TOKEN", "hostile"),
    ("AWS_CREDENTIAL_FILE", "token"),
    ("BOTO_CONFIG", "token"),
    ("BOTO_PATH", "token"),
    ("AWS_CREDENTIAL_EXPIRATION", "2001-01-01T00:00:00Z"),
    ("AWS_CREDENTIAL_SCOPE", "hostile"),
    ("AWS_ACCOUNT_ID", "999999999999"),
    ("AWS_ROLE_ARN", "arn:aws:iam::999999999999:role/hostile"),
    ("AWS_ROLE_SESSION_NAME", "hostile"),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "token"),
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/hostile"),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/hostile"),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "hostile"),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "token"),
    ("AWS_BEARER_TOKEN_BEDROCK", "hostile"),
    ("AWS_BEARER_TOKEN_STS", "hostile"),
    ("TG_IAM_ASSUME_ROLE_DURATION", "900"),
];

/// `machine` with everything on it that can name another identity than the role.
pub(crate) fn hostile(machine: Sandbox) -> Sandbox {
    machine
        .file("../home/.aws/credentials", CREDENTIALS)
        .file("../home/.aws/config", CONFIG)
        .file("../home/.boto", BOTO)
        .file("token", "hostile")
        .envs(VARIABLES)
}
