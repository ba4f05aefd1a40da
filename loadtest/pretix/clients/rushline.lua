-- What pages and programs ask of Rushline's shop.
local client = require("client")

local rushline = { event = os.getenv("RUSHLINE_EVENT"), session = os.getenv("RUSHLINE_SESSION") }
local ticket_type = os.getenv("RUSHLINE_TICKET_TYPE")

function rushline.page(path)
  return client.expect(200, client.send("GET", path, { Accept = "text/html" }))
end

local function headers(token)
  return { Accept = "application/json", ["Content-Type"] = "application/json", Authorization = token and "Bearer " .. token }
end

function rushline.read(token, path)
  return client.expect(200, client.send("GET", "/api/v1" .. path, headers(token)))
end

function rushline.post(token, status, path, body)
  return client.expect(status, client.send("POST", "/api/v1" .. path, headers(token), body))
end

-- Holds two tickets; the hold's id.
function rushline.hold(token)
  local wanted = ('{"ticket_type":%s,"quantity":2,"best_available":true}'):format(ticket_type)
  local hold = rushline.post(token, 201, "/sessions/" .. rushline.session .. "/holds", wanted)
  return hold.body:match('"id":"([^"]+)"')
end

function rushline.order(token)
  local wanted = ('{"event_id":%s,"session_id":%s,"ticket_type":%s,"quantity":2,"card_number":"4242424242424242"}'):format(
    rushline.event, rushline.session, ticket_type)
  return rushline.post(token, 201, "/orders", wanted)
end

-- The event's page, and what it asks the API for.
function rushline.open_event()
  rushline.page("/events/" .. rushline.event)
  rushline.read(nil, "/events/" .. rushline.event)
end

return rushline
