//! One parameter at a time is changed, and each time the entry is another one.

use std::collections::HashSet;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use rolewrap_core::{FixedClock, Secret};

use super::given::Memory;
use crate::cache::{Recipe, SealingKey, SealingKeyStore};
use crate::{
    AskedDuration, AssumeRoleRequest, Partition, ProvidedContext, SessionDuration, SessionTag, SessionTags,
    StsClient, StsSettings,
};

/// All that a session is asked for with, as a test changes it.
#[derive(Debug, Clone)]
struct Asked {
    sts: StsSettings,
    partition: Partition,
    parts: Vec<(String, Vec<u8>)>,
    hops: Vec<AssumeRoleRequest>,
}

impl Asked {
    fn name(&self, key: &SealingKey) -> String {
        let mut recipe = Recipe::new(&self.sts, self.partition);
        self.parts
            .iter()
            .for_each(|(name, value)| recipe.part(name, value));
        self.hops.iter().for_each(|hop| recipe.request(hop));
        recipe.name(key, ".session").to_string()
    }
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9+=,.@-]{2,12}"
}

fn word() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9+=.@-]{2,12}"
}

fn tags(pairs: &[(String, String)], transitive: usize) -> SessionTags {
    // The index keeps the keys apart.
    let tags: Vec<_> = pairs
        .iter()
        .enumerate()
        .map(|(index, (key, value))| SessionTag::new(&format!("{index}{key}"), value).unwrap())
        .collect();
    let keys = tags
        .iter()
        .take(transitive)
        .map(|tag| tag.key().to_owned())
        .collect();
    SessionTags::new(tags, keys).unwrap()
}

prop_compose! {
    fn request()(
        role in "[a-z]{1,8}", account in "[0-9]{12}", session_name in text(), duration in 900_u32..=43_200,
        given in any::<[bool; 6]>(), external_id in text(), identity in text(), policy in "[a-z ]{0,20}",
        arns in vec("[a-z]{1,8}", 0..3), pairs in vec((word(), word()), 0..4), transitive in 0_usize..4,
        serial in "[A-Z0-9]{9,12}",
    ) -> AssumeRoleRequest {
        let role = format!("arn:aws:iam::{account}:role/{role}").parse().unwrap();
        let mut request = AssumeRoleRequest::new(role, session_name.parse().unwrap());
        request.duration = given[0].then(|| SessionDuration::from_seconds(duration).unwrap().into());
        request.external_id = given[1].then(|| external_id.parse().unwrap());
        request.source_identity = given[2].then(|| identity.parse().unwrap());
        request.policy = given[3].then(|| format!("{{{policy}}}").parse().unwrap());
        request.policy_arns = arns.iter().map(|arn| format!("arn:aws:iam::aws:policy/{arn}").parse().unwrap()).collect();
        request.tags = tags(&pairs, transitive);
        request.mfa = given[4].then(|| (serial.parse().unwrap(), "123456".parse().unwrap()));
        request
    }
}

prop_compose! {
    fn asked()(
        region in prop::option::of(Just("eu-west-1")), endpoint in prop::option::of(text()),
        flags in any::<[bool; 3]>(), bundle in prop::option::of(text()), proxies in vec(prop::option::of(text()), 3),
        parts in vec((text(), vec(any::<u8>(), 0..20)), 1..4), hops in vec(request(), 1..3),
    ) -> Asked {
        let proxy = |index: usize| proxies[index].clone().map(Secret::new);
        let sts = StsSettings {
            region: region.map(|region| region.parse().unwrap()),
            endpoint_url: endpoint,
            use_fips: flags[0],
            use_dual_stack: flags[1],
            use_global_endpoint: flags[2],
            ca_bundle: bundle.map(Into::into),
            http_proxy: proxy(0),
            https_proxy: proxy(1),
            no_proxy: proxies[2].clone(),
            ..StsSettings::default()
        };
        Asked { sts, partition: Partition::Aws, parts, hops }
    }
}

