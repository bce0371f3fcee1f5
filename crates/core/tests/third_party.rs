//! Someone else's source: the one of the example, through the library's public interface alone.

#[path = "../examples/mounted_secret.rs"]
mod mounted_secret;

use std::fs;
use std::sync::Mutex;

use async_trait::async_trait;
use mounted_secret::MountedSecret;
use rolewrap_core::contract::{self, Rotation, Scenario, Scenarios};
use rolewrap_core::{BaseCredentialSource, BaseCredentials, FallbackOrder, SourceError};
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

    fn holding(&self, folder: &str, id: &str, secret: &str) -> Box<dyn BaseCredentialSource> {
        let secret = format!("{secret}\n");
        self.source(folder, &[("access-key-id", id), ("secret-access-key", &secret)])
    }
}

#[async_trait]
impl Scenarios for Folders {
    async fn present(&self) -> Box<dyn BaseCredentialSource> {
        self.holding("present", contract::ACCESS_KEY_ID, contract::SECRET_ACCESS_KEY)
    }

    async fn rotated(&self) -> Rotation<'_> {
        let (id, secret) = (
            contract::ROTATED_ACCESS_KEY_ID,
            contract::ROTATED_SECRET_ACCESS_KEY,
        );
        Rotation::Source {
            source: self.holding("rotated", contract::ACCESS_KEY_ID, contract::SECRET_ACCESS_KEY),
            rotate: Box::pin(async move {
                self.holding("rotated", id, secret);
            }),
        }
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

/// A source that asks its store once.
#[derive(Debug)]
struct Remembering(Box<dyn BaseCredentialSource>, Mutex<Option<BaseCredentials>>);

#[async_trait]
impl BaseCredentialSource for Remembering {
    fn name(&self) -> &str {
        self.0.name()
    }

    async fn load(&self) -> Result<BaseCredentials, SourceError> {
        if let Some(loaded) = &*self.1.lock().expect("nobody panicked") {
            return Ok(loaded.clone());
        }
        let loaded = self.0.load().await?;
        *self.1.lock().expect("nobody panicked") = Some(loaded.clone());
        Ok(loaded)
    }
}

struct RememberingFolders(Folders);

#[async_trait]
impl Scenarios for RememberingFolders {
    async fn present(&self) -> Box<dyn BaseCredentialSource> {
        self.0.present().await
    }

    async fn rotated(&self) -> Rotation<'_> {
        match self.0.rotated().await {
            Rotation::Source { source, rotate } => Rotation::Source {
                source: Box::new(Remembering(source, Mutex::new(None))),
                rotate,
            },
            never @ Rotation::CannotHappen(_) => never,
        }
    }

    async fn absent(&self) -> Box<dyn BaseCredentialSource> {
        self.0.absent().await
    }

    async fn malformed(&self) -> Vec<Box<dyn BaseCredentialSource>> {
        self.0.malformed().await
    }

    async fn denied(&self) -> Scenario {
        self.0.denied().await
    }

    async fn unreachable(&self) -> Scenario {
        self.0.unreachable().await
    }
}

#[tokio::test]
#[should_panic(expected = "a key that was replaced is what the next load yields")]
async fn a_source_that_remembers_its_key_does_not_keep_the_contract() {
    contract::check(&RememberingFolders(Folders(TempDir::new().unwrap()))).await;
}

#[tokio::test]
async fn it_takes_its_turn_in_a_fallback_order() {
    let folders = Folders(TempDir::new().unwrap());
    let order = FallbackOrder::new(vec![folders.absent().await, folders.present().await]);
    let credentials = order.load().await.unwrap();
    assert_eq!(credentials.source_name(), "present");
}
