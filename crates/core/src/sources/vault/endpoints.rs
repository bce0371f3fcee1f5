//! The endpoints that vaultrs does not have, or not with all that is needed here.

use rustify::endpoint::Endpoint;
use rustify::enums::{RequestMethod, RequestType, ResponseType};
use rustify::errors::ClientError;
use serde_json::json;

/// One call of the API.
pub(super) struct Call {
    method: RequestMethod,
    path: String,
    body: Option<serde_json::Value>,
}

impl Call {
    fn get(path: String) -> Self {
        Self {
            method: RequestMethod::GET,
            path,
            body: None,
        }
    }

    fn post(path: String, body: serde_json::Value) -> Self {
        Self {
            method: RequestMethod::POST,
            path,
            body: Some(body),
        }
    }

    /// vaultrs has no LDAP.
    pub(super) fn ldap_login(mount: &str, username: &str, password: &str) -> Self {
        Self::post(
            format!("auth/{mount}/login/{username}"),
            json!({ "password": password }),
        )
    }

    /// vaultrs cannot leave the role out.
    pub(super) fn cert_login(mount: &str, role: Option<&str>) -> Self {
        Self::post(
            format!("auth/{mount}/login"),
            role.map_or_else(|| json!({}), |role| json!({ "name": role })),
        )
    }

    /// What the server knows of the request's own token. vaultrs reads more from the answer than servers send.
    pub(super) fn lookup_self() -> Self {
        Self::get("auth/token/lookup-self".to_owned())
    }

    /// vaultrs has a tab in front of the path, which the server redirects.
    pub(super) fn revoke_self() -> Self {
        Self {
            method: RequestMethod::POST,
            path: "auth/token/revoke-self".to_owned(),
            body: None,
        }
    }

    /// Which engine is mounted there, for whoever may use anything below. vaultrs does not have it.
    pub(super) fn mount(mount: &str) -> Self {
        Self::get(format!("sys/internal/ui/mounts/{mount}"))
    }

    /// vaultrs drops the lease, and demands a field that the server leaves out.
    pub(super) fn aws_credentials(mount: &str, endpoint: &str, role: &str) -> Self {
        Self::get(format!("{mount}/{endpoint}/{role}"))
    }

    /// vaultrs has no TOTP engine.
    pub(super) fn totp_code(mount: &str, key: &str) -> Self {
        Self::get(format!("{mount}/code/{key}"))
    }

    /// vaultrs has no leases.
    pub(super) fn revoke_lease(lease_id: &str) -> Self {
        Self {
            method: RequestMethod::PUT,
            path: "sys/leases/revoke".to_owned(),
            body: Some(json!({ "lease_id": lease_id, "sync": true })),
        }
    }
}

impl Endpoint for Call {
    type Response = ();
    const REQUEST_BODY_TYPE: RequestType = RequestType::JSON;
    const RESPONSE_BODY_TYPE: ResponseType = ResponseType::JSON;

    fn path(&self) -> String {
        self.path.clone()
    }

    fn method(&self) -> RequestMethod {
        self.method.clone()
    }

    fn body(&self) -> Result<Option<Vec<u8>>, ClientError> {
        Ok(self.body.as_ref().map(|body| body.to_string().into_bytes()))
    }
}
