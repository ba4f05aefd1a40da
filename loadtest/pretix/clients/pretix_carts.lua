-- A new visitor puts two tickets into the cart.
local client, pretix = require("client"), require("pretix")

client.run(function()
  pretix.fill_cart(pretix.browser())
end)
