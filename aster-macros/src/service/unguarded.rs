//! The lint for methods that nobody may call on a trusted server, because
//! neither they nor their service say who may.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::model::{Method, Service};

/// Uses a deprecated constant at each such method: the one kind of warning that
/// a macro can give. A service without any requirement is meant for open gates
/// and gets none.
pub(super) fn expand(service: &Service) -> TokenStream {
    let names_some = |method: &&Method| method.options.requires.is_some();
    let (guarded, unguarded): (Vec<_>, Vec<_>) = service.methods.iter().partition(names_some);
    if service.requires.is_some() || guarded.is_empty() || unguarded.is_empty() {
        return TokenStream::new();
    }
    let uses = unguarded.iter().map(|method| {
        let (cfgs, allows) = (&method.cfgs, &method.allows);
        quote_spanned! {method.ident.span()=>
            #(#cfgs)*
            #(#allows)*
            const _: () = METHOD_WITHOUT_REQUIRES;
        }
    });
    let allows = &service.allows;
    quote! {
        #(#allows)*
        const _: () = {
            #[allow(dead_code)]
            #[deprecated(note = "other methods of this service say who may call them, but this one does not, so a server with a root of trust refuses its callers; write `requires = admitted` to let every admitted peer call it, or name a capability")]
            const METHOD_WITHOUT_REQUIRES: () = ();

            #(#uses)*
        };
    }
}
