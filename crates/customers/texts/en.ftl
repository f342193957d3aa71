## Start page

start = Start
start-guest = { $provider } customer portal
    .text = Here you see your data, write to us and read our answers.
start-ways = What you can do here
start-customer = You have an account
    .text = Sign in with your email address or your customer number.
start-new = You are new here
    .text = For an account we need your name and your email address. It takes two minutes.
start-phone = You would rather talk
    .text = Give us a call.
start-hello = Hello, { $name }
start-account = Your account
start-profile = Your profile
start-acting = You act for { $name }, customer number { $number }.
start-nobody = You do not belong to any customer yet. Whoever invites you sends you a link.
start-new-items = { $count } new

## Registration

registration = Register
    .text = We will send you an email with a link. With it you choose your password and are signed in.
registration-first-name = First name
registration-last-name = Last name
registration-email = Email address
    .help = You work for a company? With the company’s address we know more easily where you belong.
registration-consent = Data protection: I agree that my details are stored for the customer account.
registration-privacy = Read the privacy policy
registration-submit = Register
registration-aside = Good to know
registration-next = What comes next
    .text = The link in the email is good for 48 hours. If you do not use it, we delete your details.
registration-known = You already have an account?

registered = Please look into your inbox
    .text = We have sent an email to the address you gave. Open the link in it to go on. It is good for 48 hours.
registered-missing = Nothing there? Look into your spam folder, and check that the address was spelled correctly.
registered-again = Register once more

activation = Activate your account
    .text = Choose a password, then your account is ready.
activation-name = Name
activation-password = Password
    .help = At least 12 characters. Four words that have nothing to do with each other are a good choice.
activation-password-repeat = Repeat password
activation-submit = Activate and sign in

link-used = This link has been used already
    .text = Your account is active, you can sign in. If that was not you, ask for a new link.
link-expired = This link is no longer good
    .text = It is older than 48 hours, or you have received a newer one since. Take the newest, or ask for a new link.
link-unknown = We do not know this link
    .text = It may not have arrived in full. Copy it once more from the email as a whole, or ask for a new link.
link-again = Ask for a new link

notice-activated = Your account is ready. You are signed in.

## Mails

mail-hello = Hello,
mail-activation-subject = Activate your account
mail-activation-text = somebody asked for a customer account at { $provider } with this address. Open this link to choose a password and activate the account:
mail-activation-button = Activate account
mail-activation-link = If the button does not work, copy this link into your browser:
mail-activation-good-for = The link is good for 48 hours and only once.
mail-activation-not-you = Was it not you? Then do nothing. Without the link no account is made, and the details are deleted.
mail-known-subject = You already have an account
mail-known-hello = Hello { $name },
mail-known-text = somebody wanted to register at { $provider } with your address. You already have an account. This is the way in:
mail-known-button = To your account
mail-known-reset = You no longer know your password? Here you get a new one:
mail-known-not-you = Was it not you? Then do nothing. Nothing about your account has changed.

## Sign-in

sign-in = Sign in
    .text = To your { $provider } customer account
sign-in-login = Email address or customer number
sign-in-password = Password
sign-in-submit = Sign in
sign-in-aside = Without an account
sign-in-new = No account yet?
    .text = With an account you see your data and messages in one place. It takes two minutes.
sign-in-stuck = Something not working?
    .text = Give us a call:
sign-in-wrong = Signing in did not work. Please check the email address or customer number and the password.

confirm = Please confirm that it is you
    .text = { $name }, you signed in a while ago. For this we need your password once more.
confirm-password = Password
confirm-code = Code from your app or recovery code
confirm-submit = Confirm
confirm-passkey = Confirm with a passkey

forgotten = Forgotten password
    .text = We will send you an email with a link with which you choose a new password.
forgotten-login = Email address or customer number
forgotten-submit = Request the link
forgotten-asked = Please look into your mailbox
    .text = If we know you by these details, an email with a link is on its way to you. It is good for 30 minutes.
forgotten-asked-missing = Nothing has arrived? Look into your spam folder and check whether the details were spelled correctly.
forgotten-asked-sign-in = To the sign-in page
forgotten-asked-again = Request it once more

sign-in-passkey = Sign in with a passkey
sign-in-or = or
sign-in-code = Enter code
    .app = { $name }, open your authenticator app and enter the code that it shows right now.
    .passkey = { $name }, confirm the sign-in with your passkey or with a recovery code.
sign-in-code-code = Code
    .help = Six digits from the app, or one of your recovery codes.
sign-in-code-passkey = Confirm with a passkey
sign-in-code-wrong = This code is wrong or was used before.
sign-in-code-lost = App, passkey and recovery codes lost? Call us.
sign-in-code-other = Sign in with another account

notice-signed-out = You are signed out.
notice-customer-switched = You now act for another customer.

