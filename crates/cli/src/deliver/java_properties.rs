//! Options of Java in the environment that name an AWS identity: they win over any session, however it is delivered.

use rolewrap_core::Environment;

use crate::error::Error;

/// The system properties that the SDKs for Java, in both versions, take an identity from before they look anywhere else.
const PROPERTIES: [&str; 15] = [
    "aws.accessKeyId",
    "aws.secretKey",
    "aws.secretAccessKey",
    "aws.sessionToken",
    "aws.profile",
    "aws.configFile",
    "aws.sharedCredentialsFile",
    "aws.roleArn",
    "aws.roleSessionName",
    "aws.webIdentityTokenFile",
    "aws.containerCredentialsPath",
    "aws.containerCredentialsFullUri",
    "aws.containerAuthorizationToken",
    "aws.containerAuthorizationTokenFile",
    "aws.accountId",
];

/// How the names of variables end whose value is options: `JAVA_TOOL_OPTIONS`, `MAVEN_OPTS`, `MAVEN_ARGS`, `JAVA_OPTS`.
const ENDINGS: [&str; 3] = ["OPTIONS", "OPTS", "ARGS"];

/// How an option sets a property. Maven takes a property as a word of its own too.
const SETTERS: [&str; 4] = ["-D", "--define=", "--system-prop=", ""];

/// Refuses an environment in which options of Java name an identity, unless their variable is among those that are `kept`.
pub(crate) fn refuse(environment: &dyn Environment, kept: &[String]) -> Result<(), Error> {
    let mut names = environment.names();
    names.sort_unstable();
    for name in names
        .iter()
        .filter(|name| has_options(name) && !kept.contains(name))
    {
        let value = environment.get(name).unwrap_or_default();
        if let Some(property) = property(&value.to_string_lossy()) {
            return Err(Error::new(format!(
                "{name} sets the property {property}, which programs in Java prefer to the role"
            ))
            .cause("the SDKs for Java take it before they look for a session, whatever the delivery is")
            .hint(format!(
                "take {property} out of {name}; or leave it to the command: --keep-env {name}"
            )));
        }
    }
    Ok(())
}

/// Whether the variable has options of a program. Those of Terraform are its own.
fn has_options(name: &str) -> bool {
    let name = name.to_uppercase();
    !name.starts_with("TF_") && ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The first property among these options that names an identity.
fn property(options: &str) -> Option<&'static str> {
    let words = options.split(|character: char| character.is_whitespace());
    words.map(|word| word.replace(['"', '\''], "")).find_map(|word| {
        PROPERTIES.into_iter().find(|property| {
            SETTERS.iter().any(|setter| {
                let rest = word.strip_prefix(setter);
                let rest = rest.and_then(|rest| rest.strip_prefix(property));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use rolewrap_core::FixedEnvironment;

    use super::*;

    fn refused(name: &str, value: &str, kept: &[&str]) -> Option<Error> {
        let environment: FixedEnvironment = [(name, value)].into_iter().collect();
        let kept: Vec<_> = kept.iter().map(ToString::to_string).collect();
        refuse(&environment, &kept).err()
    }

    #[test]
    fn a_property_that_names_an_identity_is_refused_wherever_java_reads_options() {
        for name in [
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "_JAVA_OPTIONS",
            "MAVEN_OPTS",
            "GRADLE_OPTS",
            "MAVEN_ARGS",
            "JAVA_OPTS",
            "SPARK_SUBMIT_OPTS",
        ] {
            assert!(
                refused(name, "-Xmx1g -Daws.profile=mine", &[]).is_some(),
                "{name}"
            );
            assert!(refused(name, "-Daws.profile=mine", &[name]).is_none(), "{name}");
        }
        for property in PROPERTIES {
            assert!(
                refused("MAVEN_OPTS", &format!("-D{property}=x"), &[]).is_some(),
                "{property}"
            );
        }
        for options in [
            "\"-Daws.profile=mine\"",
            "-D'aws.profile=mine'",
            "'-Daws.profile=a b'",
            "-D aws.profile=mine",
            "--define aws.profile=mine",
            "-q\n\t-Daws.profile",
        ] {
            assert!(refused("MAVEN_ARGS", options, &[]).is_some(), "{options}");
        }
    }

    #[test]
    fn what_names_no_identity_is_let_be() {
        for (name, value) in [
            (
                "JAVA_TOOL_OPTIONS",
                "-Xmx1g -Daws.region=eu-west-1 -Dmy.aws.profile=x -Daws.profileless=x",
            ),
            ("TF_CLI_ARGS", "-var=java=-Daws.profile=x -Daws.profile=x"),
            ("TF_VAR_JAVA_OPTS", "-Daws.profile=x"),
            ("NOTES", "-Daws.profile=x"),
        ] {
            assert!(refused(name, value, &[]).is_none(), "{name}");
        }
    }

    #[test]
    fn the_property_is_named_and_its_value_is_not() {
        let error = refused("MAVEN_OPTS", "-Daws.secretKey=canary", &[]).unwrap();
        assert_snapshot!(error, @"
        error: MAVEN_OPTS sets the property aws.secretKey, which programs in Java prefer to the role
        hint: take aws.secretKey out of MAVEN_OPTS; or leave it to the command: --keep-env MAVEN_OPTS
          cause: the SDKs for Java take it before they look for a session, whatever the delivery is
        ");
    }
}
