//! A session that goes on, as a store keeps it.

pub(crate) mod record;
