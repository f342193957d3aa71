//! Countries: codes, names, membership in the European Union.

use crate::Locale;
use crate::data::{BadValue, FromValue, Kind, Value};
use crate::text::fold;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

struct Row {
    code: &'static str,
    de: &'static str,
    en: &'static str,
    eu: bool,
}

/// A country by ISO 3166-1, written as its two letters.
#[derive(Clone, Copy)]
pub struct Country(&'static Row);

macro_rules! countries {
    ($($code:ident $de:literal $en:literal $eu:literal;)+) => {
        impl Country {
            $(#[doc = $en] pub const $code: Country = Country(&Row { code: stringify!($code), de: $de, en: $en, eu: $eu });)+
            /// All of them, by code.
            pub const ALL: &'static [Country] = &[$(Country::$code),+];
        }
    };
}

static GERMAN: LazyLock<Vec<Country>> = LazyLock::new(|| in_order(Locale::De));
static ENGLISH: LazyLock<Vec<Country>> = LazyLock::new(|| in_order(Locale::En));

fn in_order(locale: Locale) -> Vec<Country> {
    let mut all = Country::ALL.to_vec();
    all.sort_by_cached_key(|country| {
        let rank = match country.code() {
            "DE" => 0,
            "AT" => 1,
            "CH" => 2,
            _ => 3,
        };
        (rank, fold(country.name(locale)))
    });
    all
}

impl Country {
    /// The country with these two letters, in any case.
    pub fn parse(code: &str) -> Option<Country> {
        let code = code.trim();
        if code.len() != 2 {
            return None;
        }
        let upper = code.to_ascii_uppercase();
        let at = Country::ALL
            .binary_search_by(|country| country.code().cmp(&upper))
            .ok()?;
        Country::ALL.get(at).copied()
    }

    /// The two letters, upper case.
    pub const fn code(self) -> &'static str {
        self.0.code
    }

    /// The same as [`Country::code`].
    pub const fn as_str(self) -> &'static str {
        self.0.code
    }

    pub const fn name(self, locale: Locale) -> &'static str {
        match locale {
            Locale::De => self.0.de,
            Locale::En => self.0.en,
        }
    }

    /// Whether it is a member of the European Union.
    pub const fn in_eu(self) -> bool {
        self.0.eu
    }

    /// All as a list shows them: DE, AT, CH, then by name.
    pub fn sorted(locale: Locale) -> &'static [Country] {
        match locale {
            Locale::De => &GERMAN,
            Locale::En => &ENGLISH,
        }
    }
}

impl PartialEq for Country {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}
impl Eq for Country {}
impl PartialOrd for Country {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Country {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(other.code())
    }
}
impl Hash for Country {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code().hash(state);
    }
}
impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl Serialize for Country {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Country::parse(&String::deserialize(d)?)
            .ok_or_else(|| D::Error::custom("no country with this code"))
    }
}
impl From<Country> for Value {
    fn from(country: Country) -> Value {
        Value::Text(country.code().to_owned())
    }
}
impl FromValue for Country {
    const KIND: Kind = Kind::Text;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        let found = if let Value::Text(code) = &value {
            Country::parse(code)
        } else {
            None
        };
        found.ok_or_else(|| BadValue::new(&value, "country code"))
    }
}

