-- steer: keeps what the shop's reports have come to.
-- ARGV  4 what the caller believes is kept · 5 what it is to be, see `pace`
-- Reply {head, whether it was kept (1 or 0), what is kept now}
-- Why   the caller works out the new from the old (steering.rs): of reports that arrive together each must build on the one
--       before. Whoever was overtaken gets what is kept and works it out anew.
local refused = open()
if refused then return refused end
local kept = core.steered
if type(kept) ~= 'string' then kept = '' end
local is_next = kept == ARGV[4] -- guard SteeredOnce
if is_next then
  core.clock = clock()
  core.steered, kept = ARGV[5], ARGV[5]
end
return with(close(), { is_next and 1 or 0, kept })
