use http::header::{AUTHORIZATION, HOST, ORIGIN};
use http::{HeaderName, Method, Request, StatusCode};

use super::AccessToken;

/// The one path that is answered. Nothing in a request chooses a role.
pub(crate) const PATH: &str = "/session";

/// Decides which requests are answered: those of the command, which was told the address and the token.
#[derive(Debug)]
pub(super) struct Gate {
    /// What the `Host` header has to be. A page that had its own name point here would send that name. AWS's Common Runtime
    /// leaves the port out.
    hosts: [String; 2],
    token: AccessToken,
}

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: &'static str,
}

impl Gate {
    /// The gate of the endpoint at `port` of 127.0.0.1.
    pub(super) fn new(port: u16, token: AccessToken) -> Self {
        Self {
            hosts: [format!("127.0.0.1:{port}"), "127.0.0.1".to_owned()],
            token,
        }
    }

    /// Lets the command's requests pass.
    ///
    /// # Errors
    /// [`Refusal`], with what to answer.
    pub(super) fn admit<Body>(&self, request: &Request<Body>) -> Result<(), Refusal> {
        let refuse = |status, reason| Err(Refusal { status, reason });
        let is_named = |host: &[u8]| self.hosts.iter().any(|own| own.as_bytes() == host);
        // A proxy asks with the whole URL, and nobody needs one to get here.
        if request.uri().authority().is_some() || !only(request, HOST).is_some_and(is_named) {
            return refuse(
                StatusCode::FORBIDDEN,
                "the Host header is not that of this endpoint",
            );
        }
        if request.headers().contains_key(ORIGIN) {
            return refuse(StatusCode::FORBIDDEN, "no web page is answered");
        }
        if request.method() != Method::GET {
            return refuse(StatusCode::METHOD_NOT_ALLOWED, "only GET is answered");
        }
        if request.uri().path_and_query().is_none_or(|path| path != PATH) {
            return refuse(StatusCode::NOT_FOUND, "there is nothing at this path");
        }
        match only(request, AUTHORIZATION) {
            Some(shown) if self.token.is(shown) => Ok(()),
            _ => refuse(
                StatusCode::UNAUTHORIZED,
                "the Authorization header is not the token of this endpoint",
            ),
        }
    }
}

/// The value of a header that stands there once.
fn only<Body>(request: &Request<Body>, name: HeaderName) -> Option<&[u8]> {
    let mut values = request.headers().get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.as_bytes())
}

#[cfg(test)]
mod tests {
    use http::request::Builder;
    use rolewrap_core::Secret;

    use super::*;

    fn gate() -> Gate {
        Gate::new(4711, AccessToken::given(Secret::new("the-token")))
    }

    fn good() -> Builder {
        Request::get("/session")
            .header("Host", "127.0.0.1:4711")
            .header("Authorization", "the-token")
    }

    fn status(request: Builder) -> Option<u16> {
        let outcome = gate().admit(&request.body(()).unwrap());
        outcome.err().map(|refusal| refusal.status.as_u16())
    }

    #[test]
    fn the_command_is_let_in() {
        assert_eq!(status(good()), None);
        assert_eq!(status(good().header("User-Agent", "Boto3/1.40")), None);
    }

    #[test]
    fn the_common_runtime_of_aws_is_let_in_without_a_port_and_with_the_token_alone() {
        let request = || Request::get("/session").header("Host", "127.0.0.1");
        assert_eq!(status(request().header("Authorization", "the-token")), None);
        assert_eq!(status(request()), Some(401));
        assert_eq!(status(request().header("Host", "127.0.0.1:4711")), Some(403));
    }

    #[test]
    fn without_the_very_token_nobody_is() {
        let without = || Request::get("/session").header("Host", "127.0.0.1:4711");
        assert_eq!(status(without()), Some(401));
        for other in [
            "",
            "the-toke",
            "the-token ",
            "THE-TOKEN",
            "Bearer the-token",
            "Basic dGhlLXRva2Vu",
        ] {
            assert_eq!(
                status(without().header("Authorization", other)),
                Some(401),
                "{other:?}"
            );
        }
        assert_eq!(status(good().header("Authorization", "another")), Some(401));
    }

    #[test]
    fn a_name_that_was_made_to_point_here_is_refused_also_with_the_token() {
        for host in [
            "evil.example:4711",
            "localhost:4711",
            "127.0.0.1:80",
            "127.0.0.1:",
            "127.0.0.1.evil.example:4711",
            "[::1]:4711",
            "",
        ] {
            let request = Request::get("/session")
                .header("Host", host)
                .header("Authorization", "the-token");
            assert_eq!(status(request), Some(403), "{host:?}");
        }
        let none = Request::get("/session").header("Authorization", "the-token");
        assert_eq!(status(none), Some(403));
        assert_eq!(status(good().header("Host", "127.0.0.1:4711")), Some(403));
        assert_eq!(status(good().uri("http://127.0.0.1:4711/session")), Some(403));
    }

    #[test]
    fn a_web_page_is_refused_also_with_the_token() {
        for origin in ["https://evil.example", "null", "http://127.0.0.1:4711", ""] {
            assert_eq!(status(good().header("Origin", origin)), Some(403), "{origin:?}");
        }
    }

    #[test]
    fn there_is_one_path_and_one_method() {
        for path in [
            "/",
            "/session/",
            "/session?role=admin",
            "//session",
            "/Session",
            "/session/../session",
            "/%73ession",
            "/latest/meta-data/iam/security-credentials/",
        ] {
            assert_eq!(status(good().uri(path)), Some(404), "{path}");
        }
        for method in ["POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "GETS"] {
            assert_eq!(status(good().method(method)), Some(405), "{method}");
        }
    }
}
