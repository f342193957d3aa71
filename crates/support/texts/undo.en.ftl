## Taking an answer back

undo-mine = Your answer
undo-in = Your answer goes out in
undo-seconds = seconds.
undo-take-back = Undo
undo-theirs = The answer of { $name } is about to go out.
undo-draft = You have taken this answer back. It has not been sent.
undo-drop = Discard draft

notice-undo-paused = Your answer is about to go out. Until then you can take it back.
notice-undo-done = Your answer has been taken back. It stands below as a draft.
notice-undo-late-warn = That was too late: your answer has been sent already.
notice-undo-dropped = The draft has been discarded.

act-ticket-answer-paused = Answer sent off, can still be taken back
act-ticket-answer-taken-back = Answer taken back
act-ticket-draft-dropped = Draft of an answer discarded
