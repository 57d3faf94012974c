//! Gate 0: connections.

use super::Gate;
use super::denial::Denial;
use crate::trust::Grant;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// The admission exchange, where credentials are presented.
    Admission,
    /// Calls and sessions.
    Calls,
    /// Everything else that the endpoint offers: blobs, documents, gossip,
    /// protocols of the program.
    Other,
}

/// Decides whether a connection may go on. `grant` is what the peer was
/// admitted with, if it was.
pub(crate) fn connection(
    gate: Gate,
    protocol: Protocol,
    grant: Option<&Grant>,
    now: u64,
) -> Result<(), Denial> {
    if gate == Gate::Open || protocol == Protocol::Admission {
        return Ok(());
    }
    let standing = grant.filter(|grant| !grant.is_over(now)).ok_or(Denial::NotAdmitted)?;
    match protocol {
        Protocol::Other if !standing.audience().is_any() => Err(Denial::ServicesOnly),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{NOW, grant, grant_for};
    use super::*;

    /// Every combination, in one table: who, under which protocol, at which
    /// gate.
    #[test]
    fn b1_every_row_of_the_table() {
        let (admitted, narrow, over) =
            (grant("ops.status"), grant_for("", &["Fleet"]), grant("ops.status"));
        let ends = over.not_after();
        let who = [
            ("stranger", None, NOW),
            ("admitted", Some(&admitted), NOW),
            ("for one service", Some(&narrow), NOW),
            ("in the last second", Some(&over), ends - 1),
            ("over", Some(&over), ends),
        ];
        for gate in [Gate::Open, Gate::Closed] {
            for protocol in [Protocol::Admission, Protocol::Calls, Protocol::Other] {
                for (name, grant, now) in who {
                    let decision = connection(gate, protocol, grant, now);
                    let expected = match (gate, protocol, name) {
                        (Gate::Open, ..) | (_, Protocol::Admission, _) => "in",
                        (_, _, "stranger" | "over") => "not admitted",
                        (_, Protocol::Other, "for one service") => {
                            "its credential is for single services"
                        }
                        _ => "in",
                    };
                    let text = decision.map_or_else(|denial| denial.to_string(), |()| "in".into());
                    assert_eq!(text, expected, "{gate:?} {protocol:?} {name}");
                }
            }
        }
    }
}
