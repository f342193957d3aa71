## The frame around every page

frame-skip = Skip to content
frame-hotline = Hotline
frame-main-menu = Main menu
frame-menu = Menu
frame-hello = Hello, { $name }
frame-customer-number = Customer number { $number }
frame-switch = Switch customer
frame-sign-out = Sign out
frame-other-language = Deutsch
frame-search = Search
frame-demo = Demonstration: all people and records are made up.
frame-demo-link = See mails and codes
frame-view = Viewing as a customer
frame-view-as = { $staff }, you see the portal as { $name } ({ $number }) does: to look at only, until { $until }.
frame-view-end = End viewing
frame-error-line = Error { $status } · Request { $request }
frame-mail-hotline = Hotline: { $number }

## The desk

frame-desk = Desk
frame-desk-own = My access
frame-keys = Keyboard shortcuts
frame-keys-on = Use keyboard shortcuts
frame-key-search = Search or filter
frame-key-move = Forward and back in the list
frame-key-reply = To the reply, or to trying again
frame-key-new = To creating, or to the internal note
frame-key-close = To closing or editing
frame-key-list = This list
frame-close = Close

## Parts that many pages share

parts-optional = (optional)
parts-errors = { $count ->
    [one] Please check one entry.
   *[other] Please check { $count } entries.
}
# The script puts the number in the place of #.
parts-count = # characters left
parts-count-over = # characters too many
parts-pager = Pages
parts-newer = First page
parts-older = Next page
parts-crumbs = You are here
