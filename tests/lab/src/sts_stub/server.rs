use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

/// An HTTP/1 server with a thread and a runtime of its own. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    // Dropping it ends the thread.
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on a free port of 127.0.0.1, and answers each request with what `respond` says. The port accepts
    /// connections when this returns.
    pub(crate) fn start<Answering, Sent>(
        acceptor: Option<TlsAcceptor>,
        respond: impl Fn(Request<Incoming>) -> Answering + Clone + Send + 'static,
    ) -> io::Result<Self>
    where
        Answering: Future<Output = io::Result<Response<Sent>>> + Send + 'static,
        Sent: Body + Send + 'static,
        Sent::Data: Send,
        Sent::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let connections = Arc::<AtomicUsize>::default();
        let count = connections.clone();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("stub".to_owned()).spawn(move || {
            runtime.spawn(accept(listener, acceptor, count, respond));
            // Until the sender is dropped. Then the runtime goes, and every connection with it.
            let _ = runtime.block_on(stopped);
        })?;
        Ok(Self {
            address,
            connections,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// How many connections were made so far, TLS included.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept<Answering, Sent>(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    connections: Arc<AtomicUsize>,
    respond: impl Fn(Request<Incoming>) -> Answering + Clone + Send + 'static,
) where
    Answering: Future<Output = io::Result<Response<Sent>>> + Send + 'static,
    Sent: Body + Send + 'static,
    Sent::Data: Send,
    Sent::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let (acceptor, connections, respond) = (acceptor.clone(), connections.clone(), respond.clone());
        tokio::spawn(async move {
            match acceptor {
                None => {
                    connections.fetch_add(1, Ordering::SeqCst);
                    serve(stream, respond).await;
                }
                // A client that does not trust the certificate ends here.
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        connections.fetch_add(1, Ordering::SeqCst);
                        serve(stream, respond).await;
                    }
                }
            }
        });
    }
}

async fn serve<Answering, Sent>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    respond: impl Fn(Request<Incoming>) -> Answering,
) where
    Answering: Future<Output = io::Result<Response<Sent>>>,
    Sent: Body + Send + 'static,
    Sent::Data: Send,
    Sent::Error: Into<Box<dyn Error + Send + Sync>>,
{
    // Clients go away, and scripts say to drop connections: neither is worth a word.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service_fn(respond))
        .with_upgrades()
        .await;
}
