//! What the macros generate in a crate that is strict about itself: another
//! name for `aster`, the edition before, and every lint that a user may deny.
#![forbid(unsafe_code)]
#![deny(
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    unreachable_pub,
    unused,
    unused_qualifications,
    unused_lifetimes,
    unused_import_braces,
    trivial_casts,
    trivial_numeric_casts,
    single_use_lifetimes,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    let_underscore_drop,
    redundant_lifetimes,
    unnameable_types,
    variant_size_differences,
    future_incompatible,
    nonstandard_style,
    rust_2018_idioms,
    rust_2021_compatibility,
    keyword_idents,
    warnings,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::cargo,
    clippy::absolute_paths,
    clippy::allow_attributes,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::clone_on_ref_ptr,
    clippy::default_numeric_fallback,
    clippy::exhaustive_structs,
    clippy::expect_used,
    clippy::impl_trait_in_params,
    clippy::indexing_slicing,
    clippy::min_ident_chars,
    clippy::missing_inline_in_public_items,
    clippy::missing_trait_methods,
    clippy::mod_module_files,
    clippy::multiple_inherent_impl,
    clippy::panic,
    clippy::pattern_type_mismatch,
    clippy::same_name_method,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::single_call_fn,
    clippy::std_instead_of_core,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm
)]
#![allow(
    clippy::absolute_paths,
    clippy::cargo_common_metadata,
    clippy::exhaustive_structs,
    clippy::missing_inline_in_public_items,
    clippy::missing_trait_methods,
    clippy::multiple_crate_versions,
    clippy::std_instead_of_core,
    reason = "about this crate's own code or its dependencies, not about what is generated"
)]

use futures::{Stream, StreamExt as _};
use rpc::{service, wire_type, CallContext, Capability, Status, Streaming};

/// A number.
#[wire_type("hygiene/Number")]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its value.
    pub value: f64,
}

/// All four patterns.
#[derive(Debug, Clone, Copy)]
pub struct Meter;

#[service]
impl Meter {
    /// One to one.
    #[rpc(timeout = "5s")]
    async fn same(&self, number: Number) -> Result<Number, Status> {
        Ok(number)
    }

    /// One to many.
    #[server_stream]
    async fn repeat(
        &self,
        number: Number,
        context: &CallContext,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send + '_, Status> {
        let _peer = context.peer();
        Ok(futures::stream::repeat_with(move || Ok(number)).take(3))
    }

    /// Many to one.
    #[client_stream]
    async fn last(&self, mut numbers: Streaming<Number>) -> Result<Number, Status> {
        let mut last = None;
        while let Some(number) = numbers.message().await? {
            last = Some(number);
        }
        last.ok_or_else(|| Status::invalid_argument("no numbers"))
    }

    /// Many to many.
    #[bidi_stream]
    async fn echo(&self, numbers: Streaming<Number>) -> Result<Streaming<Number>, Status> {
        Ok(numbers)
    }

    #[rpc]
    async fn undocumented(&self, number: Number) -> Result<Number, Status> {
        Ok(number)
    }

    /// Soon gone.
    #[deprecated(note = "use `same`")]
    #[rpc]
    async fn old(&self, number: Number) -> Result<Number, Status> {
        Ok(number)
    }
}

/// What a holder may do.
#[derive(Capability, Debug, Clone, Copy)]
pub enum Role {
    /// Read the clock.
    #[capability("clock.read")]
    Reader,
    /// Do all else.
    #[capability("clock.admin")]
    Admin,
}

/// A service elsewhere, one instance for each session.
#[service(scope = "session", rename_all = "camelCase", requires = admitted)]
pub trait Clock {
    /// What time it is.
    #[rpc(requires = any_of(Role::Reader, Role::Admin))]
    async fn now_at(&self, number: Number) -> Result<Number, Status>;

    /// The same, again and again.
    #[server_stream]
    async fn ticks(
        &self,
        number: Number,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send, Status>;
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct Stopped;

impl Clock for Stopped {
    async fn now_at(&self, number: Number) -> Result<Number, Status> {
        Ok(number)
    }

    async fn ticks(
        &self,
        number: Number,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send, Status> {
        Ok(futures::stream::iter([Ok(number)]))
    }
}

/// The macros under a path of this crate.
pub mod facade {
    pub use rpc as aster;

    /// Nothing.
    #[rpc::wire_type("hygiene/Nothing", crate = crate::facade::aster)]
    #[derive(Debug, Clone, Copy)]
    pub struct Nothing {}

    /// Does nothing.
    #[derive(Debug, Clone, Copy)]
    pub struct Idle;

    /// Lets nothing be done.
    #[derive(rpc::Capability, Debug, Clone, Copy)]
    #[capability(crate = crate::facade::aster)]
    pub enum Right {
        /// To rest.
        #[capability("rest")]
        Rest,
    }

    #[rpc::service(crate = self::aster, requires = Right::Rest)]
    impl Idle {
        /// Does nothing.
        #[rpc]
        async fn rest(&self, nothing: Nothing) -> Result<Nothing, aster::Status> {
            Ok(nothing)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::{ClockClient, ClockServer, Meter, MeterClient, Number, Stopped};
    use futures::{StreamExt as _, TryStreamExt as _};
    use rpc::AsterServer;

    const ONE: Number = Number { value: 1.0 };
    const TWO: Number = Number { value: 2.0 };

    #[tokio::test]
    async fn all_patterns_work_under_another_name() {
        let server = AsterServer::builder()
            .open_gate()
            .service(Meter)
            .session(|_| ClockServer::new(Stopped));
        let role = rpc::trust::Capabilities::from_role("clock.read");
        let client = server.in_process_as(role).unwrap();

        let meter = MeterClient::new(&client).unwrap();
        assert_eq!(meter.same(ONE).await.unwrap(), ONE);
        let repeated: Vec<_> = meter.repeat(TWO).await.unwrap().try_collect().await.unwrap();
        assert_eq!(repeated, [TWO; 3]);
        let numbers = futures::stream::iter([ONE, TWO]);
        assert_eq!(meter.last(numbers.clone()).await.unwrap(), TWO);
        let echoed: Vec<_> = meter.echo(numbers).await.unwrap().try_collect().await.unwrap();
        assert_eq!(echoed, [ONE, TWO]);

        let clock = ClockClient::open(&client).await.unwrap();
        assert_eq!(clock.now_at(ONE).await.unwrap(), ONE);
        assert_eq!(clock.ticks(TWO).await.unwrap().count().await, 1);
        clock.close().await;
    }
}
