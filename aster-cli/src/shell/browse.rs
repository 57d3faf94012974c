//! Commands that look around: where one is, what is there, what it is.

use std::sync::Arc;

use super::interpreter::Interpreter;
use super::listing::{self, Listing, counted};
use super::place::Place;
use super::results::Results;
use super::screen::Screen;
use super::tree::Branch;
use crate::failure::Failure;
use crate::remote::RemoteService;

impl Interpreter {
    /// The place that a path names, from here.
    pub(super) fn at(&self, path: Option<&str>) -> Result<Place, Failure> {
        let here = match &self.session {
            Some(open) => Place::Service(open.service.summary.name.clone()),
            None => self.place.clone(),
        };
        let Some(path) = path else { return Ok(here) };
        let place = here.follow(path);
        // A service may be named from anywhere, as in `describe Service`.
        match self.tree.find(path) {
            Some(branch) if here.service().is_none() => {
                Ok(Place::Service(branch.summary.name.clone()))
            }
            _ => place,
        }
    }

    /// Fetches the contracts that a place is about.
    async fn load_place(&mut self, place: &Place) -> Result<(), Failure> {
        match place.service() {
            Some(service) => {
                listing::find(&self.tree, service)?;
                self.load(service).await.map(|_| ())
            }
            None if *place == Place::Services => self.load_all().await,
            None => Ok(()),
        }
    }

    /// A place with what it is about.
    async fn look_at(&mut self, path: Option<&str>) -> Result<Place, Failure> {
        let place = self.at(path)?;
        self.load_place(&place).await?;
        Ok(place)
    }

    /// A service with its contract.
    pub(super) async fn load(&mut self, name: &str) -> Result<Arc<RemoteService>, Failure> {
        if let Some(service) = self.tree.find(name).and_then(|branch| branch.settled().cloned()) {
            return Ok(service);
        }
        let service = self.remote.service(name).await?;
        self.tree.put(service.clone());
        Ok(service)
    }

    /// All contracts at the same time.
    pub(super) async fn load_all(&mut self) -> Result<(), Failure> {
        let missing = self.tree.branches().iter().filter(|branch| branch.settled().is_none());
        let names: Vec<_> = missing.map(|branch| branch.summary.name.clone()).collect();
        let remote = &self.remote;
        let services = names.iter().map(|name| remote.service(name));
        for service in futures::future::join_all(services).await {
            self.tree.put(service?);
        }
        Ok(())
    }

    pub(super) async fn cd(&mut self, path: Option<&str>) -> Result<(), Failure> {
        let place = match path {
            Some(path) => self.at(Some(path))?,
            None => Place::Root,
        };
        match &place {
            Place::Method(service, method) => {
                listing::find(&self.tree, service)?;
                Err(Failure::usage(format!("{method} is a method, not a place"))
                    .hint(format!("call it with ./{method}, or `describe {method}`")))
            }
            Place::Blob(_) => Err(Failure::usage("a blob is not a place").hint("`cat` prints it")),
            _ => {
                self.load_place(&place).await?;
                if let Some(note) = place
                    .service()
                    .and_then(|name| self.tree.find(name))
                    .and_then(listing::unknown_methods)
                {
                    self.screen.note(&note);
                }
                self.place = place;
                Ok(())
            }
        }
    }

    pub(super) async fn ls(
        &mut self,
        path: Option<&str>,
        results: &mut Results,
    ) -> Result<(), Failure> {
        let place = self.look_at(path).await?;
        let listing = listing::list(&place, &self.tree, self.remote.rights())?;
        show(&listing, &self.screen, results)
    }

    pub(super) fn pwd(&self, results: &mut Results) -> Result<(), Failure> {
        let place = self.at(None)?.to_string();
        let text = if results.json() { serde_json::json!(place).to_string() } else { place };
        results.write(&text)
    }

    pub(super) async fn describe(
        &mut self,
        path: Option<&str>,
        results: &mut Results,
    ) -> Result<(), Failure> {
        let place = self.look_at(path).await?;
        if results.json() {
            return self.cat_place(&place, results);
        }
        let Some(branch) = place.service().and_then(|name| self.tree.find(name)) else {
            let listing = listing::list(&place, &self.tree, self.remote.rights())?;
            return show(&listing, &self.screen, results);
        };
        let text = match &place {
            Place::Method(_, method) => {
                listing::find_method(branch, method)?;
                super::description::method(branch, method, self.remote.rights())
            }
            _ => super::description::service(branch, self.remote.rights()),
        };
        results.write(text?.trim_end())
    }

    pub(super) async fn cat(
        &mut self,
        path: Option<&str>,
        results: &mut Results,
    ) -> Result<(), Failure> {
        let place = self.at(path)?;
        if let Place::Blob(hash) = &place {
            let name = listing::blob(&self.tree, hash)?.summary.name.clone();
            self.load(&name).await?;
        }
        self.load_place(&place).await?;
        self.cat_place(&place, results)
    }

    fn cat_place(&self, place: &Place, results: &mut Results) -> Result<(), Failure> {
        let branch = match place {
            Place::Blob(hash) => listing::blob(&self.tree, hash)?,
            Place::Service(name) | Place::Method(name, _) => listing::find(&self.tree, name)?,
            _ => {
                return Err(Failure::usage(format!("{place} is no single thing"))
                    .hint("`ls` shows what it holds"));
            }
        };
        let contract = super::description::contract_of(branch)?;
        let text = aster::contract::manifest::write(std::slice::from_ref(contract));
        if !results.json() {
            return results.write(text.trim_end());
        }
        let value: serde_json::Value = serde_json::from_str(&text)
            .map_err(|error| Failure::runtime(format!("cannot write the contract: {error}")))?;
        results.write(&value.to_string())
    }

    pub(super) async fn refresh(&mut self) {
        self.tree.clear();
        let fetched = self.load_all().await;
        match fetched {
            Ok(()) => {
                let known = self.tree.branches().iter().filter_map(Branch::contract).count();
                self.screen.remark(&format!("{} fetched", counted(known, "contract")));
            }
            Err(failure) => self.screen.failure(&failure),
        }
    }

    pub(super) fn whoami(&self, results: &mut Results) -> Result<(), Failure> {
        let mut listing = Listing::new(&["what", "value"]);
        listing.row(["server".into(), self.remote.name().into()]);
        let held: Vec<_> = self.remote.rights().capabilities().collect();
        listing.row(["capabilities".into(), held.join(", ").into()]);
        for (name, value) in self.remote.client().attributes() {
            listing.row([name.as_str().into(), value.as_str().into()]);
        }
        show(&listing, &self.screen, results)
    }

    pub(super) async fn rights(&mut self, results: &mut Results) -> Result<(), Failure> {
        self.load_all().await?;
        show(&listing::rights(&self.tree, self.remote.rights()), &self.screen, results)
    }
}

/// Writes a listing as a table, or as JSON lines.
pub(super) fn show(
    listing: &Listing,
    screen: &Screen,
    results: &mut Results,
) -> Result<(), Failure> {
    if results.json() {
        return listing.json_lines().iter().try_for_each(|line| results.write(line));
    }
    if !listing.is_empty() {
        results.write(&listing.table(results.columns()))?;
    }
    if !listing.note.is_empty() {
        screen.note(&listing.note);
    }
    Ok(())
}
