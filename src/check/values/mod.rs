//! What values may be: dates, addresses, languages, numbers. Each function judges one kind of value and knows neither
//! elements nor formats.

pub(crate) mod dates;
pub(crate) mod mail;
pub(crate) mod tables;
pub(crate) mod uris;
pub(crate) mod words;
