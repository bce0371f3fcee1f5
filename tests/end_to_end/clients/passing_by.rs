//! Clients that do not know the credentials endpoint. With variables they are the role. With the endpoint they are not, and
//! what they are instead must be nobody whom the machine lends them.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::net::TcpListener;

use rolewrap_lab::{Moto, Sandbox, Venv};

use super::hostile_machine;
use crate::given::rolewrap;

/// boto 2 knows no variable for endpoints, and tells neither service nor region from an address.
const BOTO_2: &str = r#"
import os
from urllib.parse import urlparse
from boto.regioninfo import RegionInfo
from boto.sts import STSConnection
endpoint = urlparse(os.environ["AWS_ENDPOINT_URL_STS"])
region = RegionInfo(name="lab", endpoint=endpoint.hostname)
sts = STSConnection(is_secure=False, port=endpoint.port, region=region)
sts._auth_handler.service_name, sts._auth_handler.region_name = "sts", "us-east-1"
print(sts.make_request("GetCallerIdentity", {}, "/", "POST").read().decode())
"#;

const OBJECT_STORE: &str = r#"
import obstore, sys
from obstore.store import S3Store
store = S3Store(sys.argv[1], client_options={"allow_http": True}, retry_config={"max_retries": 0})
print([item["path"] for item in obstore.list(store).collect()])
"#;

const POLARS: &str = r#"
import polars, sys
options = {"aws_allow_http": "true", "max_retries": 0}
print(polars.scan_csv(f"s3://{sys.argv[1]}/table.csv", storage_options=options).collect())
"#;

fn program(text: &str, moto: &Moto) -> Vec<OsString> {
    let python = Venv::clients().expect("the clients are installed").python();
    vec![python.into(), "-c".into(), text.into(), moto.bucket().into()]
}

/// A hostile machine that also says where its own role is lent, and who lends it: nobody should come.
fn machine_with_a_role(moto: &Moto) -> (Sandbox, TcpListener) {
    let metadata = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    metadata.set_nonblocking(true).expect("a port can be asked");
    let address = metadata.local_addr().expect("a port has a number");
    let machine = hostile_machine(moto).env("AWS_METADATA_ENDPOINT", format!("http://{address}"));
    (machine, metadata)
}

fn expect_nobody(metadata: &TcpListener) {
    let asked = metadata.accept();
    assert!(asked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock));
}

#[test]
fn clients_that_pass_by_the_endpoint_are_the_role_with_variables_and_nobody_with_the_endpoint() {
    let moto = Moto::start().expect("moto starts");
    let (machine, metadata) = machine_with_a_role(&moto);
    let machine = machine.file("table.csv", "column\nvalue\n");
    let role = moto.role_arn("deploy");
    let under_the_role = |delivery: &str, command: &[OsString]| {
        let options = format!("--delivery {delivery} --iam-role {role} exec --");
        rolewrap(&machine, &options).args(command).run()
    };
    let bucket = format!("s3://{}/table.csv", moto.bucket());
    let copy = ["aws", "s3", "cp", "table.csv", &bucket].map(OsString::from);
    under_the_role("env", &copy).succeeds();
    for (text, said) in [
        (BOTO_2, ":assumed-role/deploy/"),
        (OBJECT_STORE, "table.csv"),
        (POLARS, "│ value"),
    ] {
        let command = program(text, &moto);
        under_the_role("env", &command).succeeds().stdout_has(said);
        let outcome = under_the_role("endpoint", &command);
        // boto 2 takes what the user has in `~/.aws`; the others find nobody.
        outcome.lacks(":assumed-role/deploy/").lacks("│ value");
        let is_refused = outcome.stdout().contains("InvalidClientTokenId");
        assert!(outcome.code() != 0 || is_refused, "{outcome}");
        expect_nobody(&metadata);
    }
}

/// As the SDK for .NET before version 4: the default profile of `~/.aws` comes before variables.
const PREFERS_PROFILES: &str = r#"
import boto3
print(boto3.Session(profile_name="default").get_credentials().access_key)
"#;

#[test]
fn a_client_that_prefers_the_default_profile_finds_none_where_profiles_are_hidden() {
    let moto = Moto::start().expect("moto starts");
    let machine = hostile_machine(&moto).file("../home/.aws/config", "");
    let role = moto.role_arn("deploy");
    let run = |options: &str| {
        rolewrap(&machine, &format!("{options} --iam-role {role} exec --"))
            .args([
                moto.python().into_os_string(),
                "-c".into(),
                PREFERS_PROFILES.into(),
            ])
            .run()
    };
    run("").succeeds().stdout_has("AKIAHOSTILEHOSTILE01");
    for options in ["--hide-profiles", "--hide-profiles=true"] {
        let outcome = run(options);
        outcome.lacks("AKIAHOSTILE").stderr_has("could not be found");
    }
    let machine = machine.env("ROLEWRAP_HIDE_PROFILES", "true");
    let run = |options: &str, script: &str| {
        let options = format!("{options} --iam-role {role}");
        rolewrap(&machine, &options)
            .args(["exec", "sh", "-c", script])
            .run()
    };
    let shown = "echo \"$AWS_CONFIG_FILE $AWS_SHARED_CREDENTIALS_FILE\"";
    let hidden = run("", shown);
    hidden.succeeds().stdout_has("/dev/null /dev/null");
    // An option beats the variable, and what is kept stays.
    let shown_by_option = run("--hide-profiles=false", shown);
    shown_by_option.succeeds().lacks("/dev/null");
    let kept = run("--keep-env AWS_CONFIG_FILE", shown);
    kept.succeeds().lacks("/dev/null /dev/null");
}
