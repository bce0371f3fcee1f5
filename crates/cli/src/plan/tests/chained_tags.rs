use super::chains::{CHAIN, asked, at_the_top, chain_with};
use super::*;

/// The tags and the transitive keys that each hop sends.
fn tags(given: &Given) -> Vec<(Vec<String>, Vec<String>)> {
    asked(given, |hop| {
        let tags = hop.request().tags;
        let shown = tags.tags().iter().map(ToString::to_string).collect();
        (shown, tags.transitive_keys().to_vec())
    })
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn each_hop_has_the_tags_of_the_target_and_transitive_ones_are_sent_once() {
    let given = at_the_top("tags = { Team = 'blue', Cost = '42' }\ntransitive_tags = ['team']");
    assert_eq!(
        tags(&given),
        [
            (texts(&["Cost=42", "Team=blue"]), texts(&["team"])),
            (texts(&["Cost=42"]), vec![]),
            (texts(&["Cost=42"]), vec![]),
        ]
    );
}

#[test]
fn an_account_on_the_way_can_have_other_tags_or_none() {
    let file = CHAIN
        .replace("[accounts.hub]\n", "[accounts.hub]\ntags = {}\n")
        .replace(
            "[accounts.network]\n",
            "[accounts.network]\ntags = { Zone = 'a' }\ntransitive_tags = ['Zone']\n",
        );
    let given = given(&format!(
        "tags = {{ Team = 'blue' }}\ntransitive_tags = ['Team']\n{file}"
    ));
    assert_eq!(
        tags(&given),
        [
            (vec![], vec![]),
            (texts(&["Zone=a"]), texts(&["Zone"])),
            (texts(&["Team=blue"]), texts(&["Team"])),
        ]
    );
}

#[test]
fn a_tag_of_its_own_is_transitive_where_that_of_the_target_would_be() {
    let file = CHAIN.replace("[accounts.hub]\n", "[accounts.hub]\ntags = { Team = 'blue' }\n");
    let given = given(&format!(
        "tags = {{ Team = 'blue', Cost = '42' }}\ntransitive_tags = ['Team', 'Cost']\n{file}"
    ));
    assert_eq!(
        tags(&given),
        [
            (texts(&["Team=blue"]), texts(&["Team"])),
            (texts(&["Cost=42"]), texts(&["Cost"])),
            (vec![], vec![]),
        ]
    );
}

#[test]
fn a_transitive_tag_cannot_get_another_value_later() {
    let file = CHAIN.replace(
        "[accounts.hub]\n",
        "[accounts.hub]\ntags = { Team = 'red' }\ntransitive_tags = ['Team']\n",
    );
    let message = given(&format!("tags = {{ team = 'blue' }}\n{file}")).failure();
    insta::assert_snapshot!(message, @"
    error: the transitive tag `Team=red` of a chain cannot become `team=blue`, so nothing was sent
    hint: make both the same, or remove the key from transitive_tags
      cause: AWS hands it on to `network`, and does not take another one
      from: project file DIR/rolewrap.toml:7
      from: project file DIR/rolewrap.toml:1
    ");
}

#[test]
fn policies_and_contexts_limit_the_target_alone() {
    let given = at_the_top("policy_arns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']\npolicy = '{}'");
    let limits = asked(&given, |hop| {
        (hop.request().policy_arns.len(), hop.policy.is_some())
    });
    assert_eq!(limits, [(0, false), (0, false), (1, true)]);
    let own = chain_with("network", "policy = '{}'");
    assert_eq!(asked(&own, |hop| hop.policy.is_some()), [false, true, false]);
}
