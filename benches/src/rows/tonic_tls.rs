//! tonic over TLS: gRPC as Rust programs use it, with a certificate of its own.
//!
//! The service and its client are what tonic's code generator writes for one
//! unary method, without its options, so that no compiler of `.proto` files is
//! needed.

use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::codegen::{Service, http};
use tonic::server::{NamedService, UnaryService};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{
    Certificate, Channel, ClientTlsConfig, Endpoint, Identity, Server, ServerTlsConfig,
};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

use super::ECHO_LOADS;
use crate::figures::Figures;
use crate::row::{Row, Run, Runtime, Table};

/// Characters that make 64 bytes of protobuf.
const TEXT: usize = 62;

/// As long as ours.
const DEADLINE: Duration = Duration::from_secs(30);

const PATH: &str = "/bench.Echo/Echo";

const HOST: &str = "localhost";

pub(super) const ROWS: &[Row] = &[Row {
    name: "tonic",
    title: "tonic, TLS over TCP; deadline",
    table: Table::Unary,
    baseline: "raw",
    loads: ECHO_LOADS,
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(serve()),
    measure: |run| Box::pin(measure(run)),
}];

#[derive(Clone, PartialEq, prost::Message)]
struct Text {
    #[prost(string, tag = "1")]
    text: String,
}

/// Routes requests to [`Echo`].
#[derive(Clone, Copy)]
struct EchoServer;

struct Echo;

impl UnaryService<Text> for Echo {
    type Response = Text;
    type Future = BoxFuture<'static, Result<Response<Text>, Status>>;

    fn call(&mut self, request: Request<Text>) -> Self::Future {
        Box::pin(async move { Ok(Response::new(request.into_inner())) })
    }
}

impl NamedService for EchoServer {
    const NAME: &'static str = "bench.Echo";
}

impl Service<http::Request<Body>> for EchoServer {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            let codec = ProstCodec::<Text, Text>::default();
            Ok(tonic::server::Grpc::new(codec).unary(Echo, request).await)
        })
    }
}

/// The address, and the certificate as one line.
async fn serve() {
    let own = rcgen::generate_simple_self_signed([HOST.to_owned()]).expect("a certificate");
    let certificate = own.cert.pem();
    let identity = Identity::from_pem(&certificate, own.signing_key.serialize_pem());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    println!("{address} {}", certificate.replace('\n', "|"));
    Server::builder()
        .tls_config(ServerTlsConfig::new().identity(identity))
        .expect("it is in order")
        .add_service(EchoServer)
        .serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true)))
        .await
        .expect("served");
}

async fn connect(address: &str) -> Channel {
    let (address, certificate) = address.split_once(' ').expect("address and certificate");
    let certificate = Certificate::from_pem(certificate.replace('|', "\n"));
    let tls = ClientTlsConfig::new().ca_certificate(certificate).domain_name(HOST);
    Endpoint::from_shared(format!("https://{address}"))
        .expect("an address")
        .tls_config(tls)
        .expect("it is in order")
        .connect()
        .await
        .expect("connected")
}

async fn measure(run: Run) -> Figures {
    let channel = connect(&run.address).await;
    run.calls(move || echo(channel.clone())).await
}

async fn echo(channel: Channel) {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.expect("ready");
    let mut request = Request::new(Text { text: "x".repeat(TEXT) });
    request.set_timeout(DEADLINE);
    let codec = ProstCodec::<Text, Text>::default();
    let path = http::uri::PathAndQuery::from_static(PATH);
    let reply = client.unary(request, path, codec).await.expect("answered");
    let reply: Text = reply.into_inner();
    assert_eq!(reply.text.len(), TEXT);
}
