use rolewrap_role::{AskedDuration, SessionDuration};

use super::*;

pub(super) const CHAIN: &str = r#"
account = "prod"
source = "env"

[accounts.hub]
id = "111111111111"
role = "hub"
external_id = "for-the-hub"

[accounts.network]
id = "222222222222"
role = "network"
via = "hub"
session_name = "network-{verb}"

[accounts.prod]
id = "333333333333"
role = "team/deploy"
via = "network"
session_name = "{user}-prod"
external_id = "for-prod"
"#;

/// The chain with `lines` added to the account `name`.
pub(super) fn chain_with(name: &str, lines: &str) -> Given {
    let section = format!("[accounts.{name}]\n");
    given(&CHAIN.replace(&section, &format!("{section}{lines}\n"))).variable("USER", "alice")
}

pub(super) fn at_the_top(lines: &str) -> Given {
    given(&format!("{lines}\n{CHAIN}")).variable("USER", "alice")
}

/// What each hop asks for, as the parameters of its request say it.
pub(super) fn asked<T>(given: &Given, value: impl Fn(&Hop) -> T) -> Vec<T> {
    given.plan().unwrap().hops.iter().map(value).collect()
}

#[test]
fn the_hops_are_those_that_lead_to_the_account_and_each_is_shaped_by_its_own_section() {
    let given = chain_with("prod", "");
    assert_eq!(
        asked(&given, |hop| hop.role.value.to_string()),
        [
            "arn:aws:iam::111111111111:role/hub",
            "arn:aws:iam::222222222222:role/network",
            "arn:aws:iam::333333333333:role/team/deploy",
        ]
    );
    assert_eq!(
        asked(&given, |hop| hop.session_name.value.to_string()),
        ["alice-prod", "network-plan", "alice-prod"],
        "the target's, where the hop's own account says nothing"
    );
    assert_eq!(
        asked(&given, |hop| hop
            .external_id
            .as_ref()
            .map(|id| id.value.to_string())),
        [Some("for-the-hub".to_owned()), None, Some("for-prod".to_owned())]
    );
    assert_eq!(given.plan().unwrap().target(), "prod");
}

#[test]
fn options_and_the_top_of_the_files_are_about_the_target() {
    let given = at_the_top("duration = '30m'").option("external_id", "--external-id", "of-the-option");
    assert_eq!(
        asked(&given, |hop| hop
            .external_id
            .as_ref()
            .map(|id| id.value.to_string())),
        [
            Some("for-the-hub".to_owned()),
            None,
            Some("of-the-option".to_owned())
        ]
    );
    assert_eq!(
        asked(&given, |hop| hop
            .duration
            .as_ref()
            .map(|duration| duration.value.to_string())),
        [None, None, Some("30m".to_owned())]
    );
}

#[test]
fn a_role_that_is_named_with_an_account_takes_the_same_way() {
    let given = chain_with("prod", "")
        .option("account", "--account", "prod")
        .option("iam_role", "--iam-role", "admin");
    assert_eq!(
        asked(&given, |hop| hop.role.value.name().to_owned()),
        ["hub", "network", "admin"]
    );
    let given = chain_with("prod", "").option("iam_role", "--iam-role", DEPLOY);
    assert_eq!(asked(&given, |hop| hop.role.value.to_string()), [DEPLOY]);
}

