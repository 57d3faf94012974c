//! The code of a wire type. Nothing here can fail.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, LitStr};

use super::identity;
use super::model::{Body, Field, FieldDefault, Model, Variant};

/// The lints that code on behalf of a user must not trip.
pub(super) fn allow() -> TokenStream {
    quote! {
        #[allow(
            deprecated,
            non_upper_case_globals,
            unused_qualifications,
            unreachable_code,
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction
        )]
    }
}

/// The place of user tokens, for errors, with the names of this macro: tokens
/// that came out of another macro would not see our local variables.
pub(super) fn place(tokens: &impl Spanned) -> Span {
    tokens.span().resolved_at(Span::call_site())
}

/// What a peer knows a type by: the part of the tag before its last slash, and
/// the part after it.
fn names(tag: &LitStr) -> TokenStream {
    let tag = tag.value();
    let (namespace, name) = tag.rsplit_once('/').unwrap_or(("", &tag));
    quote!([#namespace, #name])
}

/// The implementations for a correct type.
pub(crate) fn code(model: &Model, private: &TokenStream) -> TokenStream {
    let Some(tag) = &model.tag else {
        return TokenStream::new();
    };
    let body = match &model.body {
        Body::Struct(fields) => message(model, tag, fields),
        Body::Enum(variants) => unit_enum(model, tag, variants),
    };
    let allow = allow();
    quote! {
        #allow
        const _: () = {
            use #private as __aster;
            #body
        };
    }
}

fn message(model: &Model, tag: &LitStr, fields: &[Field]) -> TokenStream {
    let Model { ident, doc, .. } = model;
    let count = Literal::usize_unsuffixed(fields.len());
    let index = |i: usize| Literal::usize_unsuffixed(i);

    let descriptors = fields.iter().map(|field| {
        let Field { ty, doc, any, .. } = field;
        let name = &field.name.text;
        let explicit = field.default.is_some();
        let shape = quote_spanned!(place(ty)=> __aster::generated::Field::<#ty>::SHAPE);
        let back_edge = identity::is_back_edge(field);
        quote! {
            __aster::codec::FieldDescriptor::new(#name, #doc, #shape, #any, #explicit, #back_edge)
        }
    });
    let defaults = fields.iter().map(|field| {
        let Field { ident, ty, .. } = field;
        let value = match &field.default {
            None => quote_spanned!(place(ty)=> __aster::generated::Field::<#ty>::wire_default()),
            Some(FieldDefault::Trait) => {
                quote_spanned!(place(ty)=> <#ty as ::core::default::Default>::default())
            }
            Some(FieldDefault::Expr(expr)) => default_expression(expr),
        };
        quote!(#ident: #value)
    });
    let writes = fields.iter().enumerate().map(|(i, field)| {
        let Field { ident, ty, .. } = field;
        let i = index(i);
        let method = if field.any {
            quote!(write_any)
        } else {
            quote!(write)
        };
        quote_spanned!(place(ty)=> #i => __aster::generated::Field::<#ty>::#method(&self.#ident, out),)
    });
    let slots: Vec<Ident> = (0..fields.len()).map(|i| quote::format_ident!("__field{i}")).collect();
    let slot_lets = slots.iter().map(|slot| quote!(let mut #slot = ::core::option::Option::None;));
    let reads = fields
        .iter()
        .zip(&slots)
        .enumerate()
        .map(|(i, (field, slot))| {
            let i = index(i);
            let method = if field.any {
                quote!(read_any)
            } else {
                quote!(read)
            };
            let ty = &field.ty;
            quote_spanned!(place(ty)=> #i => __aster::generated::Field::<#ty>::#method(&mut #slot, input),)
        });
    let takes = fields.iter().zip(&slots).map(|(field, slot)| {
        let ident = &field.ident;
        quote!(#ident: __aster::generated::filled(#slot)?)
    });
    let json_writes = fields.iter().enumerate().map(|(i, Field { ident, ty, .. })| {
        let i = index(i);
        quote_spanned!(place(ty)=> #i => __aster::generated::Field::<#ty>::write_json(&self.#ident, out),)
    });
    let json_reads = fields.iter().enumerate().map(|(i, Field { ident, ty, .. })| {
        let i = index(i);
        quote_spanned!(place(ty)=> #i => __aster::generated::Field::<#ty>::read_json(&mut self.#ident, input, cx),)
    });
    let assertions = fields.iter().map(|Field { ty, .. }| {
        quote_spanned!(place(ty)=> const _: () = __aster::generated::is_wire_type::<#ty>();)
    });
    let names = names(tag);
    let identity = identity::of_message(ident, &names, fields);
    let value_impl = value_impl(
        ident,
        &quote!(Struct(<Self as __aster::codec::WireType>::descriptor)),
        &quote!(Self { #(#defaults),* }),
        &Delegates {
            write: quote!(write_struct(self, out)),
            read: quote!(read_struct(input)),
            field: true,
            write_type: quote!(write_struct_type::<Self>(out)),
            read_dynamic: quote!(read_dynamic_struct(input, info)),
            write_json: quote!(__aster::generated::write_struct_json(self, out)),
            read_json: quote!(read_struct_json(input, cx)),
        },
    );
    quote! {
        // In scope for fields whose types are not wire types; see there.
        #[allow(unused_imports)]
        use __aster::generated::NotAField as _;

        #(#assertions)*

        const __ASTER_TAG: &::core::primitive::str = #tag;
        static __ASTER_FIELDS: [__aster::codec::FieldDescriptor; #count] = [#(#descriptors),*];
        static __ASTER_ORDER: [::core::primitive::usize; #count] =
            __aster::generated::wire_order(&__ASTER_FIELDS);
        static __ASTER_HASH: ::core::primitive::u32 =
            __aster::generated::schema_hash(&__ASTER_FIELDS);
        static __ASTER_ROOT: [::core::primitive::u8; __aster::generated::head_len(#names)] =
            __aster::generated::head_bytes(#names, __ASTER_HASH);
        static __ASTER_HEAD: __aster::generated::TypeHead =
            __aster::generated::TypeHead::new(#names, &__ASTER_ROOT, __ASTER_HASH);
        static __ASTER_TYPE: __aster::codec::TypeDescriptor = __aster::codec::TypeDescriptor::new(
            __ASTER_TAG,
            #names,
            #doc,
            __aster::codec::TypeKind::Struct {
                fields: &__ASTER_FIELDS,
                default_json: __aster::generated::default_json::<#ident>,
            },
            ::core::option::Option::Some(&__ASTER_NODE),
        );

        #identity
        #value_impl

        #[automatically_derived]
        impl __aster::codec::WireType for #ident {
            const TAG: &'static ::core::primitive::str = __ASTER_TAG;
            const FIELDS: &'static [__aster::codec::FieldDescriptor] = &__ASTER_FIELDS;
            const HEAD: &'static __aster::generated::TypeHead = &__ASTER_HEAD;
            const NODE: &'static __aster::identity::Node = &__ASTER_NODE;

            fn descriptor() -> &'static __aster::codec::TypeDescriptor {
                &__ASTER_TYPE
            }

            fn write_fields(
                &self,
                out: &mut __aster::codec::Writer<'_>,
            ) -> ::core::result::Result<(), __aster::codec::EncodeError> {
                let mut __at = 0;
                while __at < #count {
                    let __index = __ASTER_ORDER[__at];
                    let __written: ::core::result::Result<(), __aster::codec::EncodeError> =
                        match __index {
                        #(#writes)*
                        _ => ::core::result::Result::Ok(()),
                    };
                    if let ::core::result::Result::Err(__error) = __written {
                        return ::core::result::Result::Err(__error.in_field(
                            __aster::generated::field_name(&__ASTER_FIELDS, __index),
                        ));
                    }
                    __at += 1;
                }
                ::core::result::Result::Ok(())
            }

            fn read_fields(
                input: &mut __aster::codec::Reader<'_>,
            ) -> ::core::result::Result<Self, __aster::codec::DecodeError> {
                #(#slot_lets)*
                let mut __at = 0;
                while __at < #count {
                    let __index = __ASTER_ORDER[__at];
                    let __read: ::core::result::Result<(), __aster::codec::DecodeError> =
                        match __index {
                        #(#reads)*
                        _ => ::core::result::Result::Ok(()),
                    };
                    if let ::core::result::Result::Err(__error) = __read {
                        return ::core::result::Result::Err(__error.in_field(
                            __aster::generated::field_name(&__ASTER_FIELDS, __index),
                        ));
                    }
                    __at += 1;
                }
                ::core::result::Result::Ok(Self { #(#takes),* })
            }

            fn write_json_field(
                &self,
                index: ::core::primitive::usize,
                out: &mut __aster::generated::JsonWriter<'_>,
            ) -> ::core::result::Result<(), __aster::codec::EncodeError> {
                match index {
                    #(#json_writes)*
                    _ => ::core::result::Result::Ok(()),
                }
            }

            fn read_json_field<'de, __A: __aster::serde::de::MapAccess<'de>>(
                &mut self,
                index: ::core::primitive::usize,
                input: &mut __A,
                cx: &mut __aster::generated::JsonContext,
            ) -> ::core::result::Result<(), __A::Error> {
                match index {
                    #(#json_reads)*
                    _ => ::core::result::Result::Ok(()),
                }
            }
        }
    }
}

/// A string literal stands for whatever the field makes of a `&str`.
fn default_expression(expr: &Expr) -> TokenStream {
    match expr {
        // What another macro passed on as an expression or literal.
        Expr::Group(group) => default_expression(&group.expr),
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => {
            quote_spanned!(place(expr)=> ::core::convert::From::from(#expr))
        }
        other => quote!(#other),
    }
}

/// What differs between structs and enums in `WireValue`.
struct Delegates {
    write: TokenStream,
    read: TokenStream,
    /// Whether a field is written with its type.
    field: bool,
    write_type: TokenStream,
    read_dynamic: TokenStream,
    write_json: TokenStream,
    read_json: TokenStream,
}

fn value_impl(
    ident: &Ident,
    shape: &TokenStream,
    default: &TokenStream,
    to: &Delegates,
) -> TokenStream {
    let Delegates { write, read, write_type, read_dynamic, write_json, read_json, .. } = to;
    let field = to.field.then(|| {
        quote! {
            fn write_field(
                &self,
                out: &mut __aster::codec::Writer<'_>,
            ) -> ::core::result::Result<(), __aster::codec::EncodeError> {
                __aster::generated::write_named_struct(self, out)
            }

            fn read_field(
                input: &mut __aster::codec::Reader<'_>,
            ) -> ::core::result::Result<Self, __aster::codec::DecodeError> {
                __aster::generated::read_named_struct(input)
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl __aster::codec::WireValue for #ident {
            const SHAPE: __aster::codec::Shape = __aster::codec::Shape::#shape;

            fn wire_default() -> Self {
                #default
            }

            fn write(
                &self,
                out: &mut __aster::codec::Writer<'_>,
            ) -> ::core::result::Result<(), __aster::codec::EncodeError> {
                __aster::generated::#write
            }

            fn read(
                input: &mut __aster::codec::Reader<'_>,
            ) -> ::core::result::Result<Self, __aster::codec::DecodeError> {
                __aster::generated::#read
            }

            #field

            fn write_type(&self, out: &mut __aster::codec::Writer<'_>) {
                __aster::generated::#write_type
            }

            fn read_dynamic(
                input: &mut __aster::codec::Reader<'_>,
                info: &__aster::generated::TypeInfo,
            ) -> ::core::result::Result<Self, __aster::codec::DecodeError> {
                __aster::generated::#read_dynamic
            }

            fn write_json(
                &self,
                out: &mut __aster::generated::JsonWriter<'_>,
            ) -> ::core::result::Result<(), __aster::codec::EncodeError> {
                #write_json
            }

            fn read_json<'de, __D: __aster::serde::de::Deserializer<'de>>(
                input: __D,
                cx: &mut __aster::generated::JsonContext,
            ) -> ::core::result::Result<Self, __D::Error> {
                __aster::generated::#read_json
            }
        }
    }
}

fn unit_enum(model: &Model, tag: &LitStr, variants: &[Variant]) -> TokenStream {
    let Model { ident, doc, .. } = model;
    let first = variants.first().map(|variant| &variant.ident);
    let descriptors = variants.iter().map(|Variant { name, doc, .. }| {
        let name = &name.text;
        quote!(__aster::codec::VariantDescriptor::new(#name, #doc))
    });
    let numbers = (0..variants.len()).map(Literal::usize_unsuffixed);
    let idents: Vec<_> = variants.iter().map(|variant| &variant.ident).collect();
    let ordinals: Vec<_> = numbers.collect();
    let names = names(tag);
    let identity = identity::of_enum(ident);
    let value_impl = value_impl(
        ident,
        &quote!(Enum(<Self as __aster::generated::WireEnum>::descriptor)),
        &quote!(Self::#first),
        &Delegates {
            write: quote!(write_enum(self, out)),
            read: quote!(read_enum(input)),
            field: false,
            write_type: quote!(write_enum_type::<Self>(out)),
            read_dynamic: quote!(read_dynamic_enum(input, info)),
            write_json: quote! {{
                __aster::generated::write_enum_json(self, out);
                ::core::result::Result::Ok(())
            }},
            read_json: quote!(read_enum_json(input, cx)),
        },
    );
    quote! {
        const __ASTER_TAG: &::core::primitive::str = #tag;
        static __ASTER_ROOT: [::core::primitive::u8; __aster::generated::head_len(#names)] =
            __aster::generated::head_bytes(#names, 0);
        static __ASTER_HEAD: __aster::generated::TypeHead =
            __aster::generated::TypeHead::new(#names, &__ASTER_ROOT, 0);
        static __ASTER_TYPE: __aster::codec::TypeDescriptor = __aster::codec::TypeDescriptor::new(
            __ASTER_TAG,
            #names,
            #doc,
            __aster::codec::TypeKind::Enum { variants: &[#(#descriptors),*] },
            ::core::option::Option::None,
        );

        #identity
        #value_impl

        #[automatically_derived]
        impl __aster::generated::WireEnum for #ident {
            const HEAD: &'static __aster::generated::TypeHead = &__ASTER_HEAD;

            fn ordinal(&self) -> ::core::primitive::usize {
                match self {
                    #(Self::#idents => #ordinals,)*
                }
            }

            fn from_ordinal(ordinal: ::core::primitive::usize) -> ::core::option::Option<Self> {
                match ordinal {
                    #(#ordinals => ::core::option::Option::Some(Self::#idents),)*
                    _ => ::core::option::Option::None,
                }
            }

            fn descriptor() -> &'static __aster::codec::TypeDescriptor {
                &__ASTER_TYPE
            }
        }

        #[automatically_derived]
        impl __aster::codec::MapKey for #ident {
            fn write_key(&self, out: &mut __aster::generated::JsonWriter<'_>) {
                __aster::generated::write_enum_json(self, out);
            }

            fn read_key(
                text: &::core::primitive::str,
            ) -> ::core::result::Result<Self, &'static ::core::primitive::str> {
                __aster::generated::read_enum_key(text)
            }
        }
    }
}
