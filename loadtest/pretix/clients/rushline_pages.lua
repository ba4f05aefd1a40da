-- A new visitor opens the event's page.
local client, rushline = require("client"), require("rushline")

client.run(rushline.open_event)
