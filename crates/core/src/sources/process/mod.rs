mod command;
mod last_line;
mod process_tree;
mod run;
mod source;
#[cfg(test)]
#[cfg(unix)]
mod tests;
mod visible_text;

pub use source::ProcessSource;
