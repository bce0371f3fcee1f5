use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde::Deserialize;
use tempfile::TempDir;

use crate::{AccessKey, LabError, Outcome, Sandbox, Venv};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/moto_lab.py");

/// The name of [`Moto::revocation`].
const REVOCATION: &str = "revoked";

/// AWS in a local process, with its permissions enforced: STS, IAM and S3 by moto.
///
/// There are two accounts. The security account holds the user `ci`, whose key is the base key. The deploy account
/// holds the bucket for the state, and these roles:
///
/// | role | may `ci` assume it? |
/// | --- | --- |
/// | `deploy` | yes; it may read and write the bucket |
/// | `external` | yes, with [`external_id`](Self::external_id) |
/// | `guarded` | yes, with a session for which a code of its MFA device was shown |
/// | `forbidden` | no: it trusts `ci`, but the policy of `ci` does not name it |
/// | `untrusting` | no: the policy of `ci` names it, but it trusts somebody else |
/// | `missing` | no: the policy of `ci` names it, but there is no such role |
/// | `chained` | no, but the role `hub` of the security account may, with the external id |
///
/// `ci` may assume the role `hub` of the security account, and that may ask for `chained` and for `deploy`.
#[derive(Debug)]
pub struct Moto {
    venv: Venv,
    process: Child,
    facts: Facts,
    /// The home of the process, without a configuration that boto3 could find.
    home: TempDir,
}

/// What the process says about itself when it is ready.
#[derive(Debug, Deserialize)]
struct Facts {
    endpoint: String,
    region: String,
    bucket: String,
    external_id: String,
    mfa_device: String,
    mfa_seed: String,
    security_account: String,
    deploy_account: String,
    base: AccessKey,
    admin: AccessKey,
}

impl Moto {
    /// Starts a process on a free port, and returns when it is furnished and enforces permissions.
    ///
    /// # Errors
    /// When the Python environment cannot be had, or when the process ends early.
    pub fn start() -> Result<Self, LabError> {
        Self::start_with(&[])
    }

