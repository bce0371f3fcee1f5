use std::error::Error;
use std::io;
use std::iter;

/// `error` and everything that caused it. `io::Error::source` skips the error that the `io::Error` wraps, and
/// TLS errors are wrapped so, twice; hence the detour.
pub(super) fn error_chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// The first error of the chain that is an `E`.
pub(super) fn find_cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    error_chain(error).find_map(|error| error.downcast_ref::<E>())
}
