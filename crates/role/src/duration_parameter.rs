/// Defines a parameter that is a checked number of seconds: the type, `seconds`, `From` for a `Duration`, `Display` and
/// `FromStr`. The limits are a `DurationLimits`.
macro_rules! duration_parameter {
    ($(#[$documentation:meta])* $name:ident, $limits:expr) => {
        $(#[$documentation])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The seconds, as they are sent.
            pub fn seconds(self) -> u32 {
                self.0
            }
        }

        impl From<$name> for std::time::Duration {
            fn from(duration: $name) -> Self {
                Self::from_secs(duration.0.into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                humantime::format_duration((*self).into()).fmt(formatter)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::InvalidParameter;

            /// `3600` (seconds), `1h`, `90m`, `1h 30m`.
            fn from_str(value: &str) -> Result<Self, Self::Err> {
                $limits.parse(value).map(Self)
            }
        }
    };
}

pub(crate) use duration_parameter;
