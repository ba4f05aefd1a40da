//! Where settings come from: the manual, a file, variables, flags.

use std::path::Path;

use config::{Config, File, FileFormat, Value, ValueKind};

use super::{DEFAULTS, Mistakes, Settings};

/// Prefix of the environment variables.
const PREFIX: &str = "RUSHLINE_";
/// Variables that start like settings but belong to development tools.
const NOT_SETTINGS: [&str; 1] = ["RUSHLINE_BIN"];

impl Settings {
    /// Reads defaults, then `file`, then `env` (all of the process's variables), then `flags` as dotted keys
    /// such as `("server.mode", "production")`, and checks the result.
    pub fn read(
        file: Option<&Path>,
        env: impl IntoIterator<Item = (String, String)>,
        flags: &[(&str, String)],
    ) -> Result<Self, Mistakes> {
        let fail = |e: config::ConfigError| Mistakes(vec![e.to_string()]);
        let defaults = File::from_str(DEFAULTS, FileFormat::Toml);
        let known = leaves(&Config::builder().add_source(defaults.clone()).build().map_err(fail)?);
        let mut mistakes = Vec::new();
        let mut builder = Config::builder().add_source(defaults);
        if let Some(path) = file {
            builder = builder.add_source(File::from(path).format(FileFormat::Toml));
        }
        for (name, text) in env {
            if !name.starts_with(PREFIX) || NOT_SETTINGS.contains(&name.as_str()) {
                continue;
            }
            match known.iter().find(|leaf| leaf.variable == name) {
                Some(leaf) => builder = builder.set_override(&leaf.key, leaf.value(text)).map_err(fail)?,
                None => {
                    mistakes.push(format!("{name} is not a setting. `rushline check-config` lists them all."))
                }
            }
        }
        for (key, text) in flags {
            builder = builder.set_override(*key, text.clone()).map_err(fail)?;
        }
        match builder.build().and_then(Config::try_deserialize::<Settings>) {
            Ok(settings) => {
                mistakes.extend(settings.mistakes());
                if mistakes.is_empty() { Ok(settings) } else { Err(Mistakes(mistakes)) }
            }
            Err(error) => {
                mistakes.push(error.to_string());
                Err(Mistakes(mistakes))
            }
        }
    }
}

/// One key of the manual.
struct Leaf {
    key: String,
    variable: String,
    is_list: bool,
}

impl Leaf {
    fn value(&self, text: String) -> Value {
        if self.is_list {
            let items: Vec<&str> = text.split(',').map(str::trim).filter(|s| !s.is_empty()).collect();
            Value::from(items)
        } else {
            Value::from(text)
        }
    }
}

/// Every key of the manual, with the name of its variable.
fn leaves(defaults: &Config) -> Vec<Leaf> {
    fn walk(prefix: &str, value: &Value, out: &mut Vec<Leaf>) {
        if let ValueKind::Table(table) = &value.kind {
            for (key, inner) in table {
                let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                walk(&key, inner, out);
            }
        } else {
            let variable = format!("{PREFIX}{}", prefix.replace('.', "_").to_uppercase());
            out.push(Leaf {
                key: prefix.to_owned(),
                variable,
                is_list: matches!(value.kind, ValueKind::Array(_)),
            });
        }
    }
    let mut out = Vec::new();
    walk("", &defaults.cache, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DEMO_PASSWORD;

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn the_manual_is_valid_and_flags_beat_variables() {
        let settings = Settings::read(
            None,
            env(&[
                ("RUSHLINE_BOOKING_HOLD_MINUTES", "7"),
                ("RUSHLINE_LISTEN", "127.0.0.1:1"),
                ("PATH", "/bin"),
            ]),
            &[("listen", "127.0.0.1:2".into())],
        )
        .unwrap();
        assert_eq!(settings.booking.hold_minutes, 7);
        assert_eq!(settings.listen.port(), 2);
        assert_eq!(settings.public_url(), "http://127.0.0.1:2");
    }

    #[test]
    fn lists_are_written_with_commas() {
        let settings =
            Settings::read(None, env(&[("RUSHLINE_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]), &[])
                .unwrap();
        assert_eq!(settings.trusted_proxies().len(), 2);
    }

    #[test]
    fn all_mistakes_are_reported_together() {
        let Mistakes(list) = Settings::read(
            None,
            env(&[
                ("RUSHLINE_BOOKING_CURRENCY", "dollars"),
                ("RUSHLINE_PAYMENTS_SUCCESS_PERCENT", "101"),
                ("RUSHLINE_BOKING_CURRENCY", "USD"),
                ("RUSHLINE_SERVER_MODE", "production"),
                ("RUSHLINE_ADMIN_PASSWORD", DEMO_PASSWORD),
            ]),
            &[],
        )
        .unwrap_err();
        assert_eq!(list.len(), 5, "{list:#?}");
    }
}
