//! What a file is, by its content and never by what its sender says.

/// As much of the beginning as is looked at.
pub(crate) const LOOK: usize = 8 << 10;

const OTHER: &str = "application/octet-stream";

/// The MIME type, from the first bytes.
pub(crate) fn of(head: &[u8]) -> &'static str {
    if let Some(found) = infer::get(head) {
        return found.mime_type();
    }
    if is_svg(head) {
        "image/svg+xml"
    } else if is_text(head) {
        "text/plain"
    } else {
        OTHER
    }
}

/// What a download calls itself: nothing that a browser or a viewer would run.
pub fn served_as(kind: &str) -> &'static str {
    const CALM: [&str; 12] = [
        "application/pdf",
        "application/zip",
        "application/gzip",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/bmp",
        "image/tiff",
        "audio/mpeg",
        "video/mp4",
        "text/plain",
    ];
    CALM.into_iter()
        .find(|calm| *calm == kind)
        .map_or(OTHER, |calm| match calm {
            "text/plain" => "text/plain; charset=utf-8",
            calm => calm,
        })
}

/// Whether it is a picture that we draw anew.
pub fn is_picture(kind: &str) -> bool {
    matches!(
        kind,
        "image/png" | "image/jpeg" | "image/gif" | "image/webp"
    )
}

fn is_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    text.trim_start().starts_with('<') && text.contains("<svg")
}

fn is_text(head: &[u8]) -> bool {
    let readable = match std::str::from_utf8(head) {
        Ok(text) => text,
        // a letter may be cut at the end
        Err(error) if head.len() - error.valid_up_to() < 4 => {
            match head.get(..error.valid_up_to()).map(std::str::from_utf8) {
                Some(Ok(text)) => text,
                _ => return false,
            }
        }
        Err(_) => return false,
    };
    !readable
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abuse_attachment_sniffing_the_kind_is_by_content() {
        for (head, kind) in [
            (b"%PDF-1.7\n".as_slice(), "application/pdf"),
            (b"\x89PNG\r\n\x1a\n0000IHDR", "image/png"),
            (b"GIF89a\x01\0\x01\0", "image/gif"),
            (b"PK\x03\x04\x14\0", "application/zip"),
            (b"<!DOCTYPE html><script>x</script>", "text/html"),
            (b"  <svg xmlns='x'><script/></svg>", "image/svg+xml"),
            ("Guten Tag, Müller".as_bytes(), "text/plain"),
            (b"", "text/plain"),
            (b"\0\x01\x02\x03", OTHER),
        ] {
            assert_eq!(of(head), kind, "{head:?}");
        }
    }

    #[test]
    fn abuse_svg_attachment_what_runs_is_served_as_bytes() {
        for runs in [
            "text/html",
            "image/svg+xml",
            "text/xml",
            "application/x-sh",
            "text/javascript",
        ] {
            assert_eq!(served_as(runs), OTHER);
            assert!(!is_picture(runs));
        }
        assert_eq!(served_as("text/plain"), "text/plain; charset=utf-8");
    }
}
