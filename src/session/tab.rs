//! What one tab knows beside the record: what its subscribers were told, and what it waits for. It has a
//! form as text, because nothing of a session stays in memory between two calls.

use super::renewal::{Phase, Renewal};
use crate::syntax::arena::Arena;
use crate::syntax::form::{parameters, put_if_any};
use crate::syntax::grammar::number;

parameters! {
    struct Members {
        logouts,
        revoked,
        told_id,
        told_token,
        told_until,
        is_expired,
        is_lost,
        renewals,
        phase,
        id,
        asked_in,
        token,
        requested_at,
        failures,
        retry_at,
        refusal,
        revokes,
        generation,
    }
}

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
    /// The number of a dropped renewal whose answer brings tokens that are to be revoked; 0 for none.
    pub(super) revokes: u64,
    /// The record's generation when this tab saw it last.
    pub(super) generation: &'a [u8],
}

/// The session as subscribers know it.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) id: &'a [u8],
    pub(super) access_token: &'a [u8],
    /// From when on its token is not sent; `None` when nobody knows.
    pub(super) usable_until: Option<u64>,
    /// They were told that it has expired.
    pub(super) is_expired: bool,
    /// It had, and nothing could have renewed it.
    pub(super) is_lost: bool,
}

impl<'a> Tab<'a> {
    /// Reads what [`Self::write`] wrote; nothing for a tab that has just begun.
    pub(super) fn parse(text: &'a [u8], arena: &mut Arena<'a>) -> Self {
        let members = Members::parse(text, arena).unwrap_or_default();
        let count = |text| number(text).unwrap_or_default();
        let told = Told {
            id: members.told_id(),
            access_token: members.told_token(),
            usable_until: number(members.told_until()),
            is_expired: !members.is_expired().is_empty(),
            is_lost: !members.is_lost().is_empty(),
        };
        let renewals = count(members.renewals());
        let renewal = Phase::parse(members.phase()).map(|phase| Renewal {
            number: renewals,
            phase,
            id: members.id(),
            generation: members.asked_in(),
            access_token: members.token(),
        });
        Self {
            logouts: count(members.logouts()),
            revoked: count(members.revoked()),
            told: (!told.id.is_empty()).then_some(told),
            renewals,
            renewal,
            requested_at: count(members.requested_at()),
            failures: count(members.failures()),
            retry_at: count(members.retry_at()),
            refusal: members.refusal(),
            revokes: count(members.revokes()),
            generation: members.generation(),
        }
    }

    pub(super) fn write<'b>(&self, arena: &mut Arena<'b>) -> &'b [u8] {
        let numbers = [
            ("logouts", self.logouts),
            ("revoked", self.revoked),
            ("renewals", self.renewals),
            ("requested_at", self.requested_at),
            ("failures", self.failures),
            ("retry_at", self.retry_at),
            ("revokes", self.revokes),
        ];
        for (name, number) in numbers {
            put_number(arena, name, number);
        }
        if let Some(told) = &self.told {
            put_if_any(arena, b'&', "told_id", told.id);
            put_if_any(arena, b'&', "told_token", told.access_token);
            // A token that ended in 1970 ends there a second later, too.
            put_number(
                arena,
                "told_until",
                told.usable_until.map_or(0, |end| end.max(1)),
            );
            put_flag(arena, "is_expired", told.is_expired);
            put_flag(arena, "is_lost", told.is_lost);
        }
        if let Some(renewal) = &self.renewal {
            put_if_any(arena, b'&', "id", renewal.id);
            put_if_any(arena, b'&', "asked_in", renewal.generation);
            put_if_any(arena, b'&', "token", renewal.access_token);
            renewal.phase.write(arena);
        }
        put_if_any(arena, b'&', "refusal", self.refusal);
        put_if_any(arena, b'&', "generation", self.generation);
        arena.take()
    }
}

fn put_flag(arena: &mut Arena<'_>, name: &str, flag: bool) {
    put_number(arena, name, flag.into());
}

/// Writes a number that is not zero.
fn put_number(arena: &mut Arena<'_>, name: &str, number: u64) {
    if number > 0 {
        arena.push(b'&');
        arena.put(name.as_bytes());
        arena.push(b'=');
        arena.put_decimal(number);
    }
}
