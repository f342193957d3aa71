## Roles

role-support = Support
role-accounting = Accounting
role-sales = Sales
role-editing = Editing
role-admin = Administration

## Passwords, for every page that takes a new one

fault-password-short = Please choose a password with at least { $min } characters.
fault-password-weak = This password is easy to guess. Take four words, for example, that have nothing to do with one another.
fault-password-differs = The two passwords are not the same.
fault-code = This code is wrong or has been used before. Please enter the code that your app shows right now.

## Sign-in at the desk

desk-sign-in = Sign in
    .lead = For the people who work at { $provider }
    .lost = Forgotten your password, or lost your phone? Your administrator can send you a new link.
desk-sign-in-email = Email address
desk-sign-in-password = Password
desk-sign-in-submit = Sign in
desk-sign-in-wrong = Email address or password is wrong. Please check both.
desk-sign-in-wait = There were many tries in a row. Please wait { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    } and try again.
desk-sign-in-wait-long = There were many tries in a row. Please wait { $minutes } minutes and try again.

desk-code = Enter the code
    .lead = { $name }, open your authenticator app and enter the code that it shows right now.
    .lost = Phone not at hand? Enter one of your recovery codes.
    .back = Sign in with another address
desk-code-code = Six-digit code

desk-set-up = Set up the second factor
    .lead = At the desk you always need a code from an authenticator app besides your password. Scan this picture with the app, and enter the code that it then shows.
    .picture = QR code for your authenticator app; the key also stands below as text
    .secret = If the picture cannot be scanned, type this key into the app:

desk-invitation = Choose a password
    .lead = Welcome, { $name }. From now on you sign in at the desk with this password and the address { $email }.
desk-password-password = Password
    .help = At least 12 characters. Several words that have nothing to do with one another are good.
desk-password-password-repeat = Repeat password
desk-password-submit = Continue

desk-ended = This link is no longer good
    .used = It has been used before.
    .expired = It was good for a limited time only.
    .unknown = Perhaps the address was not copied completely, or there is a newer link by now.
    .again = Please ask your administrator for a new link.
    .sign-in = To the sign-in page

notice-desk-signed-out = You are signed out.

## Tries, for every page that asks for a password or a code

fault-password-wrong = This password is not right.
fault-wait = There were many tries in a row. Please wait { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    } and try again.
fault-wait-long = There were many tries in a row. Please wait { $minutes } minutes and try again.

## Profile

profile = Your profile
    .text = Your name, your addresses and how you sign in. This is about yourself, for whichever customer you act.
profile-person = Name and language
profile-first-name = First name
profile-last-name = Last name
profile-language = Language
    .help = For these pages and for emails to you.
profile-submit = Save
profile-emails = Email addresses
profile-ways = Signing in and security
email-address = Email address
email-state = State
email-acts = Actions
email-is-primary = Primary address
email-proven = Confirmed
email-unproven = Not confirmed yet
email-prove-again = Send confirmation again
email-make-primary = Make primary
email-remove-ask = Remove

email-new = Add an address
    .text = We will send a link to the new address. It counts once you have opened the link and confirmed it.
email-new-email = Email address
email-new-submit = Add address
fault-email-own = You have entered this address already.
fault-emails-full = There is no room for more addresses. Please first remove one that you no longer need.

email-remove = Remove this address?
    .text = You can then no longer sign in with { $email }, and we no longer write to it.
email-remove-submit = Remove address
email-keep = This address is needed
    .text = { $email } is your primary address, or the only one that is confirmed. First make another confirmed address the primary one.
email-to-profile = To your profile

email-prove = Confirm your email address
    .text = Confirm that { $email } is your address.
email-prove-password = To do so, choose a new password; the present one then no longer counts. Or sign in with your password first, then it stays.
email-prove-sign-in = Sign in
email-prove-submit = Confirm address

email-stop = Undo the change
    .text = All devices are then signed out, and links to addresses that are not confirmed yet no longer count.
email-stop-email-added = The address { $email } will be removed again.
email-stop-email-removed = The address { $email } comes back.
email-stop-primary-changed = The primary address is then { $email } again.
email-stop-submit = Undo the change
email-stopped = The change is undone
    .text = All devices are signed out.
email-stopped-password = Was it not you who made the change? Then somebody knows your password. Choose a new one now.
email-stopped-reset = Choose a new password

email-ended-used = This link has been used before
    .text = What it was meant to do is done.
email-ended-expired = This link is no longer good
    .text = It was good for a limited time only, or there is a newer one by now. You can request a new one in your profile.
email-ended-unknown = We do not know this link
    .text = Perhaps it did not arrive completely, or the address has been removed since. Copy it once more, as a whole, from the email.

