## Emergencies

emergency-server = Server is down
emergency-service = Service vital to the system does not work
emergency-site = Website/shop is offline

critical-title = Critical
critical-nav = Report an emergency
critical-raise = Report as an emergency
critical-lead = A critical ticket calls one of us at once, outside office hours too. There must be an emergency for that.
critical-cost-firm = For companies: without an emergency we charge the call-out by our price list. Consumers are not charged.
critical-cost-consumer = You are not charged for the call-out. Only companies pay by our price list if there is no emergency.
critical-objection = If it turns out that it was no emergency, we may classify the ticket otherwise. That then stands in the ticket with the reason, and you can object there.
critical-emergency = Emergency
critical-subject = Subject
    .help = 100 characters at most.
critical-text = Description
    .help = What is affected, since when, and how do we reach you?
critical-accept = I agree that a call-out without an emergency is charged by the price list.
critical-send = Report as critical

fault-emergency = Please choose which emergency it is.
fault-critical-accept = Please confirm that a call-out without an emergency is charged by the price list.

notice-critical-sent = Your critical ticket has arrived. We are calling somebody who looks after it.
notice-critical-raised = The ticket is critical now. We are calling somebody who looks after it.

ticket-event-raised = { $what ->
    [server] { $name } reported the ticket as critical: server is down
    [service] { $name } reported the ticket as critical: service vital to the system does not work
   *[site] { $name } reported the ticket as critical: website/shop is offline
}
ticket-event-lowered = { $name } no longer classifies the ticket as critical, but as { $what } If you see that otherwise, please object with an answer in this ticket.
ticket-event-acknowledged = { $name } is looking after this ticket now

## The desk

escalation-nav = Escalation
escalation-lead = Critical tickets call one person after the other until somebody takes over, at night and at weekends too.
escalation-bar = { $count ->
    [one] One critical ticket waits for somebody to take over.
   *[other] { $count } critical tickets wait for somebody to take over.
}
escalation-open = Waiting for somebody
escalation-none-open = No critical ticket is waiting.
escalation-take = I take over
escalation-next = The next call goes out:
escalation-no-next = All have been called several times. No further call goes out.
escalation-past = So far
escalation-none-past = There have been no critical tickets so far.
escalation-ticket = Ticket
escalation-emergency = Emergency
escalation-became = Outcome
escalation-called = Called
escalation-taken-by = Taken over by { $name }
escalation-ended = Ended without anybody taking over
escalation-call-sent = Called: { $who }
escalation-call-queued = Call on its way: { $who }
escalation-call-failed = Not reached: { $who }
escalation-steps = Who is called
escalation-round = If nobody takes over, the row begins anew after 15 minutes at the earliest, eight times at most.
escalation-wait-first = { $minutes ->
    [0] at once
    [one] after one minute
   *[other] after { $minutes } minutes
}
escalation-wait = { $minutes ->
    [0] at the same time
    [one] one minute later
   *[other] { $minutes } minutes later
}
escalation-kind-team = Everybody in support
escalation-kind-staff = One person at the desk
escalation-kind-mail = Email address
escalation-kind-webhook = Webhook
escalation-step-new = New step
escalation-step-one = Step
escalation-step-kind = Who or what is called
escalation-step-staff = Person
    .help = Only for "One person at the desk".
escalation-step-nobody = Nobody
escalation-step-target = Email address or webhook
    .help = For a webhook an address that begins with https://.
escalation-step-minutes = Minutes after the step before
escalation-step-position = Order
    .help = Smaller numbers first.
escalation-step-remove = Delete step
escalation-key-once = With this key the receiver checks that a call comes from us. Please copy it now, it is not shown again.
escalation-key-new = Make a new key

fault-step-number = Please enter a whole number from 0 to { $max }.
fault-step-staff = Please choose a person.
fault-step-address = Please enter a complete address that begins with https://, without a name and password in it.
fault-step-plain = Please enter an address that begins with https://.
fault-step-private = This address leads into an internal network. If that is wanted, support.webhook_private must be allowed in the configuration.

lower-title = Classify otherwise
lower-lead = The customer sees the new classification and the reason in the ticket and can object there. Nobody is called any more.
lower-priority = Priority
lower-reason = Reason
    .help = The customer reads this reason.
lower-submit = Change classification

notice-escalation-yours = You have taken over the ticket. Nobody is called any more.
notice-escalation-taken-warn = Somebody has already taken over this ticket.
notice-lowered = The ticket is no longer classified as critical.
notice-lowered-before-warn = The ticket was no longer classified as critical before.
notice-step-saved = The step is saved.
notice-step-removed = The step is deleted.

act-ticket-raised = Ticket reported as critical
act-ticket-reclassified = Ticket classified otherwise
act-escalation-moved = Escalation goes on in the merged ticket
act-escalation-ended = Escalation ended, the merged ticket has one already
act-escalation-acknowledged = Critical ticket taken over
act-escalation-step-added = Step of the escalation added
act-escalation-step-changed = Step of the escalation changed
act-escalation-step-key = New key for a webhook
act-escalation-step-removed = Step of the escalation deleted

mail-alarm-subject = Critical ticket: please take over
mail-alarm-what = Ticket { $number } is critical and waits for somebody.
mail-alarm-since = Reported:
mail-alarm-do = Please open the ticket at the desk. Under "Escalation" you take it over with one click.
mail-alarm-button = Open ticket
mail-alarm-next = If nobody takes over, the next person is called.
