use rolewrap_core::Environment;

use super::session_name::first;

/// A CI system, by the variables that it sets.
#[derive(Debug)]
pub(super) struct CiSystem {
    /// What names the job. All of them are set, and that is how the system is recognised.
    job: &'static [&'static str],
    /// The commit that is built.
    commit: &'static [&'static str],
    /// The branch that is built. For a pull request it is that of who asks, so they choose the name.
    branch: &'static [&'static str],
    /// What is built, the first that is set, as [`Ref`] reads it. None is a name that a stranger to the repository chooses.
    built: &'static [(&'static str, Ref)],
}

/// How a variable says what is built.
#[derive(Debug, Clone, Copy)]
enum Ref {
    /// As Git has it: `refs/heads/main`. Or with the words of `CodeBuild`: `branch/main`, `pr/17`.
    Full,
    Branch,
    Tag,
    /// The number of a pull request, or an address that ends in it. `false` stands for none.
    Request,
    /// Set for a pull request whose number is not known.
    UnknownRequest,
}

/// The systems, as their documentation names the variables. The first one that is recognised counts.
const SYSTEMS: [CiSystem; 11] = [
    CiSystem {
        job: &["GITHUB_REPOSITORY", "GITHUB_RUN_ID"],
        commit: &["GITHUB_SHA"],
        branch: &["GITHUB_HEAD_REF", "GITHUB_REF_NAME"],
        built: &[("GITHUB_REF", Ref::Full)],
    },
    CiSystem {
        job: &["CI_PROJECT_PATH", "CI_JOB_ID"],
        commit: &["CI_COMMIT_SHA"],
        branch: &["CI_COMMIT_REF_NAME"],
        built: &[
            ("CI_MERGE_REQUEST_IID", Ref::Request),
            ("CI_EXTERNAL_PULL_REQUEST_IID", Ref::Request),
            ("CI_COMMIT_TAG", Ref::Tag),
            ("CI_COMMIT_BRANCH", Ref::Branch),
        ],
    },
    // Jenkins. The last one has the name of the remote before that of the branch.
    CiSystem {
        job: &["BUILD_TAG"],
        commit: &["GIT_COMMIT"],
        branch: &["CHANGE_BRANCH", "BRANCH_NAME", "GIT_LOCAL_BRANCH", "GIT_BRANCH"],
        built: &[
            ("CHANGE_ID", Ref::Request),
            ("TAG_NAME", Ref::Tag),
            ("BRANCH_NAME", Ref::Branch),
        ],
    },
    CiSystem {
        job: &["CIRCLE_PROJECT_REPONAME", "CIRCLE_BUILD_NUM"],
        commit: &["CIRCLE_SHA1"],
        branch: &["CIRCLE_BRANCH"],
        built: &[
            ("CIRCLE_PR_NUMBER", Ref::Request),
            ("CIRCLE_PULL_REQUEST", Ref::Request),
            ("CIRCLE_TAG", Ref::Tag),
            ("CIRCLE_BRANCH", Ref::Branch),
        ],
    },
    CiSystem {
        job: &["BUILDKITE_PIPELINE_SLUG", "BUILDKITE_BUILD_NUMBER"],
        commit: &["BUILDKITE_COMMIT"],
        branch: &["BUILDKITE_BRANCH"],
        built: &[
            ("BUILDKITE_PULL_REQUEST", Ref::Request),
            ("BUILDKITE_TAG", Ref::Tag),
            ("BUILDKITE_BRANCH", Ref::Branch),
        ],
    },
    CiSystem {
        job: &["BITBUCKET_REPO_SLUG", "BITBUCKET_BUILD_NUMBER"],
        commit: &["BITBUCKET_COMMIT"],
        branch: &["BITBUCKET_BRANCH"],
        built: &[
            ("BITBUCKET_PR_ID", Ref::Request),
            ("BITBUCKET_TAG", Ref::Tag),
            ("BITBUCKET_BRANCH", Ref::Branch),
        ],
    },
    // Azure Pipelines.
    CiSystem {
        job: &["BUILD_DEFINITIONNAME", "BUILD_BUILDID"],
        commit: &["BUILD_SOURCEVERSION"],
        branch: &["SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"],
        built: &[
            ("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", Ref::Request),
            ("SYSTEM_PULLREQUEST_PULLREQUESTID", Ref::Request),
            ("BUILD_SOURCEBRANCH", Ref::Full),
        ],
    },
    CiSystem {
        job: &["CODEBUILD_BUILD_ID"],
        commit: &["CODEBUILD_RESOLVED_SOURCE_VERSION"],
        branch: &["CODEBUILD_WEBHOOK_HEAD_REF"],
        built: &[("CODEBUILD_WEBHOOK_TRIGGER", Ref::Full)],
    },
    CiSystem {
        job: &["DRONE_REPO", "DRONE_BUILD_NUMBER"],
        commit: &["DRONE_COMMIT_SHA"],
        branch: &["DRONE_SOURCE_BRANCH", "DRONE_BRANCH"],
        built: &[
            ("DRONE_PULL_REQUEST", Ref::Request),
            ("DRONE_TAG", Ref::Tag),
            ("DRONE_BRANCH", Ref::Branch),
        ],
    },
    // Atlantis, which works for pull requests only.
    CiSystem {
        job: &["BASE_REPO_OWNER", "BASE_REPO_NAME", "PULL_NUM"],
        commit: &["HEAD_COMMIT"],
        branch: &["HEAD_BRANCH_NAME"],
        built: &[("PULL_NUM", Ref::Request)],
    },
    // Spacelift. The branch of the stack is the one that is built only in a tracked run, which is not known by its name.
    CiSystem {
        job: &["TF_VAR_spacelift_stack_id", "TF_VAR_spacelift_run_id"],
        commit: &["TF_VAR_spacelift_commit_sha"],
        branch: &["TF_VAR_spacelift_commit_branch"],
        built: &[("TF_VAR_spacelift_run_type", Ref::UnknownRequest)],
    },
];

