## Files

fault-file-too-large = A file is larger than { $max } MB. Please make it smaller or split it; the others are still here.
fault-files-too-many = Please send at most { $max } files at once.
fault-files-full = You have just uploaded very many files. Please send your text without further files, or try again tomorrow.
fault-files-away = Files cannot be stored at the moment. Please try again in a few minutes; your text is still here.
fault-held-too-large = This file is larger than { $max } MB. Files as large as that cannot be kept encrypted here.
fault-held-empty = This file is empty. Please choose another one.
fault-held-one = Please choose one file only here.
fault-files-lost = A file from before is no longer there. Please choose it once more.

parts-files = Files
parts-file-kept = Already uploaded: { $name }
parts-file-drop = Without a tick the file is not sent.
parts-file-odd = Check the name

file-note-unseen = not checked for malware
file-note-waiting = still being checked
file-note-infected = blocked: malware found

file-kind-pdf = PDF
file-kind-picture = Picture
file-kind-text = Text
file-kind-archive = Archive
file-kind-document = Document
file-kind-page = Web page
file-kind-sound = Sound
file-kind-film = Video
file-kind-other = File

file-size-bytes = { $number } bytes
file-size-kb = { $number } kB
file-size-mb = { $number } MB

error-file-infected = This file is blocked
    .text = Malware was found in it. It cannot be opened.
error-file-unscanned = This file is still being checked
    .text = It is being checked for malware and will be available afterwards. Please try again in a few minutes.
error-files-away = Files cannot be reached at the moment
    .text = Nothing is lost. Please try again in a few minutes.

unscanned-title = Unchecked file
unscanned-text = “{ $name }” has not been checked for malware yet. Open it only if you trust whoever sent it.
unscanned-anyway = Download anyway

act-file-removed = File deleted
act-file-infected = Malware found in a file
act-keys-rotated = Master key changed
act-keys-forgotten = Former master key removed
