//! A login under way: what is kept when it starts, found once, and answered.
//!
//! A client and random bytes go in, a URL and a record in a store come out; a URL that the page was
//! opened with goes in, and comes out as what it is worth. RFC 6749, section 10.12; RFC 9700, section 4.7.

pub(crate) mod answer;
pub(crate) mod places;
pub(crate) mod record;
pub(crate) mod storage;
pub(crate) mod store;
