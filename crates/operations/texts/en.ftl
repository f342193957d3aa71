## Start page

today-nav = Overview
today-hello = Hello, { $name }.
today-new = { $name }: new
today-mails-dead = Mails not deliverable
today-mails-waiting = Mails on their way
today-mails-failed = Mails to be tried again
today-jobs-dead = Jobs failed
today-jobs-waiting = Jobs waiting
today-look = Please have a look
today-last = What happened last
today-log = To the log
today-nothing = There is nothing for you to do right now.

## Search

found-title = Search
found-for = Results for “{ $text }”
found-text = Name, number, email, phone or subject
found-search = Search
found-none = Nothing found. The search looks at beginnings: try fewer letters.
found-hint = Enter how a name, a company, a customer number, an email address, a phone number or a subject begins. The number of a message is found, too.

## Log

log-nav = Log
log-about = Who did what, and when. Entries can be neither changed nor deleted.
log-act = Act
log-what = What
log-who = Who
log-customer = Customer
log-number = Customer number
log-from = From
log-to = To
log-at = Time
log-detail = Details
log-show = Show
log-filter = Filter
log-all = Whole log
log-everything = Everything
log-person = Person (email)
log-thing = Thing
log-id = Id
log-reset = Remove the filter
log-sealed = Sealed as no. { $number }
log-more = Everything on this thing
log-export = Download the log
log-export-csv = As CSV
log-export-jsonl = As JSON Lines
log-export-most = Up to 100,000 entries, with the filter from above. The download is noted in the log.
log-export-cut = The file ends here after 100,000 entries. Choose a shorter period.
log-everybody = Everybody
log-none = There is nothing here yet.
log-none-found = No entry fits. Change the dates or take a filter away.
log-guest = Not signed in
log-system = System
log-gone = Deleted person
log-kind-user = Customers
log-kind-staff = Staff
log-group-address = Addresses
log-group-contact = Contacts
log-group-mail = Mails
log-group-customer = Customer data
log-group-member = Users
log-group-message = Messages
log-group-registration = Registrations
log-group-session = Sign-ins
log-group-user = Passwords
log-group-staff = Staff
log-group-job = Jobs
log-group-audit = Log
log-thing-address = Address
log-thing-contact = Contact
log-thing-customer = Customer
log-thing-job = Job
log-thing-mail = Email
log-thing-message = Message
log-thing-staff = Staff
log-thing-user = User

## Mails

mails-tab = Mails
mails-title = Outgoing mails
mails-states = By status
mails-all = All
mails-dead = Not deliverable
mails-failed = To be tried again
mails-queued = Waiting
mails-sent = Sent
mails-state-dead = Not deliverable
mails-state-failed = To be tried again
mails-state-queued = Waiting
mails-state-sent = Sent
mails-subject = Subject
mails-to = To
mails-to-begins = Email address begins with
mails-state = Status
mails-at = Time
mails-none = No mail has been sent yet.
mails-none-found = No mail fits. Take a filter away or shorten the address.
mails-none-of-customer = There have been no emails with this customer yet.
mails-all-of-customer = All outgoing emails
mails-body = Text
mails-about = About this mail
mails-created = Written
mails-sent-at = Sent
mails-attempts = Attempts
mails-error = Last answer of the mail server
mails-kind = Kind
mails-message-id = Message-ID
mails-resend = Send once more
mails-log = See it in the log
mails-underway = This mail is being tried again by itself.
mails-link-gone = This mail held a link that is no longer good. A new one can only be had where it is asked for.
notice-mail-resent = The mail is on its way once more.
notice-mail-underway-warn = The mail is on its way already.
notice-mail-link-gone-warn = The link in this mail is no longer good; it was not sent.

## Jobs

work-nav = Activity
work-jobs = Jobs
work-title = Jobs in the background
work-about = Jobs that are done disappear. Failed ones stay until somebody restarts or discards them.
work-states = By status
work-dead = Failed
work-waiting = Waiting
work-running = Running
work-state-dead = Failed
work-state-waiting = Waiting
work-state-running = Running
work-kind = Job
work-attempts = Attempts
work-of = { $done } of { $most }
work-created = Created
work-run = Next run
work-ended = Failed on
work-act = Action
work-restart = Restart
work-discard = Discard
    .ask = The job will then never be done.
work-none-dead = No job has failed.
work-none = There is no job here at present.
notice-job-restarted = The job has been restarted.
notice-job-discarded = The job has been discarded.
notice-job-not-dead-warn = This job is running again already, or is done.

job-mail-send = Send an email
job-mail-wipe-expired = Delete expired links
job-mail-forget-strangers = Delete emails to strangers
job-event = Hand out an event
job-event-deliver = Handle an event
job-identity-sweep = Delete expired sign-ins
job-web-sweep-forms = Forget sent forms
job-operations-seal-log = Seal the log

## What the log says

act-address-added = Address added
act-address-changed = Address changed
act-address-removed = Address deleted
act-customer-created = Customer created
act-job-restarted = Job restarted
act-mail-failed = Mail not deliverable
act-mail-resent = Mail sent once more
act-member-added = User added
act-registration-activated = Registration activated
act-session-opened = Signed in
act-session-ended = Signed out
act-session-refused = Sign-in refused
act-session-customer-switched = Customer switched
act-staff-added = Member of staff added
act-staff-reset = Access reset
act-staff-signed-in = Signed in at the desk
act-staff-signed-out = Signed out at the desk
act-staff-sign-in-failed = Desk sign-in refused
act-staff-code-failed = Wrong code at the desk
act-staff-password-set = Desk password set
act-staff-second-factor-set-up = Second factor set up
act-user-password-set = Password set
act-job-discarded = Job discarded
act-audit-exported = Log downloaded
act-user-totp-on = Authenticator app set up
act-user-totp-off = Authenticator app removed
act-user-code-failed = Wrong code
act-user-recovery-codes-made = Recovery codes made
act-user-recovery-code-used = Recovery code used
act-user-second-factor-required = Second factor required
act-user-second-factor-optional = Second factor no longer required
act-user-second-factor-cleared = Second factor removed
act-factor-reset-requested = Removal of the second factor requested
act-factor-reset-confirmed = Removal of the second factor confirmed
act-factor-reset-stopped = Removal of the second factor stopped
act-passkey-added = Passkey created
act-passkey-renamed = Passkey renamed
act-passkey-removed = Passkey removed
act-passkey-refused = Passkey refused
act-device-ended = Device signed out
act-device-others-ended = All other devices signed out
act-session-by-passkey = Signed in with a passkey
act-staff-recovery-code-used = Recovery code used at the desk

## The customer's mail history

history-nav = Email history
history-about = All emails between you and us. Links that let somebody sign in are not shown here.
history-stand = State
history-all = All
history-sent = Sent
history-underway = On its way
history-failed = Not deliverable
    .help = The mail server of this address did not accept the email. Please check whether the address is still right.
history-none = There have been no emails between you and us yet.
history-none-found = No email fits. Choose another state or a longer period.
