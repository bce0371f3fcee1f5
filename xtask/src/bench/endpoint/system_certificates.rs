use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use rolewrap_lab::StsStub;

use crate::Failure;
use crate::bench::sts_endpoint::bundle;

/// Where most systems keep each certificate in a file of its own as well.
const SYSTEM_FOLDER: &str = "/etc/ssl/certs";

/// A copy of the system's certificates in `folder`, with the stub's among them, and the variables that put it in their
/// place. They are read by the same way as the system's, all of them.
pub(super) fn with_the_stub(stub: &StsStub, folder: &Path) -> Result<[(&'static str, String); 2], Failure> {
    fs::create_dir(folder)?;
    let file = bundle(stub, folder)?;
    for entry in fs::read_dir(SYSTEM_FOLDER).into_iter().flatten().flatten() {
        // The file with all of them is there already.
        if entry.file_name() != "ca-certificates.crt" {
            symlink(entry.path(), folder.join(entry.file_name()))?;
        }
    }
    let text = |path: &Path| path.to_string_lossy().into_owned();
    Ok([("SSL_CERT_FILE", text(&file)), ("SSL_CERT_DIR", text(folder))])
}
