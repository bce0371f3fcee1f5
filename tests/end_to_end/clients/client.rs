use std::ffi::OsString;
use std::path::PathBuf;

use rolewrap_lab::{Moto, NodePackages, node};

use super::rust_sdk;

/// A program that asks STS who it is, with the credentials that its SDK finds by itself, and prints the ARN.
#[derive(Debug, Clone, Copy)]
pub(super) enum Client {
    AwsCli,
    Boto3,
    JavaScript,
    JavaScript2,
    Rust,
}

impl Client {
    pub(super) const ALL: [Self; 5] = [
        Self::AwsCli,
        Self::Boto3,
        Self::JavaScript,
        Self::JavaScript2,
        Self::Rust,
    ];

    /// The command and its arguments.
    pub(super) fn command(self, moto: &Moto) -> Vec<OsString> {
        let words = |words: &[&str]| words.iter().map(OsString::from).collect();
        match self {
            Self::AwsCli => words(&[
                "aws",
                "sts",
                "get-caller-identity",
                "--query",
                "Arn",
                "--output",
                "text",
            ]),
            Self::Boto3 => {
                let program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])";
                vec![moto.python().into(), "-c".into(), program.into()]
            }
            Self::JavaScript => with_node(NodePackages::identity),
            Self::JavaScript2 => with_node(NodePackages::identity_v2),
            Self::Rust => rust_sdk::command(),
        }
    }
}

fn with_node(program: impl Fn(&NodePackages) -> PathBuf) -> Vec<OsString> {
    let packages = NodePackages::ready().expect("the SDK for JavaScript is installed");
    let node = node().expect("Node.js is installed");
    vec![node.into(), program(&packages).into()]
}
