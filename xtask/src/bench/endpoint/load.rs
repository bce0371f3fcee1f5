use std::io::{self, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};

use super::client::{Client, read};
use super::endpoint_process::EndpointProcess;
use super::pace::Pace;
use crate::Failure;

/// As many clients as ask at the same time.
pub(super) const CONNECTIONS: usize = 50;

/// Clients that each ask again as soon as they have been answered, all on one thread: two calls of the system for a
/// request, so that the load is less work than what it loads.
pub(super) struct Load<'a> {
    client: &'a Client,
    keeps_alive: bool,
    connections: Vec<Connection>,
    latencies: Vec<Duration>,
}

struct Connection {
    stream: TcpStream,
    asked_at: Instant,
}

impl<'a> Load<'a> {
    /// Each client keeps its connection.
    pub(super) fn keeping_alive(client: &'a Client) -> Self {
        Self::new(client, true)
    }

    /// Each client connects anew for each request.
    pub(super) fn connecting(client: &'a Client) -> Self {
        Self::new(client, false)
    }

    fn new(client: &'a Client, keeps_alive: bool) -> Self {
        Self {
            client,
            keeps_alive,
            connections: Vec::new(),
            latencies: Vec::new(),
        }
    }

    /// Asks for as long as this.
    pub(super) fn run(mut self, duration: Duration, process: &EndpointProcess) -> Result<Pace, Failure> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let (began, used) = (Instant::now(), process.cpu()?);
        for number in 0..CONNECTIONS {
            let connection = Connection::ask(self.client)?;
            connection.watch(&epoll, number)?;
            self.connections.push(connection);
        }
        let nothing = Event {
            flags: EventFlags::empty(),
            data: EventData::new_u64(0),
        };
        let mut events = [nothing; CONNECTIONS];
        while began.elapsed() < duration {
            let ready = epoll::wait(&epoll, &mut events, None)?;
            for event in &events[..ready] {
                self.answered(&epoll, usize::try_from(event.data.u64())?)?;
            }
        }
        let used = process.cpu()?.saturating_sub(used);
        Ok(Pace::of(self.latencies, began.elapsed(), used))
    }

    /// Takes what has come, and asks again where it was the end of an answer.
    fn answered(&mut self, epoll: &impl std::os::fd::AsFd, number: usize) -> Result<(), Failure> {
        let connection = &mut self.connections[number];
        let mut buffer = [0; 4096];
        let length = read(&mut connection.stream, &mut buffer)?;
        if !buffer.starts_with(b"HTTP/1.1 200 ") {
            return Err(String::from_utf8_lossy(&buffer[..length]).into_owned().into());
        }
        // The one brace that closes is the last byte.
        if !buffer[..length].ends_with(b"}") {
            return Err("an answer came in parts".into());
        }
        self.latencies.push(connection.asked_at.elapsed());
        if self.keeps_alive {
            connection.ask_again(self.client)?;
        } else {
            *connection = Connection::ask(self.client)?;
            connection.watch(epoll, number)?;
        }
        Ok(())
    }
}

impl Connection {
    /// A new one, with a request under way.
    fn ask(client: &Client) -> io::Result<Self> {
        let asked_at = Instant::now();
        let mut stream = client.connect()?;
        stream.write_all(&client.request)?;
        Ok(Self { stream, asked_at })
    }

    fn ask_again(&mut self, client: &Client) -> io::Result<()> {
        self.asked_at = Instant::now();
        self.stream.write_all(&client.request)
    }

    fn watch(&self, epoll: &impl std::os::fd::AsFd, number: usize) -> Result<(), Failure> {
        let data = EventData::new_u64(u64::try_from(number)?);
        Ok(epoll::add(epoll, &self.stream, data, EventFlags::IN)?)
    }
}
