## The desk's queue of tickets and messages

desk-tickets = Tickets
queue-show = Welche Tickets
queue-more = Mehr zu den Tickets
queue-kind = Art
queue-department = Abteilung
queue-priority = Priorität
queue-whose = Liegt bei
queue-any = Alle
queue-kind-message = Nachrichten
queue-kind-ticket = Tickets
queue-one-message = Nachricht
queue-one-ticket = Ticket
queue-priority-low = Niedrig
queue-priority-normal = Normal
queue-priority-high = Hoch
queue-priority-critical = Kritisch
queue-whose-ich = Mir
queue-whose-niemand = Niemandem
queue-until = bis
queue-find = In allen Texten suchen
queue-find-there = In allen Texten suchen
queue-pick = { $number } auswählen
queue-bulk = Mit der Auswahl
queue-bulk-take = Mir zuweisen
queue-bulk-leave = Niemandem zuweisen
queue-bulk-close = Schließen
queue-bulk-department = An die Abteilung geben
queue-bulk-go = Ausführen

## One ticket on the desk

desk-take = Mir zuweisen
desk-edit = Bearbeiten
desk-nobody = Niemand
desk-due = Antwort bis
desk-claimed = Angegebene Kundennummer
desk-into = Dieses Ticket ist in einem anderen aufgegangen:
desk-there = { $name } antwortet gerade.
desk-mails = Wie die E-Mails hierher kamen
desk-people = Beteiligte
desk-bounced = nimmt unsere E-Mails nicht an
desk-links = Verknüpft
desk-link = Verknüpfen
desk-link-number = Nummer
desk-unlink = Lösen
desk-note-new = Interne Notiz schreiben
desk-note-note = Notiz
    .help = Nur Mitarbeiter sehen sie.
desk-note-note-files = Dateien
    .help = Höchstens zehn Dateien, jede bis 25 MB. Sie bleiben bei den Mitarbeitern.
desk-note-save = Notiz speichern

desk-details-subject = Betreff
desk-details-department = Abteilung
desk-details-priority = Priorität
desk-details-assignee = Zugewiesen an
desk-critical-hint = „Kritisch“ nehmen Sie beim Ticket unter „Anders einstufen“ zurück.
desk-changed = Inzwischen hat jemand anders dieses Ticket geändert. Unten stehen Ihre Angaben, sie sind noch nicht gespeichert.
desk-changed-thread = Es ist ein Eintrag dazugekommen.
desk-changed-state = Der Stand ist ein anderer.
desk-changed-assignee = Es ist jemand anderem zugewiesen.

desk-merge = Zusammenführen
desk-merge-number = Nummer des anderen Tickets
desk-merge-hint = Alle Einträge und Beteiligten kommen in das andere Ticket. Dieses hier wird geschlossen und führt dorthin.
desk-merge-do = Zusammenführen
desk-move = Verschieben
desk-move-hint = Für Einträge, die in diesem Ticket falsch sind: Sie kommen in ein anderes oder in ein neues Ticket.
desk-move-entry = Eintrag von { $name }
desk-move-later = { $n ->
        [one] Danach steht noch ein weiterer Eintrag.
       *[other] Danach stehen noch { $n } weitere Einträge.
    }
desk-move-why = Warum der Eintrag hier gelandet ist
desk-move-meanwhile = Inzwischen ist etwas dazugekommen. Bitte prüfen Sie noch einmal, was verschoben werden soll.
desk-move-number = Nummer des Tickets, in das er gehört
    .help = Bleibt das Feld leer, entsteht ein neues Ticket.
desk-move-email = E-Mail-Adresse des Absenders
    .help = Nur wenn der Eintrag von jemandem stammt, der mit diesem Kunden nichts zu tun hat. Das neue Ticket gehört dann zu dieser Adresse.
desk-move-rest = Alle späteren Einträge auch verschieben
desk-move-do = Verschieben

fault-ticket-unknown = Dieses Ticket gibt es nicht. Bitte prüfen Sie die Nummer.
fault-merge-same = Das ist dasselbe Ticket. Bitte geben Sie die Nummer des anderen ein.
fault-merge-gone = Eines der beiden ist schon in einem anderen Ticket aufgegangen.
fault-merge-customer = Die beiden Tickets gehören verschiedenen Kunden und bleiben deshalb getrennt.
fault-merge-kind = Ein Ticket lässt sich nicht in eine Nachricht verwandeln. Führen Sie umgekehrt die Nachricht in das Ticket.

