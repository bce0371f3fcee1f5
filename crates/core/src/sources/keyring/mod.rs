mod failure;
mod item;
mod opened;
mod source;
#[cfg(test)]
mod tests;
mod written_document;

pub use item::KeyringItem;
pub use source::KeyringSource;
