use std::path::PathBuf;

/// The longest token, in bytes, wherever it is: more than the 20,000 characters that STS takes.
pub(super) const LONGEST_BYTES: u64 = 64 * 1024;

/// Where a web identity token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebIdentityPlace {
    /// The whole content of a file.
    File(PathBuf),
    /// An environment variable, as GitLab's `id_tokens` are.
    Variable(String),
    /// An environment variable that has the token itself, or the path of its file, as Terragrunt's may.
    VariableOrFile(String),
    /// The file that `AWS_WEB_IDENTITY_TOKEN_FILE` names, or else the one that Amazon EKS puts into a pod.
    Kubernetes,
    /// A job of GitHub Actions with the permission `id-token: write`, which has one issued for this audience.
    GitHub {
        /// Whom the token is for: `sts.amazonaws.com`, unless the identity provider in IAM says otherwise.
        audience: String,
    },
}
