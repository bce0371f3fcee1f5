use super::Shape::{Choice, Free, List, Order, Policy, Switch, Table, Text, Texts, Time};
use super::top::{CONTEXT, CONTEXTS, DELIVERIES};
use super::{Key, Shape};
use crate::configuration::trust::Trust::{Anybody, Limit, Tags, Trusted, Way};

/// `[accounts.NAME]`
pub(in crate::configuration) const ACCOUNT: Shape = Table(&[
    Key::new("id", Anybody, Text, "The account id: twelve digits in quotes."),
    Key::new(
        "role",
        Anybody,
        Text,
        "The role to assume: its name, its path and name, or its ARN.",
    ),
    Key::new(
        "via",
        Way,
        Text,
        "The account whose role assumes this one. By default, the base credentials do.",
    ),
    Key::new(
        "source",
        Limit,
        Order,
        "The source of the base credentials for this account.",
    ),
    Key::new("region", Anybody, Text, "The AWS region of this account."),
    Key::new(
        "duration",
        Anybody,
        Time,
        "How long a session in this account lasts.",
    ),
    Key::new(
        "external_id",
        Limit,
        Text,
        "The external id that the role's trust policy requires.",
    ),
    Key::new(
        "session_name",
        Limit,
        Text,
        "The session name that CloudTrail shows, with the same placeholders as at the top.",
    ),
    Key::new(
        "source_identity",
        Limit,
        Text,
        "The source identity of sessions in this account.",
    ),
    Key::new(
        "mfa_serial",
        Limit,
        Text,
        "The MFA device of the base credentials' user, if this account's role requires MFA.",
    ),
    Key::new(
        "delivery",
        Anybody,
        Choice(&DELIVERIES),
        "How a session in this account reaches the command.",
    ),
    Key::new(
        "hide_profiles",
        Limit,
        Switch,
        "Whether commands in this account find no profiles in ~/.aws.",
    ),
    Key::new(
        "policy",
        Limit,
        Policy,
        "A session policy that limits sessions in this account: the path of a JSON file, or the policy as a table.",
    ),
    Key::new(
        "policy_arns",
        Limit,
        Texts,
        "The ARNs of managed policies that limit the session, at most 10.",
    ),
    Key::new(
        "tags",
        Tags,
        Free,
        "The tags of sessions in this account, in addition to those at the top.",
    ),
    Key::new(
        "transitive_tags",
        Tags,
        Texts,
        "The keys of the tags that the sessions of a chain inherit.",
    ),
    Key::new(
        "provided_contexts",
        Trusted(CONTEXTS),
        List(&CONTEXT),
        "What parties that AWS trusts, such as IAM Identity Center, assert about the user.",
    ),
]);
