//! `#[wire_type("namespace/Name")]`: arguments → model → checks → expansion.

mod check;
mod expansion;
mod identity;
mod model;
mod stand_in;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Item};

use crate::args::Args;
use crate::errors::Errors;
use crate::runtime_path;
use model::{Body, Model};

/// The whole macro, on plain token streams.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let mut args = Args::parse("wire_type", &["rename_all", "crate"], true, arguments, &errors);
    let private = runtime_path::private_module(args.path("crate", &errors).as_ref());

    let mut input: DeriveInput = match syn::parse2(item.clone()) {
        Ok(input) => input,
        Err(error) => {
            match syn::parse2::<Item>(item.clone()) {
                Ok(_) => errors.span(
                    proc_macro2::Span::call_site(),
                    "#[wire_type] goes on structs with named fields and on unit enums",
                ),
                Err(_) => errors.push(error),
            }
            let reports = errors.into_compile_errors();
            return quote!(#item #reports);
        }
    };
    let model = Model::parse(&mut input, &mut args, &errors);
    check::generics(&input, &errors);
    if let Some(tag) = &model.tag {
        check::tag(tag, &errors);
    }
    check::names(&model.body, &errors);
    if let Body::Struct(fields) = &model.body {
        check::fields(fields, &errors);
    }

    if errors.is_empty() {
        let code = expansion::code(&model, &private);
        quote!(#input #code)
    } else {
        let inert = stand_in::code(&input, &private);
        let reports = errors.into_compile_errors();
        quote!(#input #inert #reports)
    }
}
