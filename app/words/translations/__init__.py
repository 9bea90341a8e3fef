"""What people read, in their language: one ``.po`` file for each, edited by hand and read as it is (see
:mod:`app.base.language`). ``make translations`` brings the files in line with the code."""
