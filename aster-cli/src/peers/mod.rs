//! `aster peers`: names for servers.

mod address_book;
mod commands;

pub(crate) use address_book::AddressBook;
pub(crate) use commands::Peers;
