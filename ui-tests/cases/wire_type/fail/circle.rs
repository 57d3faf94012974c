// Messages that hold each other need a mark on the field that closes the circle;
// each circle is reported once, and what leads to one is not.
use aster::{Status, service, wire_type};

#[wire_type("blog/Post")]
struct Post {
    author: Option<Box<Author>>,
}

#[wire_type("blog/Author")]
struct Author {
    name: String,
    posts: Vec<Post>,
}

#[wire_type("blog/Site")]
struct Site {
    authors: Vec<Author>,
}

type Children = Vec<Node>;

#[wire_type("tree/Node")]
struct Node {
    children: Children,
}

#[service(contract_id = "0000000000000000000000000000000000000000000000000000000000000000")]
trait Sites {
    #[rpc]
    async fn site(&self, site: Site) -> Result<Site, Status>;
}

fn main() {}
