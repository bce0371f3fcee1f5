//! A fleet of machines that all want a session within one second, each with a client of its own: what a throttled account
//! sees of many CI jobs. The benchmark runs it against a stub.
//!
//! ```text
//! fleet http://127.0.0.1:4566 2500
//! ```
//!
//! It prints how many have a session, how many have none, and the longest wait in milliseconds.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use rolewrap_core::{BaseCredentials, Clock, Secret};
use rolewrap_role::{AssumeRoleRequest, Partition, StsClient, StsError, StsSettings};

#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "a program has a real clock")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// One machine, from its start to its session.
async fn run(url: String, start: Duration) -> Result<Duration, StsError> {
    tokio::time::sleep(start).await;
    let begun = Instant::now();
    let settings = StsSettings {
        endpoint_url: Some(url),
        ..StsSettings::default()
    };
    let client =
        StsClient::new(settings, Partition::Aws, Arc::new(SystemClock)).expect("the settings are valid");
    let secret = Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let base = BaseCredentials::new("fleet", "AKIAIOSFODNN7EXAMPLE", &secret).expect("the key is valid");
    let role = "arn:aws:iam::123456789012:role/deploy"
        .parse()
        .expect("the role is valid");
    let request = AssumeRoleRequest::new(role, "fleet".parse().expect("the name is valid"));
    client.assume_role(&base, &request).await?;
    Ok(begun.elapsed())
}

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a program may print")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(count)) = (arguments.next(), arguments.next()) else {
        return Err("usage: fleet URL COUNT".into());
    };
    let count: u32 = count.parse()?;
    let starts = (0..count).map(|number| Duration::from_secs(1) * number / count);
    let runs: Vec<_> = starts
        .map(|start| tokio::spawn(run(url.clone(), start)))
        .collect();
    let (mut succeeded, mut failed, mut longest) = (0, 0, Duration::ZERO);
    for run in runs {
        match run.await? {
            Ok(waited) => {
                succeeded += 1;
                longest = longest.max(waited);
            }
            Err(_) => failed += 1,
        }
    }
    println!("{succeeded} {failed} {}", longest.as_millis());
    Ok(())
}
