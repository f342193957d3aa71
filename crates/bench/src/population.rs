//! Who is there and whose each message is: the same pattern in every size, so that sizes can be compared.

/// Messages of the customers of a block of ten: most have few, one has a full page of them.
const SHARES: [u64; 10] = [25, 5, 3, 2, 2, 1, 1, 1, 0, 0];
const BLOCK: u64 = 40;
/// Messages come in mixed order, so that those of one customer lie apart on the disk as they do in life.
const STRIDES: [u64; 3] = [7_919, 104_729, 611_953];

/// How much a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub customers: u64,
    pub messages: u64,
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

    /// The customer of the `nth` message in the order of time.
    pub fn owner(self, nth: u64) -> u64 {
        let stride = STRIDES
            .into_iter()
            .find(|stride| !self.messages.is_multiple_of(*stride))
            .unwrap_or(1);
        let slot = nth * stride % self.messages;
        let mut left = slot % BLOCK;
        for (at, share) in (0..).zip(SHARES) {
            if left < share {
                return (slot / BLOCK * 10 + at) % self.customers;
            }
            left -= share;
        }
        0
    }
}

/// An entry of a list for `n`: repeatable, and mixed well enough.
pub fn pick<'a>(list: &[&'a str], n: u64) -> &'a str {
    let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    let at = mixed.checked_rem(list.len() as u64).unwrap_or(0);
    list.get(at as usize).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_size_has_the_same_mix() {
        for size in [Size::new(100, 400), Size::new(1_000, 4_000)] {
            let mut count = BTreeMap::new();
            for nth in 0..size.messages {
                *count.entry(size.owner(nth)).or_insert(0) += 1;
            }
            let mut having = BTreeMap::new();
            for messages in count.values() {
                *having.entry(*messages).or_insert(0) += 1;
            }
            let tenth = size.customers / 10;
            let wanted = [
                (1, 3 * tenth),
                (2, 2 * tenth),
                (3, tenth),
                (5, tenth),
                (25, tenth),
            ];
            assert_eq!(having, BTreeMap::from(wanted));
        }
    }

    #[test]
    fn owners_are_customers_in_odd_sizes_too() {
        for size in [
            Size::new(0, 0),
            Size::new(37, 7_919),
            Size::new(10, 100_000),
        ] {
            assert!((0..size.messages).all(|nth| size.owner(nth) < size.customers));
        }
    }

    #[test]
    fn the_small_size_keeps_the_mix() {
        assert_eq!(
            Size::new(100_000, 400_000).with_customers(1_000),
            Size::new(1_000, 4_000)
        );
        assert_eq!(Size::new(50, 10).with_customers(1_000), Size::new(50, 10));
    }
}
