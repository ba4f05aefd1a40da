-- A new visitor opens the event's page.
local client, pretix = require("client"), require("pretix")

client.run(function()
  pretix.open(pretix.browser(), pretix.SHOP)
end)