countries! {
    AD "Andorra" "Andorra" false;
    AE "Vereinigte Arabische Emirate" "United Arab Emirates" false;
    AF "Afghanistan" "Afghanistan" false;
    AG "Antigua und Barbuda" "Antigua and Barbuda" false;
    AI "Anguilla" "Anguilla" false;
    AL "Albanien" "Albania" false;
    AM "Armenien" "Armenia" false;
    AO "Angola" "Angola" false;
    AQ "Antarktis" "Antarctica" false;
    AR "Argentinien" "Argentina" false;
    AS "Amerikanisch-Samoa" "American Samoa" false;
    AT "Österreich" "Austria" true;
    AU "Australien" "Australia" false;
    AW "Aruba" "Aruba" false;
    AX "Ålandinseln" "Åland Islands" false;
    AZ "Aserbaidschan" "Azerbaijan" false;
    BA "Bosnien und Herzegowina" "Bosnia and Herzegovina" false;
    BB "Barbados" "Barbados" false;
    BD "Bangladesch" "Bangladesh" false;
    BE "Belgien" "Belgium" true;
    BF "Burkina Faso" "Burkina Faso" false;
    BG "Bulgarien" "Bulgaria" true;
    BH "Bahrain" "Bahrain" false;
    BI "Burundi" "Burundi" false;
    BJ "Benin" "Benin" false;
    BL "Saint-Barthélemy" "Saint Barthélemy" false;
    BM "Bermuda" "Bermuda" false;
    BN "Brunei" "Brunei" false;
    BO "Bolivien" "Bolivia" false;
    BQ "Bonaire, Sint Eustatius und Saba" "Bonaire, Sint Eustatius and Saba" false;
    BR "Brasilien" "Brazil" false;
    BS "Bahamas" "Bahamas" false;
    BT "Bhutan" "Bhutan" false;
    BV "Bouvetinsel" "Bouvet Island" false;
    BW "Botsuana" "Botswana" false;
    BY "Belarus" "Belarus" false;
    BZ "Belize" "Belize" false;
    CA "Kanada" "Canada" false;
    CC "Kokosinseln" "Cocos (Keeling) Islands" false;
    CD "Kongo, Demokratische Republik" "Congo, Democratic Republic" false;
    CF "Zentralafrikanische Republik" "Central African Republic" false;
    CG "Kongo, Republik" "Congo, Republic" false;
    CH "Schweiz" "Switzerland" false;
    CI "Côte d’Ivoire (Elfenbeinküste)" "Côte d’Ivoire" false;
    CK "Cookinseln" "Cook Islands" false;
    CL "Chile" "Chile" false;
    CM "Kamerun" "Cameroon" false;
    CN "China" "China" false;
    CO "Kolumbien" "Colombia" false;
    CR "Costa Rica" "Costa Rica" false;
    CU "Kuba" "Cuba" false;
    CV "Cabo Verde" "Cabo Verde" false;
    CW "Curaçao" "Curaçao" false;
    CX "Weihnachtsinsel" "Christmas Island" false;
    CY "Zypern" "Cyprus" true;
    CZ "Tschechien" "Czechia" true;
    DE "Deutschland" "Germany" true;
    DJ "Dschibuti" "Djibouti" false;
    DK "Dänemark" "Denmark" true;
    DM "Dominica" "Dominica" false;
    DO "Dominikanische Republik" "Dominican Republic" false;
    DZ "Algerien" "Algeria" false;
    EC "Ecuador" "Ecuador" false;
    EE "Estland" "Estonia" true;
    EG "Ägypten" "Egypt" false;
    EH "Westsahara" "Western Sahara" false;
    ER "Eritrea" "Eritrea" false;
    ES "Spanien" "Spain" true;
    ET "Äthiopien" "Ethiopia" false;
    FI "Finnland" "Finland" true;
    FJ "Fidschi" "Fiji" false;
    FK "Falklandinseln" "Falkland Islands" false;
    FM "Mikronesien" "Micronesia" false;
    FO "Färöer" "Faroe Islands" false;
    FR "Frankreich" "France" true;
    GA "Gabun" "Gabon" false;
    GB "Vereinigtes Königreich" "United Kingdom" false;
    GD "Grenada" "Grenada" false;
    GE "Georgien" "Georgia" false;
    GF "Französisch-Guayana" "French Guiana" false;
    GG "Guernsey" "Guernsey" false;
    GH "Ghana" "Ghana" false;
    GI "Gibraltar" "Gibraltar" false;
    GL "Grönland" "Greenland" false;
    GM "Gambia" "Gambia" false;
    GN "Guinea" "Guinea" false;
    GP "Guadeloupe" "Guadeloupe" false;
    GQ "Äquatorialguinea" "Equatorial Guinea" false;
    GR "Griechenland" "Greece" true;
    GS "Südgeorgien und die Südlichen Sandwichinseln" "South Georgia and the South Sandwich Islands" false;
    GT "Guatemala" "Guatemala" false;
    GU "Guam" "Guam" false;
    GW "Guinea-Bissau" "Guinea-Bissau" false;
    GY "Guyana" "Guyana" false;
    HK "Hongkong" "Hong Kong" false;
    HM "Heard und McDonaldinseln" "Heard Island and McDonald Islands" false;
    HN "Honduras" "Honduras" false;
    HR "Kroatien" "Croatia" true;
    HT "Haiti" "Haiti" false;
    HU "Ungarn" "Hungary" true;
    ID "Indonesien" "Indonesia" false;
    IE "Irland" "Ireland" true;
    IL "Israel" "Israel" false;
    IM "Isle of Man" "Isle of Man" false;
    IN "Indien" "India" false;
    IO "Britisches Territorium im Indischen Ozean" "British Indian Ocean Territory" false;
    IQ "Irak" "Iraq" false;
    IR "Iran" "Iran" false;
    IS "Island" "Iceland" false;
    IT "Italien" "Italy" true;
    JE "Jersey" "Jersey" false;
    JM "Jamaika" "Jamaica" false;
    JO "Jordanien" "Jordan" false;
    JP "Japan" "Japan" false;
    KE "Kenia" "Kenya" false;
    KG "Kirgisistan" "Kyrgyzstan" false;
    KH "Kambodscha" "Cambodia" false;
    KI "Kiribati" "Kiribati" false;
    KM "Komoren" "Comoros" false;
    KN "St. Kitts und Nevis" "Saint Kitts and Nevis" false;
    KP "Nordkorea" "North Korea" false;
    KR "Südkorea" "South Korea" false;
    KW "Kuwait" "Kuwait" false;
    KY "Kaimaninseln" "Cayman Islands" false;
    KZ "Kasachstan" "Kazakhstan" false;
    LA "Laos" "Laos" false;
    LB "Libanon" "Lebanon" false;
    LC "St. Lucia" "Saint Lucia" false;
    LI "Liechtenstein" "Liechtenstein" false;
    LK "Sri Lanka" "Sri Lanka" false;
    LR "Liberia" "Liberia" false;
    LS "Lesotho" "Lesotho" false;
    LT "Litauen" "Lithuania" true;
    LU "Luxemburg" "Luxembourg" true;
    LV "Lettland" "Latvia" true;
    LY "Libyen" "Libya" false;
    MA "Marokko" "Morocco" false;
    MC "Monaco" "Monaco" false;
    MD "Moldau" "Moldova" false;
    ME "Montenegro" "Montenegro" false;
    MF "Saint-Martin (französischer Teil)" "Saint Martin (French part)" false;
    MG "Madagaskar" "Madagascar" false;
    MH "Marshallinseln" "Marshall Islands" false;
    MK "Nordmazedonien" "North Macedonia" false;
    ML "Mali" "Mali" false;
    MM "Myanmar" "Myanmar" false;
    MN "Mongolei" "Mongolia" false;
    MO "Macau" "Macao" false;
    MP "Nördliche Marianen" "Northern Mariana Islands" false;
    MQ "Martinique" "Martinique" false;
    MR "Mauretanien" "Mauritania" false;
    MS "Montserrat" "Montserrat" false;
    MT "Malta" "Malta" true;
    MU "Mauritius" "Mauritius" false;
    MV "Malediven" "Maldives" false;
    MW "Malawi" "Malawi" false;
    MX "Mexiko" "Mexico" false;
    MY "Malaysia" "Malaysia" false;
    MZ "Mosambik" "Mozambique" false;
    NA "Namibia" "Namibia" false;
    NC "Neukaledonien" "New Caledonia" false;
    NE "Niger" "Niger" false;
    NF "Norfolkinsel" "Norfolk Island" false;
    NG "Nigeria" "Nigeria" false;
    NI "Nicaragua" "Nicaragua" false;
    NL "Niederlande" "Netherlands" true;
    NO "Norwegen" "Norway" false;
    NP "Nepal" "Nepal" false;
    NR "Nauru" "Nauru" false;
    NU "Niue" "Niue" false;
    NZ "Neuseeland" "New Zealand" false;
    OM "Oman" "Oman" false;
    PA "Panama" "Panama" false;
    PE "Peru" "Peru" false;
    PF "Französisch-Polynesien" "French Polynesia" false;
    PG "Papua-Neuguinea" "Papua New Guinea" false;
    PH "Philippinen" "Philippines" false;
    PK "Pakistan" "Pakistan" false;
    PL "Polen" "Poland" true;
    PM "Saint-Pierre und Miquelon" "Saint Pierre and Miquelon" false;
    PN "Pitcairninseln" "Pitcairn Islands" false;
    PR "Puerto Rico" "Puerto Rico" false;
    PS "Palästina" "Palestine" false;
    PT "Portugal" "Portugal" true;
    PW "Palau" "Palau" false;
    PY "Paraguay" "Paraguay" false;
    QA "Katar" "Qatar" false;
    RE "Réunion" "Réunion" false;
    RO "Rumänien" "Romania" true;
    RS "Serbien" "Serbia" false;
    RU "Russland" "Russia" false;
    RW "Ruanda" "Rwanda" false;
    SA "Saudi-Arabien" "Saudi Arabia" false;
    SB "Salomonen" "Solomon Islands" false;
    SC "Seychellen" "Seychelles" false;
    SD "Sudan" "Sudan" false;
    SE "Schweden" "Sweden" true;
    SG "Singapur" "Singapore" false;
    SH "St. Helena, Ascension und Tristan da Cunha" "Saint Helena, Ascension and Tristan da Cunha" false;
    SI "Slowenien" "Slovenia" true;
    SJ "Spitzbergen und Jan Mayen" "Svalbard and Jan Mayen" false;
    SK "Slowakei" "Slovakia" true;
    SL "Sierra Leone" "Sierra Leone" false;
    SM "San Marino" "San Marino" false;
    SN "Senegal" "Senegal" false;
    SO "Somalia" "Somalia" false;
    SR "Suriname" "Suriname" false;
    SS "Südsudan" "South Sudan" false;
    ST "São Tomé und Príncipe" "São Tomé and Príncipe" false;
    SV "El Salvador" "El Salvador" false;
    SX "Sint Maarten (niederländischer Teil)" "Sint Maarten (Dutch part)" false;
    SY "Syrien" "Syria" false;
    SZ "Eswatini" "Eswatini" false;
    TC "Turks- und Caicosinseln" "Turks and Caicos Islands" false;
    TD "Tschad" "Chad" false;
    TF "Französische Süd- und Antarktisgebiete" "French Southern Territories" false;
    TG "Togo" "Togo" false;
    TH "Thailand" "Thailand" false;
    TJ "Tadschikistan" "Tajikistan" false;
    TK "Tokelau" "Tokelau" false;
    TL "Timor-Leste" "Timor-Leste" false;
    TM "Turkmenistan" "Turkmenistan" false;
    TN "Tunesien" "Tunisia" false;
    TO "Tonga" "Tonga" false;
    TR "Türkei" "Türkiye" false;
    TT "Trinidad und Tobago" "Trinidad and Tobago" false;
    TV "Tuvalu" "Tuvalu" false;
    TW "Taiwan" "Taiwan" false;
    TZ "Tansania" "Tanzania" false;
    UA "Ukraine" "Ukraine" false;
    UG "Uganda" "Uganda" false;
    UM "Kleinere Amerikanische Überseeinseln" "United States Minor Outlying Islands" false;
    US "Vereinigte Staaten" "United States" false;
    UY "Uruguay" "Uruguay" false;
    UZ "Usbekistan" "Uzbekistan" false;
    VA "Vatikanstadt" "Vatican City" false;
    VC "St. Vincent und die Grenadinen" "Saint Vincent and the Grenadines" false;
    VE "Venezuela" "Venezuela" false;
    VG "Britische Jungferninseln" "British Virgin Islands" false;
    VI "Amerikanische Jungferninseln" "United States Virgin Islands" false;
    VN "Vietnam" "Vietnam" false;
    VU "Vanuatu" "Vanuatu" false;
    WF "Wallis und Futuna" "Wallis and Futuna" false;
    WS "Samoa" "Samoa" false;
    YE "Jemen" "Yemen" false;
    YT "Mayotte" "Mayotte" false;
    ZA "Südafrika" "South Africa" false;
    ZM "Sambia" "Zambia" false;
    ZW "Simbabwe" "Zimbabwe" false;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn all_countries_are_there_once() {
        assert_eq!(Country::ALL.len(), 249);
        // parse searches by halves
        assert!(
            Country::ALL
                .windows(2)
                .all(|pair| pair[0].code() < pair[1].code())
        );
        for locale in [Locale::De, Locale::En] {
            let names: HashSet<_> = Country::ALL.iter().map(|c| c.name(locale)).collect();
            assert_eq!(names.len(), 249);
        }
        assert_eq!(Country::ALL.iter().filter(|c| c.in_eu()).count(), 27);
        assert!(Country::AT.in_eu() && !Country::CH.in_eu() && !Country::GB.in_eu());
    }

    #[test]
    fn every_code_is_read_in_any_case() {
        for country in Country::ALL {
            assert_eq!(
                Country::parse(&country.code().to_lowercase()),
                Some(*country)
            );
            assert_eq!(
                Country::from_value(Value::from(*country)).unwrap(),
                *country
            );
        }
        assert_eq!(Country::parse(" de "), Some(Country::DE));
        for none in ["", "D", "DEU", "XX", "ä", "D\0", "🇩🇪"] {
            assert_eq!(Country::parse(none), None, "{none:?}");
        }
    }

    #[test]
    fn lists_begin_with_de_at_ch_and_go_on_by_name() {
        let german: Vec<_> = Country::sorted(Locale::De)
            .iter()
            .map(|c| c.name(Locale::De))
            .collect();
        assert_eq!(german.len(), 249);
        assert_eq!(
            &german[..7],
            [
                "Deutschland",
                "Österreich",
                "Schweiz",
                "Afghanistan",
                "Ägypten",
                "Ålandinseln",
                "Albanien"
            ]
        );
        assert_eq!(german.last(), Some(&"Zypern"));
        let english: Vec<_> = Country::sorted(Locale::En)
            .iter()
            .map(|c| c.name(Locale::En))
            .collect();
        assert_eq!(
            &english[..6],
            [
                "Germany",
                "Austria",
                "Switzerland",
                "Afghanistan",
                "Åland Islands",
                "Albania"
            ]
        );
    }
}