/// Each way in which one thing can be another, applied to `asked`.
fn changes(asked: &Asked) -> Vec<(&'static str, Asked)> {
    let mut changed = Vec::new();
    let mut change = |what, change: &dyn Fn(&mut Asked)| {
        let mut other = asked.clone();
        change(&mut other);
        changed.push((what, other));
    };
    let more = |value: &Option<String>| Some(value.clone().map_or_else(String::new, |value| value + "x"));
    let secret = |value: &Option<Secret>| {
        Some(Secret::new(
            value
                .as_ref()
                .map_or(String::new(), |value| format!("{}x", value.expose())),
        ))
    };
    change("partition", &|asked| asked.partition = Partition::AwsCn);
    change("region", &|asked| {
        asked.sts.region = match asked.sts.region {
            Some(_) => None,
            None => Some("us-west-2".parse().unwrap()),
        };
    });
    change("endpoint", &|asked| {
        asked.sts.endpoint_url = more(&asked.sts.endpoint_url);
    });
    change("fips", &|asked| asked.sts.use_fips ^= true);
    change("dual stack", &|asked| asked.sts.use_dual_stack ^= true);
    change("global endpoint", &|asked| asked.sts.use_global_endpoint ^= true);
    change("CA bundle", &|asked| {
        let bundle = asked.sts.ca_bundle.take().unwrap_or_default();
        asked.sts.ca_bundle = Some(bundle.join("x"));
    });
    change("HTTP proxy", &|asked| {
        asked.sts.http_proxy = secret(&asked.sts.http_proxy);
    });
    change("HTTPS proxy", &|asked| {
        asked.sts.https_proxy = secret(&asked.sts.https_proxy);
    });
    change("no proxy", &|asked| {
        asked.sts.no_proxy = more(&asked.sts.no_proxy);
    });
    change("a part's value", &|asked| asked.parts[0].1.push(0));
    change("a part's name", &|asked| asked.parts[0].0.push('x'));
    change("one part more", &|asked| {
        asked.parts.push((String::new(), Vec::new()));
    });
    change("one hop more", &|asked| asked.hops.push(asked.hops[0].clone()));
    change_hop(&mut change);
    changed
}

