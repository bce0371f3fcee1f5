mod failure;
mod opened;
mod source;
#[cfg(test)]
mod tests;
mod written_document;

pub use source::KeyringSource;
