//! A real cluster of three servers that loses its active one in the middle of a run.

use rolewrap_lab::{BaoCluster, Sandbox};
use serde_json::json;

use crate::given::{KEY, ROLE, SECRET, rolewrap, stub};

#[test]
fn a_node_that_is_killed_inside_a_request_is_replaced_by_another() {
    let (stub, mut cluster) = (stub(), BaoCluster::start().expect("the cluster starts"));
    let fields = json!({ "data": { "access_key_id": KEY, "secret_access_key": SECRET } });
    cluster.change("POST", "secret/data/aws/security", &fields);
    cluster.everywhere("secret/data/aws/security");
    let active = cluster.pause_active();
    let mut addresses = cluster.urls();
    // The active node is asked first.
    addresses.sort_by_key(|url| *url != active);
    let machine = Sandbox::new()
        .system_programs()
        .env("USER", "alice")
        .env("AWS_ENDPOINT_URL_STS", stub.url())
        .env("VAULT_TOKEN", cluster.root())
        .file(
            "../config/rolewrap/config.toml",
            &format!(
                "source = 'team'\n[sources.team]\ntype = 'vault'\naddresses = {addresses:?}\npath = 'aws/security'\n"
            ),
        );
    let run = rolewrap(&machine, &format!("--iam-role {ROLE} exec echo done"));
    std::thread::scope(|scope| {
        let running = scope.spawn(|| run.run());
        cluster.kill_when_asked(&active);
        running.join().expect("it runs").succeeds().prints("done");
    });
    assert_eq!(stub.requests()[0].access_key_id(), Some(KEY));
}
