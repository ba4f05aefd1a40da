-- An order of two tickets, paid, through the API.
local client, pretix = require("client"), require("pretix")
local position = ('{"item":%s}'):format(pretix.item)
local order = ([[{"email":"fan@bench.example","locale":"en","sales_channel":"web","status":"p",
"payment_provider":"manual","positions":[%s,%s]}]]):format(position, position)

client.run(function()
  pretix.call("events/show/orders/", order)
end)
