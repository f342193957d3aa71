## Tickets (SUP-1, SUP-2, SUP-6, SUP-7)

ticket-nav = Tickets
ticket-nav-new = New ticket
ticket-nav-submit = Submit a ticket
ticket-list = Support tickets
ticket-new = New ticket
ticket-new-hint = The more exactly you describe what happens and since when, the sooner we can help.
ticket-one = Ticket { $number }
ticket-number = Number
ticket-state = Status
ticket-opened = Submitted on
ticket-opened-by = Submitted by
ticket-last = Last
ticket-answered = Answered on
ticket-due = Answer by
ticket-unread = New
ticket-about = About this ticket
ticket-thread = Conversation
ticket-older = Earlier entries
ticket-you = You
ticket-quoted = Show quoted text
ticket-via-form = through the form

ticket-department = Department
ticket-priority = Priority
ticket-subject = Subject
    .help = At most 100 characters.
ticket-text = Description
ticket-priority-low = Low
ticket-priority-normal = Normal
ticket-priority-high = High
ticket-priority-critical = Critical
ticket-send = Send ticket

ticket-show = Which tickets
ticket-all = All
ticket-open = Open
ticket-closed = Closed
ticket-search = Subject or number
ticket-department-any = All departments
ticket-filter = Filter
ticket-none = You have not submitted a ticket yet. Describe what it is about, and we answer here and by email.
ticket-none-here = There is no ticket here at present.
ticket-none-found = There is no such ticket. Please search for the beginning of the subject or for the number.

ticket-to-answer = Go to reply
ticket-go-on = Reply
ticket-answer = Your reply
ticket-close = Close ticket
ticket-reopens = This ticket is closed. When you reply, it is open again.
ticket-answer-meanwhile = Something was added in the meantime. Please read it first. Your reply still stands below and has not been sent.

ticket-details = Edit ticket details
ticket-details-save = Save details
ticket-details-meanwhile = Somebody else has changed the details in the meantime. What you entered stands below and has not been saved.
ticket-details-now = Saved at present

ticket-people = People involved
ticket-people-add = Add email address
ticket-people-hint = Whoever you add here gets every answer by email from now on and can reply. What was written before is not shown to them.
ticket-people-requester = submitted the ticket
ticket-people-contact = contact of your account
ticket-people-bounced = does not accept our emails
ticket-people-remove = Remove
ticket-people-remove-whom = Remove { $email }
ticket-people-none = No further email address is involved yet.
ticket-people-full = A ticket cannot have more than { $most } addresses.
ticket-person-emails = Email addresses
    .help = Separate several addresses by commas, or write one on each line.
ticket-person-add = Add

ticket-elsewhere = A ticket of another customer
ticket-elsewhere-whose = This ticket belongs to { $name } ({ $number }). Switch to this customer to read it.
ticket-elsewhere-go = Switch and read

ticket-tile = Open tickets
ticket-tile-all = All tickets
ticket-tile-none = No ticket is open at present.

ticket-event-closed = { $name } closed the ticket
ticket-event-reopened = { $name } opened the ticket again
ticket-event-subject = { $name } changed the subject: { $what }
ticket-event-department = { $name } passed the ticket to { $what }
ticket-event-priority =
    { $what ->
        [low] { $name } set the priority to “Low”
        [normal] { $name } set the priority to “Normal”
        [high] { $name } set the priority to “High”
       *[critical] { $name } set the priority to “Critical”
    }
ticket-event-joined = { $name } added { $what }
ticket-event-left = { $name } removed { $what }

## The form for guests

submit-title = Submit a ticket
submit-hint = You need no account for this. We answer to the email address that you enter here.
submit-address = Please check your email address carefully: if it is misspelt, no answer of ours can reach you.
submit-signed-in = Do you have an account?
submit-sign-in-why = Signed in, you can see here at any time how far we are.
submit-sign-in = Sign in
submit-privacy = Read the privacy notice
submit-email = Email address
submit-name = Full name
submit-company = Company name
submit-number = Customer number
    .help = If you know it. It stands on your invoices.
submit-subject = Subject
    .help = At most 100 characters.
submit-text = Description
    .help = What happens, since when, and what have you tried already? Please do not write passwords here.
submit-consent = Data protection: I agree that what I enter is stored in order to handle my request.
submit-send = Submit
submit-too-many = Many tickets came from this email address or this connection just now. Please try again later. What you entered still stands below.

fault-emails-none = Please enter at least one email address.
fault-emails-many = Please enter no more than ten addresses at a time.
fault-emails-bad = One of the addresses is not complete. Please check the spelling.

notice-ticket-submitted = Your ticket has arrived. An email confirms that.
notice-ticket-sent = Your ticket has arrived. We answer here and by email.
notice-ticket-answered = Your reply has arrived.
notice-ticket-closed = The ticket is closed.
notice-ticket-moved-warn = Before you close it: something was added in the meantime.
notice-ticket-details = The details are saved.
notice-ticket-person-added = The addresses are added.
notice-ticket-person-removed = The address is removed.

act-ticket-opened = Ticket submitted
act-ticket-written = Written on the ticket
act-ticket-answered = Ticket answered
act-ticket-noted = Internal note written on the ticket
act-message-noted = Internal note written on the message
act-ticket-closed = Ticket closed
act-ticket-reopened = Ticket opened again
act-ticket-details = Ticket details changed
act-ticket-person-added = Email address added to the ticket
act-ticket-person-removed = Email address removed from the ticket

## Files

ticket-files = Files
    .help = Ten files at most, each up to 25 MB.
submit-files = Files
    .help = Ten files at most, each up to 25 MB.
answer-files = Files
    .help = Ten files at most, each up to 25 MB.
