## The customers' pages

message-nav = Messages
message-list = Messages
message-new = New message
message-text = Your message
    .help = Say right away what it is about, without a salutation. The beginning of your text becomes the subject.
message-send = Send message
message-new-hint = Your message reaches everybody who answers here at once. Please do not send an email as well.
message-none = You have not written to us yet. Do you have a question? We answer you here.
message-none-here = There is no message here at present.
message-no-subject = (no subject)
message-show = Which messages
message-all = All
message-open = Open
message-closed = Closed
message-subject = Subject
message-state = Status
message-last = Last activity
message-unread = New
message-state-new = Received
message-state-open = In progress
message-state-waiting = Answered
message-state-closed = Closed
message-thread = Conversation
message-about = About this message
message-opened = Written on
message-opened-by = Written by
message-answered = Answered on
message-you = You
message-internal = Internal note
message-via-portal = through the portal
message-via-mail = by email
message-event-closed = { $name } closed the message
message-event-reopened = { $name } opened the message again
message-older = Older entries
message-to-answer = To the reply
message-go-on = Write more
message-close = Close message
message-reopens = This message is closed. If you reply, it is open again.
message-elsewhere = A message of another customer
message-elsewhere-whose = This message belongs to { $name } ({ $number }). Switch to this customer to read it.
message-elsewhere-go = Switch and read
message-one = Message
message-tile = Open messages
message-tile-all = All messages
message-tile-none = No message is open at present.

answer-text = Your reply
answer-send = Reply
answer-meanwhile = Something was added in the meantime. Please read it first. Your reply still stands below and has not been sent yet.

fault-message-empty = Please write what it is about.

notice-message-sent = Your message has arrived. An email will tell you when we have answered.
notice-answer-sent = Your reply has arrived.
notice-answer-closed = Your reply has arrived, and the message is closed.
notice-message-closed = The message is closed.
notice-message-reopened = The message is open again.

## The desk

queue-new = New
queue-ours = Open
queue-theirs = Waiting for customer
queue-overdue = Overdue
queue-closed = Closed
queue-all = All
queue-text = Subject, number or customer
queue-filter = Filter
queue-none = There is nothing here at present.
queue-none-ours = Everything is answered. What comes in appears here by itself.
queue-none-found = No subject begins like this, and no number fits. Try it under “All”, or in everything that was written.
queue-none-of-customer = This customer has not written anything yet.
queue-state-new = New
queue-state-open = Open
queue-state-waiting = Waiting for customer
queue-state-closed = Closed
queue-state-overdue = Overdue
queue-back = To the list
queue-reopen = Open again
queue-close = Close
queue-answer-close = Reply and close
queue-number = Number
queue-customer = Customer
queue-waiting-since = Waiting since

## What the log says

act-message-written = Message written
act-message-answered = Message answered
act-message-closed = Message closed
act-message-reopened = Message opened again

## The mail that says that an answer waits

mail-answer-subject = An answer is waiting for you
mail-answer-hello = Hello { $name },
mail-answer-waits = { $provider } has answered your message. The answer is ready in your customer area:
mail-answer-button = Read the answer
mail-answer-where = Please reply there and not to this email. Under “Messages” you find the whole conversation.