impl CiSystem {
    /// The one that runs this.
    pub(super) fn recognised(environment: &dyn Environment) -> Option<&'static Self> {
        SYSTEMS.iter().find(|system| system.job(environment).is_some())
    }

    /// The job, as the system names it.
    pub(super) fn job(&self, environment: &dyn Environment) -> Option<String> {
        let parts: Option<Vec<String>> = self.job.iter().map(|name| first(environment, &[name])).collect();
        parts.map(|parts| parts.join("-"))
    }

    pub(super) fn commit(&self, environment: &dyn Environment) -> Option<String> {
        first(environment, self.commit)
    }

    /// The branch, without what says that it is one.
    pub(super) fn branch(&self, environment: &dyn Environment) -> Option<String> {
        let branch = first(environment, self.branch)?;
        let short = ["refs/heads/", "refs/tags/", "refs/", "origin/"]
            .iter()
            .find_map(|prefix| branch.strip_prefix(prefix));
        Some(short.map_or(branch.clone(), str::to_owned))
    }

    /// What is built: `refs/heads/main`, `refs/tags/v1` or, for a pull request, `refs/pull/17`. Where that cannot be told for
    /// certain, there is none: a name that a stranger chose must not stand in its place.
    pub(super) fn built(&self, environment: &dyn Environment) -> Option<String> {
        let (value, how) = self.built.iter().find_map(|(name, how)| {
            let value = first(environment, &[name])?;
            let is_none = matches!(how, Ref::Request) && value == "false";
            (!is_none).then_some((value, *how))
        })?;
        let built = match how {
            Ref::Full => full(&value),
            Ref::Branch => Some(format!("refs/heads/{value}")),
            Ref::Tag => Some(format!("refs/tags/{value}")),
            Ref::Request => request(value.rsplit('/').next()?),
            Ref::UnknownRequest => None,
        }?;
        // `pull_request_target` of GitHub works for a pull request, and names the branch that it is to go into.
        let is_for_request = first(environment, &["GITHUB_HEAD_REF"]).is_some();
        (!is_for_request || built.starts_with("refs/pull/")).then_some(built)
    }
}

fn full(value: &str) -> Option<String> {
    if let Some(rest) = value
        .strip_prefix("refs/pull/")
        .or_else(|| value.strip_prefix("pr/"))
    {
        return request(rest.split('/').next()?);
    }
    for (prefix, namespace) in [
        ("refs/heads/", "refs/heads/"),
        ("branch/", "refs/heads/"),
        ("refs/tags/", "refs/tags/"),
        ("tag/", "refs/tags/"),
    ] {
        if let Some(name) = value.strip_prefix(prefix) {
            return Some(format!("{namespace}{name}"));
        }
    }
    None
}

