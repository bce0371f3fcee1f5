use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

/// The system's resolver. The failures of hyper's own can only be told from others by their text; these have a type.
#[derive(Debug, Clone)]
pub(super) struct SystemDns;

impl Service<Name> for SystemDns {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = ResolveDnsError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name.as_str(), 0))
                .await
                .map_err(ResolveDnsError::new)?;
            Ok(addresses.collect::<Vec<_>>().into_iter())
        })
    }
}