#[test]
fn a_circle_is_written_out() {
    insta::assert_snapshot!(chain_with("hub", "via = 'prod'").failure(), @"
    error: the account `prod` can never be reached, because its `via` leads back to it
    hint: remove `via` from the account whose role the base credentials may assume
      cause: prod via network via hub via prod
      from: project file DIR/rolewrap.toml:20
      from: project file DIR/rolewrap.toml:14
      from: project file DIR/rolewrap.toml:6
    ");
    let message = chain_with("hub", "via = 'hub'").failure();
    assert!(message.contains("cause: hub via hub\n"), "{message}");
}

#[test]
fn a_way_through_an_unknown_account_or_one_without_a_role_is_refused() {
    insta::assert_snapshot!(chain_with("hub", "via = 'netwrok'").failure(), @"
    error: there is no account `netwrok` in the configuration
    hint: did you mean `network`?
      cause: the accounts are hub, network, prod
      from: project file DIR/rolewrap.toml:6
    ");
    let text =
        "account='a'\n[accounts.a]\nid='111111111111'\nrole='r'\nvia='b'\n[accounts.b]\nid='222222222222'";
    insta::assert_snapshot!(given(text).failure(), @"
    error: the account `b` has no role
    hint: add id and role to [accounts.b], or name the role with --iam-role
      from: project file DIR/rolewrap.toml:5
    ");
}

#[test]
fn more_than_an_hour_is_refused_for_a_chained_role_that_asks_for_it() {
    insta::assert_snapshot!(chain_with("network", "duration = '2h'").failure(), @"
    error: `network` is a chained role, and a chained session lasts at most 1h, so nothing was sent
    hint: ask for 1h or less, or for none; with --delivery endpoint the session is renewed as long as the command runs
      cause: 2h was asked for, and its role is assumed with the session of `hub`
      from: project file DIR/rolewrap.toml:11
    ");
    let variable = chain_with("prod", "").variable("ROLEWRAP_DURATION", "3601");
    assert!(variable.failure().contains("from: variable ROLEWRAP_DURATION"));
    let option = chain_with("prod", "duration = 900").option("duration", "-d", "12h");
    assert!(option.failure().contains("from: option -d"));
}

#[test]
fn a_role_that_only_leads_to_another_is_asked_for_an_hour_at_most() {
    for (own, asked_for) in [("12h", "1h"), ("max", "1h"), ("15m", "15m")] {
        let chain = chain_with("hub", &format!("duration = '{own}'"));
        assert_eq!(
            asked(&chain, |hop| hop
                .duration
                .as_ref()
                .map(|duration| duration.value.to_string())),
            [Some(asked_for.to_owned()), None, None]
        );
    }
    // By itself it is not chained.
    let alone = chain_with("hub", "duration = '12h'").option("account", "--account", "hub");
    let alone = asked(&alone, |hop| {
        hop.duration.as_ref().map(|duration| duration.value.to_string())
    });
    assert_eq!(alone, [Some("12h".to_owned())]);
}

#[test]
fn the_longest_session_of_a_chained_role_is_an_hour() {
    let given = chain_with("prod", "duration = 'max'");
    assert_eq!(
        asked(&given, |hop| hop.duration.as_ref().map(|duration| duration.value))
            .pop()
            .unwrap(),
        Some(SessionDuration::LONGEST_CHAINED.into())
    );
    let direct = chain_with("hub", "duration = 'max'").option("account", "--account", "hub");
    assert_eq!(
        asked(&direct, |hop| hop
            .duration
            .as_ref()
            .map(|duration| duration.value)),
        [Some(AskedDuration::Longest)]
    );
}

#[test]
fn a_duration_for_all_accounts_is_shortened_for_a_chained_one() {
    let plan = at_the_top("duration = '8h'").plan().unwrap();
    let duration = plan.target_hop().duration.clone().unwrap();
    assert_eq!(duration.value.to_string(), "1h");
    assert!(
        duration
            .origin
            .to_string()
            .ends_with("rolewrap.toml:1, where 8h comes to what a chained role has at most"),
        "{}",
        duration.origin
    );
}

#[test]
fn the_base_credentials_are_those_of_the_first_account() {
    let plan = chain_with("hub", "source = 'keyring'").plan().unwrap();
    assert_eq!(plan.base.sources.value, ["keyring"]);
    let same = chain_with("prod", "source = 'env'").plan().unwrap();
    assert_eq!(same.base.sources.value, ["env"]);
    let given = chain_with("prod", "source = 'keyring'");
    insta::assert_snapshot!(given.failure(), @"
    error: the account `prod` is reached through `hub`, so its own source is never used
    hint: remove source from [accounts.prod], or move it to [accounts.hub]
      from: project file DIR/rolewrap.toml:17
      from: project file DIR/rolewrap.toml:20
    ");
    let option = given.option("source", "--source", "env").plan().unwrap();
    assert_eq!(option.base.sources.value, ["env"], "an option has the last word");
}

#[test]
fn the_region_is_that_of_the_target_and_partitions_do_not_mix() {
    let given = chain_with("prod", "region = 'eu-west-1'");
    assert_eq!(
        given.plan().unwrap().base.region.unwrap().value.as_str(),
        "eu-west-1"
    );
    let message = chain_with("hub", "region = 'cn-north-1'").failure();
    assert!(
        message.contains("they are in the partitions aws-cn and aws"),
        "{message}"
    );
}

#[test]
fn a_source_identity_is_set_once_and_cannot_change() {
    let identity = |hop: &Hop| {
        hop.source_identity
            .as_ref()
            .map(|identity| identity.value.to_string())
    };
    let alice = || Some("alice".to_owned());
    let top = at_the_top("source_identity = 'alice'");
    assert_eq!(
        asked(&top, identity),
        [alice(), None, None],
        "the first hop sets it"
    );
    let middle = chain_with("network", "source_identity = 'alice'");
    assert_eq!(asked(&middle, identity), [None, alice(), None]);
    let option =
        chain_with("hub", "source_identity = 'bob'").option("source_identity", "--source-identity", "alice");
    assert_eq!(asked(&option, identity), [alice(), None, None]);
    let changed = CHAIN
        .replace("[accounts.hub]\n", "[accounts.hub]\nsource_identity = 'alice'\n")
        .replace("[accounts.prod]\n", "[accounts.prod]\nsource_identity = 'bob'\n");
    insta::assert_snapshot!(given(&changed).failure(), @"
    error: the source identity of a chain cannot change from `alice` to `bob`, so nothing was sent
    hint: make both the same, or remove one
      cause: AWS keeps what was set first, and refuses another one for `prod`
      from: project file DIR/rolewrap.toml:6
      from: project file DIR/rolewrap.toml:18
    ");
}
