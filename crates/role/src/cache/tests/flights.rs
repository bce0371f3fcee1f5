use std::cell::Cell;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::given::{User, at, failing, id, noon, recipe, session, wanted};
use crate::Session;
use crate::cache::{CacheNotice, FlightError, Wanted};

/// Fifty at once want the same; `obtain` is how one gets it.
async fn fifty(
    user: &User,
    wanted: &Wanted,
    obtain: impl AsyncFn() -> Result<Session, String>,
) -> Vec<Result<String, FlightError<String>>> {
    let clock = at(noon());
    let caches: Vec<_> = (0..50).map(|_| user.cache()).collect();
    let recipe = recipe("aa");
    let runs = caches.iter().map(|cache| async {
        let session = cache
            .obtain(&recipe, wanted, &clock, &|_| (), async || obtain().await)
            .await;
        session.map(|session| session.access_key_id().to_owned())
    });
    join_all(runs).await
}

/// All of these futures, on one thread.
async fn join_all<T>(futures: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut futures: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut outcomes: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, outcome) in futures.iter_mut().zip(&mut outcomes) {
            if outcome.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *outcome = Some(value);
            }
        }
        if outcomes.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    outcomes.into_iter().flatten().collect()
}

#[tokio::test]
async fn fifty_that_want_the_same_ask_once() {
    let (user, asked) = (User::new(), AtomicUsize::new(0));
    for refresh in [false, true] {
        let wanted = Wanted { refresh, ..wanted() };
        asked.store(0, Ordering::Relaxed);
        // A clock that stands still: what a refresh finds from the same instant is as new as its own would be.
        fs::remove_dir_all(user.folder()).ok();
        let ids = fifty(&user, &wanted, async || {
            let count = asked.fetch_add(1, Ordering::Relaxed);
            // All others are on their way before this one goes on.
            tokio::task::yield_now().await;
            Ok(session(&format!("SESSION{count}")))
        })
        .await;
        assert!(
            ids.iter().all(|id| id.as_deref().unwrap() == "SESSION0"),
            "{ids:?}"
        );
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn a_failure_is_that_of_all_who_waited_and_nobody_tries_again() {
    let (user, asked) = (User::new(), AtomicUsize::new(0));
    let failures = fifty(&user, &wanted(), async || {
        asked.fetch_add(1, Ordering::Relaxed);
        // All others are on their way before this one goes on.
        tokio::task::yield_now().await;
        Err("AWS does not want to".to_owned())
    })
    .await;
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    let elsewhere = failures.iter().filter(
        |failure| matches!(failure, Err(FlightError::Elsewhere(text)) if text == "AWS does not want to"),
    );
    assert_eq!(elsewhere.count(), 49);
}

#[tokio::test]
async fn two_that_waited_for_one_who_mistyped_ask_for_themselves_and_once() {
    let (user, asked) = (User::new(), AtomicUsize::new(0));
    let outcomes = fifty(&user, &wanted(), async || {
        let count = asked.fetch_add(1, Ordering::Relaxed);
        // All others are on their way before this one goes on.
        tokio::task::yield_now().await;
        match count {
            0 | 1 => Err("mistyped".to_owned()),
            count => Ok(session(&format!("SESSION{count}"))),
        }
    })
    .await;
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    let own = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(FlightError::Own(_))));
    assert_eq!(own.count(), 2);
    let good = outcomes
        .iter()
        .filter(|outcome| outcome.as_deref().is_ok_and(|id| id == "SESSION2"));
    assert_eq!(good.count(), 48);
}

