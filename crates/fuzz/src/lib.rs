//! Inputs nobody thought of: what strangers can send is thrown at the functions that read it first, changed a little
//! more each time. Started by `cargo xtask fuzz`; a tool, never delivered.
//!
//! `targets` names the functions and what must hold of what they give, `mutate` changes inputs, `hunt` keeps what led to
//! something new and makes small what failed.

pub mod hunt;
mod mail;
mod markup;
mod mutate;
pub mod targets;
mod upload;
mod winmail;
