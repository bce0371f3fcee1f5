use std::path::{Path, PathBuf};

use rolewrap_core::FixedEnvironment;
use tempfile::TempDir;

use crate::configuration::{Configuration, Places, TrustStore};
use crate::error::Error;

/// Three files in a folder of their own, and what else is merged.
pub(super) struct Given {
    pub(super) folder: TempDir,
    pub(super) places: Places,
    pub(super) variables: Vec<(&'static str, &'static str)>,
    pub(super) options: Vec<(&'static str, &'static str, String)>,
}

pub(super) fn given() -> Given {
    let folder = TempDir::new().unwrap();
    let places = Places {
        system: None,
        user: None,
        project: None,
        trust: TrustStore::default(),
    };
    Given {
        folder,
        places,
        variables: Vec::new(),
        options: Vec::new(),
    }
}

impl Given {
    pub(super) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(super) fn system(mut self, text: &str) -> Self {
        self.places.system = Some(self.file("etc.toml", text));
        self
    }

    pub(super) fn user(mut self, text: &str) -> Self {
        let home = self.folder.path().join("home");
        let environment: FixedEnvironment = [("XDG_CONFIG_HOME", home.as_os_str())].into_iter().collect();
        self.file("home/rolewrap/config.toml", text);
        self.places.user = Places::new(&environment, None, Path::new("/"), Path::new("/nowhere"))
            .unwrap()
            .user;
        self
    }

    pub(super) fn project(mut self, text: &str) -> Self {
        self.places.project = Some(self.file("project/rolewrap.toml", text));
        self
    }

    pub(super) fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    pub(super) fn option(mut self, key: &'static str, name: &'static str, value: &str) -> Self {
        self.options.push((key, name, value.to_owned()));
        self
    }

    pub(super) fn load(&self) -> Result<Configuration, Error> {
        let environment: FixedEnvironment = self.variables.iter().copied().collect();
        Configuration::load(&environment, &self.places, &self.options)
    }

    pub(super) fn failure(&self) -> String {
        self.shown(&self.load().unwrap_err().to_string())
    }

    pub(super) fn origin(&self, key: &str) -> String {
        self.shown(&self.load().unwrap().origin(key).to_string())
    }

    pub(super) fn shown(&self, text: &str) -> String {
        text.replace(&*self.folder.path().to_string_lossy(), "DIR")
    }
}
