//! What was answered and how long it took, by route. No lock: every route has counters of its own.

use axum::http::StatusCode;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the time an answer took, in microseconds; longer ones are counted in the whole alone.
pub const BOUNDS: [u64; 12] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
];

/// Counters of all routes. Patterns only: a path may hold an id or a token.
pub(crate) struct Meters {
    routes: HashMap<&'static str, [Meter; 2]>,
    /// Paths that are no route.
    unknown: [Meter; 2],
}

#[derive(Default)]
struct Meter {
    classes: [AtomicU64; 5],
    within: [AtomicU64; BOUNDS.len()],
    micros: AtomicU64,
}

/// One route's figures since the start.
#[derive(Debug, Clone)]
pub struct Metered {
    pub method: &'static str,
    /// The pattern; empty where the path was none.
    pub route: &'static str,
    /// Answers with 1xx, 2xx … 5xx.
    pub classes: [u64; 5],
    /// Answers within each of [`BOUNDS`], the quicker ones included.
    pub within: [u64; BOUNDS.len()],
    pub micros: u64,
}

impl Meters {
    pub(crate) fn of(patterns: impl Iterator<Item = &'static str>) -> Self {
        Meters {
            routes: patterns
                .map(|pattern| (pattern, Default::default()))
                .collect(),
            unknown: Default::default(),
        }
    }

    pub(crate) fn count(&self, route: &str, post: bool, status: StatusCode, took: Duration) {
        let [get_side, post_side] = self.routes.get(route).unwrap_or(&self.unknown);
        let meter = if post { post_side } else { get_side };
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(count) = meter.classes.get(class) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let within = BOUNDS.iter().position(|bound| micros <= *bound);
        if let Some(count) = within.and_then(|at| meter.within.get(at)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        meter.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Everything that was asked for at least once, in the order of the patterns.
    pub(crate) fn read(&self) -> Vec<Metered> {
        let known = self.routes.iter().map(|(route, sides)| (*route, sides));
        let mut all: Vec<Metered> = known
            .chain([("", &self.unknown)])
            .flat_map(|(route, [get, post])| [("GET", route, get), ("POST", route, post)])
            .map(|(method, route, meter)| meter.read(method, route))
            .filter(|metered| metered.classes.iter().any(|count| *count > 0))
            .collect();
        all.sort_by_key(|metered| (metered.route, metered.method));
        all
    }
}

impl Meter {
    fn read(&self, method: &'static str, route: &'static str) -> Metered {
        let mut quicker = 0;
        let within = self.within.each_ref().map(|count| {
            quicker += count.load(Ordering::Relaxed);
            quicker
        });
        Metered {
            method,
            route,
            classes: self
                .classes
                .each_ref()
                .map(|count| count.load(Ordering::Relaxed)),
            within,
            micros: self.micros.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_route_counts_for_itself() {
        let meters = Meters::of(["/a", "/b"].into_iter());
        meters.count("/a", false, StatusCode::OK, Duration::from_micros(900));
        meters.count("/a", false, StatusCode::NOT_FOUND, Duration::from_millis(3));
        meters.count("/a", true, StatusCode::SEE_OTHER, Duration::from_secs(60));
        meters.count("", false, StatusCode::NOT_FOUND, Duration::ZERO);
        let read = meters.read();
        let seen: Vec<_> = read
            .iter()
            .map(|m| (m.route, m.method, m.classes))
            .collect();
        assert_eq!(
            seen,
            [
                ("", "GET", [0, 0, 0, 1, 0]),
                ("/a", "GET", [0, 1, 0, 1, 0]),
                ("/a", "POST", [0, 0, 1, 0, 0])
            ]
        );
        assert_eq!(read[1].within[..3], [1, 1, 2]);
        assert_eq!((read[1].within[11], read[1].micros), (2, 3_900));
        assert_eq!(read[2].within[11], 0);
    }
}
