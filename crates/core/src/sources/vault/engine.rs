use super::fields::VaultFields;

/// What a [`VaultSource`](super::VaultSource) reads.
#[derive(Debug, Clone)]
pub enum VaultEngine {
    /// A key that somebody stored in the key-value engine.
    Kv {
        /// Where the engine is mounted; people have it at `secret`.
        mount: String,
        /// The secret's path below the mount, without the `data/` of version 2.
        path: String,
        /// Which of the two engines it is.
        kv_version: KvVersion,
        /// The version of the secret; the newest where there is none. Only version 2 of the engine has versions.
        version: Option<u64>,
        /// What the fields are called.
        fields: VaultFields,
    },
    /// A key that the AWS engine makes for each load, with a lease.
    Aws {
        /// Where the engine is mounted; people have it at `aws`.
        mount: String,
        /// The engine's role.
        role: String,
        /// Which of the engine's two endpoints is asked.
        endpoint: AwsEndpoint,
    },
}

/// The two versions of the key-value engine, which differ in their paths and answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KvVersion {
    /// Without versions of a secret.
    V1,
    /// With versions of a secret.
    V2,
}

impl KvVersion {
    /// The number that the server and the configuration have for it.
    pub fn number(self) -> u8 {
        match self {
            Self::V1 => 1,
            Self::V2 => 2,
        }
    }
}

/// The two endpoints of the AWS engine (Vault's API documentation, "AWS secrets engine").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwsEndpoint {
    /// `creds/`: for `iam_user` the key of a new IAM user, else temporary credentials.
    Creds,
    /// `sts/`: temporary credentials.
    Sts,
}

impl AwsEndpoint {
    /// Its part of the path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Creds => "creds",
            Self::Sts => "sts",
        }
    }
}
