-- An order of two tickets, paid, through the API.
local client, rushline = require("client"), require("rushline")

client.run(function()
  rushline.order(client.next_line())
end)
