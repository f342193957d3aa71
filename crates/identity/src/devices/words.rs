//! What a browser says of itself, as people would call it.

use kernel::Locale;
use web::Texts;

/// Browser and system of a device, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    pub browser: Option<&'static str>,
    pub system: Option<&'static str>,
}

// the first that is found counts: every browser also names those it wants to be taken for
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Safari/", "Safari"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

fn first(table: &[(&str, &'static str)], text: &str) -> Option<&'static str> {
    let found = table.iter().find(|(mark, _)| text.contains(mark));
    found.map(|(_, name)| *name)
}

impl Device {
    /// Nothing of the text itself is ever shown: it may say anything.
    pub fn of(user_agent: &str) -> Self {
        Device {
            browser: first(BROWSERS, user_agent),
            system: first(SYSTEMS, user_agent),
        }
    }

    /// As a person would say it: "Firefox unter Windows".
    pub fn label(self, texts: &Texts, locale: Locale) -> String {
        match (self.browser, self.system) {
            (Some(browser), Some(system)) => texts
                .with(
                    locale,
                    "device-name",
                    &[("browser", browser.into()), ("system", system.into())],
                )
                .into_owned(),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => texts.get(locale, "device-unknown").into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth_8_devices_are_called_as_people_call_them() {
        for (text, browser, system) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
                Some("Firefox"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                Some("Chrome"),
                Some("Linux"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                Some("Edge"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                Some("Safari"),
                Some("iPhone"),
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1",
                Some("Chrome"),
                Some("iPad"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
                Some("Samsung Internet"),
                Some("Android"),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
                Some("Safari"),
                Some("macOS"),
            ),
            ("curl/8.5.0", None, None),
            ("", None, None),
            ("<script>alert(1)</script>", None, None),
        ] {
            assert_eq!(Device::of(text), Device { browser, system }, "{text}");
        }
    }
}
