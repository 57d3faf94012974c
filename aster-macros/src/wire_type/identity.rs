//! What a type is in the contracts of the services that use it: constants, and
//! the search for circles that these constants could not have.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{DeriveInput, Type};

use super::expansion::place;
use super::model::{Field, replace};

/// The code for a message. It names `__ASTER_TAG` and `__ASTER_HASH`.
pub(super) fn of_message(ident: &Ident, names: &TokenStream, fields: &[Field]) -> TokenStream {
    let count = Literal::usize_unsuffixed(fields.len());
    let edges = fields.iter().map(edge);
    // Only fields whose messages enter by their hash can be part of a circle.
    let hashed: Vec<_> = fields.iter().filter(|field| !field.any && !field.back_edge).collect();
    let steps_count = Literal::usize_unsuffixed(hashed.len());
    let steps = hashed.iter().map(|field| {
        let (name, ty) = (&field.name.text, part(field));
        quote_spanned! {place(&field.ty)=>
            __aster::identity::Step::new(
                #name,
                __aster::identity::Part::<#ty, <__D as __aster::identity::Depth>::Less>::LAYER,
            )
        }
    });
    let itself = fields.iter().any(|field| field.is_recursive).then(|| {
        quote! {
            // This message where it holds itself.
            enum __Itself {}

            impl<__D: __aster::identity::Depth> __aster::identity::Identity<__D> for __Itself {
                const FORM: __aster::identity::Form =
                    __aster::identity::Form::message(__ASTER_TAG, 0);
            }
        }
    });
    let assertions = fields.iter().filter(|field| field.back_edge).map(|field| {
        let ty = part(field);
        quote_spanned! {place(&field.ty)=>
            const _: () = __aster::identity::assert_message(
                __aster::identity::Part::<#ty, __aster::identity::Top>::FORM,
            );
        }
    });
    let finite = quote_spanned! {place(ident)=>
        const _: () = __aster::identity::assert_finite(
            <#ident as __aster::identity::Identity<__aster::identity::Top>>::LAYER,
        );
    };
    quote! {
        #[allow(unused_imports)]
        use __aster::identity::NotAPart as _;

        #itself
        #(#assertions)*

        // Constants that a body names are computed even if it does not get to
        // them; those that a function names, when it is called. So nothing here
        // is hashed before there is known to be an end to it.
        const fn __steps<__D: __aster::identity::Depth>() -> [__aster::identity::Step; #steps_count] {
            [#(#steps),*]
        }

        const fn __edges() -> [__aster::identity::Edge; #count] {
            [#(#edges),*]
        }

        impl<__D: __aster::identity::Depth> __aster::identity::Identity<__D> for #ident {
            const FORM: __aster::identity::Form =
                __aster::identity::Form::message(__ASTER_TAG, __ASTER_HASH);
            const LAYER: ::core::option::Option<&'static __aster::identity::Layer> =
                ::core::option::Option::Some(&__aster::identity::Layer::new(
                    __ASTER_TAG,
                    if <__D as __aster::identity::Depth>::LEFT == 0 {
                        ::core::option::Option::None
                    } else {
                        ::core::option::Option::Some(__steps::<__D>())
                    },
                ));
            const NODE: ::core::option::Option<&'static __aster::identity::Node> =
                ::core::option::Option::Some(&__ASTER_NODE);
        }

        const __ASTER_ENDLESS: ::core::primitive::bool =
            match <#ident as __aster::identity::Identity<__aster::identity::Top>>::LAYER {
                ::core::option::Option::Some(layer) => layer.is_endless(),
                ::core::option::Option::None => false,
            };
        #finite
        // Statics are computed once, constants again for every set of bounds
        // under which they are named.
        static __ASTER_EDGES: [__aster::identity::Edge; #count] = if __ASTER_ENDLESS {
            [__aster::identity::Edge::BLANK; #count]
        } else {
            __edges()
        };
        static __ASTER_NODE: __aster::identity::Node = __aster::identity::Node::new(
            &__ASTER_EDGES,
            __ASTER_ENDLESS,
            __ASTER_TAG,
            #names,
            __ASTER_HASH,
        );
    }
}

/// The code for an enum, which a contract knows nothing of.
pub(super) fn of_enum(ident: &Ident) -> TokenStream {
    quote! {
        impl<__D: __aster::identity::Depth> __aster::identity::Identity<__D> for #ident {
            const FORM: __aster::identity::Form = __aster::identity::Form::ANY;
        }
    }
}

/// The code for a type with a mistake.
pub(super) fn of_mistake(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let mut generics = input.generics.clone();
    let (_, type_generics, _) = input.generics.split_for_impl();
    generics.params.push(syn::parse_quote!(__D: __aster::identity::Depth));
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    quote! {
        impl #impl_generics __aster::identity::Identity<__D> for #ident #type_generics
        #where_clause
        {
            const FORM: __aster::identity::Form = __aster::identity::Form::UNKNOWN;
            const NODE: ::core::option::Option<&'static __aster::identity::Node> =
                ::core::option::Option::Some(&__aster::identity::Node::BROKEN);
        }
    }
}

/// Whether the message of `field` is named instead of hashed, as an expression.
pub(super) fn is_back_edge(field: &Field) -> TokenStream {
    if field.back_edge {
        return quote!(true);
    }
    if field.any || !field.is_recursive {
        return quote!(false);
    }
    let ty = part(field);
    quote_spanned! {place(&field.ty)=>
        __aster::identity::Part::<#ty, __aster::identity::Top>::FORM.has_message()
    }
}

fn edge(field: &Field) -> TokenStream {
    let (name, ty) = (&field.name.text, part(field));
    let part =
        quote_spanned!(place(&field.ty)=> __aster::identity::Part::<#ty, __aster::identity::Top>);
    if field.any {
        quote! {
            __aster::identity::Edge::new(#name, #part::FORM.dynamic(), ::core::option::Option::None)
        }
    } else if field.back_edge {
        quote!(__aster::identity::Edge::back(#name, #part::FORM))
    } else {
        quote!(__aster::identity::Edge::new(#name, #part::FORM, #part::NODE))
    }
}

/// The type of a field, with a stand-in for the message that it is in.
fn part(field: &Field) -> Type {
    let mut ty = field.ty.clone();
    if field.is_recursive {
        replace(&mut ty, &field.owner.to_string(), &format_ident!("__Itself"));
    }
    ty
}
