//! `aster profile list` and `aster profile show`.

use std::fmt::Write;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Map, Value, json};

use super::profile_name::ProfileName;
use super::profiles::Profiles;
use crate::failure::{Failure, printable};
use crate::output::{note, write};

/// List profiles.
#[derive(Args, Debug)]
pub(super) struct List {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let profiles = Profiles::load()?;
        let names = profiles.names();
        if names.is_empty() && !self.json {
            note("There are no profiles. Make one with `aster profile create NAME`.");
        }
        let mut text = String::new();
        let mut list = Vec::new();
        for name in names {
            let root = profiles.get(name).map(|profile| profile.root_pubkey()).transpose()?;
            let root = root.flatten();
            let active = name == profiles.active_name();
            let shown = root.map_or_else(|| "no root key".to_owned(), |root| root.to_string());
            let _ = writeln!(text, "{} {name}  {shown}", if active { '*' } else { ' ' });
            let root = root.map(|root| root.to_string());
            list.push(json!({ "name": name, "root_pubkey": root, "active": active }));
        }
        if self.json {
            text = format!("{}\n", Value::Array(list));
        }
        write(&if self.json { text } else { printable(&text) })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Print a profile.
#[derive(Args, Debug)]
pub(super) struct Show {
    /// The profile; without it the active one.
    name: Option<ProfileName>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let profiles = Profiles::load()?;
        let name = match self.name {
            Some(name) => name,
            None => profiles.active_name().parse().map_err(Failure::usage)?,
        };
        let profile = profiles.require(&name)?;
        let root = profile.root_pubkey()?.map(|root| root.to_string());
        let active = name.as_str() == profiles.active_name();
        if self.json {
            let fields: Map<String, Value> =
                profile.fields().map(|(field, value)| (field.to_owned(), value.into())).collect();
            let name = name.as_str();
            let json =
                json!({ "name": name, "root_pubkey": root, "active": active, "fields": fields });
            write(&format!("{json}\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut text = format!("Profile {name}{}\n", if active { " (active)" } else { "" });
        let _ = writeln!(text, "  root_pubkey: {}", root.as_deref().unwrap_or("none"));
        for (field, value) in profile.fields() {
            let _ = writeln!(text, "  {field}: {value}");
        }
        write(&printable(&text))?;
        Ok(ExitCode::SUCCESS)
    }
}
