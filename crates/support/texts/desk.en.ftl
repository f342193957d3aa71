## The desk's queue of tickets and messages

desk-tickets = Tickets
queue-show = Which tickets
queue-more = More about tickets
queue-kind = Kind
queue-department = Department
queue-priority = Priority
queue-whose = Assigned to
queue-any = All
queue-kind-message = Messages
queue-kind-ticket = Tickets
queue-one-message = Message
queue-one-ticket = Ticket
queue-priority-low = Low
queue-priority-normal = Normal
queue-priority-high = High
queue-priority-critical = Critical
queue-whose-ich = Me
queue-whose-niemand = Nobody
queue-until = by
queue-find = Search all texts
queue-find-there = Search all texts
queue-pick = Select { $number }
queue-bulk = With the selection
queue-bulk-take = Assign to me
queue-bulk-leave = Assign to nobody
queue-bulk-close = Close
queue-bulk-department = Give to the department
queue-bulk-go = Apply

## One ticket on the desk

desk-take = Assign to me
desk-edit = Edit
desk-nobody = Nobody
desk-due = Answer by
desk-claimed = Customer number given
desk-into = This ticket has become part of another one:
desk-there = { $name } is writing an answer.
desk-mails = How the emails got here
desk-people = Participants
desk-bounced = does not accept our emails
desk-links = Linked
desk-link = Link
desk-link-number = Number
desk-unlink = Unlink
desk-note-new = Write an internal note
desk-note-note = Note
    .help = Only staff can see it.
desk-note-note-files = Files
    .help = Ten files at most, 25 MB each. They stay among staff.
desk-note-save = Save note

desk-details-subject = Subject
desk-details-department = Department
desk-details-priority = Priority
desk-details-assignee = Assigned to
desk-critical-hint = To take “Critical” back, choose “Classify otherwise” on the ticket.
desk-changed = Somebody else has changed this ticket in the meantime. Your entries are below and have not been saved yet.
desk-changed-thread = Something was added to the thread.
desk-changed-state = Its status is different.
desk-changed-assignee = It is assigned to somebody else.

desk-merge = Merge
desk-merge-number = Number of the other ticket
desk-merge-hint = All entries and participants go to the other ticket. This one is closed and leads there.
desk-merge-do = Merge
desk-move = Move
desk-move-hint = For entries that are wrong in this ticket: they go to another one or to a new one.
desk-move-entry = Entry by { $name }
desk-move-later = { $n ->
        [one] One more entry follows it.
       *[other] { $n } more entries follow it.
    }
desk-move-why = Why the entry ended up here
desk-move-meanwhile = Something was added in the meantime. Please check once more what is to be moved.
desk-move-number = Number of the ticket it belongs to
    .help = If you leave this empty, a new ticket is made.
desk-move-email = Email address of the sender
    .help = Only if the entry came from somebody who has nothing to do with this customer. The new ticket then belongs to this address.
desk-move-rest = Move all later entries, too
desk-move-do = Move

fault-ticket-unknown = There is no such ticket. Please check the number.
fault-merge-same = That is the same ticket. Please enter the number of the other one.
fault-merge-gone = One of the two has become part of another ticket already.
fault-merge-customer = The two tickets belong to different customers and therefore stay apart.
fault-merge-kind = A ticket cannot become a message. Merge the message into the ticket instead.

ticket-event-merged = { $name } merged this ticket with ticket { $what }
ticket-event-came = { $name } brought entries here from ticket { $what }
ticket-event-parted = { $name } moved entries to ticket { $what }

notice-desk-answer-sent = Your answer has been sent.
notice-desk-answer-closed = Your answer has been sent, and the ticket is closed.
notice-desk-noted = The note has been saved.
notice-desk-closed = The ticket is closed.
notice-desk-reopened = The ticket is open again.
notice-desk-taken = The ticket is yours now.
notice-desk-details = The changes have been saved.
notice-desk-merged = The tickets have been merged.
notice-desk-merged-bad = This ticket has become part of another one and stays closed.
notice-desk-moved = The entry is here now.
notice-desk-linked = The tickets are linked.
notice-desk-unlinked = The tickets are no longer linked.
notice-desk-unknown-bad = There is no such ticket.
notice-desk-bulk = The selected tickets have been changed.
notice-desk-none-warn = Please select tickets first and say what is to be done with them.

## Text blocks

blocks-title = Text blocks
blocks-one = Text block
blocks-hint = What is written often, in both languages. The recipient's language is put in.
blocks-new = New text block
blocks-none = There are no text blocks yet.
blocks-begins = Beginning
blocks-languages = Languages
blocks-both = German and English
blocks-german = German only
blocks-changed = Changed
blocks-put = Insert
blocks-remove = Delete text block
    .ask = Nobody can use the text block “{ $name }” any more then. What was written with it stays.
    .do = Delete for good
blocks-variables = These placeholders are filled in when the text is put in:
block-name = Name
block-body-de = Text in German
block-body-en = Text in English
    .help = If it is missing, the German one is put in.
fault-block-taken = Another text block has this name.
notice-block-saved = The text block has been saved.
notice-block-removed = The text block has been deleted.

## Search in all texts

find-title = Search all texts
find-hint = Subject, number, sender and all texts are searched, internal notes too.
find-words = Words
find-go = Search
find-none = Nothing was found.
find-late = The index is being brought up to date. In a minute there may be more to find.

## Figures

figures-title = Figures
figures-hint = Counted in office hours; what is critical, around the clock.
figures-states = Tickets by status
figures-count = Number
figures-bar = As a bar
figures-more = more than { $n }
figures-times = Time to answer, last 30 days
figures-answers = Answers
figures-average = On average
figures-kept = In time
figures-day = Day
figures-caption = Average per day, the highest bar:
figures-table = Figures as a table
figures-none = Nothing was answered in the last 30 days.
figures-today = Due today
figures-today-all = All that wait for us
figures-today-none = Nothing more is due today.
figures-today-more = More are due today.
figures-minutes = { $n } min
figures-hours = { $n } h

## Office hours

hours-there = You can reach us:
hours-holidays = not on public holidays
hours-promise = You will get an answer by
hours-mo = Mon
hours-di = Tue
hours-mi = Wed
hours-do = Thu
hours-fr = Fri
hours-sa = Sat
hours-so = Sun

## What the log says

act-ticket-assigned = Ticket assigned
act-ticket-merged = Tickets merged
act-ticket-parted = Entries moved
act-ticket-linked = Tickets linked
act-ticket-unlinked = Link removed
act-block-added = Text block added
act-block-changed = Text block changed
act-block-removed = Text block deleted
