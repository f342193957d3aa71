## "View as customer"

view-ask = View as customer
    .text = You see the portal as a user of { $name } sees it. You cannot change anything there, and after 30 minutes it is over.
view-told = The customer can read in the account who viewed it, when and why. The reason stays in the log for good: please word it so that the customer understands it, and without personal details.
view-reason = Reason
    .help = For example: question about the billing address, message of 3 November
view-user = View as
view-submit = View as customer
view-nobody = No user acts for this customer yet.
view-to-file = To the customer file
fault-view-reason = Please give the reason in a few words.
notice-view-ended = You no longer see the portal as a customer.

views = Views of your account
    .text = Sometimes somebody from our team looks at your account the way you see it, for example to answer a question. Nobody can change or send anything while doing so. Every time is listed here.
views-nav = Views by our team
views-who = Who
views-reason = Reason
views-at = When
views-team = Team of { $name }
views-none = So far nobody from our team has looked at your account.

act-customer-viewed = Viewed as customer
act-customer-view-ended = Viewing as customer ended
