//! One event on its way through the machine: what is known, and what comes of it.

use super::event::{Cause, Change, Effects, NoToken};
use super::policy::Policy;
use super::record::{Held, Record};
use super::tab::Tab;
use crate::syntax::arena::Arena;

/// One event on its way through the machine.
pub(super) struct Turn<'m, 'a, 'r> {
    pub(super) policy: &'m Policy<'m, 'a>,
    pub(super) now: u64,
    pub(super) record: Record<'a>,
    pub(super) tab: Tab<'a>,
    pub(super) arena: &'r mut Arena<'a>,
    /// Whose doing a new session or token is.
    pub(super) by: Cause,
    /// How the end of the session is told, and whose doing it is; `None` where the record alone says it.
    pub(super) ending: Option<(Change, Cause)>,
    /// The session began with this event.
    pub(super) is_new: bool,
    /// The record is another one than the store has.
    pub(super) is_changed: bool,
    pub(super) outcome: Result<(), NoToken<'a>>,
    pub(super) effects: Effects<'a>,
}

impl<'a> Turn<'_, 'a, '_> {
    pub(super) fn held(&self) -> Option<&Held<'a>> {
        self.record.session.as_ref()
    }

    /// The name of the session; empty where there is none.
    pub(super) fn id(&self) -> &'a [u8] {
        self.held().map_or(b"", |held| held.id)
    }

    /// Its token, or the ID token of a login that asked for no other one; empty where there is none.
    pub(super) fn access_token(&self) -> &'a [u8] {
        self.held().map_or(b"", |held| held.set.proof())
    }

    /// From when on its token is no longer sent; `None` when nobody knows.
    pub(super) fn usable_until(&self) -> Option<u64> {
        self.policy.plan.usable_until(&self.held()?.set.token)
    }

    /// Whether there is a token that can be sent.
    pub(super) fn is_usable(&self) -> bool {
        self.held().is_some() && self.usable_until().is_none_or(|end| self.now < end)
    }

    /// Whether there is a refresh token, and somewhere to send it.
    pub(super) fn has_grant(&self) -> bool {
        let has_token = self
            .held()
            .is_some_and(|held| !held.set.refresh_token.is_empty());
        has_token && self.policy.token_endpoint.is_some()
    }

    /// Whether there is a session that can get a new token without its user.
    pub(super) fn is_renewable(&self) -> bool {
        let asks_in_frames =
            self.policy.plan.renews && self.policy.has_frames && self.tab.refusal.is_empty();
        self.has_grant() || (asks_in_frames && self.held().is_some())
    }
}
