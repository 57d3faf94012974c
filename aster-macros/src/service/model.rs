//! A service as the macro understands it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, ImplItem, ItemImpl, ItemTrait, ReturnType, Signature, TraitItem, Type,
};

use super::options::{MethodOptions, Mode, Requirement, ServiceOptions, attribute_tokens};
use super::signature::{Argument, Handler};
use crate::errors::Errors;
use crate::naming::unraw;
use crate::runtime_path::private_module;

/// How many messages go each way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    Unary,
    ServerStream,
    ClientStream,
    Bidi,
}

impl Pattern {
    const ALL: [Self; 4] = [
        Self::Unary,
        Self::ServerStream,
        Self::ClientStream,
        Self::Bidi,
    ];

    /// The attribute that asks for it.
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::Unary => "rpc",
            Self::ServerStream => "server_stream",
            Self::ClientStream => "client_stream",
            Self::Bidi => "bidi_stream",
        }
    }

    pub(super) fn streams_requests(self) -> bool {
        matches!(self, Self::ClientStream | Self::Bidi)
    }

    pub(super) fn streams_responses(self) -> bool {
        matches!(self, Self::ServerStream | Self::Bidi)
    }

    fn of(attribute: &Attribute) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|pattern| attribute.path().is_ident(pattern.attribute()))
    }
}

/// Who shares an instance.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Shared,
    Session,
}

/// What the attribute sits on.
pub(super) enum Form {
    /// An inherent `impl` of this type.
    Impl(Box<Type>),
    /// A trait of this name.
    Trait(Ident),
}

/// The whole service.
pub(super) struct Service {
    pub(super) form: Form,
    /// The Rust name that the client's and server's names are made from.
    pub(super) ident: Ident,
    pub(super) visibility: TokenStream,
    pub(super) name: String,
    pub(super) version: i32,
    pub(super) scope: Scope,
    pub(super) modes: Vec<Mode>,
    pub(super) requires: Option<Requirement>,
    pub(super) doc: String,
    pub(super) methods: Vec<Method>,
    /// The hidden module of the runtime.
    pub(super) runtime: TokenStream,
}

/// One method of it.
pub(super) struct Method {
    pub(super) ident: Ident,
    pub(super) name: String,
    pub(super) pattern: Pattern,
    pub(super) options: MethodOptions,
    pub(super) doc: String,
    pub(super) handler: Handler,
}

/// Names that the generated client uses itself.
const CLIENT_NAMES: [&str; 3] = ["new", "open", "close"];

impl Service {
    /// Reads an `impl` block; the method attributes are removed from it.
    pub(super) fn of_impl(
        arguments: TokenStream,
        item: &mut ItemImpl,
        errors: &Errors,
    ) -> Option<Self> {
        let options = ServiceOptions::parse(arguments, errors);
        if let Some((path, ..)) = &item.trait_ {
            errors.at(
                path,
                "#[service] goes on the trait itself or on an inherent `impl`, not on the implementation of a trait",
            );
            return None;
        }
        if !item.generics.params.is_empty() {
            errors.at(
                &item.generics,
                "a service type has no generic parameters: clients see one contract; make it concrete",
            );
            return None;
        }
        let Some(ident) = type_name(&item.self_ty) else {
            errors.at(
                &item.self_ty,
                "#[service] needs a type with a name, as in `impl Greeter`",
            );
            return None;
        };
        let mut methods = Vec::new();
        for entry in &mut item.items {
            if let ImplItem::Fn(function) = entry {
                let doc = doc_text(&function.attrs);
                let sig = &function.sig;
                if let Some(found) = take_pattern(&mut function.attrs, errors) {
                    methods.extend(Method::parse(found, sig, doc, &options, errors));
                }
            }
        }
        let form = Form::Impl(item.self_ty.clone());
        let doc = doc_text(&item.attrs);
        Self::assemble(form, ident, quote!(pub), doc, options, methods, errors)
    }

