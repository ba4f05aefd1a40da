-- log: appends entries to the room's journal, if it has as many as the writer thinks.
-- ARGV  4 how many there must be · 5… entries
-- Reply {head, 1 or 0}
-- Why   there is one journal, whoever writes: of writers who saw the same end one gets through.
local refused = open()
if refused then return refused end
local is_next = redis.call('LLEN', K.log) == tonumber(ARGV[4]) -- guard LogEnd
if is_next then
  for i = 5, #ARGV do redis.call('RPUSH', K.log, ARGV[i]) end
end
return with(head(), { is_next and 1 or 0 })
