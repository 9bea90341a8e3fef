"""A company and its resources, one file each: lines, hours, holidays, menus, queues, operators, categories, texts."""