## Account overview

account = Account overview
account-hello = Hello, { $name }.
account-open = At a glance
account-contact = Contact details
account-billing = Billing address
account-delivery = Delivery address
account-no-address = No address yet.

## Address book

addresses = Address book
    .text = Where invoices and deliveries go.
addresses-empty = Your address book is still empty. The first address is used for invoices and deliveries.
address-new = Enter a new address
address-change = Change address
address-edit = Change
address-delete = Delete
address-is-billing = Default billing address
address-is-delivery = Default delivery address

address-first-name = First name
address-last-name = Last name
address-company = Company
address-street = Street and number
address-extra = Address supplement
address-postcode = Postcode
address-town = Town
address-country = Country
address-phone = Phone
address-billing = Use as default billing address
address-delivery = Use as default delivery address
address-submit = Save changes

address-stale = This address has been changed meanwhile. Your entries are still in the form; if you save once more, they take effect.
address-stored = Stored now
address-remove = Delete this address?
    .text = Orders and invoices keep the address they were made with.
address-remove-submit = Delete address
address-keep = This address is a default
    .text = A default address cannot be deleted. Make another address the default first.
address-back = To the address book

notice-address-saved = The address has been saved.
notice-address-deleted = The address has been deleted.

fault-address-default = One address must be the default. Open the other address and tick this box there.
fault-addresses-full = Your address book is full. Please delete an address you no longer need first.
postcode-missing = Please enter a postcode.
postcode-de = Please enter a postcode of five digits.
postcode-at = Please enter a postcode of four digits, as is usual in Austria.
postcode-ch = Please enter a postcode of four digits, as is usual in Switzerland.
postcode-li = Please enter a postcode of Liechtenstein, from 9485 to 9498.
postcode-form = This postcode does not fit the chosen country. Please check both.
postcode-other = Please enter the postcode in letters and digits, 12 characters at most.

## Customers on the desk

customer-kind-private = Private person
customer-kind-company = Company
customer-kind-public = Public body
customer-company = Company
customer-salutation = Salutation
customer-person = Contact person
customer-phone = Phone
customer-mobile = Mobile
customer-vat-id = VAT ID
member-main-owner = Main owner
member-owner = Owner
member-with-rights = With chosen permissions

desk-customers = Customers
desk-customers-filter = Customer number, name, company or email address begins with
desk-customers-find = Find
desk-customers-none = No customer fits this search.
desk-customers-empty = There are no customers yet. Whoever registers will be listed here.
desk-customer-name = Name
desk-customer-number = Customer number
desk-customer-kind = Kind
desk-customer-email = Email address
desk-customer-since = Customer since
desk-customer-file = Customer file
desk-customer-overview = Overview
desk-customer-master = Master data
desk-customer-members = Users
desk-customer-no-members = Nobody can sign in for this customer.
desk-customer-addresses = Addresses
desk-customer-no-addresses = No address yet.
desk-member-name = Name
desk-member-role = Role
desk-member-since = Member since
desk-member-unproven = Not confirmed

## The customer's own data

account-edit = Edit account
    .text = Your name, and what you sign in with.
account-edit-first-name = First name
account-edit-last-name = Last name
    .help = Your name as our contract partner.
account-edit-email = Email address
    .help = You sign in with this address. A new one counts as soon as you have opened the link in the mail to it.
account-edit-change-password = Change password
account-edit-current-password = Current password
account-edit-new-password = New password
    .help = At least 12 characters. Four words that have nothing to do with one another are good.
account-edit-new-password-repeat = Repeat new password
account-edit-more = You change company, phone and billing address here:
notice-account-saved = Your details are saved.
notice-account-saved-proof = Your details are saved. The new email address counts as soon as you open the link that we have sent to it.

customer-data = Account details
    .text = Who our contract partner is, and how we reach them.
customer-data-more = Also part of this
customer-data-sign-in = Sign-in
    .text = You change your email address and password in another place.
customer-kind = Kind
customer-kind-since = Kind stated on
customer-first-name = First name
customer-last-name = Last name
customer-billing-email = Email address for invoices
customer-locale = Language
customer-stale = These details have been changed meanwhile. Yours are still in the form; if you save once more, they count.
customer-stored = Stored now
notice-record-saved = The details are saved.
fault-company-private = A company belongs to a business or a public body. Please choose that kind, or leave the field empty.
fault-company-public = Please enter the name of the public body.
fault-vat-private = Only businesses and public bodies have a VAT ID. Please check the kind, or leave the field empty.

## Contacts

contacts = Contacts
    .text = Further people and mailboxes that get email from us.
contacts-empty = There are no contacts yet. You could enter the mailbox of your accounts department.
contact-new = New contact
contact-change = Change contact
contact-edit = Change
contact-delete = Delete
contact-name = Name
    .help = A person or a shared mailbox.
