//! The store for logins under way, whatever keeps it: a browser's storage, a file, a map in memory.
//!
//! The order of operations is the point of it: a login is kept before it can be answered, and used up
//! before anything is made of its answer. All texts have found their room before anything is changed.

use super::answer::{Answer, Grants, RecordChange, answer};
use super::record;
#[cfg(feature = "alloc")]
use super::record::Stored;
use super::ring::Ring;
use crate::authorization::response::Reading;
use crate::error::Error;
#[cfg(feature = "package")]
use crate::error::Refusal;
use crate::registration::client::Client;
use crate::syntax::arena::{Arena, Complete, OutOfRoom};
use crate::syntax::secret::State;
use crate::syntax::url::Url;

/// A place for named texts that outlives the page or the program which started a login. No text that
/// is set is empty.
pub(crate) trait Storage {
    /// The text under this name; empty where there is none. [`Error::StorageUnavailable`] where the
    /// place can't be read.
    fn get<'a>(&self, name: &[u8], arena: &mut Arena<'a>) -> Result<&'a [u8], Error>;

    /// Puts a text under this name, in the place of an earlier one; says whether it is there now.
    #[must_use]
    fn set(&self, name: &[u8], text: &[u8], complete: Complete) -> bool;

    /// Removes what is under this name, where there is anything; says whether nothing is left.
    #[must_use]
    fn remove(&self, name: &[u8], complete: Complete) -> bool;

    /// What of a state names its record here.
    fn key<'a>(&self, state: State<'a>) -> &'a [u8] {
        state.key()
    }
}

/// Keeps a login that starts, before its URL is handed to anybody, in a store that several tabs share.
/// It takes four operations, however many logins were abandoned, and at most 32 of a client's are kept:
/// the oldest goes. Where it fails no earlier one was lost.
pub(crate) fn keep(
    client: &Client<'_>,
    storage: &impl Storage,
    state: State<'_>,
    text: &[u8],
    arena: &mut Arena<'_>,
) -> Result<(), Error> {
    let ring_name = Ring::name(client, arena);
    let ring = storage.get(ring_name, arena)?;
    let (ring, oldest) = Ring::read(ring).turn(state, arena);
    let oldest = record::name(oldest, arena);
    let name = record::name(state.key(), arena);
    let complete = arena.complete()?;
    if storage.set(name, text, complete)
        && storage.set(ring_name, ring, complete)
        && storage.remove(oldest, complete)
    {
        return Ok(());
    }
    // A record outside the ring would never be swept.
    let _ = storage.remove(name, complete);
    Err(Error::StorageUnavailable)
}

/// What a URL is, and what the store has for it.
pub(crate) struct Found<'a> {
    pub(crate) reading: Reading<'a>,
    name: &'a [u8],
    record: Result<&'a [u8], Error>,
}

impl<'a> Found<'a> {
    /// Reads a URL and looks its record up.
    pub(crate) fn look_up(
        client: &Client<'_>,
        storage: &impl Storage,
        url: &Url<'a>,
        arena: &mut Arena<'a>,
    ) -> Self {
        let reading = Reading::parse(client, url, arena);
        let (name, record) = match reading.state() {
            Some(state) => {
                let name = record::name(storage.key(state), arena);
                (name, storage.get(name, arena))
            }
            None => (&b""[..], Ok(&b""[..])),
        };
        Self {
            reading,
            name,
            record,
        }
    }