#[tokio::test]
async fn a_failure_that_another_manner_might_not_meet_is_that_of_those_with_the_same() {
    let (user, clock, asked) = (User::new(), at(noon()), AtomicUsize::new(0));
    let caches: Vec<_> = (0..20).map(|_| user.cache()).collect();
    let recipe = recipe("aa");
    let runs = caches.iter().enumerate().map(|(index, cache)| {
        let (recipe, clock, asked) = (&recipe, &clock, &asked);
        async move {
            let is_patient = index % 2 == 1;
            let manner = if is_patient { "with patience" } else { "without" };
            let wanted = Wanted {
                manner: manner.to_owned(),
                ..wanted()
            };
            let ask = async || {
                asked.fetch_add(1, Ordering::Relaxed);
                // All others are on their way before this one goes on.
                tokio::task::yield_now().await;
                if is_patient {
                    Ok(session("SESSION"))
                } else {
                    Err("no patience".to_owned())
                }
            };
            cache.obtain(recipe, &wanted, clock, &|_| (), ask).await
        }
    });
    let outcomes = join_all(runs).await;
    for (index, outcome) in outcomes.iter().enumerate().skip(1) {
        match outcome {
            Ok(_) => {}
            Err(FlightError::Elsewhere(text)) => {
                assert_eq!((index % 2, text.as_str()), (0, "no patience"));
            }
            Err(FlightError::Own(text)) => panic!("{index} asked in vain: {text}"),
        }
    }
    assert!(matches!(outcomes[0], Err(FlightError::Own(_))));
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn who_comes_after_a_failure_tries_again() {
    let user = User::new();
    let earlier = noon() - Duration::from_secs(1);
    assert!(matches!(
        failing(&user.cache(), earlier, &|_| ()).await,
        FlightError::Own(_)
    ));
    assert_eq!(
        id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await,
        "FIRST"
    );
}

#[tokio::test]
async fn one_that_ends_half_way_lets_the_next_one_ask() {
    let (user, started, clock) = (User::new(), Notify::new(), at(noon()));
    let (cache, recipe, wanted) = (user.cache(), recipe("aa"), wanted());
    {
        let dying = cache.obtain(&recipe, &wanted, &clock, &|_| (), async || {
            started.notify_one();
            std::future::pending::<Result<Session, String>>().await
        });
        tokio::select! {
            _ = dying => panic!("it never ends"),
            () = started.notified() => {}
        }
    }
    assert_eq!(
        id(&user.cache(), &recipe, &wanted, noon(), "FIRST").await,
        "FIRST"
    );
}

#[tokio::test]
async fn who_waits_for_long_says_so_once_and_then_asks_too() {
    let wanted = |runs_on| Wanted {
        // It is said after two seconds. Where the limit comes at the same moment, there is nothing to say.
        wait_at_most: Duration::from_secs(4),
        runs_on,
        ..wanted()
    };
    for runs_on in [false, true] {
        assert_eq!(
            noticed_beside_a_slow_one(&wanted(runs_on)).await,
            ["Waiting", "WaitedTooLong"]
        );
    }
}

#[tokio::test]
async fn who_has_no_time_to_wait_asks_at_once() {
    for runs_on in [false, true] {
        let wanted = Wanted {
            wait_at_most: Duration::ZERO,
            runs_on,
            ..wanted()
        };
        assert_eq!(noticed_beside_a_slow_one(&wanted).await, ["WaitedTooLong"]);
    }
}

/// What one is told that asks by itself beside another one that never ends.
async fn noticed_beside_a_slow_one(wanted: &Wanted) -> Vec<String> {
    let (user, clock, started) = (User::new(), at(noon()), Notify::new());
    let (slow, waiting, recipe) = (user.cache(), user.cache(), recipe("aa"));
    let noticed = Mutex::new(Vec::new());
    let notice = |notice: CacheNotice<'_>| noticed.lock().unwrap().push(format!("{notice:?}"));
    let holding = slow.obtain(&recipe, wanted, &clock, &|_| (), async || {
        started.notify_one();
        std::future::pending::<Result<Session, String>>().await
    });
    let second = async {
        started.notified().await;
        let obtain = async || Ok::<_, String>(session("SECOND"));
        waiting.obtain(&recipe, wanted, &clock, &notice, obtain).await
    };
    let session = tokio::select! {
        _ = holding => panic!("it never ends"),
        session = second => session.unwrap(),
    };
    assert_eq!(session.access_key_id(), "SECOND");
    noticed.into_inner().unwrap()
}

#[tokio::test]
async fn a_process_that_runs_on_finds_what_the_other_one_got() {
    let (user, clock, started) = (User::new(), at(noon()), Notify::new());
    let (first, second, recipe) = (user.cache(), user.cache(), recipe("aa"));
    let wanted = Wanted {
        runs_on: true,
        ..wanted()
    };
    let first = first.obtain(&recipe, &wanted, &clock, &|_| (), async || {
        started.notify_one();
        tokio::task::yield_now().await;
        Ok::<_, String>(session("FIRST"))
    });
    let second = async {
        started.notified().await;
        let obtain = async || Ok::<_, String>(session("SECOND"));
        second.obtain(&recipe, &wanted, &clock, &|_| (), obtain).await
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first.unwrap().access_key_id(), "FIRST");
    assert_eq!(second.unwrap().access_key_id(), "FIRST");
}

#[tokio::test]
async fn without_locks_each_asks_by_itself() {
    let user = User::new();
    id(&user.cache(), &recipe("aa"), &wanted(), noon(), "FIRST").await;
    fs::remove_file(user.file(".session")).unwrap();
    let lock = user
        .folder()
        .read_dir()
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.to_string_lossy().ends_with(".lock") && !path.ends_with("key.lock"))
        .unwrap();
    // What cannot be opened to be locked stands for a file system that has no locks.
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    let said = Cell::new(0);
    let notice = |notice: CacheNotice<'_>| {
        if matches!(notice, CacheNotice::NoLock(_)) {
            said.set(said.get() + 1);
        }
    };
    let obtain = async || Ok::<_, String>(session("SECOND"));
    let obtained = user
        .cache()
        .obtain(&recipe("aa"), &wanted(), &at(noon()), &notice, obtain)
        .await
        .unwrap();
    assert_eq!((obtained.access_key_id(), said.get()), ("SECOND", 1));
}
