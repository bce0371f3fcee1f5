mod entries;
mod flights;
mod folders;
mod given;
#[cfg(target_os = "linux")]
mod kernel;
mod longest;
mod recipes;
