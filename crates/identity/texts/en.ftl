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