password-change = Change password
    .text = All other devices are signed out.
password-change-current-password = Current password
password-change-new-password = New password
    .help = At least 12 characters. Four words that have nothing to do with one another are good.
password-change-new-password-repeat = Repeat new password
password-change-submit = Change password

password-new = Choose a new password
    .text = Hello, { $name }. All devices are then signed out, and you sign in with the new password.
password-new-new-password = New password
    .help = At least 12 characters. Four words that have nothing to do with one another are good.
password-new-new-password-repeat = Repeat new password
password-new-submit = Save password
password-ended-used = This link has been used before
    .text = Your password was changed with it. If that was not you, request a new link.
password-ended-expired = This link is no longer good
    .text = It is good for 30 minutes, and only as long as password and addresses stay the same. Request a new one.
password-ended-unknown = We do not know this link
    .text = Perhaps it did not arrive completely. Copy it once more, as a whole, from the email, or request a new one.
password-ended-again = Request a new link
password-ended-sign-in = To the sign-in page

notice-profile-saved = Your profile is saved.
notice-password-changed = Your password is changed. All other devices are signed out.
notice-password-changed-sign-in = Your password is changed. Now sign in with it.
notice-email-proof-sent = Please look into the mailbox of the address and open the link. It is good for 48 hours.
notice-email-proven = The address is confirmed.
notice-email-primary = The primary address is changed.
notice-email-removed = The address is removed.
notice-email-unproven-warn = This address is not confirmed yet. First open the link in the email to it.
notice-email-needed-warn = This address is still needed. First make another one the primary address.

## Mails

mail-reset-subject = Choose a new password
mail-reset-hello = Hello { $name },
mail-reset-text = a new password was requested for your user account at { $provider }. Open this link to choose it:
mail-reset-by-staff = { $provider } sends you this link so that you can choose a new password:
mail-reset-button = Choose a new password
mail-reset-link = If the button does not work, copy this link into your browser:
mail-reset-good-for = The link is good for 30 minutes and only once.
mail-reset-not-you = Was it not you? Then do nothing, your password stays as it is.

mail-proof-subject = Confirm your email address
mail-proof-hello = Hello,
mail-proof-text = this address was entered in a user account at { $provider }. Open this link to confirm it:
mail-proof-button = Confirm address
mail-proof-good-for = The link is good for 48 hours and only once.
mail-proof-not-you = Was it not you? Then do nothing. Without the link the address is not used.
mail-taken-subject = Your address was entered
mail-taken-text = somebody wanted to enter your address in another user account at { $provider }. But it belongs to a user already, so nothing has happened. If it was you, sign in with this address:
mail-taken-button = To the sign-in page
mail-taken-reset = You no longer know your password? Here you get a new one:
mail-taken-not-you = Was it not you? Then do nothing.

mail-changed-subject = The ways to sign in to your account have changed
mail-changed-hello = Hello { $name },
mail-changed-password = the password of your user account at { $provider } was changed.
mail-changed-email-added = the address { $email } was entered in your user account at { $provider }. It counts as soon as it is confirmed.
mail-changed-email-removed = the address { $email } was removed from your user account at { $provider }.
mail-changed-primary-changed = { $email } is now the primary address of your user account at { $provider }.
mail-changed-two-factor-on = a second factor was set up for your user account at { $provider }.
mail-changed-two-factor-off = the second factor of your user account at { $provider } was switched off.
mail-changed-passkey-added = a passkey was added to your user account at { $provider }.
mail-changed-passkey-removed = a passkey was removed from your user account at { $provider }.
mail-changed-recovery-codes = new recovery codes were made for your user account at { $provider }. Those before no longer count.
mail-changed-recovery-code-used = one of the recovery codes of your user account at { $provider } has been used. It is no longer valid.
mail-changed-new-device = somebody signed in to your user account at { $provider } on a new device.
mail-changed-when = Time: { $at }
mail-changed-device = Device: { $device }
mail-changed-not-you = Was it not you? Then please choose a new password right away. That signs all devices out:
mail-changed-stop = Was it not you? With this link you undo the change:
mail-changed-stop-button = Undo the change
mail-changed-stop-good-for = The link is good for 72 hours. If it was you, there is nothing to do.

## Acts in the log

act-session-confirmed = Password entered once more
act-user-password-refused = Wrong password on changing it
act-user-reset-sent = Link to a new password sent
act-user-profile-changed = Profile changed
act-user-email-added = Email address entered
act-user-email-proof-sent = Confirmation link sent again
act-user-email-proven = Email address confirmed
act-user-email-made-primary = Primary address changed
act-user-email-removed = Email address removed
act-user-email-change-stopped = Change of email addresses undone

## The second factor

