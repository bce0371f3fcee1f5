use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Child;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::last_line::LastLine;
use super::process_tree::ProcessTree;
use super::visible_text::VisibleText;

/// The longest document that is read. One with a session token has some 2 kB.
pub(super) const LONGEST_OUTPUT_BYTES: usize = 64 * 1024;
/// How long after its end a program's output may stay open. Something that it left running in the background
/// can hold it open for ever.
const OUTPUT_GRACE: Duration = Duration::from_secs(1);

/// How a program ended, and what it wrote.
pub(super) struct Finished {
    pub(super) status: ExitStatus,
    /// The whole of its standard output.
    pub(super) output: Zeroizing<Vec<u8>>,
    /// The last line with anything on it that it wrote to standard error, made visible.
    pub(super) last_line: LastLine,
}

/// Why a program was stopped.
pub(super) enum Stopped {
    /// It wrote more than [`LONGEST_OUTPUT_BYTES`].
    TooMuchOutput,
    /// The system refused.
    Io(io::Error),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads what `child` writes until it has ended. Dropping this future ends the child and all that it started.
pub(super) async fn finish(
    mut child: Child,
    pass_on: &(dyn Fn(&str) + Send + Sync),
) -> Result<Finished, Stopped> {
    // Declared after the child, so dropped before it: the root's id is in use until the child is waited for.
    let mut tree = ProcessTree::new(child.id());
    let mut output = Zeroizing::new(Vec::with_capacity(LONGEST_OUTPUT_BYTES + 1));
    let mut last_line = LastLine::default();
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let status = {
        let reading = async {
            tokio::try_join!(
                read_output(stdout, &mut output),
                read_messages(stderr, pass_on, &mut last_line)
            )
        };
        let mut reading = std::pin::pin!(reading);
        tokio::select! {
            biased;
            read = &mut reading => {
                read?;
                child.wait().await?
            }
            status = child.wait() => {
                // From here on its id may be another process's.
                tree.ended();
                if let Ok(read) = timeout(OUTPUT_GRACE, reading).await {
                    read?;
                }
                status?
            }
        }
    };
    tree.ended();
    Ok(Finished {
        status,
        output,
        last_line,
    })
}

async fn read_output(pipe: Option<impl AsyncRead + Unpin>, output: &mut Vec<u8>) -> Result<(), Stopped> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    // Read into memory that was reserved, since growing would leave copies of a secret behind.
    while output.len() < output.capacity() {
        if pipe.read_buf(output).await? == 0 {
            return Ok(());
        }
        if output.len() > LONGEST_OUTPUT_BYTES {
            return Err(Stopped::TooMuchOutput);
        }
    }
    Err(Stopped::TooMuchOutput)
}

async fn read_messages(
    pipe: Option<impl AsyncRead + Unpin>,
    pass_on: &(dyn Fn(&str) + Send + Sync),
    last_line: &mut LastLine,
) -> Result<(), Stopped> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    let mut buffer = [0; 4096];
    let mut text = VisibleText::default();
    loop {
        let count = pipe.read(&mut buffer).await?;
        let piece = match buffer.get(..count) {
            Some(bytes) if count > 0 => text.push(bytes),
            _ => text.finish(),
        };
        if !piece.is_empty() {
            pass_on(&piece);
            last_line.push(&piece);
        }
        if count == 0 {
            return Ok(());
        }
    }
}
