use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection as Described};

/// What bytes go through: a socket, TLS over one, or TLS in a tunnel.
pub(super) trait Stream: Read + Write + Described + Send + Unpin {}

impl<T: Read + Write + Described + Send + Unpin> Stream for T {}

/// An open connection to the endpoint, or to a proxy that passes whole requests on.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    is_forwarded: bool,
}

impl Connection {
    /// A connection on which the endpoint itself answers.
    pub(super) fn to_endpoint(stream: impl Stream + 'static) -> Self {
        Self {
            stream: Box::new(stream),
            is_forwarded: false,
        }
    }

    /// A connection to a proxy, which wants to be told the whole URL.
    pub(super) fn to_forward_proxy(stream: impl Stream + 'static) -> Self {
        Self {
            stream: Box::new(stream),
            is_forwarded: true,
        }
    }

    /// Whether the other side has neither closed it nor said anything. Nothing is to be said before the first request.
    pub(super) fn is_idle(&mut self) -> bool {
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        let mut context = Context::from_waker(Waker::noop());
        Pin::new(&mut self.stream)
            .poll_read(&mut context, buffer.unfilled())
            .is_pending()
    }
}

impl Described for Connection {
    fn connected(&self) -> Connected {
        self.stream.connected().proxy(self.is_forwarded)
    }
}

impl Read for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
