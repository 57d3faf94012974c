//! A service as the macro understands it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{
    Attribute, Generics, ImplItem, ItemImpl, ItemTrait, ReturnType, Signature, TraitItem,
    TraitItemFn, Type,
};

use super::attributes;
use super::names;
use super::options::{Expected, MethodOptions, Mode, ServiceOptions};
use super::requirement::Requirement;
use super::signature::{Handler, parameters};
use super::stand_in::StandIn;
use super::types::{name_of, peel};
use crate::errors::Errors;
use crate::naming::unraw;
use crate::runtime_path::{private_module, root};

/// How many messages go each way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    Unary,
    ServerStream,
    ClientStream,
    Bidi,
}

impl Pattern {
    const ALL: [Self; 4] = [Self::Unary, Self::ServerStream, Self::ClientStream, Self::Bidi];

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

    /// The pattern that differs in how many messages the client sends.
    pub(super) fn other_requests(self) -> Self {
        match self {
            Self::Unary => Self::ClientStream,
            Self::ClientStream => Self::Unary,
            Self::ServerStream => Self::Bidi,
            Self::Bidi => Self::ServerStream,
        }
    }

    /// The pattern that differs in how many messages the server sends.
    pub(super) fn other_responses(self) -> Self {
        match self {
            Self::Unary => Self::ServerStream,
            Self::ServerStream => Self::Unary,
            Self::ClientStream => Self::Bidi,
            Self::Bidi => Self::ClientStream,
        }
    }

    /// The pattern whose attribute has this name.
    pub(super) fn named(ident: &Ident) -> Option<Self> {
        Self::ALL.into_iter().find(|pattern| ident == pattern.attribute())
    }

    pub(super) fn of(attribute: &Attribute) -> Option<Self> {
        attribute.path().get_ident().and_then(Self::named)
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

impl Form {
    /// What `Self` means in signatures, if that is one type.
    fn self_type(&self) -> Option<&Type> {
        match self {
            Self::Impl(ty) => Some(ty),
            Self::Trait(_) => None,
        }
    }
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
    pub(super) expected: Option<Expected>,
    pub(super) doc: String,
    /// The lints that are allowed in it.
    pub(super) allows: Vec<Attribute>,
    pub(super) methods: Vec<Method>,
    /// The hidden module of the runtime.
    pub(super) runtime: TokenStream,
    /// The runtime itself.
    pub(super) root: TokenStream,
}

/// One method of it.
pub(super) struct Method {
    pub(super) ident: Ident,
    pub(super) name: String,
    pub(super) pattern: Pattern,
    pub(super) options: MethodOptions,
    pub(super) doc: String,
    /// Documentation and deprecation, as written.
    pub(super) shown: Vec<Attribute>,
    /// The conditions under which it exists.
    pub(super) cfgs: Vec<Attribute>,
    /// The lints that are allowed in it.
    pub(super) allows: Vec<Attribute>,
    /// Whether the client has a method for it.
    pub(super) in_client: bool,
    pub(super) body: Body,
    /// Its reports, under its conditions.
    pub(super) mistakes: TokenStream,
}

/// What the signature of a method says.
pub(super) enum Body {
    Sound(Box<Handler>),
    /// It has a mistake, which is this `compile_error!`. There is none if the
    /// compiler reports it.
    Broken {
        mistake: Option<TokenStream>,
        parameters: usize,
    },
}

impl Service {
    /// Reads an `impl` block; the method attributes are removed from it.
    pub(super) fn of_impl(
        arguments: TokenStream,
        item: &mut ItemImpl,
        errors: &Errors,
    ) -> Result<Self, Option<Box<StandIn>>> {
        let options = ServiceOptions::parse(arguments, errors);
        let ident = name_of(&item.self_ty).cloned();
        if let Some(mistake) = impl_mistake(item, ident.is_none()) {
            let entries = item.items.iter_mut();
            entries.filter_map(attributes::of_impl_item).for_each(attributes::strip_silently);
            return Err(fatal(mistake, errors, || {
                let ty = peel(&item.self_ty);
                Some(StandIn::of_type(&options, ident?, ty, &item.generics))
            }));
        }
        let form = Form::Impl(Box::new(peel(&item.self_ty).clone()));
        let mut methods = Vec::new();
        for entry in &mut item.items {
            if let ImplItem::Fn(function) = entry {
                let reader = Reader::new(&function.attrs, &options, &form);
                if let Some(method) = reader.read(&mut function.attrs, &function.sig) {
                    methods.push(method);
                    // A handler looks like this whether or not it needs to.
                    function.attrs.push(syn::parse_quote! {
                        #[allow(
                            clippy::needless_pass_by_value,
                            clippy::single_call_fn,
                            clippy::unused_async,
                            clippy::unused_self
                        )]
                    });
                }
            } else if let Some(attrs) = attributes::of_impl_item(entry) {
                attributes::strip(attrs, errors);
            }
        }
        match ident {
            Some(ident) if !methods.is_empty() => {
                Ok(Self::assemble(form, ident, quote!(pub), &item.attrs, options, methods))
            }
            ident => Err(fatal(no_methods(&item.self_ty), errors, || {
                let ty = peel(&item.self_ty);
                Some(StandIn::of_type(&options, ident?, ty, &item.generics))
            })),
        }
    }