factor = Two-factor authentication
    .text = With a second proof beside the password, nobody who merely knows your password gets into your account.
factor-on = Switched on
factor-off = Not switched on
factor-due = Your account must have a second factor. Set up an app or a passkey, then you can go on.
factor-required = Your account must have a second factor. One of them must always stay.
factor-since = since
factor-back = Back
factor-code = Six-digit code
factor-app = Authenticator app
    .text = An app on your phone shows a new code every 30 seconds, which you enter when you sign in.
factor-app-on = App set up
factor-app-set-up = Set up an app
factor-app-again = Set up a new phone
factor-app-off = Remove app
factor-app-title = Set up an authenticator app
    .text = Scan this picture with the app and enter the code that it then shows.
factor-app-picture = QR code for your authenticator app; the key stands below as text, too
factor-app-secret = If the picture cannot be scanned, type this key into the app:
factor-app-replaces = After the first code only the new device counts. The old one then shows codes that no longer fit.
factor-app-late = That took too long. Please scan this new picture.
factor-app-submit = Set up
factor-app-off-title = Remove authenticator app
factor-app-off-last = After that your password is enough to sign in. Your recovery codes no longer work then.
factor-app-off-other = After that you sign in with password and passkey.
factor-app-off-required = Your account must have a second factor. Set up a passkey first, then you can remove the app.
factor-passkeys = { $count ->
    [one] One passkey set up
   *[other] { $count } passkeys set up
}
factor-passkeys-set-up = Set up a passkey
factor-passkeys-manage = Manage passkeys
notice-factor-app-on = The app is set up. From now on we ask for its code when you sign in.
notice-factor-app-off = The app is removed.

codes = Recovery codes
    .text = If your phone is not at hand, sign in with one of these codes. Each works once.
codes-left = { $count ->
    [0] No codes left
    [one] One code left
   *[other] { $count } codes left
}
codes-renew = Make new codes
codes-once = You see these ten codes only now. Earlier codes no longer work.
codes-keep = Keep the codes apart from your password. Each of them stands in once for the code of your app or for your passkey.
codes-file = recovery-codes
codes-download = Download
codes-copy = Copy
codes-copied = Copied
codes-print = Print
codes-done = I have kept the codes

passkeys = Passkeys
    .text = With a passkey you sign in by fingerprint, face or screen lock. It stays on your device and cannot be intercepted.
passkeys-empty = You have no passkey yet.
passkeys-full = You cannot have more than twenty passkeys. First remove one that you no longer need.
passkeys-unusable = Passkeys cannot be used at this address: the portal needs a name instead of digits in its address, and an encrypted connection.
passkeys-script = Passkeys need JavaScript. Please switch it on for this page.
passkeys-missing = Your browser does not know passkeys. Please take a newer version.
passkey-new = New passkey
passkey-name = Name
    .help = How you will recognise it, for example the name of your device.
passkey-submit = Create passkey
passkey-made = Created
passkey-used = Last used
passkey-never = Not yet
passkey-edit = Change passkey
passkey-rename = Rename
passkey-remove = Remove passkey
    .text = After that you can no longer sign in with it. Delete it on your device, too.
passkey-remove-required = Your account must have a second factor, and this is your only one. Set up another one first.
passkey-failed = That did not work, or you cancelled it. Please try again.
fault-passkey = The sign-in with this passkey did not work. Try again, or take another way.
fault-passkey-made = The passkey could not be created. Please try again.
notice-passkey-added = The passkey is created.
notice-passkey-renamed = The passkey has a new name.
notice-passkey-removed = The passkey is removed.

factor-stop-ask = Stop the removal
    .text = Somebody has asked for the second factor of your account to be removed. If that was not you, stop it here.
factor-stop-done = Stopped
    .text = Your second factor stays as it is. To be safe, choose a new password.
factor-stop-late = There is nothing left to stop here
    .text = The link was used already, is no longer valid, or the removal has ended.
factor-stop-submit = Stop the removal
factor-stop-home = To the start page
mail-factor-reset-subject = Your second factor is to be removed
mail-factor-reset-text = somebody has asked { $provider } to remove the second factor of your user account because it is lost.
mail-factor-reset-due = This happens on { $at } at the earliest. After that you set it up anew.
mail-factor-reset-stop = Was that not you? With this link you stop it:

## Devices

device-name = { $browser } on { $system }
device-unknown = Unknown device
devices = Signed-in devices
    .text = You are signed in here right now. If you do not recognise a device, sign it out and change your password.
devices-device = Device
devices-seen = Last used
devices-since = Signed in since
devices-act = Sign out
devices-this = This device
devices-end = Sign out
devices-end-others = Sign out all others
notice-device-ended = The device is signed out.
notice-devices-ended = All other devices are signed out.
