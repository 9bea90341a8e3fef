"""The questions of a decision, by what they are about. Each is a function that looks at an
:class:`routing.inquiry.Inquiry` and gives an answer, which decides the call, or what it found, and the next one is asked."""
