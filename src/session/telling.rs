//! What subscribers are told: the difference between what they know and what the record says (rule M4).

use super::event::{Cause, Change};
use super::plan::NEVER;
use super::tab::Told;
use super::turn::Turn;
use crate::syntax::text::is;

impl<'a> Turn<'_, 'a, '_> {
    pub(super) fn tell(&mut self) {
        let known = self.tab.told.take();
        if self.record.session.is_some() {
            self.tell_of(known);
        } else if let Some(known) = known {
            self.effects.tell([self.end_of(&known), None, None]);
        }
        self.tab.generation = self.record.generation;
        self.tab.left_at = self.tab.left_at.max(self.record.left_at);
    }

    /// How the end of a session is told. Where nobody has ended it, a session whose time was up, and that
    /// nothing could have renewed, has gone because of that.
    fn end_of(&self, known: &Told<'_>) -> Option<(Change, Cause)> {
        if self.ending.is_some() {
            return self.ending;
        }
        let is_logout = !is(self.tab.generation, self.record.generation);
        if is_logout || known.is_renewable || known.usable_until > self.now {
            Some((Change::Logout, Cause::Tab))
        } else if known.is_expired {
            None
        } else {
            Some((Change::Expire, Cause::Time))
        }
    }

    fn tell_of(&mut self, known: Option<Told<'a>>) {
        let is_over = !self.is_usable();
        let is_renewable = self.tab.renewal.is_some() || self.is_renewable();
        // A session that was kept until it was of no use is given up before anybody hears of it.
        if is_over && !is_renewable && known.is_none() && !self.is_new {
            self.record.session = None;
            self.is_changed = true;
            return;
        }
        let told = Told {
            id: self.id(),
            access_token: self.access_token(),
            usable_until: self.usable_until().unwrap_or(NEVER),
            is_expired: is_over,
            is_renewable,
        };
        let by = |change| Some((change, self.by));
        let (mut left, mut came) = (None, None);
        // A token that has expired already is no news where the last one had, too.
        let mut was_expired = false;
        let mut is_same_token = false;
        match &known {
            Some(known) if is(known.id, told.id) => {
                was_expired = known.is_expired && is_over;
                is_same_token = is(known.access_token, told.access_token)
                    && known.usable_until == told.usable_until;
                if !is_same_token && !was_expired {
                    came = by(Change::Renew);
                }
            }
            known => {
                // Of a session that was lost nobody has to hear that another one took its place.
                let was_there = |known: &Told<'_>| known.is_renewable || !known.is_expired;
                if known.as_ref().is_some_and(was_there) {
                    left = by(Change::Logout);
                }
                came = by(Change::Login);
            }
        }
        let expired = (is_over && !was_expired).then_some((Change::Expire, Cause::Time));
        self.effects.tell([left, came, expired]);
        if !is_same_token {
            self.tab.failures = 0;
            self.tab.retry_at = 0;
            self.tab.refusal = b"";
        }
        self.tab.told = Some(told);
    }
}
