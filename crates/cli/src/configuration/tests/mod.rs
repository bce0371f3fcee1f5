mod given;
mod layers;
mod mistakes;
mod project;
mod project_tags;
mod schema;
mod sizes;