    /// Reads a trait; the method attributes are removed and the futures of its
    /// methods are made `Send`.
    pub(super) fn of_trait(
        arguments: TokenStream,
        item: &mut ItemTrait,
        errors: &Errors,
    ) -> Result<Self, Option<Box<StandIn>>> {
        let options = ServiceOptions::parse(arguments, errors);
        let stand_in = |item: &ItemTrait| StandIn::of_trait(&options, &item.vis, &item.ident);
        if !item.generics.params.is_empty() {
            let entries = item.items.iter_mut();
            entries.filter_map(attributes::of_trait_item).for_each(attributes::strip_silently);
            let mistake = generic("trait", &item.generics);
            return Err(fatal(mistake, errors, || Some(stand_in(item))));
        }
        let form = Form::Trait(item.ident.clone());
        let mut methods = Vec::new();
        for entry in &mut item.items {
            if let TraitItem::Fn(function) = entry {
                let reader = Reader::new(&function.attrs, &options, &form);
                if let Some(method) = reader.read(&mut function.attrs, &function.sig) {
                    methods.push(method);
                    make_send(function);
                }
            } else if let Some(attrs) = attributes::of_trait_item(entry) {
                attributes::strip(attrs, errors);
            }
        }
        if methods.is_empty() {
            let mistake = no_methods(&item.ident);
            return Err(fatal(mistake, errors, || Some(stand_in(item))));
        }
        let visibility = &item.vis;
        let ident = item.ident.clone();
        let visibility = quote!(#visibility);
        Ok(Self::assemble(form, ident, visibility, &item.attrs, options, methods))
    }

    fn assemble(
        form: Form,
        ident: Ident,
        visibility: TokenStream,
        attrs: &[Attribute],
        options: ServiceOptions,
        mut methods: Vec<Method>,
    ) -> Self {
        names::check(&mut methods);
        let name = options.name.as_ref().map_or_else(|| unraw(&ident), syn::LitStr::value);
        Self {
            form,
            ident,
            visibility,
            name,
            version: options.version,
            scope: options.scope,
            modes: options.modes,
            requires: options.requires,
            expected: options.expected,
            doc: attributes::doc_text(attrs),
            allows: attributes::allows(attrs),
            methods,
            runtime: private_module(options.krate.as_ref()),
            root: root(options.krate.as_ref()),
        }
    }

    /// A name made from the service's, as in `GreeterClient`.
    pub(super) fn derived(&self, suffix: &str) -> Ident {
        crate::naming::derived(&self.ident, suffix)
    }

    /// Whether every method is as it will be.
    pub(super) fn is_sound(&self) -> bool {
        let is_sound =
            |method: &Method| matches!(method.body, Body::Sound(_)) && method.mistakes.is_empty();
        self.methods.iter().all(is_sound)
    }

    /// The methods that are understood, and their handlers.
    pub(super) fn sound(&self) -> impl Iterator<Item = (&Method, &Handler)> {
        self.methods.iter().filter_map(|method| match &method.body {
            Body::Sound(handler) => Some((method, &**handler)),
            Body::Broken { .. } => None,
        })
    }
}

/// Reports what makes the whole service impossible, before everything else:
/// its stand-in is that report.
fn fatal(
    mistake: syn::Error,
    errors: &Errors,
    stand_in: impl FnOnce() -> Option<StandIn>,
) -> Option<Box<StandIn>> {
    errors.push_first(mistake);
    stand_in().map(Box::new)
}

fn impl_mistake(item: &ItemImpl, nameless: bool) -> Option<syn::Error> {
    if let Some((path, ..)) = &item.trait_ {
        return Some(syn::Error::new_spanned(
            path,
            "#[service] goes on the trait itself or on an inherent `impl`, not on the implementation of a trait",
        ));
    }
    if !item.generics.params.is_empty() {
        return Some(generic("type", &item.generics));
    }
    nameless.then(|| {
        syn::Error::new_spanned(
            &item.self_ty,
            "#[service] needs a type with a name, as in `impl Greeter`",
        )
    })
}

fn generic(what: &str, generics: &Generics) -> syn::Error {
    let message = format!(
        "a service {what} has no generic parameters: callers see one contract; make it concrete"
    );
    syn::Error::new_spanned(&generics.params, message)
}

fn no_methods(at: &impl quote::ToTokens) -> syn::Error {
    syn::Error::new_spanned(
        at,
        "this service has no methods: put #[rpc], #[server_stream], #[client_stream] or #[bidi_stream] on the functions that peers may call",
    )
}

/// Reads one method.
struct Reader<'a> {
    doc: String,
    shown: Vec<Attribute>,
    cfgs: Vec<Attribute>,
    allows: Vec<Attribute>,
    service: &'a ServiceOptions,
    form: &'a Form,
}

