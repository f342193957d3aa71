//! Changing an input: bits, pieces, words the target knows, and much of the same.

/// Numbers that look like chance and come again with the same seed (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `end`; nought when there is nothing to choose from.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or_default()
    }

    pub fn one<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

/// Inputs are no longer than this.
pub const LONGEST: usize = 64 * 1024;

/// Signs that readers of text stumble over, whatever they read.
const SIGNS: &[&str] = &[
    "\0",
    "\r\n",
    "\n\n",
    "\t",
    "\u{FEFF}",
    "\u{200B}",
    "\u{202E}",
    "\u{301}",
    "ß",
    "İ",
    "ﬁ",
    "日本",
    "🦀",
    "👨‍👩‍👧",
    "\"",
    "'",
    "<",
    ">",
    "&",
    "&amp;",
    "%",
    "\\",
    "--",
    ";",
    ":",
    "=",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "9999999999999999999",
    "-1",
];

/// `input` changed in one to four places.
pub fn mutated(input: &[u8], pool: &[Vec<u8>], words: &[&str], dice: &mut Dice) -> Vec<u8> {
    let mut out = input.to_vec();
    for _ in 0..=dice.below(4) {
        step(&mut out, pool, words, dice);
    }
    out.truncate(LONGEST);
    out
}

fn step(out: &mut Vec<u8>, pool: &[Vec<u8>], words: &[&str], dice: &mut Dice) {
    let at = dice.below(out.len() + 1);
    match dice.below(9) {
        0 => {
            if let Some(byte) = out.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        1 => {
            let byte = u8::try_from(dice.below(256)).unwrap_or_default();
            out.insert(at, byte);
        }
        2 => {
            let end = (at + 1 + dice.below(32)).min(out.len());
            out.drain(at.min(end)..end);
        }
        3 | 4 => put(out, at, word(words, dice).as_bytes()),
        5 => put(out, at, word(SIGNS, dice).as_bytes()),
        // much of the same: depth and length are what parsers die of
        6 => {
            let times = 1 << dice.below(13);
            let piece = word(words, dice).repeat(times);
            put(out, at, piece.as_bytes());
        }
        7 => {
            let end = (at + dice.below(64)).min(out.len());
            let piece = out.get(at..end).unwrap_or_default().to_vec();
            let to = dice.below(out.len() + 1);
            put(out, to, &piece);
        }
        _ => {
            let other = dice.one(pool).cloned().unwrap_or_default();
            let from = dice.below(other.len() + 1);
            let end = (from + dice.below(256)).min(other.len());
            put(out, at, other.get(from..end).unwrap_or_default());
        }
    }
}

fn word<'a>(words: &[&'a str], dice: &mut Dice) -> &'a str {
    dice.one(words).copied().unwrap_or("a")
}

fn put(out: &mut Vec<u8>, at: usize, piece: &[u8]) {
    let at = at.min(out.len());
    let room = LONGEST.saturating_sub(out.len()).min(piece.len());
    out.splice(at..at, piece.iter().take(room).copied());
}
