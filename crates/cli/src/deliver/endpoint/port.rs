use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::os::fd::OwnedFd;

use rustix::io::{FdFlags, fcntl_dupfd_cloexec, fcntl_setfd};
#[cfg(target_os = "linux")]
use rustix::net::sockopt;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, getsockname, listen, socket_with};

/// How many connections may wait to be accepted. The system cuts it to its own limit.
const BACKLOG: i32 = 1024;

/// The least number of the descriptor that the command inherits. Scripts use the low ones for themselves, bash those below
/// 256, and 200 is what the manual of `flock` uses.
const DESCRIPTOR: i32 = 217;

/// A port of 127.0.0.1 that stays ours for as long as the command runs.
#[derive(Debug)]
pub(super) struct Port {
    pub(super) listener: TcpListener,
    pub(super) guard: PortGuard,
    pub(super) number: u16,
}

/// Keeps the port taken. The command inherits it and knows nothing of it: should the endpoint die, the port is not free
/// for another program of this machine to answer in its place, and requests are refused.
#[derive(Debug)]
pub(crate) struct PortGuard(OwnedFd);

impl Port {
    /// A free one.
    ///
    /// # Errors
    /// When the system has none, or 127.0.0.1 is not there.
    #[cfg(target_os = "linux")]
    pub(super) fn take() -> io::Result<Self> {
        // Two sockets at one port, which Linux allows as long as both say so and none listens. From the moment on that
        // one listens and the other no longer says so, nobody else can bind or listen there, whatever they say, until
        // both are closed; a connection is refused once the listening one is.
        let guard = socket()?;
        sockopt::set_socket_reuseaddr(&guard, true)?;
        bind(&guard, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0))?;
        let address = SocketAddrV4::try_from(getsockname(&guard)?)?;
        let listener = socket()?;
        sockopt::set_socket_reuseaddr(&listener, true)?;
        bind(&listener, &address)?;
        listen(&listener, BACKLOG)?;
        sockopt::set_socket_reuseaddr(&guard, false)?;
        Ok(Self {
            listener: listener.into(),
            guard: PortGuard::of(guard),
            number: address.port(),
        })
    }

    /// A free one.
    ///
    /// # Errors
    /// When the system has none, or 127.0.0.1 is not there.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn take() -> io::Result<Self> {
        // Elsewhere the command keeps the listening socket itself: nobody else can take the port, and requests wait for
        // an answer that does not come, until their client gives up.
        let listener = socket()?;
        bind(&listener, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0))?;
        listen(&listener, BACKLOG)?;
        let address = SocketAddrV4::try_from(getsockname(&listener)?)?;
        Ok(Self {
            guard: PortGuard::of(listener.try_clone()?),
            listener: listener.into(),
            number: address.port(),
        })
    }
}

impl PortGuard {
    fn of(socket: OwnedFd) -> Self {
        // Where so many descriptors are not allowed, a low one does as well.
        let high = fcntl_dupfd_cloexec(&socket, DESCRIPTOR);
        Self(high.unwrap_or(socket))
    }

    /// Lets the program that takes this process's place inherit it.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn inherit(&self) -> io::Result<()> {
        Ok(fcntl_setfd(&self.0, FdFlags::empty())?)
    }
}

fn socket() -> io::Result<OwnedFd> {
    #[cfg(target_os = "linux")]
    let flags = SocketFlags::CLOEXEC;
    #[cfg(not(target_os = "linux"))]
    let flags = SocketFlags::empty();
    let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
    #[cfg(not(target_os = "linux"))]
    fcntl_setfd(&socket, FdFlags::CLOEXEC)?;
    Ok(socket)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::TcpStream;

    use super::*;

    /// Somebody else who wants to answer at `port`, with whatever option there is for it.
    fn takes(address: Ipv4Addr, port: u16, reuse_address: bool, reuse_port: bool) -> io::Result<OwnedFd> {
        let other = socket()?;
        sockopt::set_socket_reuseaddr(&other, reuse_address)?;
        sockopt::set_socket_reuseport(&other, reuse_port)?;
        bind(&other, &SocketAddrV4::new(address, port))?;
        listen(&other, 1)?;
        Ok(other)
    }

    fn is_taken(port: u16) -> bool {
        let addresses = [Ipv4Addr::LOCALHOST, Ipv4Addr::UNSPECIFIED];
        let options = [(false, false), (true, false), (false, true), (true, true)];
        addresses.iter().all(|address| {
            options
                .iter()
                .all(|(address_too, port_too)| takes(*address, port, *address_too, *port_too).is_err())
        })
    }

    #[test]
    fn nobody_answers_in_the_place_of_an_endpoint_that_died() {
        let port = Port::take().unwrap();
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port.number)).is_ok());
        assert!(is_taken(port.number));
        drop(port.listener);
        assert!(is_taken(port.number), "the guard alone keeps the port");
        let refused = TcpStream::connect((Ipv4Addr::LOCALHOST, port.number)).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        drop(port.guard);
        assert!(
            takes(Ipv4Addr::LOCALHOST, port.number, true, false).is_ok(),
            "the port is free afterwards"
        );
    }

    #[test]
    fn who_waited_at_the_port_before_cannot_listen_there_later() {
        let port = Port::take().unwrap();
        // A socket that was bound in the moment between the guard and the listener would be bound like this one.
        let waiting = socket().unwrap();
        sockopt::set_socket_reuseaddr(&waiting, true).unwrap();
        assert!(bind(&waiting, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port.number)).is_err());
    }
}