    /// What the server said, where it refused.
    #[cfg(feature = "package")]
    pub(crate) fn refusal(&self) -> Option<Refusal<'a>> {
        let response = self.reading.response.as_ref().ok()?;
        response.as_ref()?.refusal()
    }

    /// Whether the record is of a login for which another window waits.
    #[cfg(feature = "alloc")]
    pub(crate) fn is_relayed(&self, arena: &mut Arena<'a>) -> bool {
        match Stored::parse(self.record.unwrap_or_default(), true, arena) {
            Stored::Pending(pending) => {
                let is_own = |state: State<'_>| state.matches(pending.state);
                pending.kept().is_relayed && self.reading.state().is_some_and(is_own)
            }
            _ => false,
        }
    }

    /// Verifies the response, and marks the record used before anything is made of it.
    pub(crate) fn conclude<G: Grants<'a>>(
        &self,
        client: &Client<'_>,
        storage: &impl Storage,
        grants: &G,
        now: u64,
        arena: &mut Arena<'a>,
    ) -> Result<Answer<'a, G::Granted>, OutOfRoom> {
        let record = self.record.ok().filter(|record| !record.is_empty());
        let mut answer = answer(client, &self.reading, record, grants, now, arena);
        let complete = arena.complete()?;
        let is_changed = match answer.change {
            None => true,
            // Used is used, also where the trace of it can't be kept.
            Some(RecordChange::Replace(text)) => {
                storage.set(self.name, text, complete) || storage.remove(self.name, complete)
            }
            Some(RecordChange::Remove) => storage.remove(self.name, complete),
        };
        // A response is unknown because the store is silent: that is the news then.
        if !is_changed || (answer.outcome.is_err() && self.record.is_err()) {
            answer.outcome = Err(Error::StorageUnavailable);
        }
        Ok(answer)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;
    use core::cell::{Cell, RefCell};

    use super::*;
    use crate::authorization::request::Flow;
    use crate::authorization::response::Response;
    use crate::login::record::{self, Kept, Record};
    use crate::registration::client::RedirectUri;
    use crate::registration::server::AuthorizationServer;
    use crate::token::token::Token;

    const STATE: &[u8] = b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    const NOW: u64 = 1_700_000_000;

    /// A store that counts what is changed in it.
    #[derive(Default)]
    struct Counting {
        kept: RefCell<Vec<(Vec<u8>, Vec<u8>)>>,
        changes: Cell<usize>,
    }

    impl Storage for Counting {
        fn get<'a>(&self, name: &[u8], arena: &mut Arena<'a>) -> Result<&'a [u8], Error> {
            for (known, text) in self.kept.borrow().iter() {
                if known == name {
                    arena.put(text);
                }
            }
            Ok(arena.take())
        }

        fn set(&self, name: &[u8], text: &[u8], _: Complete) -> bool {
            self.changes.set(self.changes.get().saturating_add(1));
            let mut kept = self.kept.borrow_mut();
            kept.retain(|(known, _)| known != name);
            if !text.is_empty() {
                kept.push((name.to_vec(), text.to_vec()));
            }
            true
        }

        fn remove(&self, name: &[u8], complete: Complete) -> bool {
            self.set(name, b"", complete)
        }
    }

    fn client() -> Result<Client<'static>, crate::error::Invalid> {
        let redirect_uri = b"https://app.example/cb";
        Ok(Client {
            server: AuthorizationServer::new(Url::of(b"https://as.example/authorize"))?,
            client_id: b"spa",
            redirect_uri: RedirectUri::new(redirect_uri, Url::of(redirect_uri))?,
            scope: b"read write",
            state_lifetime: 3600,
            hash_router: false,
            assumes_bearer: false,
        })
    }

    struct Tokens(Client<'static>);

    impl<'a> Grants<'a> for Tokens {
        type Granted = Token<'a>;
        const KNOWS_CODES: bool = false;

        fn grant(
            &self,
            record: &Record<'a>,
            response: &Response<'a>,
            now: u64,
        ) -> Result<Token<'a>, Error> {
            response.token(&self.0, record.members.scope(), now)
        }
    }

    /// In every room that is too small both say so, and have changed nothing; in the first that is not
    /// they do what they do in a large one.
    #[test]
    fn nothing_is_changed_before_every_text_has_found_its_room() -> Result<(), crate::error::Invalid>
    {
        let client = client()?;
        let state = State::read(STATE).unwrap_or_default();
        let kept = Kept {
            app_state: b"\"a b\"",
            ..Kept::default()
        };
        let mut bytes = vec![0; 4096];
        let record = record::write(
            &client,
            &Flow::Token,
            &kept,
            STATE,
            NOW,
            &mut Arena::new(&mut bytes),
        );
        let storage = Counting::default();
        let mut refused = 0;
        for room in 0.. {
            let mut bytes = vec![0; room];
            match keep(
                &client,
                &storage,
                state,
                record,
                &mut Arena::new(&mut bytes),
            ) {
                Err(error) => {
                    assert_eq!((error, storage.changes.get()), (Error::OutOfMemory, 0));
                    refused = room;
                }
                Ok(()) => break,
            }
        }
        assert!(refused > 700, "the ring alone takes more");
        assert_eq!(storage.changes.replace(0), 3);

        let url = [
            &b"https://app.example/cb#access_token=A%54&token_type=bearer&state="[..],
            STATE,
        ]
        .concat();
        let url = Url::of(&url);
        for room in 0.. {
            let mut bytes = vec![0; room];
            let arena = &mut Arena::new(&mut bytes);
            let found = Found::look_up(&client, &storage, &url, arena);
            match found.conclude(&client, &storage, &Tokens(client), NOW, arena) {
                Err(OutOfRoom) => assert_eq!(storage.changes.get(), 0),
                Ok(answer) => {
                    assert!(room > 100);
                    assert_eq!(storage.changes.get(), 1);
                    let token = answer
                        .outcome
                        .map(|granted| granted.map(|it| it.granted.access_token));
                    assert_eq!(token, Ok(Some(&b"AT"[..])));
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}
