form-save = Save
form-cancel = Cancel

fault-required = Please fill in this field.
fault-too-long = Please shorten this to { $max } characters at most.
fault-control = There are characters here that we cannot process. Please type the text again.
fault-email = Please enter a full email address, such as name@company.com.
fault-phone = Please enter a phone number in digits, such as +49 40 123456.
fault-choice = Please choose an entry from the list.
fault-agree = Please agree, otherwise we cannot go on.
vat-country = Please begin with the letters of the country, such as DE or ATU.
vat-shape = This number does not have the form that is usual in its country. Please check its digits.
vat-digits = One digit of this number is mistyped. Please compare it with the official notice.

language-de = German
language-en = English

error-home = To the start page
error-not-found = This page does not exist
    .text = The address may be mistyped, or the entry has been deleted.
error-forbidden = You do not have permission for this
    .text = Whoever manages your account can give you this permission.
error-desk = To the desk
error-viewing = This is not possible while viewing as a customer
    .text = Nothing can be changed or sent here, and what belongs to the user alone stays closed: profile, password, second factor, devices and everything that asks for another sign-in.
error-view-over = Viewing as a customer has ended
    .text = The time is over, or your sign-in at the desk has changed. From now on you see the portal as yourself again.
error-token = Please send the form once more
    .text = The page was open for too long or was called from another site. Go back, reload the page and send the form again.
error-other-customer = You are now acting for another customer
    .text = This page dates from before that, so we have saved nothing. Switch back at the top or open the page again.
error-already-sent = Already sent
    .text = You have already sent this form with other content. Open the page again if you want to send something else.
error-too-many = Please wait a moment
    .text = There were a great many tries in a row. Please try again in a few minutes.
error-bad = We could not read that
    .text = Your request arrived incomplete or damaged. Please go back and try again.
error-too-large = That is too much at once
    .text = Your input is larger than we can take. Please shorten it.
error-method = This page cannot be called that way
    .text = Please open it from the menu.
error-busy = We are very busy right now
    .text = Please try again in a few seconds. Your data are safe.
error-internal = That did not work
    .text = The fault is ours and has been noted. Please try again later or call us.

frame-desk-search = Search customers, messages, emails
