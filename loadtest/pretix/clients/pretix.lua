-- What a browser does in pretix's shop: cookies, the form's token, and waiting for what its worker does.
local client = require("client")

local pretix = {}
local SHOP = "/bench/show/"
-- Any value will do, as long as cookie and form agree: the browser keeps the cookie that it has.
local CSRF = ("c"):rep(32)

pretix.item = os.getenv("PRETIX_ITEM")

-- A browser that has never been here.
function pretix.browser()
  return { session = nil }
end

local function send(browser, method, path, body)
  local cookies = "pretix_csrftoken=" .. CSRF
  if browser.session then cookies = cookies .. "; pretix_session=" .. browser.session end
  local headers = { Cookie = cookies }
  if body then headers["Content-Type"] = "application/x-www-form-urlencoded" end
  local answer = client.send(method, path, headers, body)
  local session = (answer.headers["Set-Cookie"] or ""):match("pretix_session=([^;]+)")
  browser.session = session or browser.session
  return answer
end

-- How often a page may send on to another before the browser gives up.
local HOPS = 5

-- Opens a page, wherever it sends the browser on to.
function pretix.open(browser, path)
  for _ = 1, HOPS do
    local answer = send(browser, "GET", path)
    if answer.status ~= 302 then return client.expect(200, answer) end
    path = answer.headers["Location"]
  end
  error("sent on and on, at last to " .. path, 0)
end

-- A page that sends the browser on to another: where to.
function pretix.redirected(browser, method, path, form)
  local body = form and ("csrfmiddlewaretoken=" .. CSRF .. form)
  local answer = client.expect(302, send(browser, method, path, body))
  return answer.headers["Location"]
end

-- What the page of a form says whose work is done by the worker: the page asks until it is done.
local function outcome(browser, path, form)
  local body = "csrfmiddlewaretoken=" .. CSRF .. "&ajax=1" .. form
  local said = client.expect(200, send(browser, "POST", path, body)).body
  local check = said:match('"check_url": "([^"]+)"')
  while not said:find('"ready": true', 1, true) do
    said = client.expect(200, send(browser, "GET", check)).body
  end
  return said
end

-- Has a form's work done; where the browser is then sent.
function pretix.task(browser, path, form)
  local said = client.patiently(function()
    return outcome(browser, path, form)
  end, function(it)
    return it:find("too busy", 1, true) ~= nil
  end)
  if not said:find('"success": true', 1, true) then error(said, 0) end
  return said:match('"redirect": "([^"]+)"')
end

-- Two tickets into the cart.
function pretix.fill_cart(browser)
  return pretix.task(browser, SHOP .. "cart/add", "&item_" .. pretix.item .. "=2")
end

-- A call of the API with its token.
function pretix.call(path, body)
  local headers = { ["Content-Type"] = "application/json", Authorization = "Token " .. os.getenv("PRETIX_TOKEN") }
  return client.expect(201, client.send("POST", "/api/v1/organizers/bench/" .. path, headers, body))
end

pretix.SHOP = SHOP
return pretix
