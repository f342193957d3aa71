## Staff, as their managers see them

team = Staff
    .about = Who works at the desk, in which role, and where somebody is signed in.
team-new = Invite a colleague
    .about = The person gets an email with a link. It is good for 24 hours and leads to choosing a password and a second factor.
team-name = Name
team-email = Email address
team-role = Role
team-stand = State
team-stand-active = Active
team-stand-invited = Invited
team-stand-locked = Locked
team-factor = Second factor
team-factor-there = Set up
team-factor-missing = Missing
team-seen = Last at the desk
team-never = Never
team-since = Since
team-act = Action
team-invite = Send the invitation
team-change-role = Change the role
team-save-role = Change the role
team-own = Only somebody else can change your own role and access.
team-own-page = You find where you are signed in under “My access”.
team-about-one = About this person
team-places = Sign-ins
team-no-places = Not signed in at present.
team-device = Device
team-this = This device
team-end = Sign out
team-end-all = Sign out everywhere
team-end-others = Sign out all others
team-access = Access
team-again = Send a new link
    .about = The invitation has not been accepted yet. A new link is good for 24 hours, the one before then no longer works.
team-reset = Reset password and second factor
    .about = Both end at once, and so do all sign-ins. The person gets an email with a link to choose both anew.
    .do = Reset
team-lock = Lock
    .about = The person is signed out everywhere at once and can no longer sign in. What they did stays in the log.
    .do = Lock the access
team-unlock = Unlock
    .about = The access is locked. Once unlocked, password and second factor are as before.
fault-team-taken = Somebody with this address already works at the desk.
fault-team-more = This role holds rights that you do not hold yourself.
fault-team-own = Only somebody else can change your own role.
fault-team-last = At least one person must stay in the administration.
notice-team-invited = The invitation is on its way.
notice-team-role = The role has been changed.
notice-team-access = The access has been reset, the link is on its way.
notice-team-locked = The access is locked.
notice-team-unlocked = The access is unlocked.
notice-team-ended = Signed out.
notice-team-own-warn = Only somebody else can change your own access.
notice-team-last-warn = At least one person must stay in the administration.

## One's own page at the desk

desk-own = My access
desk-own-more = More settings
desk-own-password-title = Change the password
    .about = After that you are signed out on all other devices.
desk-own-current = Current password
desk-own-password = New password
    .help = At least 12 characters. Several words that have nothing to do with each other are good.
desk-own-password-repeat = Repeat the new password
desk-own-save-password = Change the password
desk-own-language-title = Language
desk-own-language = Language of pages and emails
desk-own-save-language = Change the language
desk-codes-draw = Make new codes
desk-codes-confirm = Your password
desk-codes = Recovery codes
    .about = With such a code you sign in when your phone is not at hand. Each is good once.
    .left = { $count ->
        [0] There are none at present.
        [one] One code is left.
       *[other] { $count } codes are left.
    }
    .shown = You see these ten codes only now. Print them or put them into your password store. Earlier codes are no longer good.
    .kept = I have kept them
notice-desk-own-password = Your password has been changed, all other devices are signed out.
notice-desk-own-language = The language has been changed.

## Mails with a link for a colleague

mail-staff-invitation-subject = Your access to the desk
mail-staff-invitation-text = From now on you work at the desk of { $provider }. Open this link to choose your password and your second factor:
mail-staff-access-subject = Your access to the desk has been reset
mail-staff-access-text = Your password and your second factor at the desk of { $provider } are no longer good. Open this link to choose both anew:
mail-staff-button = Set up the access
mail-staff-link = If the button does not work, copy this link into your browser:
mail-staff-good-for = The link is good for 24 hours and once only. If you did not expect this email, please ask the administration.

## What the log says

act-staff-invited-again = New invitation sent
act-staff-role-changed = Role changed
act-staff-deactivated = Access locked
act-staff-activated = Access unlocked
act-staff-sessions-ended = Signed out at the desk (by others or on other devices)
act-staff-password-refused = Wrong password on changing it
act-staff-language-changed = Language changed
act-staff-recovery-codes-made = Recovery codes made
