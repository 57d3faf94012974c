//! What a type with mistakes expands to, beside the reports.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use super::identity;

use super::expansion::allow;

/// Empty implementations for a type with mistakes, so that its uses elsewhere
/// do not add errors of their own.
pub(crate) fn code(input: &DeriveInput, private: &TokenStream) -> TokenStream {
    let ident = &input.ident;
    let mut generics = input.generics.clone();
    generics
        .make_where_clause()
        .predicates
        .push(syn::parse_quote!(Self: ::core::marker::Send + 'static));
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let allow = allow();
    let identity = identity::of_mistake(input);
    quote! {
        #allow
        const _: () = {
            use #private as __aster;

            #identity

            impl #impl_generics __aster::codec::WireValue for #ident #type_generics #where_clause {
                const SHAPE: __aster::codec::Shape = __aster::codec::Shape::Dynamic;

                fn wire_default() -> Self {
                    ::core::unreachable!()
                }

                fn write(
                    &self,
                    _: &mut __aster::codec::Writer<'_>,
                ) -> ::core::result::Result<(), __aster::codec::EncodeError> {
                    ::core::unreachable!()
                }

                fn read(
                    _: &mut __aster::codec::Reader<'_>,
                ) -> ::core::result::Result<Self, __aster::codec::DecodeError> {
                    ::core::unreachable!()
                }

                fn write_json(
                    &self,
                    _: &mut __aster::generated::JsonWriter<'_>,
                ) -> ::core::result::Result<(), __aster::codec::EncodeError> {
                    ::core::unreachable!()
                }

                fn read_json<'de, __D: __aster::serde::de::Deserializer<'de>>(
                    _: __D,
                    _: &mut __aster::generated::JsonContext,
                ) -> ::core::result::Result<Self, __D::Error> {
                    ::core::unreachable!()
                }
            }

            impl #impl_generics __aster::codec::MapKey for #ident #type_generics #where_clause {
                fn write_key(&self, _: &mut __aster::generated::JsonWriter<'_>) {
                    ::core::unreachable!()
                }

                fn read_key(
                    _: &::core::primitive::str,
                ) -> ::core::result::Result<Self, &'static ::core::primitive::str> {
                    ::core::unreachable!()
                }
            }

            impl #impl_generics __aster::codec::WireType for #ident #type_generics #where_clause {
                const TAG: &'static ::core::primitive::str = "";
                const FIELDS: &'static [__aster::codec::FieldDescriptor] = &[];
                const HEAD: &'static __aster::generated::TypeHead = ::core::unreachable!();
                const NODE: &'static __aster::identity::Node = &__aster::identity::Node::BROKEN;

                fn descriptor() -> &'static __aster::codec::TypeDescriptor {
                    ::core::unreachable!()
                }

                fn write_fields(
                    &self,
                    _: &mut __aster::codec::Writer<'_>,
                ) -> ::core::result::Result<(), __aster::codec::EncodeError> {
                    ::core::unreachable!()
                }

                fn read_fields(
                    _: &mut __aster::codec::Reader<'_>,
                ) -> ::core::result::Result<Self, __aster::codec::DecodeError> {
                    ::core::unreachable!()
                }

                fn write_json_field(
                    &self,
                    _: ::core::primitive::usize,
                    _: &mut __aster::generated::JsonWriter<'_>,
                ) -> ::core::result::Result<(), __aster::codec::EncodeError> {
                    ::core::unreachable!()
                }

                fn read_json_field<'de, __A: __aster::serde::de::MapAccess<'de>>(
                    &mut self,
                    _: ::core::primitive::usize,
                    _: &mut __A,
                    _: &mut __aster::generated::JsonContext,
                ) -> ::core::result::Result<(), __A::Error> {
                    ::core::unreachable!()
                }
            }
        };
    }
}