    /// Reads a trait; the method attributes are removed and the futures of its
    /// methods are made `Send`.
    pub(super) fn of_trait(
        arguments: TokenStream,
        item: &mut ItemTrait,
        errors: &Errors,
    ) -> Option<Self> {
        let options = ServiceOptions::parse(arguments, errors);
        if !item.generics.params.is_empty() {
            errors.at(
                &item.generics,
                "a service trait has no generic parameters: clients see one contract; make it concrete",
            );
            return None;
        }
        let mut methods = Vec::new();
        for entry in &mut item.items {
            if let TraitItem::Fn(function) = entry {
                let doc = doc_text(&function.attrs);
                if let Some(found) = take_pattern(&mut function.attrs, errors) {
                    let method = Method::parse(found, &function.sig, doc, &options, errors);
                    methods.extend(method);
                    make_send(&mut function.sig);
                }
            }
        }
        let visibility = &item.vis;
        let form = Form::Trait(item.ident.clone());
        let doc = doc_text(&item.attrs);
        let ident = item.ident.clone();
        Self::assemble(
            form,
            ident,
            quote!(#visibility),
            doc,
            options,
            methods,
            errors,
        )
    }

    fn assemble(
        form: Form,
        ident: Ident,
        visibility: TokenStream,
        doc: String,
        options: ServiceOptions,
        methods: Vec<Method>,
        errors: &Errors,
    ) -> Option<Self> {
        if methods.is_empty() && errors.is_empty() {
            errors.at(
                &ident,
                "this service has no method: put #[rpc], #[server_stream], #[client_stream] or #[bidi_stream] on its functions",
            );
        }
        check_names(&methods, errors);
        let name = options
            .name
            .as_ref()
            .map_or_else(|| unraw(&ident), syn::LitStr::value);
        Some(Self {
            form,
            ident,
            visibility,
            name,
            version: options.version,
            scope: options.scope,
            modes: options.modes,
            requires: options.requires,
            doc,
            methods,
            runtime: private_module(options.krate.as_ref()),
        })
    }

    /// A name made from the service's, as in `GreeterClient`.
    pub(super) fn derived(&self, suffix: &str) -> Ident {
        format_ident!("{}{suffix}", unraw(&self.ident), span = self.ident.span())
    }
}

impl Method {
    fn parse(
        (pattern, attribute): (Pattern, Attribute),
        sig: &Signature,
        doc: String,
        service: &ServiceOptions,
        errors: &Errors,
    ) -> Option<Self> {
        let tokens = attribute_tokens(&attribute, errors);
        let options = MethodOptions::parse(pattern, tokens, errors);
        let handler = Handler::parse(pattern, sig, options.item.as_ref(), errors)?;
        let rust_name = unraw(&sig.ident);
        let name = options.name.as_ref().map_or_else(
            || {
                service
                    .rename_all
                    .map_or_else(|| rust_name.clone(), |style| style.apply(&rust_name))
            },
            syn::LitStr::value,
        );
        Some(Self {
            ident: sig.ident.clone(),
            name,
            pattern,
            options,
            doc,
            handler,
        })
    }
}

/// Two methods must differ on the wire, and in the client from what the client
/// has itself.
fn check_names(methods: &[Method], errors: &Errors) {
    for (i, method) in methods.iter().enumerate() {
        let earlier = methods.get(..i).unwrap_or_default();
        if let Some(first) = earlier.iter().find(|m| m.name == method.name) {
            errors.at(
                &method.ident,
                format!(
                    "two methods are called \"{}\" on the wire: this one and `{}`; rename one with `name = \"...\"`",
                    method.name, first.ident
                ),
            );
        }
        let rust_name = unraw(&method.ident);
        if CLIENT_NAMES.contains(&rust_name.as_str()) {
            errors.at(
                &method.ident,
                format!(
                    "the generated client has a `{rust_name}` of its own; rename the function and keep the wire name with `name = \"{}\"`",
                    method.name
                ),
            );
        }
    }
}

/// Takes the pattern attribute off a function. Two of them contradict each
/// other.
fn take_pattern(attrs: &mut Vec<Attribute>, errors: &Errors) -> Option<(Pattern, Attribute)> {
    let mut found: Option<(Pattern, Attribute)> = None;
    attrs.retain(|attribute| {
        let Some(pattern) = Pattern::of(attribute) else {
            return true;
        };
        match &found {
            None => found = Some((pattern, attribute.clone())),
            Some((first, _)) => errors.at(
                attribute,
                format!(
                    "this method is #[{}] already; a method has one pattern",
                    first.attribute()
                ),
            ),
        }
        false
    });
    found
}

/// Rewrites `async fn f() -> R` to `fn f() -> impl Future<Output = R> + Send`,
/// which implementations still write as `async fn`.
fn make_send(sig: &mut Signature) {
    if sig.asyncness.take().is_none() {
        return;
    }
    let output = match &sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    let span = sig.output.span();
    sig.output = syn::parse_quote_spanned! {span=>
        -> impl ::core::future::Future<Output = #output> + ::core::marker::Send
    };
}

/// The doc comment: its lines without the space that follows `///`.
fn doc_text(attrs: &[Attribute]) -> String {
    let lines: Vec<String> = attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) => match &pair.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => {
                    let line = text.value();
                    Some(line.strip_prefix(' ').unwrap_or(&line).to_owned())
                }
                _ => None,
            },
            _ => None,
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

fn type_name(ty: &Type) -> Option<Ident> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.clone()),
        _ => None,
    }
}

impl Method {
    /// The handler's arguments in the order they were written.
    pub(super) fn arguments(&self) -> &[Argument] {
        &self.handler.arguments
    }
}

/// Whether an argument is the receiver.
pub(super) fn is_receiver(argument: &FnArg) -> bool {
    matches!(argument, FnArg::Receiver(_))
}
