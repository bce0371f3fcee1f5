use crate::AccountId;

/// Who some credentials belong to, in STS's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerIdentity {
    /// The account.
    pub account: AccountId,
    /// The ARN of the user or of the assumed role.
    pub arn: String,
    /// The unique id of the user, or of the role and its session.
    pub user_id: String,
}
