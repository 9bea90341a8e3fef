import zoneinfo

# Zone data comes from the locked package, not from the operating system, whose copy may be a year behind: Debian 12 of
# today is wrong by an hour about British Columbia, Alberta and Morocco.
zoneinfo.reset_tzpath(())