fn change_hop(change: &mut impl FnMut(&'static str, &dyn Fn(&mut Asked))) {
    let more = |value: Option<&str>| format!("{}xx", value.unwrap_or_default());
    change("role", &|asked| {
        asked.hops[0].role = more(Some(&asked.hops[0].role.to_string())).parse().unwrap();
    });
    change("session name", &|asked| {
        asked.hops[0].session_name = more(Some(asked.hops[0].session_name.as_str())).parse().unwrap();
    });
    change("duration", &|asked| {
        let duration = asked.hops[0].duration.and_then(AskedDuration::exactly);
        let seconds = duration.map_or(899, SessionDuration::seconds);
        let other = SessionDuration::from_seconds(seconds % 43_200 + 1);
        let other = other.unwrap_or_else(|_| SessionDuration::from_seconds(900).unwrap());
        asked.hops[0].duration = Some(other.into());
    });
    change("the longest duration", &|asked| {
        asked.hops[0].duration = Some(AskedDuration::Longest);
    });
    change("provided contexts", &|asked| {
        let provider = "arn:aws:iam::aws:contextProvider/IdentityCenter".parse().unwrap();
        let context = ProvidedContext::new(provider, &Secret::new("assertion")).unwrap();
        asked.hops[0].provided_contexts.push(context);
    });
    change("external id", &|asked| {
        let id = asked.hops[0]
            .external_id
            .as_ref()
            .map(crate::external_id::ExternalId::as_str);
        asked.hops[0].external_id = Some(more(id).parse().unwrap());
    });
    change("source identity", &|asked| {
        let identity = asked.hops[0]
            .source_identity
            .as_ref()
            .map(crate::source_identity::SourceIdentity::as_str);
        asked.hops[0].source_identity = Some(more(identity).parse().unwrap());
    });
    change("policy", &|asked| {
        let policy = asked.hops[0]
            .policy
            .as_ref()
            .map_or("{}", |policy| policy.as_str());
        asked.hops[0].policy = Some(policy.replace('}', "xx}").parse().unwrap());
    });
    change("policy ARNs", &|asked| {
        asked.hops[0]
            .policy_arns
            .push("arn:aws:iam::aws:policy/Another".parse().unwrap());
    });
    change("tags", &|asked| {
        let mut all = asked.hops[0].tags.tags().to_vec();
        all.push(SessionTag::new("Another", "").unwrap());
        asked.hops[0].tags = SessionTags::new(all, asked.hops[0].tags.transitive_keys().to_vec()).unwrap();
    });
    change("transitive tags", &|asked| {
        let mut all = asked.hops[0].tags.tags().to_vec();
        all.push(SessionTag::new("Another", "").unwrap());
        asked.hops[0].tags = SessionTags::new(all, vec!["Another".to_owned()]).unwrap();
    });
    change("MFA serial", &|asked| {
        let serial = asked.hops[0]
            .mfa
            .as_ref()
            .map_or("GAHT12345", |(serial, _)| serial.as_str());
        asked.hops[0].mfa = Some((format!("{serial}1").parse().unwrap(), "123456".parse().unwrap()));
    });
}

fn key() -> SealingKey {
    let (store, key) = (Memory::default(), SealingKey::from_bytes(&[7; 32]).unwrap());
    store.keep(&key).unwrap();
    store.load().unwrap().unwrap()
}

proptest! {
    #[test]
    fn what_is_asked_with_one_thing_changed_is_another_entry(asked in asked()) {
        let key = key();
        let mut names = HashSet::from([asked.name(&key)]);
        for (what, changed) in changes(&asked) {
            prop_assert!(names.insert(changed.name(&key)), "{what} was changed, and the entry is the same");
        }
    }

    #[test]
    fn what_is_asked_in_the_same_way_is_the_same_entry(asked in asked()) {
        prop_assert_eq!(asked.name(&key()), asked.clone().name(&key()));
    }

    #[test]
    fn another_code_of_the_same_device_and_other_limits_are_the_same_entry(mut asked in asked()) {
        asked.hops[0].mfa = Some(("GAHT12345".parse().unwrap(), "111111".parse().unwrap()));
        let name = asked.name(&key());
        asked.hops[0].mfa = Some(("GAHT12345".parse().unwrap(), "222222".parse().unwrap()));
        asked.sts.max_attempts += 1;
        asked.sts.total_timeout += Duration::from_secs(1);
        prop_assert_eq!(asked.name(&key()), name);
    }

    #[test]
    fn no_two_ways_to_part_the_same_text_are_the_same_entry(texts in vec(text(), 2..5), at in 1_usize..20) {
        let joined = texts.concat();
        let at = at.min(joined.len() - 1);
        let name = |parts: [&str; 2]| {
            let mut recipe = Recipe::new(&StsSettings::default(), Partition::Aws);
            for part in parts {
                recipe.part("", part.as_bytes());
            }
            recipe.name(&key(), ".session")
        };
        let (left, right) = joined.split_at(at);
        prop_assert_ne!(name([left, right]), name([&joined, ""]));
    }
}

#[test]
fn another_key_gives_another_name_and_the_name_shows_nothing() {
    let mut recipe = Recipe::new(&StsSettings::default(), Partition::Aws);
    recipe.part("key", b"canary");
    let other = SealingKey::from_bytes(&[8; 32]).unwrap();
    assert_ne!(recipe.name(&key(), ".session"), recipe.name(&other, ".session"));
    assert_ne!(recipe.name(&key(), ".session"), recipe.name(&key(), ".base"));
    assert_eq!(format!("{recipe:?} {other:?}"), "Recipe(…) SealingKey(…)");
    assert_eq!(SealingKey::from_bytes(&[8; 31]).map(|_| ()), None);
}

fn mfa_session(partition: Partition, sts: StsSettings) -> String {
    let clock = std::sync::Arc::new(FixedClock(std::time::UNIX_EPOCH));
    let client = StsClient::new(sts, partition, clock).unwrap();
    let key = SealingKey::from_bytes(&[7; 32]).unwrap();
    Recipe::of_mfa_session(&client).name(&key, ".base").to_string()
}

#[test]
fn an_mfa_session_is_one_for_all_regions_and_ways_of_a_partition() {
    let of_aws = |sts| mfa_session(Partition::Aws, sts);
    let regional = of_aws(StsSettings::default());
    let region = |name: &str| StsSettings {
        region: Some(name.parse().unwrap()),
        ..StsSettings::default()
    };
    for same in [
        region("eu-central-1"),
        region("eu-south-1"),
        StsSettings {
            use_fips: true,
            ..region("us-east-2")
        },
        StsSettings {
            https_proxy: Some(Secret::new("http://proxy.example.com:3128")),
            ..region("us-east-1")
        },
        // There, the global endpoint is not asked in any case.
        StsSettings {
            use_global_endpoint: true,
            ..region("eu-south-1")
        },
    ] {
        assert_eq!(of_aws(same.clone()), regional, "{same:?}");
    }
    let global = |name| {
        of_aws(StsSettings {
            use_global_endpoint: true,
            ..region(name)
        })
    };
    assert_eq!(global("us-east-1"), global("eu-central-1"));
    let custom = |url: &str| {
        of_aws(StsSettings {
            endpoint_url: Some(url.to_owned()),
            ..StsSettings::default()
        })
    };
    let others = [
        regional,
        global("us-east-1"),
        custom("http://127.0.0.1:1"),
        custom("http://127.0.0.1:2"),
        mfa_session(Partition::AwsCn, StsSettings::default()),
        mfa_session(Partition::AwsUsGov, StsSettings::default()),
    ];
    let names: HashSet<_> = others.iter().collect();
    assert_eq!(names.len(), others.len());
}
