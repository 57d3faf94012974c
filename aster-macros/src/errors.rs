//! Collects every mistake of one macro input before any is reported.

use std::cell::RefCell;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far. A shared reference is enough to add one, so it
/// can be passed down through parsing and checks.
#[derive(Default)]
pub(crate) struct Errors {
    list: RefCell<Vec<syn::Error>>,
}

impl Errors {
    /// Reports `message` on the tokens of `at`.
    pub(crate) fn at(&self, at: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(at, message));
    }

    /// Reports `message` on one span.
    pub(crate) fn span(&self, span: proc_macro2::Span, message: impl std::fmt::Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Adds an error made by `syn` itself.
    pub(crate) fn push(&self, error: syn::Error) {
        self.list.borrow_mut().push(error);
    }

    /// Adds an error before all others.
    pub(crate) fn push_first(&self, error: syn::Error) {
        self.list.borrow_mut().insert(0, error);
    }

    /// Whether nothing was reported.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.borrow().is_empty()
    }

    /// Takes the first report out, as a `compile_error!` that can also stand
    /// where a type is due: everything that uses that type stays silent.
    pub(crate) fn take_first(&self) -> Option<TokenStream> {
        let mut list = self.list.borrow_mut();
        (!list.is_empty()).then(|| list.remove(0).to_compile_error())
    }

    /// All reports.
    pub(crate) fn into_list(self) -> Vec<syn::Error> {
        self.list.into_inner()
    }

    /// All reports as `compile_error!` invocations.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.into_list().iter().map(syn::Error::to_compile_error).collect()
    }
}