fn request(number: &str) -> Option<String> {
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("refs/pull/{number}"))
}

#[cfg(test)]
mod tests {
    use rolewrap_core::FixedEnvironment;

    use super::*;

    /// What each placeholder comes to: the job, the commit, the branch, what is built.
    fn facts(variables: &[(&str, &str)]) -> [String; 4] {
        let environment: FixedEnvironment = variables.iter().copied().collect();
        let system = CiSystem::recognised(&environment).expect("it is recognised");
        [
            system.job(&environment),
            system.commit(&environment),
            system.branch(&environment),
            system.built(&environment),
        ]
        .map(|fact| fact.unwrap_or_else(|| "none".to_owned()))
    }

    const GITHUB: [(&str, &str); 3] = [
        ("GITHUB_REPOSITORY", "acme/infra"),
        ("GITHUB_RUN_ID", "17"),
        ("GITHUB_SHA", "0123"),
    ];

    #[test]
    fn each_system_says_what_it_builds() {
        for (variables, expected) in [
            (
                &[
                    ("CI_PROJECT_PATH", "acme/infra"),
                    ("CI_JOB_ID", "17"),
                    ("CI_COMMIT_SHA", "0123"),
                    ("CI_COMMIT_REF_NAME", "main"),
                    ("CI_COMMIT_BRANCH", "main"),
                ][..],
                ["acme/infra-17", "0123", "main", "refs/heads/main"],
            ),
            (
                &[
                    ("BUILD_TAG", "jenkins-infra-17"),
                    ("GIT_COMMIT", "0123"),
                    ("GIT_BRANCH", "origin/feature/x"),
                ],
                ["jenkins-infra-17", "0123", "feature/x", "none"],
            ),
            (
                &[
                    ("CIRCLE_PROJECT_REPONAME", "infra"),
                    ("CIRCLE_BUILD_NUM", "17"),
                    ("CIRCLE_SHA1", "0123"),
                    ("CIRCLE_BRANCH", "main"),
                ],
                ["infra-17", "0123", "main", "refs/heads/main"],
            ),
            (
                &[
                    ("BUILDKITE_PIPELINE_SLUG", "infra"),
                    ("BUILDKITE_BUILD_NUMBER", "17"),
                    ("BUILDKITE_COMMIT", "0123"),
                    ("BUILDKITE_BRANCH", "main"),
                    ("BUILDKITE_PULL_REQUEST", "false"),
                ],
                ["infra-17", "0123", "main", "refs/heads/main"],
            ),
            (
                &[
                    ("BITBUCKET_REPO_SLUG", "infra"),
                    ("BITBUCKET_BUILD_NUMBER", "17"),
                    ("BITBUCKET_COMMIT", "0123"),
                    ("BITBUCKET_TAG", "v1"),
                ],
                ["infra-17", "0123", "none", "refs/tags/v1"],
            ),
            (
                &[
                    ("BUILD_DEFINITIONNAME", "infra"),
                    ("BUILD_BUILDID", "17"),
                    ("BUILD_SOURCEVERSION", "0123"),
                    ("BUILD_SOURCEBRANCH", "refs/heads/feature/x"),
                ],
                ["infra-17", "0123", "feature/x", "refs/heads/feature/x"],
            ),
            (
                &[
                    ("CODEBUILD_BUILD_ID", "infra:17"),
                    ("CODEBUILD_RESOLVED_SOURCE_VERSION", "0123"),
                    ("CODEBUILD_WEBHOOK_HEAD_REF", "refs/heads/main"),
                    ("CODEBUILD_WEBHOOK_TRIGGER", "branch/main"),
                ],
                ["infra:17", "0123", "main", "refs/heads/main"],
            ),
            (
                &[
                    ("DRONE_REPO", "acme/infra"),
                    ("DRONE_BUILD_NUMBER", "17"),
                    ("DRONE_COMMIT_SHA", "0123"),
                    ("DRONE_BRANCH", "main"),
                ],
                ["acme/infra-17", "0123", "main", "refs/heads/main"],
            ),
            (
                &[
                    ("BASE_REPO_OWNER", "acme"),
                    ("BASE_REPO_NAME", "infra"),
                    ("PULL_NUM", "17"),
                    ("HEAD_COMMIT", "0123"),
                    ("HEAD_BRANCH_NAME", "main"),
                ],
                ["acme-infra-17", "0123", "main", "refs/pull/17"],
            ),
            (
                &[
                    ("TF_VAR_spacelift_stack_id", "infra"),
                    ("TF_VAR_spacelift_run_id", "01J"),
                    ("TF_VAR_spacelift_commit_sha", "0123"),
                    ("TF_VAR_spacelift_commit_branch", "main"),
                    ("TF_VAR_spacelift_run_type", "PROPOSED"),
                ],
                ["infra-01J", "0123", "main", "none"],
            ),
        ] {
            assert_eq!(facts(variables), expected.map(str::to_owned), "{variables:?}");
        }
    }

