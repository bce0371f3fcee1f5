use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rolewrap_core::RegularFile;

use super::Context;
use super::run_record::RunRecord;
use crate::configuration::{
    Digest, is_written_by_others, make_private_folder, new_private_file, state_folder,
};
use crate::run::Run;

/// The longest record that is read.
const LONGEST: u64 = 64 * 1024;

/// The runs that may have left a state in one directory, each in a file of its own. They hold no secret.
pub(crate) struct RunRecords(PathBuf);

impl RunRecords {
    /// Those of the directory that `run` works in. `None` where there is no place for them.
    pub(crate) fn of(run: &Run<'_>) -> Option<Self> {
        let folder = state_folder(&*run.world.system.environment)?.join("runs");
        let directory = run.directory.real.as_os_str().as_encoded_bytes();
        Some(Self(folder.join(Digest::of(directory).hex())))
    }

    /// Writes down that `run` starts. `unsaved` is where a state is that was not saved: where there is one, what is known of
    /// the runs before stays, since one of them left it.
    pub(crate) fn add(&self, run: &Run<'_>, context: Context, unsaved: &Path) -> io::Result<()> {
        make_private_folder(&self.0)?;
        let host = &run.world.system.host_name;
        // In this order: a run that has ended by then has left whatever it leaves.
        let mut others = self.read();
        others.retain(|(_, record)| record.has_ended(host));
        let left_at = unsaved.metadata().and_then(|metadata| metadata.modified());
        let (new, mut file) = new_private_file(&self.0)?;
        // Not by the clock: the times of files are some milliseconds behind it.
        let started = file.metadata()?.modified()?;
        let record = RunRecord {
            context,
            host: host.clone(),
            process_id: run.world.system.process_id,
            started,
            ended: None,
        };
        file.write_all(&serde_json::to_vec(&record)?)?;
        std::fs::rename(new, self.0.join(format!("{:016x}.json", fastrand::u64(..))))?;
        for (path, mut record) in others {
            match left_at {
                Err(_) => std::fs::remove_file(path)?,
                // What was left at this very time may be of either run.
                Ok(left_at) if left_at >= started || record.ended.is_some() => {}
                Ok(_) => {
                    record.ended = Some(started);
                    self.replace(&path, &record)?;
                }
            }
        }
        Ok(())
    }

    /// What the runs were for that may have left a state then, each once.
    pub(crate) fn at_work(&self, then: SystemTime) -> Vec<Context> {
        let mut contexts: Vec<Context> = Vec::new();
        for (_, record) in self.read() {
            if record.was_at_work(then) && !contexts.contains(&record.context) {
                contexts.push(record.context);
            }
        }
        contexts
    }

    fn replace(&self, path: &Path, record: &RunRecord) -> io::Result<()> {
        let text = serde_json::to_vec(record)?;
        let (new, mut file) = new_private_file(&self.0)?;
        file.write_all(&text)?;
        std::fs::rename(new, path)
    }

    /// All records. What cannot be read, or what others can write, is left out: it would become a line to copy.
    fn read(&self) -> Vec<(PathBuf, RunRecord)> {
        if is_written_by_others(&self.0) {
            return Vec::new();
        }
        let entries = std::fs::read_dir(&self.0).into_iter().flatten();
        let record = |entry: io::Result<std::fs::DirEntry>| {
            let path = entry.ok()?.path();
            if path.extension()? != "json" || is_written_by_others(&path) {
                return None;
            }
            let text = RegularFile::open(&path).ok()?.read(LONGEST).ok()?;
            Some((path, serde_json::from_slice(&text).ok()?))
        };
        entries.filter_map(record).collect()
    }
}
