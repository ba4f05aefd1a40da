-- A new visitor buys two tickets without an account: what all pages up to the confirmed booking ask for.
local client, rushline = require("client"), require("rushline")

client.run(function()
  rushline.open_event()
  local session = "/sessions/" .. rushline.session
  rushline.read(nil, session)
  rushline.read(nil, session .. "/seats")
  local guest = rushline.post(nil, 201, "/users/guests", '{"name":"A Fan","email":"fan@bench.example"}')
  local token = guest.body:match('"token":"([^"]+)"')
  local hold = rushline.hold(token)
  rushline.read(token, "/holds/" .. hold)
  local booking = rushline.post(token, 201, "/bookings", ('{"hold_id":"%s"}'):format(hold)).body:match('"id":"([^"]+)"')
  local card = '{"method":"card","card_number":"4242424242424242"}'
  rushline.post(token, 200, "/bookings/" .. booking .. "/payment", card)
  rushline.read(token, "/bookings/" .. booking)
end)
