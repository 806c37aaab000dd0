//! A look at records without reading them: one file a syntax.

pub mod json;