contact-email = Email address
contact-phone = Phone
contact-kinds = These emails go there, too
contact-general = General
    .short = General
    .help = News about your account.
contact-invoices = Invoices
    .short = Invoices
    .help = Invoices and reminders of them.
contact-support = Support
    .short = Support
    .help = What is written in your tickets, and that we have answered a message.
contact-services = Services
    .short = Services
    .help = Maintenance and changes of your services.
contact-domains = Domains
    .short = Domains
    .help = Renewal and transfer of domains.
contact-aside = Good to know
    .text = We write to the address once to say that you have entered it. Whoever reads it can take it out again by a link. A contact cannot sign in.
contact-stale = This contact has been changed meanwhile. Your details are still in the form; if you save once more, they count.
contact-remove = Delete contact?
    .text = We will then send no more email to this address.
contact-remove-submit = Delete contact
notice-contact-saved = The contact is saved.
notice-contact-deleted = The contact is deleted.
fault-contact-kinds = Please choose at least one kind of email.
fault-contacts-full = There are a great many contacts already. Please delete one first that you no longer need.
fault-contact-twice = One of your contacts has this address already.
fault-contact-stopped = At this address nobody wants email about your account. Please take another one.
fault-contact-too-many = We have sent several emails within the last hour. Please try again later.

contact-stop = Remove address
contact-stop-ask = { $customer } has entered the address { $email } as a contact. Would you like to remove it?
contact-stop-submit = Remove address
contact-stop-done = The address is removed
    .text = It gets no more email about this account and cannot be entered there again.
contact-stop-dead = We do not know this link
    .text = Perhaps it did not arrive complete. Please copy all of it from the email once more.

mail-contact-subject = You have been entered as a contact
mail-contact-text = { $customer } has entered this address as a contact at { $provider }. From now on it gets email of these kinds:
mail-contact-stop = You do not want that? This link removes the address:
mail-contact-nothing = Otherwise you need do nothing.

## Invitations

invitation = Invitation
invitation-customer = Customer
invitation-new = Tell us your name and choose a password, and your access is ready.
invitation-invited = You can act for this customer from now on. Your other customers stay as they are.
invitation-guest = There is a user with { $email } already. Sign in as that user, then you can accept the invitation.
invitation-other = This invitation is for { $email }. You are signed in with another address.
    .how = If that address is yours, too, add it in your profile and confirm it. Or sign out and open the link once more.
invitation-sign-out = Sign out
invitation-submit = Accept invitation
newcomer-first-name = First name
newcomer-last-name = Last name
newcomer-password = Password
    .help = At least 12 characters. Four words that have nothing to do with one another are good.
newcomer-password-repeat = Repeat password
newcomer-submit = Accept invitation
invitation-used = This invitation has been accepted already
    .text = You can sign in. If that was not you, please talk to us.
invitation-expired = This invitation is no longer good
    .text = It is older than seven days, was withdrawn, or there is a newer one. Take the link of the newest email, or ask us for a new one.
invitation-unknown = We do not know this invitation
    .text = Perhaps the link did not arrive complete. Please copy all of it from the email once more.
notice-invitation-accepted = You now act for this customer.

mail-invitation-subject = Your invitation to the customer portal
mail-invitation-own = { $provider } has set up a customer account for you.
mail-invitation-text = { $provider } invites you to act for this customer in the customer portal.
mail-invitation-open = Open this link to accept the invitation:
mail-invitation-good-for = The link is good for seven days, and once.
mail-invitation-not-you = You did not expect an invitation? Then do nothing. Without the link there is no access.

## The customer file

desk-customer-edit = Change master data
desk-notes = Notes
desk-members = Users
desk-addresses = Addresses
desk-contacts = Contacts
desk-no-contacts = This customer has entered no contacts.
desk-names = Former names
desk-name-old = Until then
desk-name-new = Since
desk-name-who = Changed by
desk-name-at = Changed on

note-text = New note
    .help = Only seen by those who work at the desk.
note-pinned = Pin on top
note-submit = Save note
note-change = Change note
note-edit = Change
note-pin = Pin
note-unpin = Unpin
note-internal = Internal
note-is-pinned = pinned
note-changed = Changed:
note-none = There are no notes yet.
note-on-top = Pinned notes
note-none-on-top = Nothing is pinned.
note-all = All notes
notice-note-saved = The note is saved.
notice-note-pinned = The note now stands on top.
notice-note-unpinned = The note stands among the others again.
warning-warning = Warning
    .help = One line above the file. Empty: no warning.
notice-warning-saved = The warning is saved.

