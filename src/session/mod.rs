//! A session that goes on. What happens to it comes in as an [`event::Event`]: an answer, a timer, another
//! tab's word, the caller's. What is to be done comes out as [`event::Effect`]s: keep the record, send a
//! request, tell subscribers. RFC 6749, sections 1.5 and 6, and rules M1 to M13 of docs/rules.md govern it.
//!
//! The session *is* its [`record`], a text in the store where the client chose one, which tabs may share,
//! and else in memory. Beside it a [`tab`] knows only what it has told its subscribers and what it is
//! waiting for. So no tab holds a copy that can differ, and the changes that subscribers hear are the
//! difference between what they were told and what the record says.

pub(crate) mod event;
pub(crate) mod job;
mod machine;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod record;
mod renew;
mod renewal;
pub(crate) mod renewal_parameters;
mod tab;
mod telling;
mod turn;
