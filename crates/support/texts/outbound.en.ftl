## Mails about tickets

# A program knows this line again by the words "above this line".
mail-ticket-line = ##- Please reply above this line -##
mail-ticket-subject = Your ticket
mail-ticket-hello = Hello,
mail-ticket-ours = { $name } of { $provider } writes:
mail-ticket-other = { $name } writes:
mail-ticket-files = These files belong to it:
mail-ticket-files-until = The files can be downloaded for thirty days. After that we send them once more if you ask for them.
mail-ticket-reply = To answer, simply reply to this email.
mail-ticket-read = You can also read the ticket and answer in the customer portal:
mail-ticket-portal = Please answer in the customer portal and not by replying to this email.
mail-ticket-button = Open the ticket in the portal
mail-ticket-ask = You cannot reply to this email. If there is more to say, please write to us here and mention the number { $number }:

error-file-late = This link is no longer valid
    .text = Files can be downloaded for thirty days. Please answer the email in which you found this link, and we will send you the file once more.

mail-ticket-arrived-subject = Your request has arrived
mail-ticket-arrived = Your request has reached us. Its number is { $number }. We will send our answer to this email address.
mail-ticket-arrived-more = Is there anything to add? Simply reply to this email.
mail-ticket-arrived-not-you = You did not write to us? Then somebody entered your address, probably by mistake. You need not do anything.
mail-ticket-arrived-not-you-mail = You did not write to us? Then somebody sent us an email under your address. You need not do anything.

mail-ticket-joined-subject = You are taking part in a ticket
mail-ticket-joined-ours = { $name } of { $provider } has added your email address to ticket { $number }.
mail-ticket-joined-other = { $name } has added your email address to ticket { $number } at { $provider }.
mail-ticket-joined-from-now = Whatever is written there from now on will reach you by email.
mail-ticket-joined-reply = If you want to join in, or want no more emails about it, simply reply to this email.

## An address that takes no mail

address-tile = Your email address
address-tile-state = Cannot be reached
address-tile-text = Your email address { $email } does not accept our emails.
address-tile-do = View and change
address-title = Your email address cannot be reached
address-text = Your email address { $email } does not accept our emails. Answers to your tickets and important notices do not reach you.
address-at = Last returned
address-reason = What the other server said
address-other = Do you have another address? Then enter it in your profile.
address-profile = To your profile
address-works-text = Does the address accept emails again? Then tell us.
address-works-submit = The address works again
address-fine = All is well with your email address
address-fine-text = None of our latest emails to you has come back.
notice-address-works = Thank you. We will write to your email address again.

## Earlier requests

earlier-title = Your earlier requests
earlier-text = You made these requests without signing in. Take them over one by one; they will then be listed with the tickets of { $customer } and can be seen by everybody who may read tickets there.
earlier-tickets = Tickets
earlier-subject = Subject
earlier-number = Number
earlier-opened = Asked on
earlier-last = Latest
earlier-do = Action
earlier-take = Take over
earlier-none = There is nothing here. What you asked from your confirmed email address without signing in appears here.
earlier-offer = You wrote to us earlier without signing in.
earlier-offer-do = See your earlier requests
notice-ticket-taken = The ticket now belongs to your customer account.

## What the log says

act-ticket-bounced = Email came back
act-ticket-taken-over = Earlier ticket taken over
act-mail-works-again = Email address reported to work again
