use rolewrap_role::{AskedDuration, CallerIdentity, ProvidedContext, SessionDuration};
use serde_json::{Value, json};

use crate::configuration::Origin;
use crate::error::Error;
use crate::plan::{Chosen, Hop, Plan};
use crate::run::Run;
use crate::session::Journey;
use crate::session::Loaded;
use crate::session::identify::{Identified, identify};
use crate::session::sources;
use crate::ui::text;

use super::account::plan_rows;
use super::table::table;

pub(super) fn run(run: &Run<'_>, as_json: bool) -> Result<String, Error> {
    let configuration = run.configuration()?;
    let plan = run.plan(&configuration)?;
    let source = sources::build(
        &configuration,
        &plan.base.sources,
        run.world.system,
        &run.world.prompt,
    )?;
    let journey = Journey::new(&run.world, &configuration, &plan);
    let identified = identify(journey, &source)?;
    if as_json {
        return Ok(text::json(&document(&plan, &identified)));
    }
    let Identified {
        loaded,
        identity,
        session,
        endpoint,
    } = identified;
    let left = text::time_between(run.world.system.clock.now(), session.expires_at());
    let mut rows = plan_rows(&plan);
    for (source, reason) in passed_over(&loaded) {
        rows.push(vec![
            "passed over".to_owned(),
            format!("source {source}: {reason}"),
        ]);
    }
    for (what, value) in base_rows(&loaded, identity.as_ref()) {
        rows.push(vec![what.to_owned(), value]);
    }
    for (what, value) in [
        ("identity", session.assumed_role_arn().to_owned()),
        ("account id", session.account().to_string()),
        (
            "expires",
            format!(
                "{} (in {left})",
                humantime::format_rfc3339_seconds(session.expires_at())
            ),
        ),
        ("endpoint", endpoint),
    ] {
        rows.push(vec![what.to_owned(), value]);
    }
    Ok(table(&rows))
}

/// The sources of a fallback order that had nothing, and why.
fn passed_over(loaded: &Loaded) -> Vec<(&str, &str)> {
    let Loaded::Keys(base) = loaded else {
        return Vec::new();
    };
    let sources = base.passed_over().iter();
    sources
        .map(|source| (source.source_name(), source.reason()))
        .collect()
}

/// Whom the first role was asked for as.
fn base_rows(loaded: &Loaded, identity: Option<&CallerIdentity>) -> Vec<(&'static str, String)> {
    let from = |what: &dyn std::fmt::Display| format!("{what} from source {}", loaded.source_name());
    match loaded {
        Loaded::Keys(base) => {
            let identity = identity.map(|identity| ("base identity", identity.arn.clone()));
            let key = ("base key", from(&base.access_key_id()));
            identity.into_iter().chain([key]).collect()
        }
        Loaded::WebIdentity(_, token) => vec![("web identity", from(token.claims()))],
    }
}

fn base_document(loaded: &Loaded, identity: Option<&CallerIdentity>) -> Value {
    match loaded {
        Loaded::Keys(base) => json!({
            "access_key_id": base.access_key_id(),
            "arn": identity.map(|identity| &identity.arn),
            "account_id": identity.map(|identity| identity.account.as_str()),
            "temporary": base.is_temporary(),
        }),
        Loaded::WebIdentity(_, token) => {
            let claims = token.claims();
            json!({ "web_identity": {
                "issuer": claims.issuer,
                "subject": claims.subject,
                "audience": claims.audience,
                "expires_at": humantime::format_rfc3339_seconds(claims.expires_at).to_string(),
            } })
        }
    }
}

fn document(plan: &Plan, identified: &Identified) -> Value {
    let Identified {
        loaded,
        identity,
        session,
        endpoint,
    } = identified;
    let target = plan.target_hop();
    let passed_over = passed_over(loaded).into_iter();
    let passed_over: Vec<Value> = passed_over
        .map(|(name, reason)| json!({ "name": name, "reason": reason }))
        .collect();
    json!({
        "source": {
            "name": loaded.source_name(),
            "from": plan.base.sources.origin.to_string(),
            "passed_over": passed_over,
        },
        "base": base_document(loaded, identity.as_ref()),
        "mfa_serial": plan.mfa(loaded.source_name()).map(|mfa| chosen(&mfa.serial)),
        "account": plan.account().map(chosen),
        "role": chosen(&target.role),
        "session_name": chosen(&target.session_name),
        "duration_seconds": target.duration.as_ref().map(duration),
        "external_id": target.external_id.as_ref().map(chosen),
        "source_identity": plan.source_identity().map(chosen),
        "hops": plan.hops.iter().map(hop).collect::<Vec<_>>(),
        "region": plan.base.region.as_ref().map(chosen),
        "endpoint": endpoint,
        "session": {
            "arn": session.assumed_role_arn(),
            "account_id": session.account().as_str(),
            "access_key_id": session.access_key_id(),
            "expires_at": humantime::format_rfc3339_seconds(session.expires_at()).to_string(),
            "packed_policy_percent": session.packed_policy_size(),
        },
    })
}

/// One request of the chain, of which the last is the target.
fn hop(hop: &Hop) -> Value {
    json!({
        "account": hop.account.as_ref().map(chosen),
        "role": chosen(&hop.role),
        "session_name": chosen(&hop.session_name),
        "duration_seconds": hop.duration.as_ref().map(duration),
        "external_id": hop.external_id.as_ref().map(chosen),
        "source_identity": hop.source_identity.as_ref().map(chosen),
        "policy": hop.policy.as_ref().map(chosen),
        "policy_arns": hop.policy_arns.as_ref().map(|arns| several(&arns.value, &arns.origin)),
        "tags": hop.tags.tags.iter().map(|tag| {
            let from = tag.origin.to_string();
            (tag.value.key().to_owned(), json!({ "value": tag.value.value(), "from": from }))
        }).collect::<serde_json::Map<_, _>>(),
        "transitive_tags": hop.tags.transitive.as_ref().map(|keys| several(&keys.value, &keys.origin)),
        "provided_contexts": hop.provided_contexts.as_ref().map(|contexts| {
            let providers = contexts.value.iter().map(ProvidedContext::provider);
            several(&providers.collect::<Vec<_>>(), &contexts.origin)
        }),
    })
}

fn several<T: std::fmt::Display>(values: &[T], origin: &Origin) -> Value {
    let values: Vec<_> = values.iter().map(ToString::to_string).collect();
    json!({ "value": values, "from": origin.to_string() })
}

fn duration(duration: &Chosen<AskedDuration>) -> Value {
    let seconds = duration.value.exactly().map(SessionDuration::seconds);
    let value = seconds.map_or_else(|| json!(duration.value.to_string()), |seconds| json!(seconds));
    json!({ "value": value, "from": duration.origin.to_string() })
}

fn chosen<T: std::fmt::Display>(chosen: &Chosen<T>) -> Value {
    json!({ "value": chosen.value.to_string(), "from": chosen.origin.to_string() })
}