ticket-event-merged = { $name } hat dieses Ticket mit Ticket { $what } zusammengeführt
ticket-event-came = { $name } hat Einträge aus Ticket { $what } hierher gebracht
ticket-event-parted = { $name } hat Einträge in das Ticket { $what } verschoben

notice-desk-answer-sent = Ihre Antwort ist gesendet.
notice-desk-answer-closed = Ihre Antwort ist gesendet, und das Ticket ist geschlossen.
notice-desk-noted = Die Notiz ist gespeichert.
notice-desk-closed = Das Ticket ist geschlossen.
notice-desk-reopened = Das Ticket ist wieder offen.
notice-desk-taken = Das Ticket liegt jetzt bei Ihnen.
notice-desk-details = Die Änderungen sind gespeichert.
notice-desk-merged = Die Tickets sind zusammengeführt.
notice-desk-merged-bad = Dieses Ticket ist in einem anderen aufgegangen und bleibt geschlossen.
notice-desk-moved = Der Eintrag steht jetzt hier.
notice-desk-linked = Die Tickets sind verknüpft.
notice-desk-unlinked = Die Verknüpfung ist gelöst.
notice-desk-unknown-bad = Dieses Ticket gibt es nicht.
notice-desk-bulk = Die ausgewählten Tickets sind geändert.
notice-desk-none-warn = Bitte wählen Sie zuerst Tickets aus und sagen Sie, was mit ihnen geschehen soll.

## Text blocks

blocks-title = Textbausteine
blocks-one = Textbaustein
blocks-hint = Was oft geschrieben wird, in beiden Sprachen. Eingesetzt wird in der Sprache des Empfängers.
blocks-new = Neuer Textbaustein
blocks-none = Noch gibt es keine Textbausteine.
blocks-begins = Beginn
blocks-languages = Sprachen
blocks-both = Deutsch und Englisch
blocks-german = Nur Deutsch
blocks-changed = Geändert
blocks-put = Einsetzen
blocks-remove = Textbaustein löschen
    .ask = Der Textbaustein „{ $name }“ steht dann niemandem mehr zur Verfügung. Was schon mit ihm geschrieben wurde, bleibt.
    .do = Endgültig löschen
blocks-variables = Diese Platzhalter werden beim Einsetzen gefüllt:
block-name = Name
block-body-de = Text auf Deutsch
block-body-en = Text auf Englisch
    .help = Fehlt er, wird der deutsche eingesetzt.
fault-block-taken = So heißt schon ein anderer Textbaustein.
notice-block-saved = Der Textbaustein ist gespeichert.
notice-block-removed = Der Textbaustein ist gelöscht.

## Search in all texts

find-title = In allen Texten suchen
find-hint = Gesucht wird in Betreff, Nummer, Absender und allen Texten, auch in internen Notizen.
find-words = Suchwörter
find-go = Suchen
find-none = Dazu wurde nichts gefunden.
find-late = Das Verzeichnis wird gerade auf den neuesten Stand gebracht. In einer Minute kann mehr zu finden sein.

## Figures

figures-title = Auswertung
figures-hint = Gezählt wird in Bürozeiten, was kritisch ist rund um die Uhr.
figures-states = Tickets nach Stand
figures-count = Anzahl
figures-bar = Als Balken
figures-more = mehr als { $n }
figures-times = Zeit bis zur Antwort, letzte 30 Tage
figures-answers = Antworten
figures-average = Im Durchschnitt
figures-kept = Rechtzeitig
figures-day = Tag
figures-caption = Durchschnitt je Tag, der höchste Balken:
figures-table = Zahlen als Tabelle
figures-none = In den letzten 30 Tagen wurde noch nichts beantwortet.
figures-today = Heute fällig
figures-today-all = Alle, die auf uns warten
figures-today-none = Heute ist nichts mehr fällig.
figures-today-more = Es sind noch weitere fällig.
figures-minutes = { $n } Min.
figures-hours = { $n } Std.

## Office hours

hours-there = Wir sind erreichbar:
hours-holidays = nicht an Feiertagen
hours-promise = Sie bekommen eine Antwort bis
hours-mo = Mo
hours-di = Di
hours-mi = Mi
hours-do = Do
hours-fr = Fr
hours-sa = Sa
hours-so = So

## What the log says

act-ticket-assigned = Ticket zugewiesen
act-ticket-merged = Tickets zusammengeführt
act-ticket-parted = Einträge verschoben
act-ticket-linked = Tickets verknüpft
act-ticket-unlinked = Verknüpfung gelöst
act-block-added = Textbaustein angelegt
act-block-changed = Textbaustein geändert
act-block-removed = Textbaustein gelöscht
