// A back edge names its message. If that is all that a contract has of it, its
// changes would not show.
use aster::{Status, service, wire_type};

#[wire_type("blog/Author")]
pub struct Author {
    name: String,
    posts: Vec<Post>,
}

#[wire_type("blog/Post")]
pub struct Post {
    #[wire(back_edge)]
    author: Option<Box<Author>>,
}

#[service]
pub trait Posts {
    #[rpc]
    async fn edit(&self, post: Post) -> Result<Post, Status>;
}

#[service]
pub trait Authors {
    #[rpc]
    async fn edit(&self, author: Author) -> Result<Post, Status>;
}

fn main() {}
