//! Names become addresses, right before a connection is made.

use std::{io, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::Rule;

/// A name leads to no address that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name leads to no address that is allowed")]
pub(super) struct NotAllowed;

/// Passes on what its rule admits.
#[derive(Clone)]
pub(super) struct Guarded {
    names: Arc<dyn Resolve>,
    rule: Rule,
}

impl Guarded {
    pub(super) fn new(names: Arc<dyn Resolve>, rule: Rule) -> Self {
        Self { names, rule }
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolving, rule) = (self.names.resolve(name), self.rule);
        Box::pin(async move {
            let mut found = resolving.await?.filter(move |addr| rule.admits(addr.ip())).peekable();
            if found.peek().is_none() {
                return Err(NotAllowed.into());
            }
            Ok(Box::new(found) as Addrs)
        })
    }
}

/// The operating system's resolver.
pub(super) struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is the URL's.
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.is_empty() {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
