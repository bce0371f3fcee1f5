/// Defines a parameter that is a checked piece of text: the type, `as_str`, `Display` and `FromStr`.
/// The check is a function from `&str` to `Result<(), InvalidParameter>`.
macro_rules! text_parameter {
    ($(#[$documentation:meta])* $name:ident, $check:path) => {
        $(#[$documentation])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The value as it is sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::InvalidParameter;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                $check(value)?;
                Ok(Self(value.to_owned()))
            }
        }
    };
}

pub(crate) use text_parameter;