impl<'a> Reader<'a> {
    fn new(attrs: &[Attribute], service: &'a ServiceOptions, form: &'a Form) -> Self {
        Self {
            doc: attributes::doc_text(attrs),
            shown: attributes::shown(attrs),
            cfgs: attributes::cfgs(attrs),
            allows: attributes::allows(attrs),
            service,
            form,
        }
    }

    /// The method, if the function has a pattern attribute; that is removed.
    fn read(self, attrs: &mut Vec<Attribute>, sig: &Signature) -> Option<Method> {
        let errors = Errors::default();
        let (pattern, attribute) = attributes::take_pattern(attrs, &errors)?;
        let tokens = attributes::arguments(&attribute, &errors);
        let options = MethodOptions::parse(pattern, tokens, &errors);

        let signature = Errors::default();
        let item = options.item.as_ref();
        let body = Handler::parse(pattern, sig, item, self.form.self_type(), &signature)
            .map(|handler| Body::Sound(Box::new(handler)));
        let body = match (signature.take_first(), body) {
            (None, Some(body)) => body,
            (mistake, _) => Body::Broken { mistake, parameters: parameters(sig) },
        };
        let rust_name = unraw(&sig.ident);
        let name = match (&options.name, self.service.rename_all) {
            (Some(name), _) => name.value(),
            (None, Some(style)) => style.apply(&rust_name),
            (None, None) => rust_name,
        };
        let mut method = Method {
            ident: sig.ident.clone(),
            name,
            pattern,
            options,
            doc: self.doc,
            shown: self.shown,
            cfgs: self.cfgs,
            allows: self.allows,
            in_client: true,
            body,
            mistakes: TokenStream::new(),
        };
        let cfgs = method.cfgs.clone();
        method.report(&cfgs, errors);
        method.report(&cfgs, signature);
        Some(method)
    }
}

impl Method {
    /// Adds reports that hold under `cfgs`.
    pub(super) fn report(&mut self, cfgs: &[Attribute], errors: Errors) {
        for report in errors.into_list() {
            let report = report.to_compile_error();
            self.mistakes.extend(quote!(#(#cfgs)* #report));
        }
    }
}

/// Rewrites `async fn f() -> R` to `fn f() -> impl Future<Output = R> + Send`,
/// which implementations still write as `async fn`.
fn make_send(function: &mut TraitItemFn) {
    let sig = &mut function.sig;
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
    if let Some(body) = &mut function.default {
        *body = syn::parse_quote!({ async move #body });
        // The future holds `&self`.
        sig.generics
            .make_where_clause()
            .predicates
            .push(syn::parse_quote!(Self: ::core::marker::Sync));
    }
}
