-- A new visitor buys two tickets: every page of the web shop up to the one that says thank you.
local client, pretix = require("client"), require("pretix")

client.run(function()
  local browser = pretix.browser()
  pretix.open(browser, pretix.SHOP)
  pretix.open(browser, pretix.fill_cart(browser))
  local checkout = pretix.SHOP .. "checkout/"
  pretix.open(browser, pretix.redirected(browser, "GET", checkout .. "start"))
  pretix.open(browser, pretix.redirected(browser, "POST", checkout .. "questions/", "&email=fan%40bench.example"))
  pretix.open(browser, pretix.redirected(browser, "POST", checkout .. "payment/", "&payment=manual"))
  pretix.open(browser, pretix.task(browser, checkout .. "confirm/", ""))
end)
