//! Lists page by key: the URL carries the key of the last row, never a page number.

use crate::Cx;
use serde::Serialize;

/// Rows on a page of a list.
pub const PAGE: usize = 25;

/// Links to the neighbouring pages of a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Pager {
    pub newer: Option<String>,
    pub older: Option<String>,
    pub note: Option<String>,
}

impl Pager {
    /// For a list that was asked for one row more than a page holds: cuts it, and links on with the last row's key.
    /// `key` must be URL-safe. The way back is the first page.
    pub fn cut<T>(cx: &Cx, rows: &mut Vec<T>, key: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let older = if more {
            rows.last().map(|row| cx.link_with("nach", Some(&key(row))))
        } else {
            None
        };
        let newer = cx.query("nach").map(|_| cx.link_with("nach", None));
        Pager {
            newer,
            older,
            note: None,
        }
    }
}
