## The footer's entries

legal-imprint = Impressum
legal-privacy = Datenschutz
legal-terms = AGB
legal-withdrawal = Widerruf
legal-accessibility = Barrierefreiheit

## A document's page

legal-sample = Dies ist ein Mustertext. Er nennt eine erfundene Firma und ersetzt keinen eigenen.
legal-foreign = Diesen Text gibt es nur auf Englisch.
legal-version = Fassung { $version }
