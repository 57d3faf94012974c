//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service Matrix, version 1, contract 909b7a2f83a54a54ed0c443946131bb8f6ac8809b16ea3ed99aef9a861edfd3a
//! Service MatrixSession, version 1, contract 7727dfcd3e0236344383fbd59f4c2f3b9d3c5cc83c6d2110026765c9603a10f1

use std::collections::BTreeMap;

#[aster::wire_type("matrix/Blob")]
#[derive(Clone, Debug, PartialEq)]
pub struct Blob {
    pub name: String,
    pub raw: Vec<u8>,
}

#[aster::wire_type("matrix/Inner")]
#[derive(Clone, Debug, PartialEq)]
pub struct Inner {
    pub label: String,
    pub value: i64,
}

#[aster::wire_type("matrix/Request")]
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub text: String,
    pub n: i64,
    pub ratio: f64,
    pub flag: bool,
    pub items: Vec<String>,
    pub table: BTreeMap<String, i64>,
    pub note: Option<String>,
    pub inner: Inner,
}

#[aster::wire_type("matrix/Reply")]
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub index: i64,
    pub request: Request,
}

#[aster::wire_type("matrix/Total")]
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    pub count: i64,
    pub sum: i64,
    pub texts: Vec<String>,
}
