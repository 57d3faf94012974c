// Requirements in all forms, without a warning.
#![deny(warnings)]

use aster::{Capability, Requirement, Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[derive(Capability)]
pub enum Role {
    #[capability("ops.status")]
    Status = 3,
    #[capability("ops.admin")]
    Admin = -3,
}

mod other {
    #[derive(aster::Capability)]
    pub(crate) enum Area {
        #[capability("area.eu")]
        Europe,
    }
    pub(crate) const HOME: Area = Area::Europe;
}
use Role::Admin;
use other::Area;

pub struct Fleet;

#[service(requires = admitted)]
impl Fleet {
    #[rpc]
    async fn none(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc(requires = admitted)]
    async fn admitted(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc(requires = "ops.logs")]
    async fn text(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc(requires = Role::Status)]
    async fn path(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc(requires = Admin)]
    async fn imported(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc(requires = any_of(Role::Admin, "ops.logs", other::HOME))]
    async fn any(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc(requires = all_of(<Role>::Status, crate::other::Area::Europe,))]
    async fn all(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}

macro_rules! service {
    ($name:ident, $path:path, $expr:expr, $text:literal) => {
        #[service(scope = "session", requires = $path)]
        pub trait $name {
            #[rpc(requires = any_of($expr, $text))]
            async fn get(&self, hello: Hello) -> Result<Hello, Status>;
        }
    };
}
service!(Made, Area::Europe, Role::Admin, "x");

/// Every method names one.
#[service]
pub trait Complete {
    #[rpc(requires = "ops.logs")]
    async fn one(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = admitted)]
    async fn two(&self, hello: Hello) -> Result<Hello, Status>;
}

/// No method names one.
#[service]
pub trait Open {
    #[rpc]
    async fn one(&self, hello: Hello) -> Result<Hello, Status>;
}

/// Allowed for the service.
#[service]
#[allow(deprecated)]
pub trait Lenient {
    #[rpc(requires = "ops.logs")]
    async fn one(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn two(&self, hello: Hello) -> Result<Hello, Status>;
}

/// Allowed for a method.
#[service]
pub trait Local {
    #[rpc(requires = "ops.logs")]
    async fn one(&self, hello: Hello) -> Result<Hello, Status>;
    #[allow(deprecated)]
    #[rpc]
    async fn two(&self, hello: Hello) -> Result<Hello, Status>;
    #[cfg(any())]
    #[rpc]
    async fn never(&self, hello: Hello) -> Result<Hello, Status>;
}

fn unguarded(service: &aster::ServiceDescriptor) -> Vec<&'static str> {
    service.unguarded().map(|method| method.name).collect()
}

fn main() {
    let of = |name: &str| FleetClient::DESCRIPTOR.method(name).unwrap().requires;
    assert_eq!(FleetClient::DESCRIPTOR.requires, Some(Requirement::Admitted));
    assert_eq!(of("none"), None);
    assert_eq!(of("admitted"), Some(Requirement::Admitted));
    assert_eq!(of("text"), Some(Requirement::Role("ops.logs")));
    assert_eq!(of("path"), Some(Requirement::Role("ops.status")));
    assert_eq!(of("imported"), Some(Requirement::Role("ops.admin")));
    assert_eq!(of("any"), Some(Requirement::AnyOf(&["ops.admin", "ops.logs", "area.eu"])));
    assert_eq!(of("all"), Some(Requirement::AllOf(&["ops.status", "area.eu"])));
    assert_eq!(MadeClient::DESCRIPTOR.requires, Some(Requirement::Role("area.eu")));
    let get = MadeClient::DESCRIPTOR.method("get").unwrap();
    assert_eq!(get.requires, Some(Requirement::AnyOf(&["ops.admin", "x"])));

    assert!(unguarded(FleetClient::DESCRIPTOR).is_empty());
    assert!(unguarded(CompleteClient::DESCRIPTOR).is_empty());
    assert_eq!(unguarded(OpenClient::DESCRIPTOR), ["one"]);
    assert_eq!(unguarded(LenientClient::DESCRIPTOR), ["two"]);
    assert_eq!(unguarded(LocalClient::DESCRIPTOR), ["two"]);
}
