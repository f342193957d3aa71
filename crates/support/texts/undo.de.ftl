## Taking an answer back

undo-mine = Ihre Antwort
undo-in = Ihre Antwort geht hinaus in
undo-seconds = Sekunden.
undo-take-back = Rückgängig
undo-theirs = Die Antwort von { $name } geht gleich hinaus.
undo-draft = Diese Antwort haben Sie zurückgenommen. Sie ist nicht gesendet.
undo-drop = Entwurf verwerfen

notice-undo-paused = Ihre Antwort geht gleich hinaus. Bis dahin können Sie sie zurücknehmen.
notice-undo-done = Ihre Antwort ist zurückgenommen. Sie steht unten als Entwurf.
notice-undo-late-warn = Dafür war es zu spät: Ihre Antwort ist schon gesendet.
notice-undo-dropped = Der Entwurf ist verworfen.

act-ticket-answer-paused = Antwort abgeschickt, noch zurückzunehmen
act-ticket-answer-taken-back = Antwort zurückgenommen
act-ticket-draft-dropped = Entwurf einer Antwort verworfen
