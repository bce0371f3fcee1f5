//! The one table of settings. Known keys, the JSON Schema, what a project file may say, the variables and the options all come
//! from here.

mod account;
mod key;
mod option;
mod schema;
mod shape;
mod source;
mod top;
mod variables;
mod vault;

pub(super) use account::ACCOUNT;
pub(crate) use key::Key;
pub(crate) use option::SettingOption;
pub(crate) use schema::schema;
pub(crate) use shape::{Kind, Shape, Tagged};
pub(crate) use top::FILE;
pub(crate) use variables::{variables, variables_of};
