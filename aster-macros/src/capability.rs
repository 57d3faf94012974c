//! `#[derive(Capability)]`: the names of an enum's variants.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Meta, Variant};

use crate::args::Args;
use crate::errors::Errors;
use crate::runtime_path;

/// The whole macro, on plain token streams. An enum with mistakes still is a
/// capability, so that its uses elsewhere add no errors of their own.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let input = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => input,
        Err(error) => {
            errors.push(error);
            return errors.into_compile_errors();
        }
    };
    let private = runtime_path::private_module(krate(&input, &errors).as_ref());
    let names = names(&input, &errors);
    let code = code(&input, &private, if errors.is_empty() { &names } else { &[] });
    let reports = errors.into_compile_errors();
    quote!(#reports #code)
}

/// `#[capability(crate = path)]` on the enum.
fn krate(input: &DeriveInput, errors: &Errors) -> Option<syn::Path> {
    let attribute = input.attrs.iter().find(|attribute| is_ours(attribute))?;
    let Meta::List(list) = &attribute.meta else {
        errors.at(attribute, "names go on the variants: #[capability(\"ops.admin\")]");
        return None;
    };
    let mut args = Args::parse("capability", &["crate"], true, list.tokens.clone(), errors);
    if let Some(name) = &args.leading {
        errors.at(name, "names go on the variants, one on each");
    }
    args.path("crate", errors)
}

fn is_ours(attribute: &Attribute) -> bool {
    attribute.path().is_ident("capability")
}

/// The variants and their names; those with mistakes are left out.
fn names<'a>(input: &'a DeriveInput, errors: &Errors) -> Vec<(&'a Ident, LitStr)> {
    if !input.generics.params.is_empty() {
        errors.at(&input.generics.params, "an enum of capabilities has no generic parameters");
    }
    let Data::Enum(data) = &input.data else {
        errors.at(
            &input.ident,
            "#[derive(Capability)] goes on an enum, each variant of which is a capability",
        );
        return Vec::new();
    };
    if data.variants.is_empty() {
        errors.at(&input.ident, "an enum without variants names no capability");
    }
    let mut names: Vec<(&Ident, LitStr)> = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            errors
                .at(&variant.fields, "a capability is a name and holds no data; remove the fields");
        }
        let Some(name) = name(variant, errors) else { continue };
        match names.iter().find(|(_, other)| other.value() == name.value()) {
            Some((other, _)) => {
                errors.at(&name, format!("`{other}` has this name already; one of them is enough"));
            }
            None => names.push((&variant.ident, name)),
        }
    }
    names
}

/// `#[capability("name")]` of a variant.
fn name(variant: &Variant, errors: &Errors) -> Option<LitStr> {
    const ADVICE: &str = "write the name that credentials have, as in #[capability(\"ops.admin\")]";
    let mut attributes = variant.attrs.iter().filter(|attribute| is_ours(attribute));
    let Some(attribute) = attributes.next() else {
        let ident = &variant.ident;
        errors.at(
            ident,
            format!(
                "`{ident}` has no name; write the one that credentials have above it, as in \
                 #[capability(\"ops.admin\")]"
            ),
        );
        return None;
    };
    for other in attributes {
        errors.at(other, "this variant has a name already; a capability has one");
    }
    let literal = match &attribute.meta {
        Meta::List(list) => syn::parse2::<LitStr>(list.tokens.clone()).ok(),
        Meta::Path(_) | Meta::NameValue(_) => None,
    };
    let Some(literal) = literal else {
        errors.at(attribute, ADVICE);
        return None;
    };
    let text = literal.value();
    match mistake(&text) {
        Some(mistake) => errors.at(&literal, mistake),
        None if text.contains(char::is_whitespace) => {
            errors.at(&literal, "a capability of an enum has no white space in it");
        }
        None => {}
    }
    Some(literal)
}

/// What is wrong with the name of a capability. A credential lists names
/// between commas, without the white space around them (trust.md 2.3).
pub(crate) fn mistake(name: &str) -> Option<&'static str> {
    if name.trim().is_empty() {
        Some("an empty capability is held by nobody; name one")
    } else if name.contains(',') || name.trim() != name {
        Some("a capability has no comma and no white space around it")
    } else if name.contains(char::is_control) {
        Some("a capability has no control characters")
    } else {
        None
    }
}

/// The implementations; inert ones without names.
fn code(input: &DeriveInput, private: &TokenStream, names: &[(&Ident, LitStr)]) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let allow = crate::service::allow();
    let variants: Vec<_> = names.iter().map(|(ident, _)| ident).collect();
    let names: Vec<_> = names.iter().map(|(_, name)| name).collect();
    let body = if names.is_empty() {
        quote!(::core::unreachable!())
    } else {
        quote!(match *self { #(Self::#variants => #names,)* })
    };
    quote! {
        #allow
        #[automatically_derived]
        impl #impl_generics #private::Capability for #ident #type_generics #where_clause {
            const NAMES: &'static [(::core::primitive::i128, &'static ::core::primitive::str)] =
                &[#((Self::#variants as ::core::primitive::i128, #names)),*];

            fn name(&self) -> &'static ::core::primitive::str {
                #body
            }
        }

        #allow
        #[automatically_derived]
        impl #impl_generics ::core::fmt::Display for #ident #type_generics #where_clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(#private::Capability::name(self))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn b15_names_that_no_credential_can_hold_are_mistakes() {
        for good in ["ops.admin", "b \"c\"", "\u{43e}ps", "*"] {
            assert_eq!(mistake(good), None, "{good:?}");
        }
        for bad in ["", " ", "\t", ",", "a,b", " a", "a\n", "a\u{a0}", "a\0b", "a\nb", "a\u{7f}b"] {
            assert!(mistake(bad).is_some(), "{bad:?}");
        }
    }
}
