//! The one table of settings. Known keys, the JSON Schema, what a project file may say, the variables and the options all come
//! from here.

mod account;
mod key;
mod schema;
mod shape;
mod source;
mod top;
mod vault;

pub(super) use account::ACCOUNT;
pub(crate) use key::Key;
pub(crate) use schema::schema;
pub(crate) use shape::{Kind, Shape, Tagged};
pub(crate) use top::FILE;
