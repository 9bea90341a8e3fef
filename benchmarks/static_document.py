"""What any answer costs on this stack: one fixed TwiML document, served by an ordinary FastAPI route."""

from fastapi import FastAPI, Response

DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="fr-FR" voice="Polly.Lea">Bonjour.</Say></Response>'
)

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@app.post("/twilio/voice")
async def voice() -> Response:
    """The same for everybody."""
    return Response(DOCUMENT, media_type="text/xml")


@app.get("/alive")
async def alive() -> str:
    """Ready to be measured."""
    return "alive"