    /// The same, where everybody may do everything. There alone moto answers who assumes a role with a web identity, whose
    /// token it does not look at.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn without_permissions() -> Result<Self, LabError> {
        Self::start_with(&["--let-all"])
    }

    /// The same, where every session of a role expires after `seconds`, whatever was asked for. What is signed with one
    /// that has expired is refused, as AWS does it; but AWS has no session that is so short.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn with_sessions_of(seconds: u32) -> Result<Self, LabError> {
        Self::start_with(&["--session-seconds", &seconds.to_string()])
    }

    fn start_with(options: &[&str]) -> Result<Self, LabError> {
        let venv = Venv::ready()?;
        let home = TempDir::new().map_err(LabError::io("create moto's home"))?;
        let mut log = tempfile::tempfile().map_err(LabError::io("create moto's log"))?;
        let stderr = log.try_clone().map_err(LabError::io("create moto's log"))?;
        let mut process = Command::new(venv.python())
            .arg("-I")
            .arg(PROGRAM)
            .args(options)
            .arg("--revocation")
            .arg(home.path().join(REVOCATION))
            .env_clear()
            .env("HOME", home.path())
            // It ends when this pipe is closed: on drop, and also when this process dies.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .map_err(LabError::io("start moto"))?;
        match read_facts(&mut process) {
            Ok(facts) => Ok(Self {
                venv,
                process,
                facts,
                home,
            }),
            Err(cause) => Err(early_end(&mut process, &mut log, &cause)),
        }
    }

    /// The URL that answers for STS, IAM and S3.
    pub fn endpoint(&self) -> &str {
        &self.facts.endpoint
    }

    /// The region of the bucket.
    pub fn region(&self) -> &str {
        &self.facts.region
    }

    /// The account that holds the user `ci`.
    pub fn security_account(&self) -> &str {
        &self.facts.security_account
    }

    /// The account that holds the roles and the bucket.
    pub fn deploy_account(&self) -> &str {
        &self.facts.deploy_account
    }

    /// The access key id of the user `ci`.
    pub fn base_key(&self) -> &str {
        &self.facts.base.access_key_id
    }

    /// The secret access key of the user `ci`.
    pub fn base_secret(&self) -> &str {
        &self.facts.base.secret_access_key
    }

    /// The key of the user `ci`, as the AWS clients read it.
    pub fn base_variables(&self) -> [(&'static str, String); 2] {
        self.facts.base.variables()
    }

    /// The external id that the role `external` asks for.
    pub fn external_id(&self) -> &str {
        &self.facts.external_id
    }

    /// The MFA device of the user `ci`.
    pub fn mfa_device(&self) -> &str {
        &self.facts.mfa_device
    }

    /// What the codes of that device are made of, in base 32. Each is taken once, by `GetSessionToken`.
    pub fn mfa_seed(&self) -> &str {
        &self.facts.mfa_seed
    }

    /// The bucket for Terraform's state.
    pub fn bucket(&self) -> &str {
        &self.facts.bucket
    }

    /// The ARN of the role `name`.
    pub fn role_arn(&self, name: &str) -> String {
        format!("arn:aws:iam::{}:role/{name}", self.facts.deploy_account)
    }

    /// What leads AWS clients here: endpoints and region, no credentials.
    pub fn variables(&self) -> Vec<(&'static str, &str)> {
        let endpoints = [
            "AWS_ENDPOINT_URL_STS",
            "AWS_ENDPOINT_URL_S3",
            "AWS_ENDPOINT_URL_IAM",
        ];
        let regions = ["AWS_REGION", "AWS_DEFAULT_REGION"];
        endpoints
            .map(|name| (name, self.endpoint()))
            .into_iter()
            .chain(regions.map(|name| (name, self.region())))
            .collect()
    }

    /// What `terraform init -backend-config=FILE` needs for an S3 backend that keeps its state here.
    pub fn backend_config(&self) -> String {
        let Self { facts, .. } = self;
        format!(
            "bucket         = \"{bucket}\"\nregion         = \"{region}\"\nuse_path_style = true\n\
             endpoints      = {{ s3 = \"{endpoint}\", sts = \"{endpoint}\", iam = \"{endpoint}\" }}\n",
            bucket = facts.bucket,
            region = facts.region,
            endpoint = facts.endpoint,
        )
    }

    /// A sandbox whose AWS clients are led here, with `aws` on its `PATH` and without credentials.
    pub fn sandbox(&self) -> Sandbox {
        Sandbox::new()
            .program(&self.venv.program("aws"))
            .envs(self.variables())
    }

    /// The Python that boto3 is installed for.
    pub fn python(&self) -> PathBuf {
        self.venv.python()
    }

    /// The keys of all objects in the bucket.
    ///
    /// # Panics
    /// When the listing fails.
    pub fn objects(&self) -> Vec<String> {
        let args = ["s3api", "list-objects-v2", "--bucket", self.bucket()];
        let listing = self.admin_aws(&args);
        if listing.stdout().trim().is_empty() {
            return Vec::new();
        }
        let listing: Listing = serde_json::from_str(listing.stdout()).expect("aws prints a listing");
        listing.contents.into_iter().map(|object| object.key).collect()
    }

    /// The content of an object in the bucket.
    ///
    /// # Panics
    /// When there is no such object.
    pub fn object(&self, key: &str) -> String {
        let url = format!("s3://{}/{key}", self.bucket());
        self.admin_aws(&["s3", "cp", "--quiet", &url, "-"])
            .stdout()
            .to_owned()
    }

    /// A file that whoever makes it revokes all sessions of roles with that there are: AWS refuses them before they expire.
    pub fn revocation(&self) -> PathBuf {
        self.home.path().join(REVOCATION)
    }

    /// How many sessions of roles STS has given.
    ///
    /// # Panics
    /// When moto does not say.
    pub fn sessions(&self) -> usize {
        // What moto keeps, which it says to everybody who asks in this way.
        let ask = "import json, sys, urllib.request as web\n\
                   held = json.load(web.urlopen(sys.argv[1] + '/moto-api/data.json'))\n\
                   print(len(held.get('sts', {}).get('AssumedRole', [])))";
        let outcome = Sandbox::new().run(self.python(), ["-c", ask, self.endpoint()]);
        let count = outcome.succeeds().stdout().trim();
        count.parse().expect("moto counts sessions")
    }

    /// Makes the bucket again, for a test that has lost it.
    ///
    /// # Panics
    /// When it is there, or cannot be made.
    pub fn make_bucket(&self) {
        self.admin_aws(&["s3", "mb", &format!("s3://{}", self.bucket())]);
    }

    fn admin_aws(&self, args: &[&str]) -> Outcome {
        let outcome = self
            .sandbox()
            .envs(self.facts.admin.variables())
            .command("aws")
            .args(args)
            .run();
        outcome.succeeds();
        outcome
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // Neither can be mended here, and the closed pipe ends the process in any case.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Listing {
    contents: Vec<Object>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Object {
    key: String,
}

fn read_facts(process: &mut Child) -> io::Result<Facts> {
    let stdout = process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

fn early_end(process: &mut Child, log: &mut File, cause: &io::Error) -> LabError {
    drop(process.stdin.take());
    let mut output = String::new();
    let status = process
        .wait()
        .map_or_else(|error| error.to_string(), |status| status.to_string());
    if log
        .rewind()
        .and_then(|()| log.read_to_string(&mut output))
        .is_err()
        || output.is_empty()
    {
        output = cause.to_string();
    }
    LabError::Failed {
        doing: "start moto",
        command: PROGRAM.to_owned(),
        status,
        output,
    }
}
