//! Files that stand in the text itself (uuencode), as older programmes send them.

/// The text without them, and the files with their names.
pub fn unpacked(text: &str) -> (String, Vec<(String, Vec<u8>)>) {
    let mut files = Vec::new();
    if !text.contains("begin ") {
        return (text.to_owned(), files);
    }
    let mut out = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(name) = begin(line) else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        // looked at from a copy: without an end it was no file
        let mut ahead = lines.clone();
        match file(&mut ahead) {
            Some(bytes) if files.len() < 20 => {
                files.push((name.to_owned(), bytes));
                lines = ahead;
            }
            _ => {
                out.push_str(line);
                out.push('\n');
                if files.len() >= 20 {
                    continue;
                }
                // what follows is read as text, once
                for line in lines.by_ref() {
                    out.push_str(line);
                    out.push('\n');
                }
            }
        }
    }
    if files.is_empty() {
        (text.to_owned(), files)
    } else {
        (out, files)
    }
}

/// The one file that a part coded so holds.
pub(crate) fn file_in(body: &[u8]) -> Option<Vec<u8>> {
    // the name may stand there in any charset; the rest is ASCII
    let text = crate::head::decoded(body.to_vec());
    let mut lines = text.lines();
    lines.by_ref().find(|line| begin(line).is_some())?;
    file(&mut lines)
}

/// `begin 644 name`
fn begin(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    let octal =
        (3..=4).contains(&mode.len()) && mode.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    (octal && !name.trim().is_empty()).then(|| name.trim())
}

fn file<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for line in lines {
        if line.trim_end() == "end" {
            return Some(bytes);
        }
        let line = line.as_bytes();
        let Some((first, data)) = line.split_first() else {
            continue;
        };
        let length = usize::from(six(*first)?);
        let before = bytes.len();
        // blanks at the end of a line are often cut on the way
        let whole = length.div_ceil(3) * 4;
        let data = data.iter().copied().chain(std::iter::repeat(b' '));
        let data: Vec<u8> = data.take(whole).collect();
        for four in data.chunks(4) {
            let mut bits = [0_u8; 4];
            for (bit, byte) in bits.iter_mut().zip(four) {
                *bit = six(*byte)?;
            }
            let [a, b, c, d] = bits;
            bytes.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
        bytes.truncate(before + length);
    }
    None
}

fn six(byte: u8) -> Option<u8> {
    (0x20..=0x60).contains(&byte).then(|| (byte - 0x20) & 0x3F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sup_9_files_in_the_text_are_taken_out() {
        let (text, files) = unpacked("Anbei\nbegin 644 a.txt\n%:&%L;&\\\n`\nend\nGruß\n");
        assert_eq!(text, "Anbei\nGruß\n");
        assert_eq!(files, [("a.txt".to_owned(), b"hallo".to_vec())]);
        // its last blank was cut on the way
        let (_, files) = unpacked("begin 644 a.txt\n#  $\n`\nend\n");
        assert_eq!(files, [("a.txt".to_owned(), vec![0, 1, 0])]);
        for text in [
            "begin 644 a.txt\nkein Ende\n",
            "begin die Arbeit\nend\n",
            "begin 644 \nend\n",
        ] {
            assert_eq!(unpacked(text), (text.to_owned(), Vec::new()));
        }
    }
}
