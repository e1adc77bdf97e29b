//! What one tab knows beside the record: what its subscribers were told, and what it waits for. It has a
//! form as text, because nothing of a session stays in memory between two calls.

use super::renewal::{Phase, Renewal};
use crate::syntax::arena::Arena;
use crate::syntax::lines::{Lines, put_line, put_number_line};

#[derive(Clone, Copy, Default)]
pub(super) struct Tab<'a> {
    /// Logouts that this tab has seen.
    pub(super) logouts: u64,
    /// So many of them ended with the order to revoke what was still to come.
    pub(super) revoked: u64,
    pub(super) told: Option<Told<'a>>,
    /// Renewals that were begun; the last one's number.
    pub(super) renewals: u64,
    pub(super) renewal: Option<Renewal<'a>>,
    /// When the last request went out.
    pub(super) requested_at: u64,
    /// Failures in a row.
    pub(super) failures: u64,
    /// No attempt of its own before this.
    pub(super) retry_at: u64,
    /// The code with which the server has said that the user must act; empty where it has not.
    pub(super) refusal: &'a [u8],
    /// What dropped renewals up to this number still bring is to be revoked; 0 for none.
    pub(super) revokes: u64,
    /// The record's generation when this tab saw it last.
    pub(super) generation: &'a [u8],
    /// The time of the last logout of which this tab knows.
    pub(super) left_at: u64,
}

/// The session as subscribers know it.
#[derive(Clone, Copy, Default)]
pub(super) struct Told<'a> {
    pub(super) id: &'a [u8],
    pub(super) access_token: &'a [u8],
    /// From when on its token is not sent; [`super::plan::NEVER`] when nobody knows.
    pub(super) usable_until: u64,
    /// They were told that it has expired.
    pub(super) is_expired: bool,
    /// It could have been renewed.
    pub(super) is_renewable: bool,
}

impl<'a> Tab<'a> {
    /// Reads what [`Self::write`] wrote; nothing for a tab that has just begun.
    pub(super) fn parse(text: &'a [u8]) -> Self {
        let mut lines = Lines::of(text);
        let mut tab = Self {
            logouts: lines.number(),
            revoked: lines.number(),
            told: None,
            renewals: lines.number(),
            renewal: None,
            requested_at: lines.number(),
            failures: lines.number(),
            retry_at: lines.number(),
            refusal: lines.text(),
            revokes: lines.number(),
            generation: lines.text(),
            left_at: lines.number(),
        };
        let told = Told {
            id: lines.text(),
            access_token: lines.text(),
            usable_until: lines.number(),
            is_expired: lines.number() != 0,
            is_renewable: lines.number() != 0,
        };
        tab.told = (!told.id.is_empty()).then_some(told);
        tab.renewal = Phase::parse(lines.number()).map(|phase| Renewal {
            number: tab.renewals,
            phase,
            lock: lines.number(),
            id: lines.text(),
            generation: lines.text(),
            access_token: lines.text(),
            parameters: lines.text(),
        });
        tab
    }

    pub(super) fn write<'b>(&self, arena: &mut Arena<'b>) -> &'b [u8] {
        put_number_line(arena, self.logouts);
        put_number_line(arena, self.revoked);
        put_number_line(arena, self.renewals);
        put_number_line(arena, self.requested_at);
        put_number_line(arena, self.failures);
        put_number_line(arena, self.retry_at);
        put_line(arena, self.refusal);
        put_number_line(arena, self.revokes);
        put_line(arena, self.generation);
        put_number_line(arena, self.left_at);
        let told = self.told.unwrap_or_default();
        put_line(arena, told.id);
        put_line(arena, told.access_token);
        put_number_line(arena, told.usable_until);
        put_number_line(arena, told.is_expired.into());
        put_number_line(arena, told.is_renewable.into());
        if let Some(renewal) = &self.renewal {
            put_number_line(arena, renewal.phase.to_number());
            put_number_line(arena, renewal.lock);
            put_line(arena, renewal.id);
            put_line(arena, renewal.generation);
            put_line(arena, renewal.access_token);
            put_line(arena, renewal.parameters);
        }
        arena.take()
    }
}
