//! The keys of an issuer: OpenID Connect Core 1.0, section 10.1.1; RFC 7517, section 5.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use core::cell::{Cell, RefCell};
use core::future::Future;

use js_sys::futures::spawn_local;
use web_sys::RequestCache;

use super::failure::Failure;
use super::http;
use super::outcome::Outcome;
use super::page;
use super::time_limits::KEYS_TIMEOUT_MS;
use crate::owned::{RelyingParty, are_keys_fresh, read_key_set};

std::thread_local! {
    /// What was fetched, by its URL, for as long as the page lives: the limits are the issuer's, and not a
    /// client's.
    static FETCHED: RefCell<BTreeMap<String, Rc<Fetched>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Keys that were given, or those that stand at a URL.
#[derive(Clone)]
pub(super) enum IssuersKeys {
    Given(Rc<str>),
    At(Rc<Fetched>),
}

pub(super) struct Fetched {
    url: String,
    asked: RefCell<Option<Asked>>,
    refetched_at: Cell<Option<u64>>,
}

#[derive(Clone)]
struct Asked {
    keys: Outcome<Result<Rc<str>, Failure>>,
    time: u64,
}

impl IssuersKeys {
    pub(super) fn of(party: Option<&RelyingParty>) -> Self {
        let given = party.and_then(RelyingParty::jwks);
        let url = party.and_then(RelyingParty::jwks_uri);
        match (given, url) {
            (None, Some(url)) => Self::At(FETCHED.with_borrow_mut(|all| {
                let url = String::from(url.as_str());
                let new = || Rc::new(Fetched::at(url.clone()));
                Rc::clone(all.entry(url.clone()).or_insert_with(new))
            })),
            (given, _) => Self::Given(given.unwrap_or_default().into()),
        }
    }

    /// Asks for them before anybody waits for them.
    pub(super) fn prepare(&self) {
        if let Self::At(fetched) = self {
            fetched.current();
        }
    }

    pub(super) fn get(&self) -> impl Future<Output = Result<Rc<str>, Failure>> + use<> {
        let own = self.clone();
        async move {
            match own {
                Self::Given(keys) => Ok(keys),
                Self::At(fetched) => fetched.current().wait().await,
            }
        }
    }

    /// Asks again, past every cache.
    pub(super) async fn refetch(&self) -> Result<Rc<str>, Failure> {
        match self {
            // Nothing can have changed.
            Self::Given(keys) => Ok(Rc::clone(keys)),
            Self::At(fetched) => {
                fetched.refetched_at.set(Some(page::now()));
                fetched.ask(RequestCache::NoCache).wait().await
            }
        }
    }

    pub(super) fn refetched_at(&self) -> Option<u64> {
        match self {
            Self::Given(_) => Some(page::now()),
            Self::At(fetched) => fetched.refetched_at.get(),
        }
    }
}

impl Fetched {
    fn at(url: String) -> Self {
        Self {
            url,
            asked: RefCell::new(None),
            refetched_at: Cell::new(None),
        }
    }

    fn current(self: &Rc<Self>) -> Outcome<Result<Rc<str>, Failure>> {
        let asked = self.asked.borrow().clone();
        let fresh = asked.filter(|asked| are_keys_fresh(asked.time, page::now()));
        fresh.map_or_else(|| self.ask(RequestCache::Default), |asked| asked.keys)
    }

    fn ask(self: &Rc<Self>, cache: RequestCache) -> Outcome<Result<Rc<str>, Failure>> {
        let keys = Outcome::new();
        let asked = Asked {
            keys: keys.clone(),
            time: page::now(),
        };
        let before = self.asked.replace(Some(asked));
        let answer = http::get_raw(&self.url, cache, KEYS_TIMEOUT_MS);
        let (own, asked) = (Rc::clone(self), keys.clone());
        spawn_local(async move {
            let read = match answer.await {
                None => Err(Failure::JwksUnreachable),
                Some((status, content_type, body)) => {
                    let read = read_key_set(status, &content_type, &body);
                    read.map(Into::into).map_err(Into::into)
                }
            };
            let mut last = own.asked.borrow_mut();
            if read.is_err() && last.as_ref().is_some_and(|it| it.keys.is(&asked)) {
                // What was there before is as good as it was.
                *last = before;
            }
            drop(last);
            asked.set(read);
        });
        keys
    }
}
