//! The documentation page of the rules, written from the table of rules.
