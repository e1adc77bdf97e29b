//! The 32 newest logins of a client in a store that several tabs share, so that abandoned ones take no
//! room and no time.

use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::secret::{KEY_LENGTH, State};
use crate::syntax::text::{consists_of, from, to};

/// Records that one client may have; the oldest goes first.
pub(crate) const RECORDS: usize = 32;

/// Names of fixed width, the oldest first, blank where there was no login yet: every login moves it
/// by one, and one record falls out of it, so that the first login costs what the last one does.
pub(crate) struct Ring<'a>(&'a [u8]);

/// As many blank names.
const BLANK: [u8; RECORDS * KEY_LENGTH] = [b' '; RECORDS * KEY_LENGTH];

impl<'a> Ring<'a> {
    /// Reads a ring; anything else than one is an empty ring.
    pub(crate) fn read(text: &'a [u8]) -> Self {
        if text.len() == BLANK.len() && consists_of(text, |byte| byte.is_ascii()) {
            Self(text)
        } else {
            Self(&BLANK)
        }
    }

    /// The name of a client's ring in the store.
    pub(crate) fn name<'b>(client: &Client<'_>, arena: &mut Arena<'b>) -> &'b [u8] {
        arena.put(b"claviger:ring:");
        arena.put(client.client_id);
        arena.push(b' ');
        arena.put(client.server.authorization_endpoint.text());
        arena.take()
    }

    /// Takes a login in, and gives the ring's new text and the key of the record that falls out.
    pub(crate) fn turn<'b>(&self, state: State<'_>, arena: &mut Arena<'b>) -> (&'b [u8], &'a [u8]) {
        arena.put(from(self.0, KEY_LENGTH));
        arena.put(state.key());
        (arena.take(), to(self.0, KEY_LENGTH))
    }
}