member-holds = Role
member-holds-owner = Owner: may do everything
member-holds-rights = With single permissions
member-rights = Permissions
member-account-view = View account
member-account-edit = Change account and account details
member-addresses = Address book
member-users = Manage users
member-contacts = Contacts
member-messages = Messages
member-tickets = Tickets
member-mails = Email history
member-email = Email address
    .help = The invitation goes to this address; only whoever reads it can accept.
member-first-name = First name
member-last-name = Last name
member-locale = Language of the email
fault-member-rights = Please choose at least one permission, or make an owner of this user.
member-main-owner-all = A main owner holds all permissions; the customer number signs this user in. Make somebody else the main owner first if that is to change.
member-acts = Acts
member-access = Access
member-reset = Send link for a new password
member-sign-out = Sign out on all devices
member-ship = Membership
member-make-main = Make main owner
    .text = The customer number then signs this user in. Whoever it was so far stays an owner.
    .submit = Make main owner
member-remove = Remove from account
    .text = The user can then no longer act for this customer. Their own access stays.
    .submit = Remove
notice-member-saved = The permissions hold at once.
notice-member-removed = The user is removed.
notice-main-owner-set = The main owner is changed.
notice-main-owner-stays-warn = The main owner stays. Make somebody else the main owner first.
notice-reset-sent = The link is on its way. It is good for 30 minutes.
notice-reset-no-address-warn = This user has no confirmed email address.
notice-reset-too-many-warn = Several emails went to this address within the last hour. Please try again later.
notice-sessions-ended = The user is signed out everywhere.

factor-desk = Two-factor authentication
factor-desk-on = Set up
factor-desk-off = Not set up
factor-desk-require = Require
factor-desk-not-required = No longer require
factor-desk-lost = Second factor lost
    .text = We write to all confirmed addresses of the user. Somebody else of the team must confirm. After three days the second factor is removed unless the user objects.
    .submit = Ask for removal
factor-desk-asked = Removal asked for on
factor-desk-due = Will be removed on
factor-desk-second = Somebody else of the team must confirm.
factor-desk-confirm = Confirm removal
factor-desk-stop = Withdraw request
notice-factor-required = The user sets up a second factor with the next page.
notice-factor-optional = A second factor is no longer required.
notice-factor-asked = The request stands. Somebody else of the team must confirm it.
notice-factor-confirmed = Confirmed. The second factor is removed after three days.
notice-factor-stopped = The request is withdrawn.
notice-factor-open-warn = There is a request for that already.
notice-factor-nothing-warn = There is nothing to remove here.
notice-factor-same-warn = Whoever has asked cannot confirm.

invite = Invite user
    .text = Whoever is invited can then act for { $name }.
invite-submit = Send invitation
offer-main-owner = Main owner
offer-owner = Owner
offer-rights = With single permissions
desk-invitations = Open invitations
desk-invitation-sent = Sent
desk-invitation-until = Good until
desk-invitation-expired = Expired
desk-invitation-acts = Acts
desk-invitation-again = Send again
desk-invitation-withdraw = Withdraw
notice-invited = The invitation is on its way. It is good for seven days.
notice-invitation-withdrawn = The invitation is withdrawn.
notice-invite-too-many-warn = Several emails went to this address within the last hour. Please try again later.
fault-invite-member = Whoever has this address belongs to this customer already.
fault-invite-open = There is an open invitation to this address. You can send it again.
fault-invite-too-many = Several emails went to this address within the last hour. Please try again later.

new-file = New customer
    .text = The customer gets a number, and whoever runs it an invitation by email.
new-file-kind = Kind
new-file-company = Company
new-file-salutation = Salutation
new-file-first-name = First name
new-file-last-name = Last name
new-file-email = Email address
    .help = The invitation and the invoices go there.
new-file-phone = Phone
new-file-locale = Language
new-file-street = Street and number
new-file-extra = Address supplement
new-file-postcode = Postcode
new-file-town = Town
new-file-country = Country
new-file-submit = Create and invite
notice-customer-made = The customer is created, the invitation is on its way.
fault-address-part = Please enter the whole address, or leave street, postcode and town empty.

act-contact-added = Contact added
act-contact-changed = Contact changed
act-contact-removed = Contact deleted
act-contact-stopped = Contact removed itself
act-customer-changed = Master data changed
act-customer-warning-set = Warning set
act-customer-warning-removed = Warning removed
act-customer-note-added = Note written
act-customer-note-changed = Note changed
act-customer-note-pinned = Note pinned
act-customer-note-unpinned = Note unpinned
act-member-changed = Permissions changed
act-member-main-owner-set = Main owner changed
act-member-removed = User removed
act-member-invited = User invited
act-member-invited-again = Invitation sent again
act-member-invitation-withdrawn = Invitation withdrawn
act-member-accepted = Invitation accepted
act-user-sessions-ended = Signed out everywhere
