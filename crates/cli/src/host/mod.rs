//! The world that a run happens in, as far as tests replace it: environment, clock, directories, Git, programs, signals.

pub(crate) mod changed_environment;
#[cfg(unix)]
pub(crate) mod core_dumps;
#[cfg(target_os = "linux")]
pub(crate) mod file_size_limit;
pub(crate) mod git;
pub(crate) mod hidden_profiles;
mod marked_region;
mod marks;
pub(crate) mod outer_session;
pub(crate) mod program;
pub(crate) mod system;
mod truth_text;
mod variables;
pub(crate) mod wait;
pub(crate) mod work_directory;

pub(crate) use marked_region::{AWS_REGIONS, MarkedRegion};
pub(crate) use marks::{
    ASKING, CARRIED, INSTALLED_VERSION, OF_A_SESSION, SESSION_HIDES, SESSION_KEY, SESSION_LACKS,
    SESSION_MARKER, SESSION_REGION, SESSION_SHAPE, STARTED,
};
pub(crate) use truth_text::{of_aws as aws_truth_of, own as truth_of};
pub(crate) use variables::{NEVER_EMPTY_BECAUSE, PREFIX, aws_truth, text as variable, truth};
