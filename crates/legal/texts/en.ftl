## The footer's entries

legal-imprint = Imprint
legal-privacy = Privacy
legal-terms = Terms and conditions
legal-withdrawal = Right of withdrawal
legal-accessibility = Accessibility

## A document's page

legal-sample = This is a sample text. It names an invented company and does not replace a text of your own.
legal-foreign = This text is available in German only.
legal-version = Version { $version }
