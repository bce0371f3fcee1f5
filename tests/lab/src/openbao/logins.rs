use serde_json::{Value, json};

use super::{OpenBao, text};

/// How long the client tokens of logins last.
const TTL: &str = "10m";

impl OpenBao {
    /// A client token with these policies.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn token(&self, policies: &[&str]) -> String {
        let body = json!({ "policies": policies, "ttl": TTL });
        let answer = self.change("POST", "auth/token/create", &body);
        text(&answer["auth"]["client_token"]).to_owned()
    }

    /// How many client tokens there are.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn tokens(&self) -> usize {
        let answer = self.change("LIST", "auth/token/accessors", &Value::Null);
        answer["data"]["keys"].as_array().map_or(0, Vec::len)
    }

    /// Switches `AppRole` on. The role's id and a secret id for it are the answer.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn app_role(&self) -> (String, String) {
        self.enable("approle");
        let body = json!({ "token_policies": "reader", "token_ttl": TTL });
        self.change("POST", "auth/approle/role/ci", &body);
        let role = self.change("GET", "auth/approle/role/ci/role-id", &Value::Null);
        let secret = self.change("POST", "auth/approle/role/ci/secret-id", &json!({}));
        (
            text(&role["data"]["role_id"]).to_owned(),
            text(&secret["data"]["secret_id"]).to_owned(),
        )
    }

    /// A secret id for the role of [`app_role`](Self::app_role), wrapped.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn wrapped_secret_id(&self) -> String {
        let headers = [("x-vault-token", self.root()), ("x-vault-wrap-ttl", "5m")];
        let path = "auth/approle/role/ci/secret-id";
        let (_, answer) =
            super::api::call(self.address(0), "POST", path, &headers, &json!({})).expect("OpenBao answers");
        text(&answer["wrap_info"]["token"]).to_owned()
    }

    /// Switches userpass on, with this user.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn user(&self, name: &str, password: &str) {
        self.enable("userpass");
        let body = json!({ "password": password, "token_policies": "reader", "token_ttl": TTL });
        self.change("POST", &format!("auth/userpass/users/{name}"), &body);
    }

    /// Switches cert on, for the certificate in `client.pem`.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn client_certificate(&self) {
        self.enable("cert");
        let authority = std::fs::read_to_string(self.file("ca.pem")).expect("there is an authority");
        let body = json!({ "certificate": authority, "token_policies": "reader", "token_ttl": TTL });
        self.change("POST", "auth/cert/certs/ci", &body);
    }

    /// Switches JWT on, with the role `ci` for a JWT that the server signs itself, as a CI system would. The JWT
    /// is the answer.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn jwt(&self) -> String {
        self.user("issuer", "issuers-password");
        self.change(
            "POST",
            "identity/oidc/key/ci",
            &json!({ "allowed_client_ids": "*" }),
        );
        self.change(
            "POST",
            "identity/oidc/role/ci",
            &json!({ "key": "ci", "ttl": TTL }),
        );
        let role = self.change("GET", "identity/oidc/role/ci", &Value::Null);
        let policy = r#"path "identity/oidc/token/ci" { capabilities = ["read"] }"#;
        self.change("PUT", "sys/policies/acl/issuer", &json!({ "policy": policy }));
        let body = json!({ "password": "issuers-password", "token_policies": "issuer" });
        self.change("POST", "auth/userpass/users/issuer", &body);
        let login = json!({ "password": "issuers-password" });
        let login = self.change("POST", "auth/userpass/login/issuer", &login);
        let (_, signed) = self.ask(
            "GET",
            "identity/oidc/token/ci",
            text(&login["auth"]["client_token"]),
            &Value::Null,
        );

        self.enable("jwt");
        let keys = format!("{}/v1/identity/oidc/.well-known/keys", self.url());
        self.change("POST", "auth/jwt/config", &json!({ "jwks_url": keys }));
        let body = json!({
            "role_type": "jwt",
            "user_claim": "sub",
            "bound_audiences": role["data"]["client_id"],
            "token_policies": "reader",
            "token_ttl": TTL,
        });
        self.change("POST", "auth/jwt/role/ci", &body);
        text(&signed["data"]["token"]).to_owned()
    }

    /// Switches a method on, unless it is.
    fn enable(&self, method: &str) {
        let path = format!("sys/auth/{method}");
        let (status, answer) = self.ask("POST", &path, self.root(), &json!({ "type": method }));
        let is_there = answer.to_string().contains("path is already in use");
        assert!(status < 300 || is_there, "{method}: {status} {answer}");
    }
}
