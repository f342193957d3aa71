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
    .text = Where would you like to go?
start-account = Your account

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
sign-in-wait = There were many tries in a row. Please wait { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    } and then try again.
sign-in-wait-long = There were many tries in a row. Please wait { $minutes } minutes and then try again.

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
customer-language = Language
language-de = German
language-en = English
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
