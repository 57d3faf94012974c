//! Chapter 5: what only administrators see.

use std::sync::Arc;

use aster::{Status, service};

use crate::guarded::Role;
use crate::logbook::LogBook;
use crate::types::{AdminStatus, StatusRequest};

/// One instance serves all callers.
#[derive(Debug)]
pub(crate) struct Administration {
    logs: Arc<LogBook>,
}

impl Administration {
    pub(crate) fn new(logs: Arc<LogBook>) -> Self {
        Self { logs }
    }
}

#[service(
    rename_all = "camelCase",
    contract_id = "edb3672a9ea5213d19093cce168fbf0b79d31565c9065fd131d523476c78e323"
)]
impl Administration {
    /// Says how many log entries of an agent are kept, or of all agents if
    /// none is named, and how many callers follow the logs.
    #[rpc(requires = all_of(Role::Status, Role::Admin))]
    async fn admin_status(&self, request: StatusRequest) -> Result<AdminStatus, Status> {
        Ok(AdminStatus {
            log_entries: self.logs.entries_of(&request.agent_id) as i64,
            followers: self.logs.followers() as i64,
        })
    }
}
