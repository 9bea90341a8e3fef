import gc
import zoneinfo

# Zone data comes from the locked package, not from the operating system, whose copy may be a year behind: Debian 12 of
# today is wrong by an hour about British Columbia, Alberta and Morocco.
zoneinfo.reset_tzpath(())

# Reading the application makes a million objects and no garbage: looking for some while it is read is a sixth of the time
# that a command or a worker takes to begin.
gc.set_threshold(50_000, 20, 100)
