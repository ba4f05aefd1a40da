-- A shopper holds two tickets.
local client, rushline = require("client"), require("rushline")

client.run(function()
  rushline.hold(client.next_line())
end)
