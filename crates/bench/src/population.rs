//! Who is there and whose each thread is: the same pattern in every size, so that sizes can be compared.

/// Threads of the customers of a block of forty: most have few, one has a full page of messages and one of tickets.
const SHARES: [u64; 21] = [
    50, 8, 6, 4, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1,
];
const CUSTOMERS: u64 = 40;
/// The threads of such a block; those beyond the shares are guests'.
const BLOCK: u64 = 100;
/// Texts of a thread, four on average.
const LENGTHS: [u64; 10] = [1, 4, 2, 6, 3, 2, 10, 3, 5, 4];
/// Threads come in mixed order, so that those of one customer lie apart on the disk as they do in life.
const STRIDES: [u64; 3] = [7_919, 104_729, 611_953];

/// How much a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub customers: u64,
    /// Texts in all threads together.
    pub messages: u64,
}

/// A thread as it is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// `None`: a guest's.
    pub owner: Option<u64>,
    /// A message of the portal rather than a ticket.
    pub message: bool,
    /// How many texts stand in it.
    pub texts: u64,
}

impl Size {
    /// At least ten customers and one message.
    pub fn new(customers: u64, messages: u64) -> Self {
        Size {
            customers: customers.max(10),
            messages: messages.max(1),
        }
    }

    /// The same mix with so many customers, or itself where it is smaller.
    pub fn with_customers(self, customers: u64) -> Self {
        if self.customers <= customers {
            return self;
        }
        Size::new(customers, self.messages * customers / self.customers)
    }

    /// Articles of the knowledge base: 5,000 beside 100,000 customers.
    pub fn articles(self) -> u64 {
        (self.customers / 20).max(40)
    }

    /// Messages of the portal and tickets: 250,000 of a million texts.
    pub fn threads(self) -> u64 {
        (self.messages / 4).max(1)
    }

    /// Whether the `nth` thread in the order of time is one of the few that are not closed.
    pub fn open(self, nth: u64) -> bool {
        nth + self.threads().div_ceil(50) >= self.threads()
    }

    /// The `nth` thread in the order of time.
    pub fn thread(self, nth: u64) -> Plan {
        let all = self.threads();
        let stride = STRIDES
            .into_iter()
            .find(|stride| !all.is_multiple_of(*stride))
            .unwrap_or(1);
        let slot = nth * stride % all;
        let (block, mut left) = (slot / BLOCK, slot % BLOCK);
        // shifted from block to block, or the same customers would always have the long ones
        let length = (left / 2 + block * 3) % LENGTHS.len() as u64;
        let texts = LENGTHS.get(length as usize).copied().unwrap_or(1);
        for (at, share) in (0..).zip(SHARES) {
            if left < share {
                return Plan {
                    owner: Some((block * CUSTOMERS + at) % self.customers),
                    message: left.is_multiple_of(2),
                    texts,
                };
            }
            left -= share;
        }
        Plan {
            owner: None,
            message: false,
            texts,
        }
    }
}

/// A number for `n`: repeatable, and mixed well enough.
pub fn mixed(n: u64) -> u64 {
    n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33
}

/// An entry of a list for `n`.
pub fn pick<'a>(list: &[&'a str], n: u64) -> &'a str {
    let at = mixed(n).checked_rem(list.len() as u64).unwrap_or(0);
    list.get(at as usize).copied().unwrap_or("")
}

/// An entry of a list for `n`, the first ones far more often than the last, as with words of a language.
pub fn lean<'a>(list: &[&'a str], n: u64) -> &'a str {
    // 31 bits are left of a mixed number
    let part = mixed(n) as f64 / (1_u64 << 31) as f64;
    let at = part.powf(1.5) * list.len() as f64;
    list.get(at as usize).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_size_has_the_same_mix() {
        for size in [Size::new(1_000, 10_000), Size::new(10_000, 100_000)] {
            let (mut count, mut guests, mut messages, mut texts) = (BTreeMap::new(), 0, 0, 0);
            for nth in 0..size.threads() {
                let plan = size.thread(nth);
                match plan.owner {
                    Some(owner) => *count.entry(owner).or_insert(0) += 1,
                    None => guests += 1,
                }
                messages += u64::from(plan.message);
                texts += plan.texts;
            }
            assert_eq!(texts, size.messages);
            assert_eq!(guests, size.threads() / 25);
            let half = size.threads() / 2;
            assert!((half * 9 / 10..=half * 11 / 10).contains(&messages));
            let mut having = BTreeMap::new();
            for threads in count.values() {
                *having.entry(*threads).or_insert(0) += 1;
            }
            let part = size.customers / CUSTOMERS;
            let wanted = [
                (1, 9 * part),
                (2, 5 * part),
                (3, 3 * part),
                (4, part),
                (6, part),
                (8, part),
                (50, part),
            ];
            assert_eq!(having, BTreeMap::from(wanted));
        }
    }

    #[test]
    fn owners_are_customers_in_odd_sizes_too() {
        for size in [
            Size::new(0, 0),
            Size::new(37, 4 * 7_919),
            Size::new(10, 100_000),
        ] {
            let owners = (0..size.threads()).filter_map(|nth| size.thread(nth).owner);
            assert!(owners.max().unwrap_or(0) < size.customers);
        }
    }

    #[test]
    fn the_small_size_keeps_the_mix() {
        assert_eq!(
            Size::new(100_000, 1_000_000).with_customers(1_000),
            Size::new(1_000, 10_000)
        );
        assert_eq!(Size::new(50, 10).with_customers(1_000), Size::new(50, 10));
    }

    #[test]
    fn few_words_are_frequent_and_all_occur() {
        let list = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let mut count = BTreeMap::new();
        for n in 0..10_000 {
            *count.entry(lean(&list, n)).or_insert(0) += 1;
        }
        assert_eq!(count.len(), list.len());
        assert!(count["a"] > 2 * count["h"]);
    }
}
