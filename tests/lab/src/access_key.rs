use serde::Deserialize;

/// A long-lived access key that the lab made.
#[derive(Debug, Clone, Deserialize)]
pub struct AccessKey {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

impl AccessKey {
    /// The variables that hand this key to the AWS clients.
    pub fn variables(&self) -> [(&'static str, String); 2] {
        [
            ("AWS_ACCESS_KEY_ID", self.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_access_key.clone()),
        ]
    }
}
