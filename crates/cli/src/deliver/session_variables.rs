use rolewrap_role::{Region, Session};

use crate::deliver::SessionMarks;

/// A session as environment variables. This is the one place that knows which they are: what the child finds in its
/// environment and what `rolewrap export` prints comes from here.
pub(crate) struct SessionVariables<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) secret_access_key: &'a str,
    pub(crate) session_token: &'a str,
    /// When the session expires, in UTC with a `Z`: JavaScript and Rust read no other form.
    pub(crate) expiration: String,
    pub(crate) region: Option<&'a str>,
    /// What it is known by.
    pub(crate) marks: SessionMarks,
}

impl<'a> SessionVariables<'a> {
    /// Those of `session`, and of `region` where one is known, with what it is known by.
    pub(crate) fn new(session: &'a Session, region: Option<&'a Region>, marks: SessionMarks) -> Self {
        Self {
            access_key_id: session.access_key_id(),
            secret_access_key: session.secret_access_key().expose(),
            session_token: session.session_token().expose(),
            expiration: humantime::format_rfc3339_seconds(session.expires_at()).to_string(),
            region: region.map(Region::as_str),
            marks,
        }
    }

    /// Each variable with its value.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let session = [
            ("AWS_ACCESS_KEY_ID", self.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", self.secret_access_key),
            ("AWS_SESSION_TOKEN", self.session_token),
            // What boto3 reads first, and old programs read alone.
            ("AWS_SECURITY_TOKEN", self.session_token),
            ("AWS_CREDENTIAL_EXPIRATION", &*self.expiration),
        ];
        session.into_iter().chain(self.surroundings())
    }

    /// The variables beside the session itself: the region, where one is known, and the marks.
    pub(crate) fn surroundings(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let names = ["AWS_REGION", "AWS_DEFAULT_REGION"];
        let region = names.into_iter().filter_map(|name| Some((name, self.region?)));
        region.chain(self.marks.pairs())
    }
}
