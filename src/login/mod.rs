//! A login under way: what is kept, found once, and answered.

pub(crate) mod answer;
pub(crate) mod record;
pub(crate) mod ring;
pub(crate) mod store;
