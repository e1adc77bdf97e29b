//! The store for logins under way, whatever keeps it: a browser's storage, a file, a map in memory.
//!
//! The order of operations is the point of it: a login is kept before it can be answered, and used up
//! before anything is made of its answer. All texts have found their room before anything is changed.

use super::answer::{Answer, RecordChange, answer};
use super::places::place_of;
use super::record;
#[cfg(feature = "alloc")]
use super::record::Stored;
use super::storage::Storage;
use crate::authorization::response::Reading;
use crate::error::Error;
use crate::registration::client::Client;
use crate::syntax::arena::{Arena, Complete};
use crate::syntax::form::Slots;
#[cfg(feature = "alloc")]
use crate::syntax::secret::State;
use crate::syntax::url::Url;

/// What a URL is, and what the store has for it.
pub(crate) struct Found<'s, 'a> {
    pub(crate) reading: Reading<'s, 'a>,
    name: &'a [u8],
    record: Result<&'a [u8], Error>,
}

impl<'s, 'a> Found<'s, 'a> {
    /// Reads a URL, its parameters into `slots`, and looks its record up.
    pub(crate) fn look_up(
        client: &Client<'_>,
        storage: &impl Storage,
        url: &Url<'a>,
        slots: &'s mut Slots<'a>,
        arena: &mut Arena<'a>,
    ) -> Self {
        let reading = Reading::parse(client, url, slots, arena);
        let (name, record) = match reading.state() {
            Some(state) => {
                let name = record::name(place_of(state), arena);
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

    /// Whether the record is of a login for which another window waits.
    #[cfg(feature = "alloc")]
    pub(crate) fn is_relayed(&self, arena: &mut Arena<'a>) -> bool {
        let slots = &mut Slots::default();
        match Stored::parse(self.record.unwrap_or_default(), true, slots, arena) {
            Stored::Pending(pending) => {
                let is_own = |state: State<'_>| state.matches(pending.state);
                pending.kept().is_relayed && self.reading.state().is_some_and(is_own)
            }
            _ => false,
        }
    }

    /// Verifies the response with its record, whose members go into `slots`. Nothing is changed yet.
    pub(crate) fn answer<'r>(
        &self,
        client: &Client<'_>,
        knows_codes: bool,
        now: u64,
        slots: &'r mut Slots<'a>,
        arena: &mut Arena<'a>,
    ) -> Answer<'r, 'a>
    where
        's: 'r,
    {
        let record = self.record.map(|it| (!it.is_empty()).then_some(it));
        answer(
            client,
            &self.reading,
            record,
            knows_codes,
            now,
            slots,
            arena,
        )
    }

    /// Marks the record used, before anything of the answer leaves the program.
    pub(crate) fn change(
        &self,
        change: Option<RecordChange<'_>>,
        storage: &impl Storage,
        complete: Complete,
    ) -> Result<(), Error> {
        let is_changed = match change {
            None => true,
            // Used is used, also where the trace of it can't be kept.
            Some(RecordChange::Replace(text)) => {
                storage.set(self.name, text, complete) || storage.remove(self.name, complete)
            }
            Some(RecordChange::Remove) => storage.remove(self.name, complete),
        };
        if is_changed {
            Ok(())
        } else {
            Err(Error::StorageUnavailable)
        }
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;
    use core::cell::{Cell, RefCell};

    use super::*;
    use crate::authorization::request::Flow;
    use crate::login::places::keep;
    use crate::login::record::{self, Kept};
    use crate::registration::client::RedirectUri;
    use crate::registration::server::AuthorizationServer;

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
            match keep(&storage, state, record, &mut Arena::new(&mut bytes)) {
                Err(error) => {
                    assert_eq!((error, storage.changes.get()), (Error::OutOfMemory, 0));
                    refused = room;
                }
                Ok(()) => break,
            }
        }
        assert!(refused > 5, "the name alone takes more");
        assert_eq!(storage.changes.replace(0), 1);

        let url = [
            &b"https://app.example/cb#access_token=A%54&token_type=bearer&state="[..],
            STATE,
        ]
        .concat();
        let url = Url::of(&url);
        for room in 0.. {
            let mut bytes = vec![0; room];
            let arena = &mut Arena::new(&mut bytes);
            let slots = &mut [Slots::default(), Slots::default()];
            let [of_response, of_record] = slots;
            let found = Found::look_up(&client, &storage, &url, of_response, arena);
            let answer = found.answer(&client, false, NOW, of_record, arena);
            let token = answer.outcome.map(|verified| {
                verified.map(|verified| {
                    let token = verified.token(&client, NOW, arena);
                    token.map(|it| it.access_token)
                })
            });
            let Ok(complete) = arena.complete() else {
                assert_eq!(storage.changes.get(), 0);
                continue;
            };
            assert!(room > 100);
            assert_eq!(found.change(answer.change, &storage, complete), Ok(()));
            assert_eq!(storage.changes.get(), 1);
            assert_eq!(token, Ok(Some(Ok(&b"AT"[..]))));
            return Ok(());
        }
        Ok(())
    }
}
