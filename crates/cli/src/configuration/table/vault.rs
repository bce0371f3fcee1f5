use super::Shape::{Boolean, Choice, Number, Table, Text, Texts, Time};
use super::source::{MFA_COMMAND, MFA_SERIAL, MFA_VARIABLES, MFA_VAULT};
use super::{Key, Kind, Shape, Tagged};

/// The keys of a source of type `vault`.
pub(super) const VAULT: &[Key] = &[
    Key::inner(
        "address",
        Text,
        "The server's URL. Without it and `addresses`, BAO_ADDR or VAULT_ADDR.",
    ),
    Key::inner(
        "addresses",
        Texts,
        "The URLs of several servers, tried in order, in place of `address`.",
    ),
    Key::inner(
        "namespace",
        Text,
        "The namespace. Without it, BAO_NAMESPACE or VAULT_NAMESPACE.",
    ),
    Key::inner(
        "engine",
        Choice(&["kv", "aws"]),
        "\"kv\", the default, for a key that is stored; \"aws\" for one that the AWS engine makes.",
    ),
    Key::inner(
        "mount",
        Text,
        "Where the engine is mounted: \"secret\" by default, or \"aws\" for the AWS engine.",
    ),
    Key::inner(
        "path",
        Text,
        "The secret's path below the mount, without the API's \"data/\".",
    ),
    Key::inner(
        "kv_version",
        Number,
        "The version of the key-value engine: 1 or 2. 2 by default.",
    ),
    Key::inner(
        "version",
        Number,
        "The version of the secret. The latest by default.",
    ),
    Key::inner(
        "fields",
        FIELDS,
        "The names of the secret's fields, if they are unusual.",
    ),
    Key::inner(
        "role",
        Text,
        "The AWS engine's role: \"NAME\" or \"creds/NAME\" for creds/, \"sts/NAME\" for sts/.",
    ),
    Key::inner(
        "auth",
        AUTH,
        "How to log in. By default, with BAO_TOKEN, VAULT_TOKEN or ~/.vault-token.",
    ),
    Key::inner(
        "ca_cert",
        Text,
        "A PEM file with the certificate authorities to trust, in place of the system's. Without it, BAO_CACERT or VAULT_CACERT.",
    ),
    Key::inner(
        "client_cert",
        Text,
        "A PEM file with the client certificate. Without it, BAO_CLIENT_CERT or VAULT_CLIENT_CERT.",
    ),
    Key::inner(
        "client_key",
        Text,
        "A PEM file with the key of the client certificate. Without it, BAO_CLIENT_KEY or VAULT_CLIENT_KEY.",
    ),
    Key::inner(
        "tls_server_name",
        Text,
        "The name in the server's certificate, if it is not the one in the address. Without it, BAO_TLS_SERVER_NAME or VAULT_TLS_SERVER_NAME.",
    ),
    Key::inner(
        "timeout",
        Time,
        "How long one request may take: a time such as \"15s\", or a number of seconds. 15 seconds by default.",
    ),
    MFA_SERIAL,
    MFA_COMMAND,
    MFA_VARIABLES,
    MFA_VAULT,
];

const FIELDS: Shape = Table(&[
    Key::inner("access_key_id", Text, "The field with the access key id."),
    Key::inner("secret_access_key", Text, "The field with the secret access key."),
    Key::inner(
        "session_token",
        Text,
        "The field with the session token, which only temporary keys have.",
    ),
]);

const AUTH: Shape = Shape::Tagged(&Tagged {
    key: "method",
    what: "login method",
    all: "the methods are",
    kinds: &[
        Kind::new(
            "token",
            "A token that you have.",
            &[Key::inner(
                "token_file",
                Text,
                "The file with the token. Without it, BAO_TOKEN, VAULT_TOKEN or ~/.vault-token.",
            )],
        ),
        Kind::new("approle", "An AppRole.", APPROLE),
        Kind::new(
            "userpass",
            "A user name and a password that Vault knows.",
            PASSWORD,
        ),
        Kind::new(
            "ldap",
            "A user name and a password that a directory knows.",
            PASSWORD,
        ),
        Kind::new(
            "kubernetes",
            "The service account of a Kubernetes pod.",
            KUBERNETES,
        ),
        Kind::new("jwt", "A signed JWT, such as a CI system gives to its jobs.", JWT),
        Kind::new("cert", "The client certificate of the TLS connection.", CERT),
    ],
});

const MOUNT: Key = Key::inner(
    "mount",
    Text,
    "Where the login method is mounted. The method's own name by default.",
);

const APPROLE: &[Key] = &[
    MOUNT,
    Key::inner("role_id", Text, "The role id, which is not a secret.").required(),
    Key::inner("secret_id_file", Text, "The file with the secret id."),
    Key::inner("secret_id_variable", Text, "The variable with the secret id."),
    Key::inner(
        "wrapped",
        Boolean,
        "Whether the file or the variable holds a wrapping token instead, which gives the secret id once.",
    ),
];

const PASSWORD: &[Key] = &[
    MOUNT,
    Key::inner("username", Text, "The user name.").required(),
    Key::inner(
        "password_file",
        Text,
        "The file with the password. Without it and `password_variable`, rolewrap asks on the terminal.",
    ),
    Key::inner("password_variable", Text, "The variable with the password."),
];

const KUBERNETES: &[Key] = &[
    MOUNT,
    Key::inner("role", Text, "The role in Vault.").required(),
    Key::inner(
        "jwt_file",
        Text,
        "The file with the service account's JWT. By default, where Kubernetes puts it.",
    ),
];

const JWT: &[Key] = &[
    MOUNT,
    Key::inner(
        "role",
        Text,
        "The role in Vault. By default, the method's default role.",
    ),
    Key::inner("jwt_file", Text, "The file with the JWT."),
    Key::inner("jwt_variable", Text, "The variable with the JWT."),
];

const CERT: &[Key] = &[
    MOUNT,
    Key::inner(
        "role",
        Text,
        "The certificate's role in Vault. By default, Vault tries each that fits.",
    ),
];
