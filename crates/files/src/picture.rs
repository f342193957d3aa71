//! Pictures drawn anew: what is shown in a page holds nothing of what was sent but what can be seen.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Pixels of a picture, at most: so many take 200 MB while it is drawn.
const PIXELS: u64 = 50_000_000;
const MEMORY: u64 = 260 << 20;
/// On its longer side, as it is shown.
const SIDE: u32 = 1600;

/// Reads the head first and refuses what would be too large; then draws it as JPEG or PNG. Takes its time: not on a
/// thread that answers requests. `None`: not a picture we show.
pub(crate) fn redraw(bytes: &[u8]) -> Option<Vec<u8>> {
    let format = image::guess_format(bytes).ok()?;
    if !matches!(
        format,
        ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP
    ) {
        return None;
    }
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format)
        .into_dimensions()
        .ok()?;
    if width == 0 || height == 0 || u64::from(width) * u64::from(height) > PIXELS {
        return None;
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let turned = decoder.orientation().ok();
    // of a moving picture the first one
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if picture.width() > SIDE || picture.height() > SIDE {
        picture = picture.thumbnail(SIDE, SIDE);
    }
    if let Some(turned) = turned {
        picture.apply_orientation(turned);
    }
    let mut out = Vec::new();
    if picture.color().has_alpha() || format != ImageFormat::Jpeg {
        let picture = DynamicImage::ImageRgba8(picture.to_rgba8());
        picture.write_with_encoder(PngEncoder::new(&mut out)).ok()?;
    } else {
        let picture = DynamicImage::ImageRgb8(picture.to_rgb8());
        let encoder = JpegEncoder::new_with_quality(&mut out, 85);
        picture.write_with_encoder(encoder).ok()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        let picture = DynamicImage::new_rgb8(width, height);
        picture
            .write_with_encoder(PngEncoder::new(&mut out))
            .unwrap();
        out
    }

    /// A head that promises this many pixels.
    fn promising(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = png(1, 1);
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        // the sum over type and data of the first block
        let mut crc = u32::MAX;
        for byte in &bytes[12..29] {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ (0xEDB8_8320 & (0u32.wrapping_sub(crc & 1)));
            }
        }
        bytes[29..33].copy_from_slice(&(!crc).to_be_bytes());
        bytes
    }

    #[test]
    fn a_picture_is_drawn_anew_and_made_smaller() {
        let mut sent = png(3000, 30);
        let hidden = b"<script>alert(1)</script>";
        sent.extend_from_slice(hidden);
        let drawn = redraw(&sent).unwrap();
        assert!(!drawn.windows(hidden.len()).any(|w| w == hidden));
        let size = ImageReader::new(Cursor::new(&drawn))
            .with_guessed_format()
            .unwrap()
            .into_dimensions()
            .unwrap();
        assert_eq!(size, (1600, 16));
    }

    #[test]
    fn abuse_image_bomb_is_refused_by_its_head() {
        let started = std::time::Instant::now();
        for (width, height) in [
            (65_000, 65_000),
            (0x7fff_ffff, 0x7fff_ffff),
            (10_000, 5_001),
        ] {
            assert!(redraw(&promising(width, height)).is_none(), "{width}");
        }
        assert!(started.elapsed().as_millis() < 500);
        // promised within bounds, but not there
        assert!(redraw(&promising(4000, 4000)).is_none());
        for none in [b"".as_slice(), b"<svg/>", b"GIF89a", b"\x89PNG\r\n\x1a\n"] {
            assert!(redraw(none).is_none());
        }
    }
}
