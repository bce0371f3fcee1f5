use std::io;
use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// A port of 127.0.0.1 where nobody listens. Nobody gets it who asks the system for a free one, as long as this is there;
/// who knows its number may listen there, since Linux gives a port to several sockets that all want to share it, as long
/// as one of them listens at most.
#[derive(Debug)]
pub struct ClosedPort {
    _socket: TcpSocket,
    address: SocketAddr,
}

impl ClosedPort {
    /// A free one.
    ///
    /// # Errors
    /// When there is none.
    pub fn take() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = socket.local_addr()?;
        Ok(Self {
            _socket: socket,
            address,
        })
    }

    /// Where nobody listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}
