## The customers' pages

message-nav = Nachrichten
message-list = Nachrichten
message-new = Neue Nachricht
message-text = Ihre Nachricht
    .help = Schreiben Sie direkt, worum es geht, ohne Anrede. Der Anfang Ihres Textes wird zum Betreff.
message-send = Nachricht absenden
message-new-hint = Ihre Nachricht erreicht sofort alle, die hier antworten. Bitte schicken Sie nicht zusätzlich eine E-Mail.
message-none = Sie haben uns noch nicht geschrieben. Haben Sie eine Frage? Wir antworten Ihnen hier.
message-none-here = Hier steht zurzeit keine Nachricht.
message-no-subject = (ohne Betreff)
message-show = Welche Nachrichten
message-all = Alle
message-open = Offen
message-closed = Geschlossen
message-subject = Betreff
message-state = Stand
message-last = Zuletzt
message-unread = Neu
message-state-new = Eingegangen
message-state-open = In Arbeit
message-state-waiting = Beantwortet
message-state-closed = Geschlossen
message-thread = Verlauf
message-about = Zu dieser Nachricht
message-opened = Geschrieben am
message-opened-by = Geschrieben von
message-answered = Beantwortet am
message-you = Sie
message-internal = Interne Notiz
message-via-portal = über das Portal
message-via-mail = per E-Mail
message-event-closed = { $name } hat die Nachricht geschlossen
message-event-reopened = { $name } hat die Nachricht wieder geöffnet
message-older = Ältere Einträge
message-to-answer = Zur Antwort
message-go-on = Weiterschreiben
message-close = Nachricht schließen
message-reopens = Diese Nachricht ist geschlossen. Wenn Sie antworten, ist sie wieder offen.
message-elsewhere = Eine Nachricht eines anderen Kunden
message-elsewhere-whose = Diese Nachricht gehört zu { $name } ({ $number }). Wechseln Sie zu diesem Kunden, um sie zu lesen.
message-elsewhere-go = Wechseln und lesen
message-one = Nachricht
message-tile = Offene Nachrichten
message-tile-all = Alle Nachrichten
message-tile-none = Zurzeit ist keine Nachricht offen.

answer-text = Ihre Antwort
answer-send = Antworten
answer-meanwhile = In der Zwischenzeit ist etwas dazugekommen. Bitte lesen Sie es erst. Ihre Antwort steht noch unten und ist noch nicht gesendet.

fault-message-empty = Bitte schreiben Sie, worum es geht.

notice-message-sent = Ihre Nachricht ist angekommen. Wenn wir geantwortet haben, sagt Ihnen das eine E-Mail.
notice-answer-sent = Ihre Antwort ist angekommen.
notice-answer-closed = Ihre Antwort ist angekommen, und die Nachricht ist geschlossen.
notice-message-closed = Die Nachricht ist geschlossen.
notice-message-reopened = Die Nachricht ist wieder offen.

## The desk

queue-new = Neu
queue-ours = Offen
queue-theirs = Wartet auf Kunden
queue-overdue = Überfällig
queue-closed = Geschlossen
queue-all = Alle
queue-text = Betreff, Nummer oder Kunde
queue-filter = Filtern
queue-none = Hier steht zurzeit nichts.
queue-none-ours = Alles beantwortet. Was neu kommt, erscheint hier von selbst.
queue-none-found = Kein Betreff beginnt so, und keine Nummer passt. Versuchen Sie es unter „Alle“ oder in allem, was geschrieben wurde.
queue-none-of-customer = Dieser Kunde hat noch nichts geschrieben.
queue-state-new = Neu
queue-state-open = Offen
queue-state-waiting = Wartet auf Kunden
queue-state-closed = Geschlossen
queue-state-overdue = Überfällig
queue-back = Zur Liste
queue-reopen = Wieder öffnen
queue-close = Schließen
queue-answer-close = Antworten und schließen
queue-number = Nummer
queue-customer = Kunde
queue-waiting-since = Wartet seit

## What the log says

act-message-written = Nachricht geschrieben
act-message-answered = Nachricht beantwortet
act-message-closed = Nachricht geschlossen
act-message-reopened = Nachricht wieder geöffnet

## The mail that says that an answer waits

mail-answer-subject = Eine Antwort wartet auf Sie
mail-answer-hello = Guten Tag { $name },
mail-answer-waits = { $provider } hat auf Ihre Nachricht geantwortet. Die Antwort liegt in Ihrem Kundenbereich bereit:
mail-answer-button = Antwort lesen
mail-answer-where = Bitte antworten Sie dort und nicht auf diese E-Mail. Unter „Nachrichten“ finden Sie den ganzen Verlauf.