    #[test]
    fn a_stranger_names_the_branch_of_a_pull_request_and_not_what_is_built() {
        let of_github = |reference| {
            let variables = [("GITHUB_HEAD_REF", "main"), ("GITHUB_REF", reference)];
            facts(&[&GITHUB[..], &variables].concat())
        };
        let expected = ["acme/infra-17", "0123", "main", "refs/pull/17"];
        assert_eq!(of_github("refs/pull/17/merge"), expected.map(str::to_owned));
        assert_eq!(of_github("refs/heads/main")[3], "none");
        for variables in [
            &[
                ("CI_PROJECT_PATH", "acme/infra"),
                ("CI_JOB_ID", "1"),
                ("CI_COMMIT_REF_NAME", "main"),
                ("CI_MERGE_REQUEST_IID", "17"),
            ][..],
            &[
                ("BUILD_TAG", "jenkins-infra-1"),
                ("CHANGE_BRANCH", "main"),
                ("BRANCH_NAME", "PR-17"),
                ("CHANGE_ID", "17"),
            ],
            &[
                ("CIRCLE_PROJECT_REPONAME", "infra"),
                ("CIRCLE_BUILD_NUM", "1"),
                ("CIRCLE_BRANCH", "main"),
                ("CIRCLE_PULL_REQUEST", "https://github.com/acme/infra/pull/17"),
            ],
            &[
                ("BUILDKITE_PIPELINE_SLUG", "infra"),
                ("BUILDKITE_BUILD_NUMBER", "1"),
                ("BUILDKITE_BRANCH", "main"),
                ("BUILDKITE_PULL_REQUEST", "17"),
            ],
            &[
                ("BITBUCKET_REPO_SLUG", "infra"),
                ("BITBUCKET_BUILD_NUMBER", "1"),
                ("BITBUCKET_BRANCH", "main"),
                ("BITBUCKET_PR_ID", "17"),
            ],
            &[
                ("BUILD_DEFINITIONNAME", "infra"),
                ("BUILD_BUILDID", "1"),
                ("SYSTEM_PULLREQUEST_SOURCEBRANCH", "refs/heads/main"),
                ("BUILD_SOURCEBRANCH", "refs/pull/17/merge"),
            ],
            &[
                ("CODEBUILD_BUILD_ID", "infra:1"),
                ("CODEBUILD_WEBHOOK_HEAD_REF", "refs/heads/main"),
                ("CODEBUILD_WEBHOOK_TRIGGER", "pr/17"),
            ],
            &[
                ("DRONE_REPO", "acme/infra"),
                ("DRONE_BUILD_NUMBER", "1"),
                ("DRONE_SOURCE_BRANCH", "main"),
                ("DRONE_BRANCH", "release"),
                ("DRONE_PULL_REQUEST", "17"),
            ],
        ] {
            let [_, _, branch, built] = facts(variables);
            assert_eq!([&*branch, &*built], ["main", "refs/pull/17"], "{variables:?}");
        }
    }

    #[test]
    fn a_request_without_a_number_is_not_taken_for_a_branch() {
        let variables = [
            ("DRONE_REPO", "acme/infra"),
            ("DRONE_BUILD_NUMBER", "1"),
            ("DRONE_BRANCH", "main"),
            ("DRONE_PULL_REQUEST", "x"),
        ];
        assert_eq!(facts(&variables)[3], "none");
    }
}
