//! The rules of method names.

use super::model::Method;
use crate::errors::Errors;
use crate::naming::unraw;

/// Names that the generated client uses itself.
const CLIENT_NAMES: [&str; 5] = ["new", "new_with", "open", "open_with", "close"];

/// Two methods must differ on the wire, and in the client from what the client
/// has itself. What depends on a `#[cfg]` is reported under it.
pub(super) fn check(methods: &mut [Method]) {
    for i in 0..methods.len() {
        let (earlier, rest) = methods.split_at_mut(i);
        let Some(method) = rest.first_mut() else {
            continue;
        };
        let errors = Errors::default();
        let twin = earlier.iter().find(|m| m.name == method.name);
        let mut cfgs = method.cfgs.clone();
        // Two functions of one Rust name are the compiler's to report.
        if let Some(first) = twin.filter(|first| first.ident != method.ident) {
            cfgs.extend(first.cfgs.iter().cloned());
            errors.at(
                &method.ident,
                format!(
                    "two methods are called \"{}\" on the wire: `{}` and this one; rename one with `name = \"...\"`",
                    method.name,
                    unraw(&first.ident)
                ),
            );
        }
        let same = |m: &Method| m.ident == method.ident && m.cfgs.is_empty();
        method.in_client = !(method.cfgs.is_empty() && earlier.iter().any(same));
        let rust_name = unraw(&method.ident);
        if CLIENT_NAMES.contains(&rust_name.as_str()) {
            method.in_client = false;
            errors.at(
                &method.ident,
                format!(
                    "the generated client has a function `{rust_name}` itself; rename the function and keep the wire name with `name = \"{}\"`",
                    method.name
                ),
            );
        }
        if method.name.is_empty() && method.options.name.is_none() {
            errors.at(
                &method.ident,
                "this method has no name on the wire; give it one with `name = \"...\"`",
            );
        }
        method.report(&cfgs, errors);
    }
}
