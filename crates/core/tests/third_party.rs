//! Someone else's source: the one of the example, through the library's public interface alone.

#[path = "../examples/mounted_secret.rs"]
mod mounted_secret;

use std::fs;

use async_trait::async_trait;
use mounted_secret::MountedSecret;
use rolewrap_core::contract::{self, Scenario, Scenarios};
use rolewrap_core::{BaseCredentialSource, FallbackOrder};
use tempfile::TempDir;

/// Folders of one test, each with these files.
struct Folders(TempDir);

impl Folders {
    fn source(&self, folder: &str, files: &[(&str, &str)]) -> Box<dyn BaseCredentialSource> {
        let path = self.0.path().join(folder);
        fs::create_dir_all(&path).expect("a folder can be made");
        for (name, text) in files {
            fs::write(path.join(name), text).expect("a file can be written");
        }
        Box::new(MountedSecret::new(folder, path))
    }
}

#[async_trait]
impl Scenarios for Folders {
    async fn present(&self) -> Box<dyn BaseCredentialSource> {
        let secret = format!("{}\n", contract::SECRET_ACCESS_KEY);
        self.source(
            "present",
            &[
                ("access-key-id", contract::ACCESS_KEY_ID),
                ("secret-access-key", &secret),
            ],
        )
    }

    async fn absent(&self) -> Box<dyn BaseCredentialSource> {
        self.source("absent", &[])
    }

    async fn malformed(&self) -> Vec<Box<dyn BaseCredentialSource>> {
        let canary = contract::MALFORMED_CANARY;
        vec![
            self.source("half", &[("secret-access-key", canary)]),
            self.source("other half", &[("access-key-id", canary)]),
            self.source(
                "no key",
                &[("access-key-id", canary), ("secret-access-key", canary)],
            ),
        ]
    }

    async fn denied(&self) -> Scenario {
        Scenario::CannotHappen("the tests may run as root, who may read everything")
    }

    async fn unreachable(&self) -> Scenario {
        let folder = self.0.path().join("unreachable/access-key-id");
        fs::create_dir_all(folder).expect("a folder can be made");
        Scenario::Source(self.source("unreachable", &[]))
    }
}

#[tokio::test]
async fn it_keeps_the_contract_of_sources() {
    contract::check(&Folders(TempDir::new().unwrap())).await;
}

#[tokio::test]
async fn it_takes_its_turn_in_a_fallback_order() {
    let folders = Folders(TempDir::new().unwrap());
    let order = FallbackOrder::new(vec![folders.absent().await, folders.present().await]);
    let credentials = order.load().await.unwrap();
    assert_eq!(credentials.source_name(), "present");
}
