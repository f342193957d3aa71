## Sensible data of a ticket

secret-title = Sensitive data
secret-lead = Credentials and keys lie here encrypted and apart from the ticket. They stand in no email. Only those who work on your ticket can look at them; each time it is noted here who did and why.
secret-desk-lead = Whoever opens something gives a reason. The customer sees name, time and reason. { $days ->
    [0] The data are deleted once the ticket is closed.
    [one] One day after the ticket is closed the data are deleted.
   *[other] { $days } days after the ticket is closed the data are deleted.
}
secret-gone-after = You cannot look at what you entered here again yourself, only delete it. { $days ->
    [0] Once the ticket is closed we delete it by ourselves.
    [one] One day after the ticket is closed we delete it by ourselves.
   *[other] { $days } days after the ticket is closed we delete it by ourselves.
}
secret-add = Add sensitive data
secret-label = What it is for
    .help = For example "Access to the server". This name is visible in the ticket.
secret-user = User name
secret-text = Secret data
    .help = Password, key or code, several lines if need be. Text, a file or both.
secret-file = Secret file
    .help = For example a key file or a certificate, 1 MB at most.
secret-beside-secret-label = What it is for
    .help = For example "Access to the server". This name is visible in the ticket.
secret-beside-secret-user = User name
secret-beside-secret-text = Secret data
    .help = Password, key or code, several lines if need be. Text, a file or both.
secret-beside-secret-file = Secret file
    .help = For example a key file or a certificate, 1 MB at most.
secret-file-mark = Proof
secret-with-file = With a file ({ $size })
secret-file-unseen = This file is kept encrypted only and has not been checked for malware. You can download it now, for ten minutes.
secret-file-fetch = Download the file
secret-which-which = Which
secret-from-text = Moved out of the text
secret-by = By { $name }
secret-by-staff = By { $name } (support)
secret-sealed = Kept encrypted
secret-wiped-closing = Deleted after closing
secret-wiped-customer = Deleted by the customer
secret-wiped-staff = Deleted by the support
secret-openings = Looked at by
secret-never-opened = Nobody has looked at it yet.
secret-wipe = Delete now
secret-open = Open
secret-open-one = Open "{ $label }"
secret-reason-reason = Reason
    .help = The customer sees your name, the time and this reason.
secret-none = There are no sensitive data for this ticket.
secret-full = This ticket takes no more sensitive data.
secret-once = This is shown this one time only. Whoever needs it again opens it again with a reason.
secret-back = To the ticket

secret-looks-password = This looks like a password.
secret-looks-key = This looks like a private key.
secret-looks-token = This looks like an access key for a program.
secret-looks-card = This looks like a card number.
secret-looks-why = What stands in the text can appear in emails and search results. As sensitive data it is encrypted and cannot be found there. You can also change the text yourself and send it again.
secret-move = Move to sensitive data and send
secret-leave = Send as it is

fault-secret-label = This looks like something secret itself. Please only describe here what it is about.
fault-secret-again = Please enter the secret data once more. For your protection they are not shown here again.
fault-secret-file-again = Please choose the file once more. For your protection it is kept nowhere in the meantime.
fault-secret-nothing = Please enter the secret data or choose a file.
fault-subject-secret = This looks like a password or something else that is secret. Please only say in the subject what it is about.

notice-secret-added = The sensitive data are stored encrypted.
notice-secret-wiped = The sensitive data are deleted.
notice-secret-gone-warn = These data have already been deleted.
notice-secret-file-late-warn = It was opened too long ago. Please open the data once more with a reason.
notice-secret-full-warn = This ticket takes no more sensitive data.

ticket-event-secret-added = { $name } added sensitive data: { $what }
ticket-event-secret-opened = { $name } looked at sensitive data: { $what }
ticket-event-secret-wiped = { $name } deleted sensitive data: { $what }

act-secret-added = Sensitive data added
act-secret-opened = Sensitive data looked at
act-secret-file = File downloaded from sensitive data
act-secret-refused = Access to sensitive data refused
act-secret-wiped = Sensitive data deleted
