//! The command under the endpoint that is measured. It looks at it from where it is served.

use std::io::{self, Write};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use super::client::Client;
use super::endpoint_process::EndpointProcess;
use super::load::Load;
use super::observed::Observed;
use crate::Failure;

const IDLE: Duration = Duration::from_secs(5);
const WARM_UP: Duration = Duration::from_millis(500);
const KEEPING_ALIVE: Duration = Duration::from_secs(4);
/// Each connection takes a port for a while, and a system has some 28,000.
const CONNECTING: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_mins(1);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Looks at the endpoint until the session has been renewed this often, and prints what it saw.
pub(crate) fn observe(renewals: &str) -> Result<(), Failure> {
    let renewals = renewals.parse()?;
    let client = Client::of_environment()?;
    let process = EndpointProcess::at(&client.address)?;
    take_a_core_each(&process)?;
    let (idle_wakeups, idle_cpu) = idle(&process)?;
    Load::keeping_alive(&client).run(WARM_UP, &process)?;
    let keeping_alive = Load::keeping_alive(&client).run(KEEPING_ALIVE, &process)?;
    let connecting = Load::connecting(&client).run(CONNECTING, &process)?;
    let renewals = await_renewals(&client, renewals)?;
    let observed = Observed {
        keeping_alive,
        connecting,
        peak: process.peak()?,
        idle_wakeups,
        idle_cpu,
        renewals,
    };
    Ok(writeln!(io::stdout(), "{}", serde_json::to_string(&observed)?)?)
}

/// One core for the endpoint, and another one for this process.
fn take_a_core_each(process: &EndpointProcess) -> Result<(), Failure> {
    let ours = sched_getaffinity(None)?;
    let cores: Vec<usize> = (0..CpuSet::MAX_CPU)
        .filter(|&core| ours.is_set(core))
        .take(2)
        .collect();
    let &[first, second] = cores.as_slice() else {
        return Err("there is one core only, and two are needed".into());
    };
    process.keep_to(first)?;
    let mut own = CpuSet::new();
    own.set(second);
    Ok(sched_setaffinity(None, &own)?)
}

/// What the endpoint does in a second while nobody asks.
fn idle(process: &EndpointProcess) -> Result<(f64, f64), Failure> {
    let (wakeups, cpu) = (process.wakeups()?, process.cpu()?);
    sleep(IDLE);
    let (wakeups, cpu) = (process.wakeups()? - wakeups, process.cpu()?.saturating_sub(cpu));
    let seconds = IDLE.as_secs_f64();
    Ok((wakeups / seconds, cpu.as_secs_f64() * 1e6 / seconds))
}

/// Asks until the session was another one this often, and says how often it was.
fn await_renewals(client: &Client, wanted: usize) -> Result<usize, Failure> {
    let (mut stream, began, mut seen) = (client.connect()?, Instant::now(), 0);
    let mut last = client.access_key_id(&mut stream)?;
    while seen < wanted {
        if began.elapsed() > PATIENCE {
            return Err(format!("only {seen} of {wanted} renewals came").into());
        }
        sleep(LOOK_AGAIN);
        let now = client.access_key_id(&mut stream)?;
        seen += usize::from(now != last);
        last = now;
    }
    Ok(seen)
}
