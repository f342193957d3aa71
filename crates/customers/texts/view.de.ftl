## "Als Kunde ansehen"

view-ask = Als Kunde ansehen
    .text = Sie sehen das Portal so, wie ein Benutzer von { $name } es sieht. Ändern können Sie dort nichts, und nach 30 Minuten ist es vorbei.
view-told = Der Kunde kann in seinem Konto lesen, wer es angesehen hat, wann und warum. Der Grund bleibt auf Dauer im Protokoll: Schreiben Sie ihn so, dass der Kunde ihn versteht, und ohne persönliche Angaben.
view-reason = Grund
    .help = Zum Beispiel: Frage zur Rechnungsadresse, Nachricht vom 3. November
view-user = Ansehen wie
view-submit = Als Kunde ansehen
view-nobody = Für diesen Kunden handelt noch kein Benutzer.
view-to-file = Zur Kundenakte
fault-view-reason = Bitte nennen Sie den Grund in ein paar Worten.
notice-view-ended = Sie sehen das Portal nicht mehr als Kunde.

views = Einblicke in Ihr Konto
    .text = Manchmal sieht sich jemand aus unserem Team Ihr Konto so an, wie Sie es sehen, zum Beispiel um eine Frage zu beantworten. Ändern oder absenden kann dabei niemand etwas. Hier steht jedes Mal.
views-nav = Einblicke unseres Teams
views-who = Wer
views-reason = Grund
views-at = Wann
views-team = Team von { $name }
views-none = Bisher hat niemand aus unserem Team Ihr Konto angesehen.

act-customer-viewed = Als Kunde angesehen
act-customer-view-ended = Ansehen als Kunde beendet
