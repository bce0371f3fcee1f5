use std::fs;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::process::Process;
use super::{api, text};
use crate::{ClosedPort, LabError};

/// How long the nodes may take to find each other.
const PATIENCE: Duration = Duration::from_mins(1);

/// Three nodes of OpenBao that keep their data together, by Raft. Version 2 of the key-value engine is at `secret`.
#[derive(Debug)]
pub struct BaoCluster {
    nodes: Vec<Node>,
    root: String,
    /// Which the nodes must know of each other before they start.
    _ports: Vec<ClosedPort>,
}

#[derive(Debug)]
struct Node {
    address: SocketAddr,
    /// `None` once it was killed.
    process: Option<Process>,
    _directory: TempDir,
}

impl BaoCluster {
    /// Starts three nodes, and returns when each of them serves.
    ///
    /// # Errors
    /// When there are no ports, or a node ends early.
    ///
    /// # Panics
    /// When the nodes do not find each other.
    pub fn start() -> Result<Self, LabError> {
        let ports = (0..6).map(|_| ClosedPort::take()).collect::<io::Result<Vec<_>>>();
        let ports = ports.map_err(LabError::io("find ports for a cluster"))?;
        let nodes = ports
            .chunks(2)
            .map(|ports| Node::start(ports[0].address(), ports[1].address()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut cluster = Self {
            nodes,
            root: String::new(),
            _ports: ports,
        };
        cluster.join();
        Ok(cluster)
    }

    fn join(&mut self) {
        let keys = json!({ "secret_shares": 1, "secret_threshold": 1 });
        let keys = until("init", || self.ask(0, "PUT", "sys/init", &keys));
        text(&keys["root_token"]).clone_into(&mut self.root);
        let unseal = json!({ "key": keys["keys"][0] });
        until("unseal", || self.ask(0, "PUT", "sys/unseal", &unseal));
        let stable = json!({ "server_stabilization_time": "1s" });
        until("become stable", || {
            self.ask(0, "POST", "sys/storage/raft/autopilot/configuration", &stable)
        });
        let leader = json!({ "leader_api_addr": self.urls()[0] });
        for node in 1..self.nodes.len() {
            until("join", || self.ask(node, "PUT", "sys/storage/raft/join", &leader));
            until("unseal", || self.ask(node, "PUT", "sys/unseal", &unseal));
        }
        let engine = json!({ "type": "kv", "options": { "version": "2" } });
        until("mount", || self.ask(0, "POST", "sys/mounts/secret", &engine));
        // A standby serves by asking the active node, which it has to know.
        for node in 0..self.nodes.len() {
            until("serve", || {
                self.ask(node, "GET", "sys/mounts/secret", &Value::Null)
            });
        }
        let all_vote = |answer: &Value| {
            let servers = answer["data"]["config"]["servers"].as_array();
            servers
                .is_some_and(|servers| servers.iter().filter(|server| server["voter"] == true).count() == 3)
        };
        until("vote", || {
            let path = "sys/storage/raft/configuration";
            let (status, answer) = self.ask(0, "GET", path, &Value::Null)?;
            Ok((if all_vote(&answer) { status } else { 0 }, answer))
        });
    }

    /// The URLs of the nodes, those that were killed too.
    pub fn urls(&self) -> Vec<String> {
        self.nodes
            .iter()
            .map(|node| format!("http://{}", node.address))
            .collect()
    }

    /// The client token that may do everything.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Asks the API of the first node that answers, as root, until it does.
    ///
    /// # Panics
    /// When none does.
    #[track_caller]
    pub fn change(&self, method: &str, path: &str, body: &Value) -> Value {
        let alive = |node: &usize| self.nodes[*node].process.is_some();
        let node = (0..self.nodes.len()).find(alive).expect("a node is alive");
        until(path, || self.ask(node, method, path, body))
    }

    /// Waits until every node has what was written to `path`: standbys answer readers too, and hear of it a moment later.
    ///
    /// # Panics
    /// When one does not, or was killed.
    #[track_caller]
    pub fn everywhere(&self, path: &str) {
        for node in 0..self.nodes.len() {
            until(path, || self.ask(node, "GET", path, &Value::Null));
        }
    }

    /// Kills the active node, without a word to the others.
    ///
    /// # Panics
    /// When there is none.
    pub fn kill_active(&mut self) {
        let node = self.active();
        self.nodes[node].process = None;
    }

    /// Lets the active node do nothing any more, for [`kill_when_asked`](Self::kill_when_asked). Its URL is the answer.
    ///
    /// # Panics
    /// When there is none.
    pub fn pause_active(&mut self) -> String {
        let node = self.active();
        self.nodes[node]
            .process
            .as_ref()
            .expect("the active node runs")
            .pause();
        self.urls()[node].clone()
    }

    /// Waits until the node at `url`, which is paused, has been sent a request, and kills it then.
    ///
    /// # Panics
    /// When there is no such node, or nobody asks it.
    pub fn kill_when_asked(&mut self, url: &str) {
        let node = self.urls().iter().position(|other| other == url);
        let node = &mut self.nodes[node.unwrap_or_else(|| panic!("{url} is no node"))];
        let start = Instant::now();
        while !has_something_to_read(node.address.port()) {
            assert!(start.elapsed() < PATIENCE, "nobody asks {url}");
            std::thread::yield_now();
        }
        node.process = None;
    }

    fn active(&self) -> usize {
        let leader = self.change("GET", "sys/leader", &Value::Null);
        let address = text(&leader["leader_address"]);
        let node = self.urls().iter().position(|url| url == address);
        node.unwrap_or_else(|| panic!("{address} is no node"))
    }

    fn ask(&self, node: usize, method: &str, path: &str, body: &Value) -> io::Result<(u16, Value)> {
        let headers = [("x-vault-token", self.root.as_str())];
        let headers = if self.root.is_empty() { &[] } else { &headers[..] };
        api::call(self.nodes[node].address, method, path, headers, body)
    }
}

impl Node {
    fn start(address: SocketAddr, cluster: SocketAddr) -> Result<Self, LabError> {
        let directory =
            TempDir::with_prefix("rolewrap-bao-").map_err(LabError::io("create a node's folder"))?;
        let port = address.port();
        // Quick elections, and quick votes for new nodes: the defaults are for slow networks.
        let configuration = format!(
            "storage \"raft\" {{\n  path = \"data\"\n  node_id = \"{port}\"\n  performance_multiplier = 1\n  autopilot_reconcile_interval = \"500ms\"\n  autopilot_update_interval = \"500ms\"\n}}\n\
             listener \"tcp\" {{\n  address = \"{address}\"\n  cluster_address = \"{cluster}\"\n  tls_disable = true\n}}\n\
             api_addr = \"http://{address}\"\ncluster_addr = \"https://{cluster}\"\n"
        );
        fs::create_dir(directory.path().join("data"))
            .and_then(|()| fs::write(directory.path().join("server.hcl"), configuration))
            .map_err(LabError::io("write a node's configuration"))?;
        Ok(Self {
            address,
            process: Some(Process::start(directory.path())?),
            _directory: directory,
        })
    }
}

/// Whether a connection to this port of 127.0.0.1 has bytes that nobody has read (the kernel's documentation,
/// `networking/proc_net_tcp`).
fn has_something_to_read(port: u16) -> bool {
    let connections = fs::read_to_string("/proc/net/tcp").expect("connections can be listed");
    let end = format!(":{port:04X}");
    connections.lines().skip(1).any(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, "01", queues, ..] = columns.as_slice() else {
            return false;
        };
        let unread = queues
            .split_once(':')
            .is_some_and(|(_, unread)| unread != "00000000");
        local.ends_with(&end) && unread
    })
}

/// Asks until the answer is no refusal. The nodes tell nobody when they are ready.
#[track_caller]
fn until(what: &str, ask: impl Fn() -> io::Result<(u16, Value)>) -> Value {
    let start = Instant::now();
    loop {
        match ask() {
            Ok((200..=299, answer)) => return answer,
            last if start.elapsed() > PATIENCE => panic!("the cluster does not {what}: {last:?}"),
            _ => std::thread::yield_now(),
        }
    }
}
