## The frame around every page

frame-skip = Zum Inhalt springen
frame-hotline = Hotline
frame-main-menu = Hauptmenü
frame-menu = Menü
frame-hello = Hallo, { $name }
frame-customer-number = Kundennummer { $number }
frame-switch = Kunde wechseln
frame-sign-out = Abmelden
frame-other-language = English
frame-search = Suchen
frame-demo = Vorführung: alle Personen und Vorgänge sind erfunden.
frame-demo-link = Mails und Codes ansehen
frame-view = Ansicht als Kunde
frame-view-as = { $staff }, Sie sehen das Portal wie { $name } ({ $number }): nur zum Ansehen, bis { $until }.
frame-view-end = Ansicht beenden
frame-error-line = Fehler { $status } · Vorgang { $request }
frame-mail-hotline = Hotline: { $number }

## The desk

frame-desk = Desk
frame-desk-own = Mein Zugang
frame-keys = Tastenkürzel
frame-keys-on = Tastenkürzel verwenden
frame-key-search = Suchen oder filtern
frame-key-move = In der Liste vor und zurück
frame-key-reply = Zur Antwort oder zum erneuten Versuch
frame-key-new = Zum Anlegen oder zur internen Notiz
frame-key-close = Zum Schließen oder Bearbeiten
frame-key-list = Diese Liste
frame-close = Schließen

## Parts that many pages share

parts-optional = (optional)
parts-errors = { $count ->
    [one] Bitte prüfen Sie eine Angabe.
   *[other] Bitte prüfen Sie { $count } Angaben.
}
# The script puts the number in the place of #.
parts-count = Noch # Zeichen
parts-count-over = # Zeichen zu viel
parts-pager = Seiten
parts-newer = Erste Seite
parts-older = Nächste Seite
parts-crumbs = Sie sind hier
