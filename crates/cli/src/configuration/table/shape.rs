use super::Key;

/// What stands behind a key of a configuration file.
#[derive(Debug)]
pub(crate) enum Shape {
    /// Text.
    Text,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A time such as `1h`, or a number of seconds.
    Time,
    /// A number, also as text.
    Number,
    /// True or false, also as text.
    Switch,
    /// True or false.
    Boolean,
    /// A list of texts.
    Texts,
    /// A program and its arguments: a list of texts.
    Words,
    /// The name of a source, or a list of names.
    Order,
    /// A session policy: the path of a file, JSON, or a table.
    Policy,
    /// A table whose keys are data, such as tags.
    Free,
    /// A table with these keys.
    Table(&'static [Key]),
    /// A table whose keys are names that the user chooses.
    Named(&'static Shape),
    /// A list of tables.
    List(&'static Shape),
    /// A table of which one key decides which other keys it has.
    Tagged(&'static Tagged),
}

impl Shape {
    /// Whether a key is called `name` here, or anywhere in it.
    pub(crate) fn knows(&self, name: &str) -> bool {
        match self {
            Self::Table(keys) => keys.iter().any(|key| key.name == name || key.shape.knows(name)),
            Self::Named(shape) | Self::List(shape) => shape.knows(name),
            Self::Tagged(tagged) => {
                tagged.key == name || tagged.kinds.iter().any(|kind| kind.shape.knows(name))
            }
            _ => false,
        }
    }

    /// The keys of a table.
    pub(crate) fn keys(&self) -> &'static [Key] {
        match self {
            Self::Table(keys) => keys,
            _ => &[],
        }
    }
}

/// A table that is one of several kinds.
#[derive(Debug)]
pub(crate) struct Tagged {
    /// The key that names the kind.
    pub(crate) key: &'static str,
    /// What a kind is called.
    pub(crate) what: &'static str,
    /// How a list of the kinds begins.
    pub(crate) all: &'static str,
    pub(crate) kinds: &'static [Kind],
}

/// One kind of a [`Tagged`] table.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// What it is, for editors and the reference.
    pub(crate) help: &'static str,
    /// The other keys that it has.
    pub(crate) shape: Shape,
}

impl Kind {
    pub(super) const fn new(name: &'static str, help: &'static str, keys: &'static [Key]) -> Self {
        Self {
            name,
            help,
            shape: Shape::Table(keys),
        }
    }
}
