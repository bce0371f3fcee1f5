mod given;
mod layers;
mod mistakes;
mod project;
mod schema;
